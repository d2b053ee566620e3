/** The one door by which plans count (invariant 3 of docs/architecture.md): names the plan and asks the verifier. */
import type { IncumbentDoor } from '../bnb/relaxation.ts';
import { checkPlan } from '../model/check/verifier.ts';
import { type IndexedPlan, toPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import type { Instance } from '../model/instance.ts';

/** Costs come in the search's unit of money; `instance` is the one that was given, and that the verifier reads. */
export function incumbentDoor(
  problem: PlanningProblem,
  instance: Instance = problem.instance,
  moneyScale = 1,
): IncumbentDoor<IndexedPlan> {
  return (solution) => {
    const { ok, cost } = checkPlan(instance, problem.options, toPlan(problem, solution));
    return ok ? { cost: cost.total * moneyScale, solution } : null;
  };
}
