/**
 * What each query type costs at least wherever it is placed, its deployment's rental shared among all that could be
 * there. A pattern of a plan below some cost is then cheap itself: the other query types cost their shares. Most
 * patterns are not.
 *
 *     share_i = min over entries e of i: cost_e + max(0, rent of its deployment) / entries of that deployment
 */
import { mustBePlaced } from '../../model/compiled/planningProblem.ts';
import { type PatternTable, rentalCost } from '../pricing/patternTable.ts';

export interface LeastShares {
  /** (i): $, as in the table; Infinity where there is no place. */
  readonly share: Float64Array;
  /** On every plan: the table's offset, all shares, and what keeping GPUs saves at most. */
  readonly least: number;
  /** Of the query types placed each by itself, perhaps several on one pair: a first guess at what a plan costs. */
  readonly alone: number;
}

export function leastShares(table: PatternTable): LeastShares {
  const { problem, start, queryType } = table;
  const { numQueryTypes, numPairs } = problem;
  const share = new Float64Array(numQueryTypes).fill(Infinity);
  const alone = new Float64Array(numQueryTypes).fill(Infinity);
  for (let i = 0; i < numQueryTypes; i++) if (!mustBePlaced(problem, i)) share[i] = alone[i] = 0;
  for (let d = 0; d < table.numDeployments; d++) {
    if (start[d] === start[d + 1]) continue;
    const rent = Math.max(0, leastRent(table, d));
    const ownRent = rent / (start[d + 1] - start[d]);
    for (let e = start[d]; e < start[d + 1]; e++) {
      const cost = leastEntryCost(table, d, e);
      share[queryType[e]] = Math.min(share[queryType[e]], cost + ownRent);
      alone[queryType[e]] = Math.min(alone[queryType[e]], cost + rent);
    }
  }
  let kept = table.objectiveOffset;
  for (let pair = 0; pair < numPairs; pair++) kept += keepingSaves(table, pair);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  return { share, least: kept + sum(share), alone: kept + sum(alone) };
}

/** $ at the fraction that costs least, if nothing else were there. */
export function leastEntryCost({ rate, low, high, placementCost, pair }: PatternTable, d: number, e: number): number {
  return placementCost[pair[d]] + rate[e] * (rate[e] < 0 ? high[e] : low[e]);
}

/** What renting a deployment costs at least, however many replicas. */
export function leastRent(table: PatternTable, d: number): number {
  return keepingSaves(table, table.pair[d]) < 0
    ? keepingSaves(table, table.pair[d])
    : rentalCost(table, d, table.leastReplicas[d]);
}

/** <= 0: the cost of removing the GPUs of the current plan on a pair. */
export function keepingSaves({ problem }: PatternTable, pair: number): number {
  return -problem.switchingRemoved * problem.currentGpus[pair];
}
