/**
 * The heuristics of a tree search over plans, in the form that it runs: construction and local search before the root,
 * and under single placement local search on new incumbents.
 */

import type { Heuristic } from '../bnb/relaxation.ts';
import { constructPlansInSteps, findPlansInSteps, improvePlanInSteps } from '../heuristics/index.ts';
import { defaultHeuristicParameters, type HeuristicParameters } from '../heuristics/parameters.ts';
import { pausing } from '../lp/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { ReducibleProblem } from '../model/reductions/reducibleProblem.ts';
import { subsetSource } from '../patterns/subsets/subsetRelaxation.ts';
import type { SubsetSearch } from '../patterns/subsets/subsetSearch.ts';

export interface SearchHeuristicsOptions {
  /** Steers the local search; default 1. */
  readonly seed?: number;
  /**
   * Effort of the local search before the root; default 1. With 0 it runs only where there is no plan yet: a relaxation
   * that makes good plans of its own needs no more than the construction's (docs/strategies.md).
   */
  readonly constructionEffort?: number;
  /** Default: `defaultHeuristicParameters`. */
  readonly parameters?: HeuristicParameters;
}

export function searchHeuristics(
  problem: ReducibleProblem,
  { seed = 1, constructionEffort = 1, parameters = defaultHeuristicParameters }: SearchHeuristicsOptions = {},
) {
  const isSplit = !problem.compiled.placement.isSingle;
  // Trees of small problems are searched in less time than their plans are improved, where nodes cost little.
  const { numQueryTypes } = problem.compiled;
  const improves = constructionEffort > 0 || numQueryTypes >= parameters.search.leastImprovedSize;
  // Where plans split query types the root's point leads to far better ones than construction does, and the tree
  // improves them.
  const effort = isSplit ? 0 : constructionEffort;
  // Beside a start plan too where plans split: a plan that places each query type once must not be cheaper than theirs,
  // and the search for the best of those (singlePlanHeuristic.ts) comes only after the root.
  const construction: Heuristic<IndexedPlan> = {
    name: 'construction',
    letter: 'C',
    wants: ({ nodes, incumbentCost }) => nodes === 0 && (isSplit || incumbentCost === Infinity),
    run: ({ shouldStop }) =>
      constructPlansInSteps(problem.compiled, { seed, shouldStop, parameters, descends: improves }),
  };
  const search: Heuristic<IndexedPlan> = {
    name: 'local search',
    letter: 'L',
    wants: ({ nodes, incumbentCost }) => nodes === 0 && (effort > 0 || incumbentCost === Infinity),
    *run({ shouldStop }) {
      const reduced = yield* pausing(problem.reducedInSteps());
      yield* yield* pausing(findPlansInSteps(reduced, { seed, shouldStop, effort, parameters }));
    },
  };
  if (isSplit || !improves) return [construction, search];
  const size = numQueryTypes / parameters.search.fullyImprovedSize;
  const improvementEffort = constructionEffort > 0 ? 1 : Math.min(1, size);
  const improvement: Heuristic<IndexedPlan> = {
    name: 'improvement',
    letter: 'I',
    wants: ({ nodes, isNewIncumbent }) => nodes > 0 && isNewIncumbent,
    *run({ incumbent, shouldStop }) {
      if (incumbent === null) return;
      const options = { seed, shouldStop, parameters, effort: improvementEffort };
      yield yield* pausing(improvePlanInSteps(problem.reduced, incumbent, options));
    },
  };
  return [construction, search, improvement];
}

/**
 * The dynamic program before the root, and the others where it settles nothing; the first of them, construction, comes
 * before it where it needs a plan.
 */
export function beforeOthers(
  subsets: SubsetSearch,
  others: readonly Heuristic<IndexedPlan>[],
): readonly Heuristic<IndexedPlan>[] {
  const program: Heuristic<IndexedPlan> = {
    name: subsetSource,
    letter: 'P',
    wants: ({ nodes }) => nodes === 0,
    *run({ shouldStop, incumbentCost, incumbent }) {
      yield (yield* pausing(subsets.run(shouldStop, incumbentCost, incumbent))).plan;
    },
  };
  const following = others.map((other) => ({
    ...other,
    wants: (...moment: Parameters<typeof other.wants>) => !subsets.isSettled && other.wants(...moment),
  }));
  const at = subsets.needsPlan ? 1 : 0;
  return [...following.slice(0, at), program, ...following.slice(at)];
}
