/** The limits of one run of a simplex method and how it ended. */
import type { SimplexCore } from './simplexCore.ts';

/**
 * `optimal`: feasible for the method's own purpose with the costs and bounds in work. `trouble`: no pivot is
 * numerically acceptable; another method or tighter tolerances must go on.
 */
export type RunOutcome =
  | 'optimal'
  | 'infeasible'
  | 'unbounded'
  | 'cutoff'
  | 'iteration-limit'
  | 'time-limit'
  | 'trouble';

/**
 * Rounds of a method without a pivot (refused pivots, corrected weights) beyond which it is stuck, plus one per
 * variable.
 */
const idleCallLimit = 1000;

/** Rows and columns that iterations pass over between looks at the clock and pauses: some milliseconds of work. */
const workBetweenLooks = 1 << 17;
const mostBetweenLooks = 32;

export class RunLimits {
  /** Dual objective (scaled program, no offset) above which the dual simplex stops. */
  cutoff = Infinity;
  outcome: RunOutcome = 'iteration-limit';
  readonly #lastIteration: number;
  readonly #deadline: number;
  readonly #shouldStop: () => boolean;
  #calls = 0;
  #seenIterations = -1;
  #idleCalls = 0;

  /** `deadline` in milliseconds of `performance.now()`. */
  constructor(lastIteration: number, deadline: number, shouldStop: () => boolean = () => false) {
    this.#lastIteration = lastIteration;
    this.#deadline = deadline;
    this.#shouldStop = shouldStop;
  }

  /** The same limits for a run whose objective means something else. */
  withoutCutoff(): RunLimits {
    return new RunLimits(this.#lastIteration, this.#deadline, this.#shouldStop);
  }

  /** Whether a limit is reached, or nothing has moved for so long that nothing will. */
  reached(core: SimplexCore): boolean {
    this.#calls++;
    if (core.iterations !== this.#seenIterations) {
      this.#seenIterations = core.iterations;
      this.#idleCalls = 0;
    } else if (++this.#idleCalls > idleCallLimit + core.total) {
      this.outcome = 'trouble';
      return true;
    }
    if (core.iterations >= this.#lastIteration) {
      this.outcome = 'iteration-limit';
      return true;
    }
    if (this.isPauseDue(core) && (this.#shouldStop() || performance.now() >= this.#deadline)) {
      this.outcome = 'time-limit';
      return true;
    }
    return false;
  }

  /** Whether the iterations since the last look are some milliseconds of work; the same until the next `reached`. */
  isPauseDue(core: SimplexCore): boolean {
    return this.#calls % Math.max(1, Math.min(mostBetweenLooks, Math.floor(workBetweenLooks / core.total))) === 0;
  }
}
