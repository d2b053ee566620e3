/**
 * The heuristics of a tree search over plans, in the form that it runs: construction before the root, local search on new incumbents, and
 * where plans split query types a restricted sub-search after the root and after better incumbents.
 */
import type { Heuristic } from '../../bnb/relaxation.ts';
import { buildStrengthened } from '../formulations/strengthened.ts';
import type { IndexedPlan } from '../indexedPlan.ts';
import type { PlanningProblem } from '../planningProblem.ts';
import { findPlans, improvePlan } from './index.ts';
import { planCost } from './planCost.ts';
import { guideBy, type RelaxationGuide } from './relaxationDive.ts';
import { searchNeighbourhood } from './restrictedSearch.ts';

/** Nodes and further pairs of the first sub-search; both double when one finds nothing. */
const firstNodeLimit = 60;
const firstFurtherPairs = 2;
/** Sub-searches of one tree search at most; each costs about as many nodes as its limit. */
const mostSubSearches = 4;

/** `seed` steers the local search; default 1. */
export function searchHeuristics(problem: PlanningProblem, { seed = 1 }: { readonly seed?: number } = {}) {
  const heuristics: Heuristic<IndexedPlan>[] = [
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
  if (problem.options.placement === 'split') heuristics.push(makeSubSearch(problem));
  return heuristics;
}

/** A restricted sub-search around the incumbent that widens while it finds nothing. */
export function makeSubSearch(problem: PlanningProblem): Heuristic<IndexedPlan> {
  let guide: RelaxationGuide | null | undefined;
  let runs = 0;
  let nodeLimit = firstNodeLimit;
  let furtherPairs = firstFurtherPairs;
  let nextNodes = 1;
  let isFinished = false;
  return {
    name: 'sub-search',
    letter: 'S',
    wants: ({ nodes, incumbentCost }) => {
      if (isFinished || runs >= mostSubSearches || incumbentCost === Infinity || nodes < nextNodes) return false;
      nextNodes = 4 * nodes;
      return true;
    },
    *run({ incumbent, shouldStop }) {
      guide ??= guideBy(problem, buildStrengthened(problem));
      if (incumbent === null || guide === null) {
        isFinished = true;
        return;
      }
      let best = incumbent;
      for (; runs < mostSubSearches && !shouldStop(); runs++) {
        const found = searchNeighbourhood(problem, [best], guide, { furtherPairs, nodeLimit, shouldStop });
        if (found === null) {
          runs++;
          nodeLimit *= 2;
          furtherPairs *= 2;
          return;
        }
        if (planCost(problem, found) < planCost(problem, best)) best = found;
        yield found;
      }
    },
  };
}
