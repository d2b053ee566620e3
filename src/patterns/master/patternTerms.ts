/**
 * Where a pattern stands in the rows of the master: which query types it covers, whether a count, a subset row, a cover
 * of a GPU limit or a node's restrictions hold it, and its part of a pooled delay limit.
 */
import { fractionTolerance } from '../../model/compiled/planningProblem.ts';
import type { Pattern } from '../pricing/pattern.ts';
import { gpusOf, type PatternTable, rentalCost } from '../pricing/patternTable.ts';
import { type CountedPatterns, entryAt, type NodeRestrictions } from './patternDecision.ts';

export type SubsetTriple = readonly [number, number, number];

/** A cover of a GPU limit (gpuCovers.ts), plain data: `deployments[t]` counts from `replicas[t]` replicas on. */
export interface GpuCover {
  readonly deployments: readonly number[];
  readonly replicas: readonly number[];
  readonly most: number;
}

/** Cover rows are of the leads: how many of those that each stands for the query types are. */
export function coverTerms(
  table: PatternTable,
  queryTypes: Int32Array,
): { readonly indices: number[]; readonly values: number[] } {
  const { lead } = table.alike.queryTypes;
  const counts = new Map<number, number>();
  for (const i of queryTypes) counts.set(lead[i], (counts.get(lead[i]) ?? 0) + 1);
  return { indices: [...counts.keys()], values: [...counts.values()] };
}

/**
 * Delay beyond the limit's share of the pattern: worst delay of the query type minus its limit times the TP degree.
 */
export function pooledCoefficient(
  { problem, pair }: PatternTable,
  { deployment, queryTypes, fractions }: Pattern,
  queryType: number,
): number {
  const at = queryTypes.indexOf(queryType);
  const delay = at < 0 ? 0 : problem.worstDelay[queryType * problem.numPairs + pair[deployment]] * fractions[at];
  return delay - problem.delayLimit[queryType] * problem.deployments.tpDegree[deployment];
}

/** Of each table once: masters are made by the hundred. */
const aloneCosts = new WeakMap<PatternTable, Float64Array>();

/** (i): the least cost of a pattern with this query type alone; 0 where there is none. */
export function cheapestAlone(table: PatternTable): Float64Array {
  const known = aloneCosts.get(table) ?? findCheapestAlone(table);
  aloneCosts.set(table, known);
  return known;
}

function findCheapestAlone(table: PatternTable): Float64Array {
  const least = new Float64Array(table.problem.numQueryTypes).fill(Infinity);
  for (let d = 0; d < table.numDeployments; d++) {
    const placed = table.placementCost[table.pair[d]];
    for (let e = table.start[d]; e < table.start[d + 1]; e++) {
      for (const fraction of [table.low[e], table.rate[e] < 0 ? table.high[e] : table.low[e]]) {
        const cost = rentalCost(table, d, replicasFor(table, d, e, fraction)) + placed + table.rate[e] * fraction;
        if (cost < least[table.queryType[e]]) least[table.queryType[e]] = cost;
      }
    }
  }
  return least.map((cost) => (cost < Infinity ? cost : 0));
}

/** How many times the pattern counts. */
export function countOf(
  table: PatternTable,
  { deployment, queryTypes, replicas }: Pattern,
  { holding = [], replicas: least = 0, inGpus = false }: CountedPatterns,
  isMember: Uint8Array,
): number {
  const isCounted = isMember[deployment] === 1 && replicas >= least && holding.every((i) => queryTypes.includes(i));
  if (!isCounted) return 0;
  return inGpus ? gpusOf(table, deployment, replicas) : 1;
}

export function holdsTwo({ queryTypes }: Pattern, triple: SubsetTriple): boolean {
  let count = 0;
  for (const i of triple) if (queryTypes.includes(i)) count++;
  return count >= 2;
}

/** (d): replicas from which on the deployment counts, Infinity where never. */
export function stepsOfCover({ numDeployments }: PatternTable, { deployments, replicas }: GpuCover): Float64Array {
  const steps = new Float64Array(numDeployments).fill(Infinity);
  deployments.forEach((d, t) => {
    steps[d] = replicas[t];
  });
  return steps;
}

/** Replicas for this fraction of an entry alone. */
function replicasFor({ leastReplicas, mostReplicas, memory, compute }: PatternTable, d: number, e: number, x: number) {
  const needed = Math.ceil(Math.max(memory[e], compute[e]) * x - fractionTolerance);
  return Math.min(mostReplicas[d], Math.max(leastReplicas[d], needed));
}

/** Whether the node lets the pattern be used. */
export function isAllowed(restrictions: NodeRestrictions, pattern: Pattern): boolean {
  const { table, blocked, closed, leastReplicas, mostReplicas } = restrictions;
  const { deployment, replicas } = pattern;
  if (closed[deployment] === 1) return false;
  if (replicas < leastReplicas[deployment] || replicas > mostReplicas[deployment]) return false;
  const { fractionSlack } = table.parameters.master;
  for (let t = 0; t < pattern.queryTypes.length; t++) {
    const entry = entryAt(table, deployment, pattern.queryTypes[t]);
    if (entry < 0 || blocked[entry] === 1 || pattern.fractions[t] > table.high[entry] + fractionSlack) return false;
  }
  return true;
}
