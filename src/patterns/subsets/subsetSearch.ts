/**
 * The optimum over few query types, without linear programs over patterns: every pattern of every set
 * (`setPatterns.ts`), a dynamic program over sets (`subsetTable.ts`), and where what plans share binds, a price of the
 * budget that makes its bound best, and labels below the plans at hand (`labels.ts`). Under `last-deployment` all of it
 * for each stretch of the delay limits; pairs whose patterns a stretch leaves as they are do not come again.
 */
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { mustBePlaced, type PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { defaultPatternParameters, type PatternParameters } from '../parameters.ts';
import { buildPatternTable, type PatternTable, stretchedTable } from '../pricing/patternTable.ts';
import { StopQuestion } from '../stopQuestion.ts';
import { labelledPlans } from './labels.ts';
import { type LeastShares, leastShares } from './leastShares.ts';
import type { PairPatterns } from './pairPatterns.ts';
import {
  bestFractions,
  leastFractionsPrice,
  type PlannedFractions,
  type PricedPlan,
  pricedPlan,
  pricesTo,
} from './planFractions.ts';
import { SetFractions } from './setFractions.ts';
import { hasSameEntries, SetPatterns, sharedResources } from './setPatterns.ts';
import { isLedByRent, numRentable, type SubsetService } from './subsetService.ts';
import { type Choice, type PricesOf, SubsetTable, stepsOf } from './subsetTable.ts';

export interface SubsetOutcome {
  /** The best plan met; null: none. */
  readonly plan: IndexedPlan | null;
  /** On every plan; Infinity: there is none. */
  readonly bound: number;
  /** Whether the plan, or the known one where it is cheaper, is proven to be the best one, or that there is none. */
  readonly isSettled: boolean;
}

/** Pairs at one stretch or a larger one, and the least cost of their plans where nothing that is shared binds. */
interface Stretch {
  readonly stretch: number;
  readonly pairs: readonly PairPatterns[];
  readonly leastCost: number;
}

const costOf: PricesOf = ({ cost }) => cost;
const leastSpendOf: PricesOf = ({ leastSpend }) => leastSpend;

export class SubsetSearch {
  readonly #problem: PlanningProblem;
  readonly #parameters: PatternParameters;
  readonly #service: SubsetService;
  readonly #patterns: SetPatterns;
  /** (resource), with what rounding may take. */
  readonly #limits: readonly number[];
  readonly #fractions: SetFractions;
  /** A bit for each query type that need not be placed. */
  readonly #optional: number;
  /** Made when first asked for. */
  #byCost: SubsetTable | null = null;
  #bySpend: SubsetTable | null = null;
  /** (resource). */
  #byUse: readonly SubsetTable[] | null = null;
  /** At the best price of the budget, and at the one that is tried. */
  #byPrice: readonly [SubsetTable, SubsetTable] | null = null;
  #outcome: SubsetOutcome | null = null;
  #best: IndexedPlan | null = null;
  #bestCost = Infinity;
  /** Plans that cost so much are of no use: what is known costs less, or found. */
  #cutoff = Infinity;
  #numPatterns = 0;
  /** Before the patterns below the limit at hand. */
  #lookedBefore = 0;
  /** Of one pass over a table of them all. */
  #numSteps = 0;
  /** Of the loosest table, which hold for the others. */
  #shares: LeastShares | null = null;
  /** Patterns whose plans cost so much are left out. */
  #limit = Infinity;
  /** Of every table alike. */
  #offset = 0;
  #budget = Infinity;

  constructor(
    problem: PlanningProblem,
    parameters: PatternParameters = defaultPatternParameters,
    service: SubsetService = 'few',
  ) {
    this.#problem = problem;
    this.#parameters = parameters;
    this.#service = service;
    const resources = sharedResources(problem);
    this.#limits = resources.map(({ limit }) => this.#withRoom(limit));
    this.#fractions = new SetFractions(problem.numQueryTypes);
    this.#patterns = new SetPatterns(problem.numQueryTypes, resources, this.#fractions);
    let optional = 0;
    for (let i = 0; i < problem.numQueryTypes; i++) if (!mustBePlaced(problem, i)) optional |= 1 << i;
    this.#optional = optional;
  }

  /** Whether it has come to its end, with a plan that is proven or without one. */
  get isSettled(): boolean {
    return this.#outcome?.isSettled ?? false;
  }

  /** Whether it begins only once a plan is known. */
  get needsPlan(): boolean {
    return this.#service === 'led by rent';
  }

  /**
   * What was found; works once, and anew where it was told to stop before, or where the known plan did not show that
   * rent leads. Plans that cost more than the `knownCost` of a known one are left out, so that there need not be one.
   */
  *run(shouldStop: () => boolean, knownCost = Infinity, known: IndexedPlan | null = null): Steps<SubsetOutcome> {
    if (this.#outcome !== null) return this.#outcome;
    const isServed = !this.needsPlan || (known && isLedByRent(this.#problem, known, knownCost, this.#parameters));
    if (!isServed) return { plan: null, bound: -Infinity, isSettled: false };
    this.#best = null;
    this.#bestCost = Infinity;
    this.#cutoff = knownCost * (1 + this.#parameters.subsets.knownTolerance);
    const stop = new StopQuestion(shouldStop, this.#parameters.subsets.stopPeriod);
    const bound = yield* this.#boundOfAll(stop);
    if (stop.isStopped) return { plan: this.#best, bound: -Infinity, isSettled: false };
    const least = Math.min(this.#bestCost, knownCost);
    this.#outcome = { plan: this.#best, bound: Math.min(bound, least), isSettled: bound >= least };
    return this.#outcome;
  }

  /** By the patterns that plans below a limit can have; where no plan is as cheap, once more below a higher one. */
  *#boundOfAll(stop: StopQuestion): Steps<number> {
    const { deploymentsOfPair, deployments, delayRule } = this.#problem;
    const last = delayRule.stretchingPair;
    const degrees = last < 0 ? [Infinity] : [0, ...deploymentsOfPair[last].map((d) => deployments.tpDegree[d])];
    const loosest = stretchedTable(buildPatternTable(this.#problem, this.#parameters), Math.max(...degrees));
    if (loosest.budget < 0) return Infinity;
    this.#offset = loosest.objectiveOffset;
    this.#budget = this.#withRoom(loosest.budget);
    this.#shares = leastShares(loosest);
    const { least, alone } = this.#shares;
    if (least === Infinity) return Infinity;
    const { firstLimit, limitGrowth } = this.#parameters.subsets;
    let above = firstLimit * (alone - least);
    this.#limit = above > 0 ? least + above : Infinity;
    for (;;) {
      this.#numPatterns = 0;
      this.#lookedBefore = this.#patterns.looked;
      this.#numSteps = 0;
      this.#patterns.hasLeftOut = false;
      const bound = yield* this.#boundOfStretches(loosest, new Set(degrees), stop);
      const isProven = bound < this.#limit || this.#cutoff <= this.#limit;
      if (isProven || !this.#patterns.hasLeftOut || stop.now()) return bound;
      above *= limitGrowth;
      // A plan that was known before may be a bad one, below which there are too many patterns.
      this.#limit = this.#bestCost < Infinity ? this.#cutoff : Math.min(this.#cutoff, least + above);
    }
  }

  /** Stretch by stretch, the one of least bound first. */
  *#boundOfStretches(loosest: PatternTable, degrees: ReadonlySet<number>, stop: StopQuestion): Steps<number> {
    const others = yield* this.#otherPairs(loosest, null, stop);
    if (others === null) return -Infinity;
    this.#byCost ??= this.#table(costOf);
    const byCost = this.#byCost;
    const stretches: Stretch[] = [];
    for (const stretch of degrees) {
      const pairs = this.#withLast(others, loosest, stretch);
      if (pairs === null) return -Infinity;
      // Pair by pair, so that a long pass can be stopped.
      for (let q = 1; q < pairs.length && this.#numSteps > this.#parameters.subsets.mostSteps; q++) {
        byCost.fill(pairs.slice(0, q));
        yield;
        if (stop.now()) return -Infinity;
      }
      stretches.push({ stretch, pairs, leastCost: byCost.fill(pairs) + this.#offset });
    }
    let bound = Infinity;
    for (const { stretch, pairs, leastCost } of stretches.sort((a, b) => a.leastCost - b.leastCost)) {
      if (leastCost >= this.#cutoff || stop.now()) break;
      let exact: readonly PairPatterns[] | null = pairs;
      const table = stretchedTable(loosest, stretch);
      if (table !== loosest) {
        const among = yield* this.#otherPairs(table, others, stop);
        exact = among && this.#withLast(among, table, stretch);
      }
      if (exact === null) return -Infinity;
      bound = Math.min(bound, yield* this.#solve(exact, byCost, stop));
    }
    return Math.min(bound, this.#cutoff);
  }

  /** What a price makes of the budget, with what rounding may take of the sums that are held against it. */
  #pricedBudget(price: number): number {
    return price > 0 ? price * this.#withRoom(this.#budget) : 0;
  }

  #withRoom(limit: number): number {
    return limit * (1 + this.#parameters.subsets.summingTolerance);
  }

  #table(pricesOf: PricesOf): SubsetTable {
    return new SubsetTable(this.#problem.numQueryTypes, numRentable(this.#problem), this.#optional, pricesOf);
  }

  /**
   * Patterns of all pairs but the stretching one; null: too many. `looser`: those where more can be served and as much
   * may be spent, which stay where the table is the same; pairs without any have none.
   */
  *#otherPairs(
    table: PatternTable,
    looser: readonly PairPatterns[] | null,
    stop: StopQuestion,
  ): Steps<readonly PairPatterns[] | null> {
    const { deploymentsOfPair, delayRule } = this.#problem;
    const { stopPeriod } = this.#parameters.subsets;
    const pairs: PairPatterns[] = [];
    let pauseAt = this.#patterns.looked + stopPeriod;
    let at = 0;
    for (let pair = 0; pair < deploymentsOfPair.length; pair++) {
      if (pair === delayRule.stretchingPair) continue;
      let made: PairPatterns | null = null;
      if (looser !== null) {
        while (at < looser.length && looser[at].pair < pair) at++;
        if (looser[at]?.pair !== pair) continue;
        if (hasSameEntries(looser[at].table, table, pair)) made = looser[at];
      }
      made ??= this.#patternsOf(table, pair, deploymentsOfPair[pair], false);
      if (made === null) return null;
      if (made.set.length > 0) pairs.push(made);
      if (this.#patterns.looked < pauseAt) continue;
      pauseAt = this.#patterns.looked + stopPeriod;
      yield;
      if (stop.now()) return null;
    }
    yield;
    return stop.now() ? null : pairs;
  }

  /** The stretching pair comes last: what labels begin with. */
  #withLast(others: readonly PairPatterns[], table: PatternTable, stretch: number): readonly PairPatterns[] | null {
    const { deploymentsOfPair, deployments, delayRule } = this.#problem;
    const last = delayRule.stretchingPair;
    if (last < 0 || stretch === 0) return others;
    const rented = deploymentsOfPair[last].filter((d) => deployments.tpDegree[d] === stretch);
    const made = this.#patternsOf(table, last, rented, true);
    return made && [...others, made];
  }

  #patternsOf(table: PatternTable, pair: number, deployments: readonly number[], mustBeRented: boolean) {
    const { subsets } = this.#parameters;
    const most = this.needsPlan
      ? subsets.ledByRent.mostSets - (this.#patterns.looked - this.#lookedBefore)
      : subsets.mostSets - this.#numPatterns;
    const limit = Math.min(this.#limit, this.#cutoff);
    const made = this.#patterns.ofPair(table, pair, deployments, mustBeRented, this.#shares!, limit, most);
    if (made === null) return null;
    this.#numPatterns += made.set.length;
    this.#numSteps += stepsOf(made, this.#problem.numQueryTypes);
    // Of few sets they are known before.
    return this.needsPlan && this.#numSteps > subsets.ledByRent.mostSteps ? null : made;
  }

  /** A bound on all plans of these pairs; the best of them that is met is noted. */
  *#solve(pairs: readonly PairPatterns[], byCost: SubsetTable, stop: StopQuestion): Steps<number> {
    const leastCost = byCost.fill(pairs) + this.#offset;
    if (leastCost === Infinity) return Infinity;
    const cheapest = byCost.choice();
    const fractions = this.#try(cheapest);
    if (fractions?.isCheapest === true) return fractions.cost + this.#offset;
    this.#bySpend ??= this.#table(leastSpendOf);
    this.#byUse ??= this.#limits.map((_, r) => this.#table(({ uses }) => uses[r]));
    const [bySpend, byUse] = [this.#bySpend, this.#byUse];
    if (bySpend.fill(pairs) > this.#budget) return Infinity;
    if (byUse.some((table, r) => table.fill(pairs) > this.#limits[r])) return Infinity;
    yield;
    const priced = yield* this.#priceBudget(pairs, byCost, bySpend, stop);
    const pricedBudget = this.#pricedBudget(priced.price);
    const bounds = { byCost, bySpend, byUse, ...priced, pricedBudget, budget: this.#budget, limits: this.#limits };
    const { firstShare, stepGrowth, mostLabels, stopPeriod } = this.#parameters.subsets;
    const least = Math.max(leastCost, priced.bound);
    let bound = least;
    let step = firstShare * Math.min(this.#cutoff - least, Math.max(1, Math.abs(least)));
    while (bound < this.#cutoff) {
      yield;
      const limit = Math.min(this.#cutoff, least + step);
      const labelled = labelledPlans(
        pairs,
        this.#problem.numQueryTypes,
        this.#optional,
        bounds,
        limit - this.#offset,
        mostLabels,
        new StopQuestion(() => stop.now(), stopPeriod),
      );
      if (labelled === null) return bound;
      for (const plan of labelled.plans) {
        if (plan.bound + this.#offset >= this.#cutoff) break;
        this.#try(plan.choice);
      }
      if (labelled.isComplete) return this.#cutoff;
      bound = Math.min(limit, this.#cutoff);
      step *= stepGrowth;
    }
    return bound;
  }

  /** The price of the budget at which the dynamic program bounds best, by cutting planes of its dual function. */
  *#priceBudget(pairs: readonly PairPatterns[], byCost: SubsetTable, bySpend: SubsetTable, stop: StopQuestion) {
    const budget = this.#budget;
    const above = pricedPlan(byCost.choice(), this.#fractions, 0);
    let best = { price: 0, byPrice: byCost, bound: byCost.fill(pairs) + this.#offset };
    if (above.spend <= budget) return best;
    this.#try(bySpend.choice());
    const below = pricedPlan(bySpend.choice(), this.#fractions, leastFractionsPrice);
    this.#byPrice ??= [this.#table(costOf), this.#table(costOf)];
    const [first, second] = this.#byPrice;
    const solve = (price: number): PricedPlan => {
      const byPrice = best.byPrice === first ? second : first;
      byPrice.priceAnew((pair) => this.#pricesAt(price, pair));
      const bound = byPrice.fill(pairs) - this.#pricedBudget(price) + this.#offset;
      if (bound > best.bound) best = { price, byPrice, bound };
      const choice = byPrice.choice();
      this.#try(choice);
      return pricedPlan(choice, this.#fractions, price);
    };
    for (const _ of pricesTo(budget, above, below, this.#parameters.subsets, solve)) {
      if (stop.now()) break;
      yield;
    }
    return best;
  }

  /** (pattern): cost and priced spend, at the fractions that are best for both. */
  #pricesAt(price: number, pair: PairPatterns): Float64Array {
    const prices = new Float64Array(pair.set.length);
    for (let at = 0; at < prices.length; at++) {
      if (price <= pair.steadyUntil[at]) prices[at] = pair.cost[at] + price * pair.spend[at];
      else {
        const { cost, spend } = pricedPlan([{ pair, at }], this.#fractions, price);
        prices[at] = cost + price * spend;
      }
    }
    return prices;
  }

  /** Notes the plan of a choice if it keeps to all limits and is the best yet; null where it does not keep to them. */
  #try(choice: Choice): PlannedFractions | null {
    const isWithin = this.#limits.every(
      (limit, r) => choice.reduce((sum, { pair, at }) => sum + pair.uses[r][at], 0) <= limit,
    );
    const planned = isWithin ? bestFractions(choice, this.#fractions, this.#budget) : null;
    if (planned !== null && planned.cost + this.#offset < this.#bestCost) {
      this.#best = planned.plan;
      this.#bestCost = planned.cost + this.#offset;
      this.#cutoff = Math.min(this.#cutoff, this.#bestCost);
    }
    return planned;
  }
}
