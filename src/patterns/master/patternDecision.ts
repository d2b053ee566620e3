/**
 * Branching decisions of the pattern relaxation, as plain data, and the restrictions that a node's decisions add up to:
 * which deployments with how many replicas and which placements may be used, which pairs must be rented, and bounds on
 * counts of rented pairs.
 */
import { mustBePlaced } from '../../model/compiled/planningProblem.ts';
import type { PatternTable } from '../pricing/patternTable.ts';

/** Of the deployments of `pair` only `allowed` may be rented; without `none` one of them must be. Class w. */
interface DeploymentDecision {
  readonly kind: 'deployments';
  readonly pair: number;
  readonly allowed: readonly number[];
  readonly none: boolean;
}

/** Replicas of the deployment, where it is rented, are within bounds; if `required` it must be. Class y. */
interface ReplicaDecision {
  readonly kind: 'replicas';
  readonly deployment: number;
  readonly least: number;
  readonly most: number;
  readonly required: boolean;
}

/** The query type is placed on one of `pairs` (`inside`) or on none of them, perhaps nowhere. Class z. */
interface PlacementDecision {
  readonly kind: 'placement';
  readonly queryType: number;
  readonly pairs: readonly number[];
  readonly inside: boolean;
}

/** Which patterns a count is about: those on `pairs`, as far as the rest, where it is given, says the same. */
export interface CountedPatterns {
  readonly pairs: readonly number[];
  /** Deployments. */
  readonly on?: readonly number[];
  /** Query types, all of which they hold. */
  readonly holding?: readonly number[];
  /** Replicas at least. */
  readonly replicas?: number;
  /** Each counts as many times as it has GPUs; only where the pairs alone say what is counted. */
  readonly inGpus?: boolean;
}

/**
 * The number of chosen patterns among those counted is within bounds; where only pairs are named, that of rented pairs.
 * Class w.
 */
export interface CountDecision extends CountedPatterns {
  readonly kind: 'count';
  readonly least: number;
  readonly most: number;
}

export type PatternDecision = DeploymentDecision | ReplicaDecision | PlacementDecision | CountDecision;

interface CountBounds extends CountedPatterns {
  readonly least: number;
  readonly most: number;
}

export interface NodeRestrictions {
  readonly table: PatternTable;
  /** (entry of the table): 1 where the placement is ruled out. */
  readonly blocked: Uint8Array;
  /** (d): 1 where the deployment is ruled out. */
  readonly closed: Uint8Array;
  /** (d): bounds on its replicas. */
  readonly leastReplicas: Int32Array;
  readonly mostReplicas: Int32Array;
  /** (pair): 1 where one deployment must be rented. */
  readonly required: Uint8Array;
  /** (i): 1 where the query type must be placed. */
  readonly placed: Uint8Array;
  readonly counts: ReadonlyMap<string, CountBounds>;
  /** The decisions contradict each other. */
  readonly contradicts: boolean;
}

export interface SavedRestrictions extends Omit<NodeRestrictions, 'table' | 'counts'> {
  readonly counts: readonly (readonly [string, CountBounds])[];
}

/** What is known to be useless anywhere below the root: same layout as `NodeRestrictions`. */
export interface Fixings {
  readonly blocked: Uint8Array;
  readonly closed: Uint8Array;
  /** What every plan below the cutoff keeps. Default: nothing. */
  readonly counts?: readonly CountDecision[];
}

/** Adds up the decisions, on top of `fixings`. */
export function restrictionsOf(
  table: PatternTable,
  decisions: readonly PatternDecision[],
  fixings: Fixings,
): NodeRestrictions {
  const blocked = fixings.blocked.slice();
  const closed = fixings.closed.slice();
  const leastReplicas = table.leastReplicas.slice();
  const mostReplicas = table.mostReplicas.slice();
  const required = new Uint8Array(table.deploymentsOfPair.length);
  const { numQueryTypes } = table.problem;
  const placed = Uint8Array.from({ length: numQueryTypes }, (_, i) => (mustBePlaced(table.problem, i) ? 1 : 0));
  const counts = new Map<string, CountBounds>();
  let contradicts = table.budget < 0;
  const allowOnly = (pair: number, allowed: readonly number[]) => {
    for (const d of table.deploymentsOfPair[pair]) if (!allowed.includes(d)) closed[d] = 1;
  };
  for (const decision of [...(fixings.counts ?? []), ...decisions]) {
    if (decision.kind === 'deployments') {
      allowOnly(decision.pair, decision.allowed);
      if (!decision.none) required[decision.pair] = 1;
    } else if (decision.kind === 'replicas') {
      const { deployment, least, most } = decision;
      leastReplicas[deployment] = Math.max(leastReplicas[deployment], least);
      mostReplicas[deployment] = Math.min(mostReplicas[deployment], most);
      if (!decision.required) continue;
      allowOnly(table.pair[deployment], [deployment]);
      required[table.pair[deployment]] = 1;
    } else if (decision.kind === 'placement') {
      const named = new Set(decision.pairs);
      if (decision.inside) placed[decision.queryType] = 1;
      for (let d = 0; d < table.numDeployments; d++) {
        if (named.has(table.pair[d]) === decision.inside) continue;
        const entry = entryAt(table, d, decision.queryType);
        if (entry >= 0) blocked[entry] = 1;
      }
    } else {
      const { least, most } = boundCount(counts, decision);
      if (least > most) contradicts = true;
    }
  }
  for (let d = 0; d < closed.length; d++) if (leastReplicas[d] > mostReplicas[d]) closed[d] = 1;
  table.deploymentsOfPair.forEach((deployments, pair) => {
    if (required[pair] === 1 && deployments.every((d) => closed[d] === 1)) contradicts = true;
  });
  return { table, blocked, closed, leastReplicas, mostReplicas, required, placed, counts, contradicts };
}

/** Tightens the bounds on what the decision counts, and returns them. */
function boundCount(counts: Map<string, CountBounds>, decision: CountDecision): CountBounds {
  const { kind: _kind, ...counted } = decision;
  const key = countKey(counted);
  const known = counts.get(key);
  const bounds = {
    ...counted,
    least: Math.max(known?.least ?? 0, decision.least),
    most: Math.min(known?.most ?? Infinity, decision.most),
  };
  counts.set(key, bounds);
  return bounds;
}

/** The restrictions with one count more. */
export function countBetween(restrictions: NodeRestrictions, decision: CountDecision): NodeRestrictions {
  const counts = new Map(restrictions.counts);
  boundCount(counts, decision);
  return { ...restrictions, counts };
}

function countKey({ pairs, on, holding, replicas, inGpus }: CountedPatterns): string {
  const parts = [on, holding, replicas === undefined ? undefined : [replicas], inGpus === true ? ['gpus'] : undefined];
  const rest = parts.map((part) => part?.join() ?? '');
  return rest.every((part) => part === '') ? pairs.join() : [pairs.join(), ...rest].join(';');
}

/** (d): 1 where patterns may be counted. */
export function countedDeployments(table: PatternTable, { pairs, on }: CountedPatterns): Uint8Array {
  const named = new Set(pairs);
  return Uint8Array.from(table.pair, (pair, d) => (named.has(pair) && on?.includes(d) !== false ? 1 : 0));
}

/** How many of the query types that i stands for must be placed. */
export function leastPlaced({ table, placed }: Pick<NodeRestrictions, 'table' | 'placed'>, i: number): number {
  return table.alike.queryTypes.members[i].reduce((sum, member) => sum + placed[member], 0);
}

/** The entry of (deployment, query type), or -1. */
export function entryAt(table: PatternTable, deployment: number, queryType: number): number {
  let low = table.start[deployment];
  let high = table.start[deployment + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (table.queryType[middle] === queryType) return middle;
    if (table.queryType[middle] < queryType) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function saveRestrictions({ table: _table, counts, ...rest }: NodeRestrictions): SavedRestrictions {
  return { ...rest, counts: [...counts] };
}

export function restoreRestrictions(table: PatternTable, { counts, ...rest }: SavedRestrictions): NodeRestrictions {
  return { ...rest, table, counts: new Map(counts) };
}
