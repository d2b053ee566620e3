/**
 * The heuristics of a tree search over plans, in the form that it runs: construction and local search before the root, and under single placement
 * local search on new incumbents.
 */
import type { Heuristic } from '../../bnb/relaxation.ts';
import type { IndexedPlan } from '../indexedPlan.ts';
import type { Plan } from '../instance.ts';
import type { PlanningProblem } from '../planningProblem.ts';
import { constructPlans, findPlans, improvePlan } from './index.ts';

export interface SearchHeuristicsOptions {
  /** Steers the local search; default 1. */
  readonly seed?: number;
  /**
   * Effort of the search for plans before the root; default 1. A relaxation that makes good plans of its own needs only a first one: with 0
   * patterns prove the published rows in half the time, and larger families in no more; and none where there is a start plan, which takes
   * another third off the cells of a sweep.
   */
  readonly constructionEffort?: number;
  /** Where the search begins, if it was given a plan. */
  readonly startPlan?: Plan;
}

export function searchHeuristics(
  problem: PlanningProblem,
  { seed = 1, constructionEffort = 1, startPlan }: SearchHeuristicsOptions = {},
) {
  const isSplit = problem.options.placement === 'split';
  // Where plans split query types the root's point leads to far better ones than construction does, and the tree improves them.
  const effort = isSplit ? 0 : constructionEffort;
  const construction: Heuristic<IndexedPlan> = {
    name: 'construction',
    letter: 'C',
    wants: ({ nodes, incumbentCost }) => nodes === 0 && incumbentCost === Infinity,
    run: () => constructPlans(problem),
  };
  const search: Heuristic<IndexedPlan> = {
    name: 'local search',
    letter: 'L',
    wants: ({ nodes, incumbentCost }) => nodes === 0 && (effort > 0 || !startPlan || incumbentCost === Infinity),
    run: ({ shouldStop }) => findPlans(problem, { seed, shouldStop, effort }),
  };
  if (isSplit) return [construction, search];
  const improvement: Heuristic<IndexedPlan> = {
    name: 'improvement',
    letter: 'I',
    wants: ({ nodes, isNewIncumbent }) => nodes > 0 && isNewIncumbent,
    run: ({ incumbent, shouldStop }) =>
      incumbent === null ? [] : [improvePlan(problem, incumbent, { seed, shouldStop })],
  };
  return [construction, search, improvement];
}
