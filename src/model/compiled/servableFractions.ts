/**
 * The largest fraction of each query type that a deployment can serve, and the replicas that it can use for that. A row
 * of deployments at a time: short functions, which V8 compiles before a short solve is over.
 */
import type { DeploymentTable } from './deploymentTable.ts';
import { fractionTolerance } from './planningProblem.ts';

/** What query types use where, and their limits: `PlanningProblem`, and what may be used at all. */
export interface Uses {
  /** (i, pair) and (i, d): 1 where it may be placed. */
  readonly permitted: Uint8Array;
  readonly isServed: Uint8Array;
  /** (i). */
  readonly delayLimit: Float64Array;
  readonly errorLimit: Float64Array;
  /** (i, pair). */
  readonly worstDelay: Float64Array;
  readonly worstError: Float64Array;
  /** (i, d). */
  readonly loadUse: Float64Array;
  readonly cacheUse: Float64Array;
}

/**
 * Fills (i, d) of query type i: by permission, delay, error and memory, -1 where it must not be placed. `stretch` is
 * the factor on its delay limit, null: the TP degree of each deployment.
 */
export function fillLargestFractions(
  fraction: Float64Array,
  i: number,
  numPairs: number,
  { count, pair, tpDegree, memoryRoom }: DeploymentTable,
  { permitted, isServed, delayLimit, errorLimit, worstDelay, worstError, cacheUse }: Uses,
  stretch: number | null,
): void {
  const delay = delayLimit[i];
  const error = errorLimit[i];
  for (let d = 0; d < count; d++) {
    const at = i * numPairs + pair[d];
    const cell = i * count + d;
    if (permitted[at] === 0 || isServed[cell] === 0) {
      fraction[cell] = -1;
      continue;
    }
    const stretched = delay === Infinity ? Infinity : delay * (stretch ?? tpDegree[d]);
    fraction[cell] = Math.min(
      1,
      ratio(stretched, worstDelay[at]),
      ratio(error, worstError[at]),
      memoryRoom[d] > 0 || cacheUse[cell] <= 0 ? Infinity : 0,
    );
  }
}

/**
 * Makes (i, d) of query type i what the most replicas can hold, -1 where that is too little, and counts the others.
 * `least`: the least fraction where placed; null: any above 0.
 */
export function fillServableFractions(
  largest: Float64Array,
  servableCount: Int32Array,
  i: number,
  { count, gpus, memoryRoom, loadCapacity, maxReplicas }: DeploymentTable,
  { loadUse, cacheUse }: Uses,
  least: number | null,
): void {
  for (let d = 0; d < count; d++) {
    const at = i * count + d;
    if (largest[at] < 0) continue;
    const replicas = maxReplicas[d];
    const fraction = Math.min(
      largest[at],
      ratio(memoryRoom[d] * gpus[d] * replicas, cacheUse[at]),
      ratio(loadCapacity[d] * replicas, loadUse[at]),
    );
    const tooSmall = least === null ? fraction <= 0 : fraction < least - fractionTolerance;
    largest[at] = tooSmall || replicas === 0 ? -1 : fraction;
    if (largest[at] >= 0) servableCount[d] += 1;
  }
}

/** Replicas that hold all that could be placed on d together; 1 for nothing. */
export function usableReplicas(
  { count, gpus, memoryRoom, loadCapacity }: DeploymentTable,
  d: number,
  fraction: Float64Array,
  loadUse: Float64Array,
  cacheUse: Float64Array,
  numQueryTypes: number,
): number {
  let load = 0;
  let cache = 0;
  for (let at = d; at < numQueryTypes * count; at += count) {
    if (fraction[at] <= 0) continue;
    load += loadUse[at] * fraction[at];
    cache += cacheUse[at] * fraction[at];
  }
  const needed = Math.max(load > 0 ? load / loadCapacity[d] : 0, cache > 0 ? cache / (memoryRoom[d] * gpus[d]) : 0);
  return Math.max(1, Math.ceil(needed * (1 - fractionTolerance)));
}

/** limit / use, and Infinity where nothing is used (0 / 0 included: an unused limit never binds). */
export function ratio(limit: number, use: number): number {
  return use > 0 ? limit / use : Infinity;
}
