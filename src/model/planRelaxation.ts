/** Chooses the relaxation that bounds a planning problem, and says why. */
import type { Heuristic, Relaxation } from '../bnb/relaxation.ts';
import { compactRelaxation } from './compactRelaxation.ts';
import { findPlans, improvePlan } from './heuristics/index.ts';
import type { IndexedPlan } from './indexedPlan.ts';
import type { PlanningProblem } from './planningProblem.ts';
import type { SolveOptions } from './solveOptions.ts';
import type { SolveStatistics } from './solveResult.ts';

export interface ChosenRelaxation {
  readonly relaxation: Relaxation<unknown, IndexedPlan>;
  readonly heuristics: readonly Heuristic<IndexedPlan>[];
  readonly choice: SolveStatistics['relaxation'];
}

/** The relaxation that `options.relaxation` asks for; under `auto` patterns wherever they can serve. */
export function chooseRelaxation(problem: PlanningProblem, options: SolveOptions): ChosenRelaxation {
  const relaxation = compactRelaxation(problem, options) as unknown as Relaxation<unknown, IndexedPlan>;
  return {
    relaxation,
    heuristics: planHeuristics(problem, options),
    choice: { name: relaxation.name, reason: 'asked for' },
  };
}

/** Construction and local search before the root; local search again on each new incumbent. */
function planHeuristics(problem: PlanningProblem, { seed = 1 }: SolveOptions): Heuristic<IndexedPlan>[] {
  return [
    {
      name: 'local search',
      letter: 'L',
      wants: ({ nodes }) => nodes === 0,
      run: ({ shouldStop }) => findPlans(problem, { seed, shouldStop }),
    },
    {
      name: 'improvement',
      letter: 'I',
      wants: ({ nodes, isNewIncumbent }) => nodes > 0 && isNewIncumbent,
      run: ({ incumbent, shouldStop }) =>
        incumbent === null ? [] : [improvePlan(problem, incumbent, { seed, shouldStop })],
    },
  ];
}
