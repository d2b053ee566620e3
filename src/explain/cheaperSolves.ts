/** Solves of loosened instances, begun from the best plan at hand, within the time that is left for all of them. */
import type { PlanCost } from '../model/check/cost.ts';
import { checkPlan, type Verification } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import { type Solving, solved } from '../planner/solving.ts';

/** A plan that verifies; `gap` is null where it is not proven best, and then nothing is valued by comparing with it. */
export interface FoundPlan {
  readonly plan: Plan;
  readonly cost: PlanCost;
  readonly gap: number | null;
}

/** What a loosened instance saves. */
export interface Saving {
  /**
   * $ over the rental period that the best plan gets cheaper; 0 if the difference is within the gap of the two solves.
   */
  readonly saved: number;
  /** Whether both costs are proven. */
  readonly isProven: boolean;
  /** The cheaper plan's, under the loosened instance. */
  readonly verification: Verification;
}

export class CheaperSolves {
  readonly #options: PlanningOptions;
  readonly #control: SolveOptions;
  readonly #found: FoundPlan;
  readonly #deadline: number;
  #solves = 0;
  #isComplete: boolean;

  /** `found` must be proven for anything to be asked; `deadline` as of `performance.now()`. */
  constructor(options: PlanningOptions, control: SolveOptions, found: FoundPlan, deadline: number) {
    this.#options = options;
    this.#control = control;
    this.#found = found;
    this.#deadline = deadline;
    this.#isComplete = found.gap !== null;
  }

  get solves(): number {
    return this.#solves;
  }

  /** Whether everything that was asked was answered. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** What the instance saves; null where time ran out first, or there is nothing to compare with. */
  *ask(loosened: Instance): Solving<Saving | null> {
    if (!this.#isComplete || this.#found.gap === null) return null;
    const secondsLeft = (this.#deadline - performance.now()) / 1000;
    if (secondsLeft <= 0 || this.#control.signal?.aborted) {
      this.#isComplete = false;
      return null;
    }
    const timeLimit = Math.min(this.#control.timeLimit ?? Infinity, secondsLeft);
    this.#solves += 1;
    const result = yield* solved(loosened, {
      ...this.#control,
      ...this.#options,
      startPlan: this.#found.plan,
      ...(timeLimit < Infinity ? { timeLimit } : {}),
    });
    if (this.#control.signal?.aborted) {
      this.#isComplete = false;
      return null;
    }
    if (result.plan === null || result.cost === null) return null;
    const now = this.#found.cost.total;
    const saved = now - result.cost.total;
    const noise = (this.#found.gap + (this.#control.gap ?? 1e-6)) * Math.abs(now);
    return {
      saved: saved > noise ? saved : 0,
      isProven: result.status === 'optimal',
      verification: checkPlan(loosened, this.#options, result.plan),
    };
  }
}
