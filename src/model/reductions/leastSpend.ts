/**
 * What every plan spends and stores at least: query data of what must be served, weights of what each query type that
 * must be placed is placed on, rental of pairs to which a query type is confined. Lower bounds for the rows of budget
 * and storage.
 */
import type { WorkingProblem } from './workingProblem.ts';

export interface LeastSpend {
  /**
   * (pair): the only pair that some query type has left, with the least rental there ($, for the least replicas of the
   * cheapest degree left; committed GPUs cost no less than that).
   */
  readonly confinedRental: ReadonlyMap<number, number>;
  /** (i): the pair to which it is confined, or -1. */
  readonly confinedTo: Int32Array;
  /** (i): the smallest weights (GB) that its placement can store. */
  readonly leastWeights: Float64Array;
  /** (i): $ for its query data at the least share. */
  readonly leastData: Float64Array;
  /** Some query type has nowhere to go: the problem is infeasible, and bounds built on it mean nothing. */
  readonly isHopeless: boolean;
}

export function leastSpend(working: WorkingProblem): LeastSpend {
  const { base } = working;
  const { deployments, numQueryTypes } = base;
  const confinedRental = new Map<number, number>();
  const confinedTo = new Int32Array(numQueryTypes).fill(-1);
  const leastWeights = new Float64Array(numQueryTypes);
  const leastData = new Float64Array(numQueryTypes);
  let isHopeless = false;
  for (let i = 0; i < numQueryTypes; i++) {
    leastData[i] = working.leastServed(i) * base.dataCost[i];
    if (!working.mustBePlaced(i) && working.leastServed(i) <= 0) continue;
    const candidates = working.candidatesOf(i);
    if (candidates.length === 0) {
      isHopeless = true;
      continue;
    }
    leastWeights[i] = candidates.reduce((least, d) => Math.min(least, base.weightSize[deployments.pair[d]]), Infinity);
    const pair = deployments.pair[candidates[0]];
    if (candidates.some((d) => deployments.pair[d] !== pair)) continue;
    confinedTo[i] = pair;
    const leastRental = (d: number) => deployments.rental[d] * deployments.minReplicas[d];
    const rental = candidates.reduce((least, d) => Math.min(least, leastRental(d)), Infinity);
    confinedRental.set(pair, Math.max(rental, confinedRental.get(pair) ?? 0));
  }
  return { confinedRental, confinedTo, leastWeights, leastData, isHopeless };
}
