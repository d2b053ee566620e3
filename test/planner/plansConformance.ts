/** Small planning problems for the contract of relaxations, with optima by HiGHS on the published program. */
import fc from 'fast-check';
import { findPlans } from '../../src/heuristics/index.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import type { IndexedPlan } from '../../src/model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../../src/model/compiled/planningProblem.ts';
import { buildPublished } from '../../src/model/formulations/published.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { incumbentDoor } from '../../src/planner/incumbentDoor.ts';
import type { ConformanceCase } from '../bnb/relaxationConformance.ts';
import { anyInstance, anyOptions } from '../heuristics/randomInstance.ts';
import { optimumOf } from '../oracle/optimum.ts';

/** Problems with up to 4 query types, each as a function from what makes a relaxation of it to a case. */
export async function planningProblems(placement: PlanningOptions['placement'], count: number, seed: number) {
  const drawn = fc.sample(fc.tuple(anyInstance(4), anyOptions([placement])), { seed, numRuns: count });
  const problems: { readonly problem: PlanningProblem; readonly optimum: number }[] = [];
  for (const [instance, options] of drawn) {
    const optimum = await optimumOf(buildPublished(instance, options));
    problems.push({ problem: compileProblem(instance, options), optimum });
  }
  return problems.map(
    ({ problem, optimum }, at) =>
      <Decision, WarmStart>(
        make: (problem: PlanningProblem) => ReturnType<ConformanceCase<Decision, IndexedPlan, WarmStart>['make']>,
      ): ConformanceCase<Decision, IndexedPlan, WarmStart> => {
        const door = incumbentDoor(problem);
        return {
          name: `problem ${at}`,
          make: () => make(problem),
          door,
          known: findPlans(problem, { effort: 0.1 }).filter((plan) => door(plan, 'known') !== null),
          optimum,
        };
      },
  );
}
