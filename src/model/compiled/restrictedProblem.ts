/** A planning problem with fewer deployments, for searches among a few of them. */
import type { PlanningProblem } from './planningProblem.ts';

/** The same problem with only the deployments that `isAllowed` names; indices stay the same. */
export function restrictedTo(problem: PlanningProblem, isAllowed: (d: number) => boolean): PlanningProblem {
  const { deployments, numQueryTypes } = problem;
  const maxFraction = problem.maxFraction.slice();
  const servableCount = problem.servableCount.slice();
  for (let d = 0; d < deployments.count; d++) {
    if (isAllowed(d)) continue;
    servableCount[d] = 0;
    for (let i = 0; i < numQueryTypes; i++) maxFraction[i * deployments.count + d] = -1;
  }
  return { ...problem, maxFraction, servableCount };
}
