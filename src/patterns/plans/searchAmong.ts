/** A search of its own among a few deployments: what else could be rented is left out of the problem. */
import type { Relaxation } from '../../bnb/relaxation.ts';
import { TreeSearch } from '../../bnb/treeSearch.ts';
import { planCost, planIsFeasible } from '../../heuristics/index.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { restrictedTo } from '../../model/compiled/restrictedProblem.ts';

/** What a search among some deployments alone found: a bound on plans of these, and the best plan. */
export interface AmongDeployments {
  readonly bound: number;
  readonly solution: IndexedPlan | null;
  readonly simplexIterations: number;
}

export interface AmongSettings {
  /** Only plans cheaper than this are wanted. */
  readonly cutoff: number;
  readonly relativeGap: number;
  /** Simplex iterations after which it ends, at a pause. */
  readonly iterations: number;
  readonly shouldStop: () => boolean;
}

export function* searchAmong<Decision, WarmStart>(
  problem: PlanningProblem,
  deployments: readonly number[],
  makeRelaxation: (problem: PlanningProblem) => Relaxation<Decision, IndexedPlan, WarmStart>,
  { cutoff, relativeGap, iterations, shouldStop }: AmongSettings,
): Steps<AmongDeployments> {
  const named = new Set(deployments);
  const search = new TreeSearch(makeRelaxation(restrictedTo(problem, (d) => named.has(d))), {
    // The door of the search that asks has the last word.
    door: (solution) => (planIsFeasible(problem, solution) ? { cost: planCost(problem, solution), solution } : null),
    // Slightly closer, since that door may see costs by other sums.
    relativeGap: relativeGap * (1 - 1e-3),
    absoluteGap: 0,
    ...(cutoff < Infinity ? { cutoff } : {}),
    resumable: false,
    isInterrupted: shouldStop,
  });
  for (const _ of search.runInSteps()) {
    if (search.result().simplexIterations >= iterations) break;
    yield;
  }
  const { status, bound, solution, simplexIterations } = search.result();
  return { bound: status === 'infeasible' ? Infinity : (bound ?? -Infinity), solution, simplexIterations };
}
