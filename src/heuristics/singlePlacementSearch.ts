/**
 * Plans under single placement: the local search, run for each stretch of the delay limits worth trying
 * (specification 5: `pooled` and `last-deployment` tie all limits to TP degrees), with rising prices on shared limits,
 * the joint delay cost's dual `tau` retuned between descents, and served fractions cut back at the end where data
 * storage alone breaks the budget.
 */
import { pausing, type Steps } from '../lp/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import { largestViolation, planCost, planIsFeasible } from '../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import {
  delayCanBind,
  lastPairStretches,
  lifted,
  neededStretch,
  pooledStretches,
  type Stretch,
  unstretched,
} from './delayStretches.ts';
import { Inserter } from './insertion.ts';
import { LocalSearch } from './localSearch.ts';
import { defaultHeuristicParameters, type HeuristicParameters } from './parameters.ts';
import { PlacementState } from './placementState.ts';
import { SeededRandom } from './seededRandom.ts';

export interface HeuristicEffort {
  /**
   * 0: construction and descent only; 1 (default): a search of tens of milliseconds on small instances; grows linearly.
   */
  readonly effort?: number;
  /** Default 1. */
  readonly seed?: number;
  readonly shouldStop?: () => boolean;
  /** A plan at this cost is good enough to end with. Default -Infinity. */
  readonly target?: number;
  /** Default: `defaultHeuristicParameters`. */
  readonly parameters?: HeuristicParameters;
}

export interface ScoredPlan {
  readonly plan: IndexedPlan;
  readonly cost: number;
}

/** How a plan was constructed: its stretch, (i) its pairs, and whether it took prices to keep the budget. */
interface Constructed {
  readonly stretch: Stretch;
  readonly pairOf: Int32Array;
  readonly isPriced: boolean;
}

/** The cheapest feasible plan of one search: its cost, and (i) its pairs. */
interface Found {
  cost: number;
  pairOf: Int32Array | null;
}

export class SinglePlacementSearch {
  readonly #problem: PlanningProblem;
  readonly #parameters: HeuristicParameters;
  readonly #shouldStop: () => boolean;
  readonly #random: SeededRandom;
  /** Feasible plans met, cheapest first. */
  readonly plans: ScoredPlan[] = [];
  readonly #keep: number;

  constructor(problem: PlanningProblem, effort: HeuristicEffort, keep = 10) {
    const { seed = 1, shouldStop = () => false, parameters = defaultHeuristicParameters, target = -Infinity } = effort;
    this.#problem = problem;
    this.#parameters = parameters;
    this.#shouldStop = () => this.bestCost <= target || shouldStop();
    this.#random = new SeededRandom(seed);
    this.#keep = keep;
  }

  /** Removal rounds. */
  #roundsFor(effort: number): number {
    const { rounds, roundsPerQueryType } = this.#parameters.search;
    return Math.ceil(effort * (rounds + roundsPerQueryType * this.#problem.numQueryTypes));
  }

  get bestCost(): number {
    return this.plans[0]?.cost ?? Infinity;
  }

  /**
   * Constructs from nothing, and descends from the best of it; gives each plan that is cheaper than those before as it
   * comes up. Where it took prices to keep the budget descents end early, so that a few rounds of removal and repair
   * follow; without `descends` only there.
   */
  *construct(descends: boolean): Generator<IndexedPlan | null, void, void> {
    let best: Constructed | null = null;
    for (const constructed of this.#constructions()) {
      if (constructed === null) {
        yield null;
        continue;
      }
      best = constructed;
      yield this.plans[0].plan;
    }
    if (best === null || (!descends && !best.isPriced) || this.#shouldStop()) return;
    const constructed = this.bestCost;
    const { pairOf } = yield* pausing(this.#searchAt(best.stretch, best.pairOf, 0));
    const descended = this.bestCost;
    if (descended < constructed) yield this.plans[0].plan;
    if (!best.isPriced || this.#shouldStop()) return;
    yield* pausing(this.#searchAt(best.stretch, pairOf ?? best.pairOf, this.#parameters.single.pricedRounds));
    if (this.bestCost < descended) yield this.plans[0].plan;
  }

  *#constructions(): Generator<Constructed | null, void, void> {
    const { delayRule } = this.#problem;
    if (delayRule.divides) yield* this.#constructAt([unstretched]);
    else if (!delayRule.isPooled) yield* this.#constructAt(lastPairStretches(this.#problem));
    else {
      yield* this.#constructAt([lifted]);
      if (this.plans.length === 0) yield* this.#constructAt(this.#pooledStretches());
    }
  }

  /**
   * At each stretch without prices; where that gives no plan, under prices of the budget row at the first stretch where
   * they do.
   */
  *#constructAt(stretches: readonly Stretch[]): Generator<Constructed | null, void, void> {
    const overBudget: Stretch[] = [];
    for (const stretch of stretches) {
      if (this.plans.length > 0 && this.#shouldStop()) return;
      const former = this.bestCost;
      const begun = yield* pausing(this.#begin(stretch, null));
      if (begun === null) continue;
      const { state } = begun;
      if (this.#finish(state) < former) yield { stretch, pairOf: state.pairOf, isPriced: false };
      if (state.limits.budgetUse > this.#problem.budget) overBudget.push(stretch);
    }
    for (const stretch of overBudget) {
      if (this.plans.length > 0 || this.#shouldStop()) return;
      yield* this.#constructUnderBudget(stretch);
    }
  }

  /**
   * A dear price first, under which nearly everything that can keep the budget does; then lower ones, between the last
   * two.
   */
  *#constructUnderBudget(stretch: Stretch): Generator<Constructed | null, void, void> {
    let low = this.#parameters.single.firstBudgetPrice / this.#problem.rentalBudgetFactor;
    let high = low * this.#parameters.single.dearestBudgetPrice;
    let price = high;
    for (let trial = 0; trial < this.#parameters.single.pricedConstructions && !this.#shouldStop(); trial++) {
      const former = this.bestCost;
      const begun = yield* pausing(this.#begin(stretch, null, price));
      const cost = begun === null ? Infinity : this.#finish(begun.state);
      if (begun !== null && cost < former) yield { stretch, pairOf: begun.state.pairOf, isPriced: true };
      if (cost < Infinity) high = price;
      else if (trial === 0) return;
      else low = price;
      price = Math.sqrt(low * high);
    }
  }

  /** Constructs and improves from nothing. */
  *run(effort: number): Steps<void> {
    const rounds = this.#roundsFor(effort);
    const { delayRule } = this.#problem;
    if (delayRule.divides) yield* this.#searchAt(unstretched, null, rounds);
    else if (!delayRule.isPooled) yield* this.#tryStretches(lastPairStretches(this.#problem), rounds);
    else {
      const { cost } = yield* this.#searchAt(lifted, null, Math.ceil(rounds / 2));
      if (this.#neededDegree <= this.#liftedDegree && cost < Infinity) return;
      yield* this.#tryStretches(this.#pooledStretches(), rounds);
    }
  }

  /** A short search at each stretch, then a longer one from the best plan of the best few. */
  *#tryStretches(stretches: readonly Stretch[], rounds: number): Steps<void> {
    const short = Math.ceil(rounds / stretches.length);
    const trials: (Found & { readonly stretch: Stretch })[] = [];
    for (const stretch of stretches) trials.push({ stretch, ...(yield* this.#searchAt(stretch, null, short)) });
    const useful = trials.filter(({ cost }) => cost < Infinity).sort((a, b) => a.cost - b.cost);
    for (const { stretch, pairOf } of useful.slice(0, this.#parameters.single.promisingStretches)) {
      if (rounds > 0)
        yield* this.#searchAt(stretch, pairOf, Math.ceil(rounds / this.#parameters.single.promisingStretches));
    }
  }

  /** Improves from a placement: (i) pair or -1, with the stretch that `plan` has. */
  *runFrom(pairOf: ArrayLike<number>, stretch: number, effort: number): Steps<void> {
    const required = this.#problem.delayRule.isPooled && delayCanBind(this.#problem) ? stretch : 0;
    yield* this.#searchAt({ factor: stretch, requiredDegree: required }, pairOf, this.#roundsFor(effort));
  }

  /** Totals of TP degrees up to what the plan without delay limits would need. */
  #pooledStretches(): Stretch[] {
    const most = Math.max(1, Math.ceil(this.#neededDegree - 1e-9), this.#liftedDegree);
    return pooledStretches(most, this.#parameters.single.pooledTrials);
  }

  /**
   * Under the pooled rule with delay limits lifted: the degree total of the plan found, and what its delays would need.
   */
  #liftedDegree = 0;
  #neededDegree = 0;

  /** Everything placed as well as it is at once; null where a query type that must be served fits nowhere. */
  *#begin(
    stretch: Stretch,
    start: ArrayLike<number> | null,
    budgetPrice = 0,
  ): Steps<{ state: PlacementState; inserter: Inserter } | null> {
    const state = new PlacementState(this.#problem, this.#parameters);
    state.evaluator.stretch = stretch.factor;
    state.evaluator.budgetPrice = budgetPrice;
    state.limits.requiredDegree = stretch.requiredDegree;
    if (!state.canPlaceAll()) return null;
    if (start) state.load(start);
    else state.clear();
    const inserter = new Inserter(state);
    yield* inserter.prepare();
    if (stretch.requiredDegree > 0) state.closeIdle();
    const unplaced = [...state.pairOf.keys()].filter((i) => state.pairOf[i] < 0);
    const breadth = this.#problem.numPairs;
    const shouldStop = this.#shouldStop;
    yield* inserter.insertAll(unplaced, { breadth, byDensity: false, banned: -1, random: null, shouldStop });
    return { state, inserter };
  }

  *#searchAt(stretch: Stretch, start: ArrayLike<number> | null, rounds: number): Steps<Found> {
    const best: Found = { cost: Infinity, pairOf: null };
    const begun = yield* this.#begin(stretch, start);
    if (begun === null) return best;
    const { state, inserter } = begun;
    const { limits } = state;
    const search = new LocalSearch(state, inserter, this.#shouldStop);
    const note = () => {
      const cost = this.#finish(state);
      if (cost >= best.cost) return;
      best.cost = cost;
      best.pairOf = state.pairOf.slice();
    };
    yield* search.descend();
    note();
    if (best.cost === Infinity && limits.budgetUse > this.#problem.budget) {
      yield* this.#followBudgetPrice(search, note);
      if (best.pairOf) state.load(best.pairOf);
    }
    for (
      let raise = 0;
      best.cost === Infinity && raise < this.#parameters.single.priceRaises && !this.#shouldStop();
      raise++
    ) {
      limits.price *= this.#parameters.single.priceFactor;
      state.recompute();
      yield* search.descend();
      if (!state.isFeasible()) yield* search.perturb(Math.min(rounds, 20), this.#random, note);
      note();
    }
    if (rounds > 0) {
      yield* search.perturb(rounds, this.#random, note);
      note();
    }
    return best;
  }

  /**
   * Descends under rising Lagrange prices of the budget row until it holds, then between the last two prices, noting
   * each plan: they lie near the efficient edge of cost against budget use.
   */
  *#followBudgetPrice(search: LocalSearch, note: () => void): Steps<void> {
    const { state } = search;
    let low = 0;
    let high = this.#parameters.single.firstBudgetPrice / this.#problem.rentalBudgetFactor;
    let bracketed = false;
    for (let step = 0; step < this.#parameters.single.budgetPriceSteps && !this.#shouldStop(); step++) {
      const price = bracketed ? (low + high) / 2 : high;
      state.evaluator.budgetPrice = price;
      state.recompute();
      yield* search.descend();
      note();
      if (state.isFeasible()) {
        bracketed = true;
        high = price;
      } else {
        low = price;
        if (!bracketed) high *= this.#parameters.single.budgetPriceFactor;
      }
    }
    state.evaluator.budgetPrice = 0;
    state.recompute();
  }

  /**
   * Turns the state into a plan and keeps it if it is feasible; returns its cost or Infinity. The state is left as it
   * was found.
   */
  #finish(state: PlacementState): number {
    const { evaluator, limits } = state;
    if (!this.#problem.delayCost.isSeparable) this.#retuneTau(state);
    if (state.evaluator.stretch === Infinity) {
      const plan = state.toPlan();
      this.#liftedDegree = limits.totalDegree;
      this.#neededDegree = neededStretch(this.#problem, plan);
    }
    let plan = state.toPlan();
    if (largestViolation(this.#problem, plan) > 0) {
      const excess = limits.budgetUse - this.#problem.budget;
      const reducible = plan.routing.reduce((sum, r) => sum + r.fraction * this.#problem.dataCost[r.queryType], 0);
      if (excess > 0 && excess <= reducible) {
        const { budgetPrice } = evaluator;
        plan = this.#fitBudget(state);
        evaluator.budgetPrice = budgetPrice;
      }
    }
    if (!planIsFeasible(this.#problem, plan)) return Infinity;
    const cost = planCost(this.#problem, plan);
    this.#remember(plan, cost);
    return cost;
  }

  #remember(plan: IndexedPlan, cost: number): void {
    const { plans } = this;
    const { sameCost } = this.#parameters.single;
    const same = (other: ScoredPlan) => Math.abs(other.cost - cost) <= sameCost * Math.abs(cost);
    if (plans.some(same)) return;
    const at = plans.findIndex((other) => other.cost > cost);
    plans.splice(at < 0 ? plans.length : at, 0, { plan, cost });
    if (plans.length > this.#keep) plans.pop();
  }

  /** The dual of the joint delay cost that fits the placement best: the total is convex in it. */
  #retuneTau(state: PlacementState): void {
    const { problem, evaluator } = state;
    const { deployments, deviationDelayCost, gammaDelay } = problem;
    let high = 0;
    for (let i = 0; i < state.pairOf.length; i++) {
      if (state.pairOf[i] < 0) continue;
      const { deployment } = state.uses[state.pairOf[i]];
      high = Math.max(high, deviationDelayCost[i * deployments.count + deployment]);
    }
    const fractions = new Float64Array(problem.numQueryTypes);
    const use = { ...state.uses[0] };
    const totalAt = (tau: number) => {
      evaluator.tau = tau;
      let total = gammaDelay * tau;
      for (const pair of state.rented) {
        const { deployment, replicas } = state.uses[pair];
        evaluator.fractionsOn(deployment, replicas, state.members[pair], fractions, use);
        total += use.cost;
      }
      return total;
    };
    let low = 0;
    const golden = (Math.sqrt(5) - 1) / 2;
    let left = high - golden * (high - low);
    let right = low + golden * (high - low);
    let atLeft = totalAt(left);
    let atRight = totalAt(right);
    for (let step = 0; step < this.#parameters.single.lineSearchSteps && high > low; step++) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - golden * (high - low);
        atLeft = totalAt(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + golden * (high - low);
        atRight = totalAt(right);
      }
    }
    evaluator.tau = (low + high) / 2;
    state.recompute();
  }

  /**
   * Fractions under the least surcharge on data cost at which the budget holds, mixed with those just above the budget.
   */
  #fitBudget(state: PlacementState): IndexedPlan {
    const { problem, evaluator } = state;
    const dataOf = (plan: IndexedPlan) =>
      plan.routing.reduce((sum, route) => sum + route.fraction * problem.dataCost[route.queryType], 0);
    let over = state.toPlan();
    const target = dataOf(over) - (state.limits.budgetUse - problem.budget);
    let low = state.evaluator.budgetPrice;
    let high = low + 1;
    const planAt = (price: number) => {
      evaluator.budgetPrice = price;
      return state.toPlan();
    };
    let under = planAt(high);
    while (dataOf(under) > target && high < 1e12) {
      over = under;
      low = high;
      high *= 16;
      under = planAt(high);
    }
    if (dataOf(under) > target) return under;
    for (let step = 0; step < this.#parameters.single.lineSearchSteps; step++) {
      const middle = (low + high) / 2;
      const plan = planAt(middle);
      if (dataOf(plan) > target) {
        low = middle;
        over = plan;
      } else {
        high = middle;
        under = plan;
      }
    }
    const span = dataOf(over) - dataOf(under);
    const share = span > 0 ? (target - dataOf(under)) / span : 0;
    return {
      deployments: under.deployments,
      routing: under.routing.map((route, t) => ({
        ...route,
        fraction: share * over.routing[t].fraction + (1 - share) * route.fraction,
      })),
    };
  }
}
