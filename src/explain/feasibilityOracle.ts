/**
 * Asks whether any plan satisfies an instance, by a solve that stops at the first plan. Costs that no requirement
 * counts are taken out first, so the solve only works for what the question needs.
 */

import { checkPlan, type Verification } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import { type Solving, solved } from '../planner/solving.ts';

export type Answer =
  | { readonly status: 'feasible'; readonly plan: Plan; readonly verification: Verification }
  | { readonly status: 'infeasible' | 'unknown' };

/**
 * Costs are >= 0 and so is their bound: just below 1 any plan ends the solve once the bound is not zero beside its
 * cost.
 */
const firstPlanGap = 1 - 1e-9;

/** First gap of the least spending: closer only where what it is compared with asks for it. */
const firstSpendingGap = 1e-3;
/** The solver's own default, and the closest that is tried. */
const closestSpendingGap = 1e-6;

export class FeasibilityOracle {
  solves = 0;
  readonly options: PlanningOptions;
  readonly #control: SolveOptions;
  /** performance.now() in ms. */
  readonly #deadline: number;

  /** `control` holds search settings; its limits bound every single solve, `deadline` all of them. */
  constructor(options: PlanningOptions, control: SolveOptions, deadline: number) {
    this.options = options;
    this.#control = control;
    this.#deadline = deadline;
  }

  /** Whether the time for all solves is used up. */
  isLate(): boolean {
    return this.#control.signal?.aborted === true || performance.now() >= this.#deadline;
  }

  *ask(instance: Instance): Solving<Answer> {
    if (this.isLate()) return { status: 'unknown' };
    const result = yield* this.#solve(feasibilityOnly(instance), this.options, firstPlanGap);
    if (result.plan !== null) {
      const verification = checkPlan(instance, this.options, result.plan);
      if (verification.ok) return { status: 'feasible', plan: result.plan, verification };
      return { status: 'unknown' };
    }
    return { status: result.status === 'infeasible' ? 'infeasible' : 'unknown' };
  }

  /**
   * The least left side of the budget row, c * C1 + C2, over all plans of an instance without a budget: proven bound
   * and a value attained by a plan, apart by at most `share` of how far they lie beyond `from`, if time allows. null:
   * no plan, or not found in time.
   */
  *leastSpending(
    instance: Instance,
    from: number,
    share: number,
  ): Solving<{ readonly bound: number; readonly attained: number } | null> {
    if (this.isLate()) return null;
    const factor = this.options.rentalInBudget === 'once' ? 1 : instance.queryTypes.length;
    const priced: Instance = {
      ...withoutPenalties(instance),
      tiers: instance.tiers.map((tier) => ({ ...tier, price: tier.price * factor })),
    };
    const options: PlanningOptions = { ...this.options, rentalInBudget: 'once' };
    let found: { bound: number; attained: number } | null = null;
    let startPlan: Plan | null = null;
    for (let gap = firstSpendingGap; ; ) {
      const { cost, bound, plan }: SolveResult = yield* this.#solve(priced, options, gap, startPlan);
      if (cost === null || bound === null) return found;
      found = { bound, attained: cost.total };
      startPlan = plan;
      const needed = Math.max(closestSpendingGap, (share * (cost.total - from)) / cost.total);
      if (cost.total - bound <= share * (cost.total - from) || gap <= closestSpendingGap || this.isLate()) return found;
      gap = Math.min(needed, gap / 2);
    }
  }

  *#solve(
    instance: Instance,
    options: PlanningOptions,
    gap: number,
    startPlan: Plan | null = null,
  ): Solving<SolveResult> {
    this.solves++;
    const secondsLeft = Math.max(0.001, (this.#deadline - performance.now()) / 1000);
    const timeLimit = Math.min(this.#control.timeLimit ?? Infinity, secondsLeft);
    return yield* solved(instance, {
      ...this.#control,
      ...options,
      gap,
      ...(startPlan === null ? {} : { startPlan }),
      ...(timeLimit < Infinity ? { timeLimit } : {}),
    });
  }
}

/** Delay and unmet penalties and switching costs count in no requirement. */
function withoutPenalties(instance: Instance): Instance {
  const { switchingCost: _, currentPlan: _plan, ...rest } = instance;
  const queryTypes = instance.queryTypes.map((query) => ({
    ...query,
    delayPenalty: 0,
    // Without a penalty nothing may be dropped.
    ...(query.unmetPenalty === undefined ? {} : { unmetPenalty: 0 }),
  }));
  return { ...rest, queryTypes };
}

/** Rental and storage stay in the cost only where the budget counts them: then the search heads for cheap plans. */
function feasibilityOnly(instance: Instance): Instance {
  const rest = withoutPenalties(instance);
  if (instance.budget !== undefined) return rest;
  return { ...rest, storagePrice: 0, tiers: instance.tiers.map((tier) => ({ ...tier, price: 0 })) };
}
