/**
 * The heuristics of a tree search over plans, in the form that it runs: construction before the root, local search on new incumbents, and
 * where plans split query types a restricted sub-search after the root and after better incumbents.
 */
import type { Heuristic } from '../../bnb/relaxation.ts';
import { buildStrengthened } from '../formulations/strengthened.ts';
import type { IndexedPlan } from '../indexedPlan.ts';
import type { PlanningProblem } from '../planningProblem.ts';
import { findPlans, improvePlan } from './index.ts';
import { guideBy, type RelaxationGuide } from './relaxationDive.ts';
import { searchNeighbourhood } from './restrictedSearch.ts';

/** Sub-searches come after 1, 4, 16, ... nodes; the node limit and the further pairs of the first, doubled each time. */
const spacing = 4;
const firstNodeLimit = 60;
const firstFurtherPairs = 2;
/** Sub-searches of one tree search at most. */
const mostLevels = 4;
/** Where plans split query types, sub-searches find the better plans: improving one, an LP for each move, is kept short. */
const splitEffort = 0.2;
/** Better plans that one sub-search follows. */
const mostImprovements = 3;

export interface SearchHeuristicsOptions {
  /** Steers the local search; default 1. */
  readonly seed?: number;
  /**
   * Effort of the search for plans before the root; default 1. A relaxation that makes good plans of its own needs only a first one: with 0
   * patterns prove the published rows in half the time, and larger families in no more.
   */
  readonly constructionEffort?: number;
}

export function searchHeuristics(
  problem: PlanningProblem,
  { seed = 1, constructionEffort = 1 }: SearchHeuristicsOptions = {},
) {
  const isSplit = problem.options.placement === 'split';
  const effort = isSplit ? splitEffort : 1;
  const heuristics: Heuristic<IndexedPlan>[] = [
    {
      name: 'local search',
      letter: 'L',
      wants: ({ nodes }) => nodes === 0,
      run: ({ shouldStop }) => findPlans(problem, { seed, shouldStop, effort: constructionEffort }),
    },
    {
      name: 'improvement',
      letter: 'I',
      wants: ({ nodes, isNewIncumbent }) => nodes > 0 && isNewIncumbent,
      run: ({ incumbent, shouldStop }) =>
        incumbent === null ? [] : [improvePlan(problem, incumbent, { seed, shouldStop, effort })],
    },
  ];
  if (isSplit) heuristics.push(makeSubSearch(problem));
  return heuristics;
}

/** A restricted sub-search around the incumbent that widens with the nodes; keeps no state, so that a resumed search is the same. */
export function makeSubSearch(problem: PlanningProblem): Heuristic<IndexedPlan> {
  let guide: RelaxationGuide | null | undefined;
  let level = 0;
  return {
    name: 'sub-search',
    letter: 'S',
    wants: ({ nodes, incumbentCost }) => {
      if (nodes < 1 || incumbentCost === Infinity) return false;
      level = Math.round(Math.log(nodes) / Math.log(spacing));
      return level < mostLevels && spacing ** level === nodes;
    },
    *run({ incumbent, shouldStop }) {
      if (guide === undefined) guide = guideBy(problem, buildStrengthened(problem));
      const nodeLimit = firstNodeLimit * 2 ** level;
      const furtherPairs = firstFurtherPairs * 2 ** level;
      let best = incumbent;
      for (let round = 0; round < mostImprovements && best !== null && guide !== null && !shouldStop(); round++) {
        best = searchNeighbourhood(problem, [best], guide, { furtherPairs, nodeLimit, shouldStop });
        if (best !== null) yield best;
      }
    },
  };
}
