/**
 * How many pairs a plan that is cheaper than the incumbent rents at most. Of N pairs or fewer, the worst case of a
 * query type is at least Gamma / N of all its deviations (the largest Gamma of N terms hold at least that share of
 * their sum), and all of them where N is at most Gamma. So the program with deviations of that size, all at their
 * worst, bounds every plan of at most N pairs, and its prices of deployments (deploymentPrices.ts) say what each
 * further pair adds:
 *   cost >= bound + sum over the rented pairs of max(0, min_d L_d).
 * Where the cheapest n + 1 pairs take that beyond the incumbent, n are the most. Asked again with N = n until that is
 * at most Gamma: then no worst case needs rows of its own.
 */
import type { NodeRequest } from '../../bnb/relaxation.ts';
import { descendFrom } from '../../heuristics/splitPlacementSearch.ts';
import type { Basis } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { type DeploymentPrices, deploymentPrices } from '../../model/formulations/deploymentPrices.ts';
import { strengthenedInSteps } from '../../model/formulations/strengthened.ts';
import { withoutPlacementsInSteps } from '../../model/formulations/withoutPlacements.ts';
import type { SearchSettings } from '../resolvedSolve.ts';
import { LpBeforeRoot } from './lpBeforeRoot.ts';

/** Programs that are solved at most: each but the last finds fewer pairs. */
const mostPrograms = 6;

/** What is asked of the root's request. */
export type CountRequest = Pick<
  NodeRequest<unknown, IndexedPlan, unknown>,
  'incumbentCost' | 'offer' | 'shouldStop' | 'depth'
>;

export interface CountedPairs {
  /** No plan cheaper than the incumbent rents more. */
  readonly most: number;
  /** Where the last program's optimum is: the next one differs by its coefficients alone. */
  readonly basis: Basis;
}

/**
 * A number of pairs that no plan cheaper than the incumbent exceeds and that is within each Gamma that would need rows
 * of duals; null where that cannot be shown, or is not worth it. The first program's point is rounded to a plan, which
 * is offered.
 */
export function* pairsWithinGamma(
  problem: PlanningProblem,
  { strategy, parameters, robust }: Pick<SearchSettings, 'strategy' | 'parameters' | 'robust'>,
  { incumbentCost, offer, shouldStop }: CountRequest,
): Steps<CountedPairs | null> {
  const { numQueryTypes, deploymentsOfPair, deployments, gammaDelay, gammaError } = problem;
  const { mostAtTheirWorst, countedPairs } = parameters.compact.sets;
  const pairs = deploymentsOfPair.filter((list) => list.length > 0).length;
  const reached = Math.min(...[gammaDelay, gammaError].filter((gamma) => gamma > mostAtTheirWorst));
  const isWorthIt = numQueryTypes * pairs >= countedPairs && reached < pairs;
  const hasPrices = strategy.reducedCostFixing && deployments.maxReplicas.every((most) => most <= 1);
  if ((robust ?? 'projected') !== 'projected' || !isWorthIt || !hasPrices) return null;
  let cost = incumbentCost;
  let most = pairs;
  let basis: Basis | null = null;
  for (let round = 0; round < mostPrograms && !shouldStop(); round++) {
    const formulation = yield* strengthenedInSteps(problem, { scenariosUpTo: mostAtTheirWorst, mostPairs: most });
    const lp: LpBeforeRoot = new LpBeforeRoot(formulation, yield* withoutPlacementsInSteps(formulation), basis);
    if (!(yield* lp.solve(shouldStop))) return null;
    const { basis: optimal } = lp;
    basis = optimal;
    if (round === 0 && strategy.heuristics) {
      const { point } = lp;
      const { m } = formulation.columns;
      const plan = descendFrom(problem, (d) => (m[d] < 0 ? 0 : point[m[d]]), shouldStop, parameters.heuristics);
      if (plan !== null) cost = offer(plan, 'rounding').incumbentCost;
      yield;
    }
    if (cost === Infinity) return null;
    const found = mostPairsBelow(problem, deploymentPrices(formulation, lp.program, lp.rows, lp.duals!), cost);
    if (found <= reached) return { most: found, basis: optimal };
    if (found >= most) return null;
    most = found;
    yield;
  }
  return null;
}

/** The most pairs that a plan of at most `cost` rents, by the prices. */
export function mostPairsBelow(
  { deploymentsOfPair }: Pick<PlanningProblem, 'deploymentsOfPair'>,
  { bound, leastWith }: DeploymentPrices,
  cost: number,
): number {
  const added = deploymentsOfPair
    .map((list) => Math.min(Infinity, ...list.map((d) => leastWith[d])) - bound)
    .filter((value) => value < Infinity)
    .sort((a, b) => a - b);
  let total = bound;
  let most = 0;
  for (const value of added) {
    total += Math.max(0, value);
    if (total > cost) break;
    most++;
  }
  return most;
}
