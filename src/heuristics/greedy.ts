/**
 * Greedy construction as a baseline: (model, tier) pairs by what they cost per traffic that they serve (their effective
 * coverage), one after the other. Either ranked once, with everything unserved, or adaptively: ranked again after each
 * step by what is left to serve, a rented pair counting with what more it would serve at a higher degree or with more
 * replicas; then query types are relocated and deployments consolidated while that helps. No prices, no search.
 */
import type { Steps } from '../lp/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import { planIsFeasible } from '../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { Inserter } from './insertion.ts';
import { LocalSearch } from './localSearch.ts';
import { defaultHeuristicParameters, type HeuristicParameters } from './parameters.ts';
import { PlacementState } from './placementState.ts';
import { emptyUse } from './sharedLimits.ts';

export interface GreedyOptions {
  /** Whether the ranking follows what is left, and the plan is tidied up afterwards. */
  readonly adapts: boolean;
  readonly parameters?: HeuristicParameters;
  readonly shouldStop?: () => boolean;
}

/** What a pair would take of the unserved, and what each unit of traffic of that would cost. */
interface Offer {
  readonly pair: number;
  readonly group: readonly number[];
  /** $ per query and hour. */
  readonly price: number;
}

/** Each query type in one place; null where greed leads to no feasible plan. */
export function* greedyPlan(
  problem: PlanningProblem,
  { adapts, parameters = defaultHeuristicParameters, shouldStop = () => false }: GreedyOptions,
): Steps<IndexedPlan | null> {
  const state = new PlacementState(problem, parameters);
  if (!state.canPlaceAll()) return null;
  state.clear();
  yield* adapts ? openAdaptively(state) : openInOrder(state);
  const inserter = new Inserter(state);
  yield* inserter.prepare();
  const isOut = (i: number) => state.pairOf[i] < 0;
  const rest = [...state.pairOf.keys()].filter(isOut);
  yield* inserter.insertAll(rest, {
    breadth: problem.numPairs,
    byDensity: false,
    banned: -1,
    random: null,
    shouldStop,
  });
  if (adapts) {
    const tidying = new LocalSearch(state, inserter, shouldStop);
    do yield* tidying.relocate();
    while (yield* tidying.migrate());
  }
  const plan = state.toPlan();
  return planIsFeasible(problem, plan) ? plan : null;
}

function* openInOrder(state: PlacementState): Steps<void> {
  const ranked = offersOf(state).sort((a, b) => a.price - b.price || a.pair - b.pair);
  for (const { pair } of ranked) {
    yield;
    const offer = offerOf(state, pair);
    if (offer !== null) take(state, offer);
  }
}

function* openAdaptively(state: PlacementState): Steps<void> {
  for (;;) {
    yield;
    const [first, ...others] = offersOf(state);
    if (first === undefined) return;
    take(
      state,
      others.reduce((best, offer) => (offer.price < best.price ? offer : best), first),
    );
  }
}

function offersOf(state: PlacementState): Offer[] {
  return Array.from({ length: state.problem.numPairs }, (_, pair) => offerOf(state, pair)).filter(
    (offer) => offer !== null,
  );
}

/**
 * The unserved join in the order of their traffic, as far as they fit; of the groups that this goes through, the one
 * of least price. Null where none fits, or where shared limits would be passed.
 */
function offerOf(state: PlacementState, pair: number): Offer | null {
  const { problem, evaluator } = state;
  if (problem.deploymentsOfPair[pair].length === 0) return null;
  const traffic = problem.instance.queryTypes.map(({ arrivalRate }) => arrivalRate);
  const before = [...state.members[pair]];
  const fractions = new Float64Array(problem.numQueryTypes);
  const use = emptyUse();
  const servedBy = (members: readonly number[]) => {
    if (members.length === 0) return 0;
    evaluator.fractionsOn(use.deployment, use.replicas, members, fractions, emptyUse());
    return members.reduce((sum, i) => sum + traffic[i] * fractions[i], 0);
  };
  const costBefore = state.uses[pair].cost;
  if (before.length > 0) evaluator.evaluate(pair, before, -1, -1, use);
  const coveredBefore = servedBy(before);
  const unserved = [...state.pairOf.keys()].filter((i) => state.pairOf[i] < 0);
  const group: number[] = [];
  let best: Offer | null = null;
  for (const i of unserved.sort((a, b) => traffic[b] - traffic[a] || a - b)) {
    const members = [...before, ...group];
    if (!evaluator.evaluate(pair, members, -1, i, use)) continue;
    group.push(i);
    const covered = servedBy([...members, i]) - coveredBefore;
    const price = (use.cost - costBefore) / covered;
    if (covered > 0 && price < (best?.price ?? Infinity) && keepsLimits(state, pair, group))
      best = { pair, group: [...group], price };
  }
  return best;
}

function describeMove(state: PlacementState, pair: number, group: readonly number[]): number {
  state.beginMove();
  state.replaceMembers(
    pair,
    [...state.members[pair], ...group].sort((a, b) => a - b),
  );
  for (const i of group) state.changeUnplaced(i, -1);
  return state.priceMove();
}

/** Whether the move leaves shared limits as they are: their excess is priced above what any group is worth. */
function keepsLimits(state: PlacementState, pair: number, group: readonly number[]): boolean {
  return describeMove(state, pair, group) < 0;
}

function take(state: PlacementState, { pair, group }: Offer): void {
  if (describeMove(state, pair, group) < Infinity) state.applyMove();
}
