/**
 * Rounds the master's point: each query type goes to the pair of its largest weight, and local search improves the
 * plan.
 */
import { roundPoint } from '../../heuristics/index.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { MasterPoint } from '../master/masterPoint.ts';
import type { PatternTable } from '../pricing/patternTable.ts';

export function roundMasterPoint(
  { problem }: PatternTable,
  { placement, deployment }: MasterPoint,
  effort: number,
  shouldStop: () => boolean,
): IndexedPlan | null {
  const { numPairs, deployments, deploymentsOfPair } = problem;
  const weight = (i: number, d: number) => {
    const pair = deployments.pair[d];
    return placement[i * numPairs + pair] / deploymentsOfPair[pair].length;
  };
  return roundPoint(problem, weight, { effort, openness: (d) => deployment[d], shouldStop });
}
