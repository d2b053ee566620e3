/**
 * A deployment on which no query type can be placed costs rental (and weights) and changes no row for the better,
 * unless the delay rule counts its TP degree or giving up GPUs of the current plan costs: leaving it out of a plan
 * keeps the plan feasible, no dearer.
 */
import type { WorkingProblem } from './workingProblem.ts';

export function removeIdleDeployments(working: WorkingProblem, name: string): void {
  for (const d of working.alive()) {
    if (working.canPayIdle(d) || working.servableAt(d).length > 0) continue;
    working.removeDeployment(name, d, `${working.describe(d)} can serve no query type`);
  }
}
