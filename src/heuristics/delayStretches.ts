/**
 * The stretches of the delay limits that a search under single placement may presume (specification 5): under `pooled`
 * and `last-deployment` every limit is multiplied by TP degrees of the plan, which the search fixes beforehand.
 */

import { worstCaseGain } from '../model/check/worstCase.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';

/** Stretch of all delay limits, and the total of TP degrees that it presumes (pooled rule). */
export interface Stretch {
  readonly factor: number;
  readonly requiredDegree: number;
}

export const unstretched: Stretch = { factor: 1, requiredDegree: 0 };
export const lifted: Stretch = { factor: Infinity, requiredDegree: 0 };

/** The degrees of the last pair, and 0 for plans without it. */
export function lastPairStretches({ deploymentsOfPair, deployments, delayRule }: PlanningProblem): Stretch[] {
  const degrees = new Set(deploymentsOfPair[delayRule.stretchingPair].map((d) => deployments.tpDegree[d]));
  return [0, ...degrees].map((factor) => ({ factor, requiredDegree: 0 }));
}

/** So many totals of TP degrees up to `most`; all of them where they are few. */
export function pooledStretches(most: number, pooledTrials: number): Stretch[] {
  const totals = new Set<number>();
  for (let t = 1; t <= pooledTrials; t++) {
    totals.add(most <= pooledTrials ? Math.min(t, most) : Math.round(most ** (t / pooledTrials)));
  }
  return [0, ...totals].map((degree) => ({ factor: degree, requiredDegree: degree }));
}

/** Whether any query type would be too slow somewhere if its limit were not stretched. */
export function delayCanBind({ numQueryTypes, numPairs, worstDelay, delayLimit }: PlanningProblem): boolean {
  for (let i = 0; i < numQueryTypes; i++) {
    const limit = delayLimit[i];
    for (let pair = 0; pair < numPairs; pair++) if (worstDelay[i * numPairs + pair] > limit) return true;
  }
  return false;
}

/** The least stretch that the delays of a plan need. */
export function neededStretch(problem: PlanningProblem, plan: IndexedPlan): number {
  let needed = 0;
  for (const { queryType, deployment, fraction } of plan.routing) {
    const pair = problem.deployments.pair[deployment];
    const at = queryType * problem.numPairs + pair;
    const swing = { deviation: problem.deviationDelay[at] * fraction, largestShare: problem.delayShare[pair] };
    const delay = problem.nominalDelay[at] * fraction + worstCaseGain([swing], problem.gammaDelay);
    if (delay > 0) needed = Math.max(needed, delay / problem.delayLimit[queryType]);
  }
  return needed;
}
