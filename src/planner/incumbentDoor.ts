/** The one door by which plans count (invariant 3 of docs/architecture.md): names the plan and asks the verifier. */
import type { IncumbentDoor } from '../bnb/relaxation.ts';
import { verifyPlan } from '../model/check/verifier.ts';
import { type IndexedPlan, toPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';

export function incumbentDoor(problem: PlanningProblem): IncumbentDoor<IndexedPlan> {
  return (solution) => {
    const { ok, cost } = verifyPlan(problem.instance, problem.options, toPlan(problem, solution));
    return ok ? { cost: cost.total, solution } : null;
  };
}
