/**
 * What of a table is alike to the last digit: query types that every deployment sees the same way, and pairs whose
 * deployments differ by name alone. One of them, the *lead*, stands for all of its *members*: a pattern names the first
 * members of a class, as many as it holds, and the master counts up to the number of members. Trees over the leads do
 * not visit plans that differ by swapping names.
 */
import { mustBePlaced, type PlanningProblem } from '../../model/compiled/planningProblem.ts';

interface Classes {
  /** (one): the first of those alike. */
  readonly lead: Int32Array;
  /** (one): how many it stands for; 0 where another stands for it. */
  readonly copies: Int32Array;
  /** (one): those that it stands for, itself first; empty where another stands for it. */
  readonly members: readonly (readonly number[])[];
}

export interface Alikeness {
  readonly pairs: Classes;
  readonly queryTypes: Classes;
}

/** What of a pattern table is compared, under its names. */
interface Entries {
  readonly problem: PlanningProblem;
  readonly deploymentsOfPair: readonly (readonly number[])[];
  readonly start: Int32Array;
  readonly queryType: Int32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly memory: Float64Array;
  readonly compute: Float64Array;
  readonly rate: Float64Array;
}

/** Everything stands for itself. */
export function allDifferent({
  numPairs,
  numQueryTypes,
}: Pick<PlanningProblem, 'numPairs' | 'numQueryTypes'>): Alikeness {
  return { pairs: classesOf(numPairs, () => false), queryTypes: classesOf(numQueryTypes, () => false) };
}

/** Only where costs and limits of a plan are sums over its patterns, and the delay limits those of deployments. */
export function alikenessOf(table: Entries): Alikeness {
  const { problem } = table;
  const sums = sumsOf(table);
  const pairs = classesOf(
    problem.numPairs,
    (one, other) => sums.pair[one] === sums.pair[other] && pairsAreAlike(table, one, other),
  );
  const columns = entriesOf(table);
  const queryTypes = classesOf(
    problem.numQueryTypes,
    (one, other) => sums.queryType[one] === sums.queryType[other] && queriesAreAlike(table, columns, one, other),
  );
  return { pairs, queryTypes };
}

function classesOf(count: number, isAlike: (one: number, other: number) => boolean): Classes {
  const lead = new Int32Array(count);
  const members: number[][] = Array.from({ length: count }, () => []);
  for (let one = 0; one < count; one++) {
    let first = one;
    for (let other = 0; other < one && first === one; other++) {
      if (lead[other] === other && isAlike(one, other)) first = other;
    }
    lead[one] = first;
    members[first].push(one);
  }
  return { lead, copies: Int32Array.from(members, ({ length }) => length), members };
}

/** Told apart by a sum first: most are different. */
function sumsOf({ problem, deploymentsOfPair, start, queryType, rate }: Entries) {
  const pair = new Float64Array(problem.numPairs);
  const ofQueryType = new Float64Array(problem.numQueryTypes);
  deploymentsOfPair.forEach((deployments, at) => {
    for (const d of deployments) {
      pair[at] += problem.deployments.rental[d];
      for (let e = start[d]; e < start[d + 1]; e++) {
        pair[at] += rate[e];
        ofQueryType[queryType[e]] += rate[e];
      }
    }
  });
  return { pair, queryType: ofQueryType };
}

function pairsAreAlike(table: Entries, one: number, other: number): boolean {
  const { problem, deploymentsOfPair, start } = table;
  const { deployments, weightCost, weightSize, currentGpus } = problem;
  const [mine, theirs] = [deploymentsOfPair[one], deploymentsOfPair[other]];
  if (mine.length === 0 || mine.length !== theirs.length) return false;
  const sameStorage = weightCost[one] === weightCost[other] && weightSize[one] === weightSize[other];
  if (!sameStorage || currentGpus[one] !== currentGpus[other]) return false;
  const [tier, otherTier] = [deployments.tier[mine[0]], deployments.tier[theirs[0]]];
  if (tier !== otherTier && (isCounted(problem, tier) || isCounted(problem, otherTier))) return false;
  const { tpDegree, pipelineDegree, gpus, rental, minReplicas, maxReplicas } = deployments;
  return mine.every((d, t) => {
    const e = theirs[t];
    if (start[d + 1] - start[d] !== start[e + 1] - start[e]) return false;
    const sameKind = [tpDegree, pipelineDegree, gpus, rental, minReplicas, maxReplicas].every(
      (column) => column[d] === column[e],
    );
    if (!sameKind) return false;
    for (let step = 0; step < start[d + 1] - start[d]; step++) {
      if (table.queryType[start[d] + step] !== table.queryType[start[e] + step]) return false;
      if (!entriesAreAlike(table, start[d] + step, start[e] + step)) return false;
    }
    return true;
  });
}

/** Whether a row of the master counts the tier's GPUs. */
function isCounted({ available, committed, fleetLimits }: PlanningProblem, tier: number): boolean {
  return available[tier] < Infinity || committed[tier] > 0 || fleetLimits.some(({ perGpu }) => perGpu[tier] !== 0);
}

function entriesAreAlike({ low, high, memory, compute, rate }: Entries, one: number, other: number): boolean {
  return [low, high, memory, compute, rate].every((column) => column[one] === column[other]);
}

/** (i): its entries in the order of the deployments, and which deployments these are. */
function entriesOf({ problem, start, queryType }: Entries) {
  const entries: number[][] = Array.from({ length: problem.numQueryTypes }, () => []);
  const deployments: number[][] = Array.from({ length: problem.numQueryTypes }, () => []);
  for (let d = 0; d + 1 < start.length; d++) {
    for (let e = start[d]; e < start[d + 1]; e++) {
      entries[queryType[e]].push(e);
      deployments[queryType[e]].push(d);
    }
  }
  return { entries, deployments };
}

function queriesAreAlike(
  table: Entries,
  { entries, deployments }: ReturnType<typeof entriesOf>,
  one: number,
  other: number,
): boolean {
  const { problem } = table;
  const { unmetCost, unmetCap, dataCost } = problem;
  if (entries[one].length !== entries[other].length || mustBePlaced(problem, one) !== mustBePlaced(problem, other))
    return false;
  if (![unmetCost, unmetCap, dataCost].every((column) => column[one] === column[other])) return false;
  return entries[one].every(
    (entry, t) => deployments[one][t] === deployments[other][t] && entriesAreAlike(table, entry, entries[other][t]),
  );
}
