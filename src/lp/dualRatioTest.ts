/**
 * The bound-flipping ratio test of the dual simplex (Maros 2003; Harris 1973): walk along the dual ray while the dual objective
 * still rises, passing boxed variables that can flip to their other bound, in groups that a tolerance on the
 * reduced costs makes; from a late group take the largest pivot.
 */
import { Move, type SimplexCore } from './simplexCore.ts';
import { grownInt32 } from './sparseVectors.ts';

/** A pivot of this size is good enough to take a later group's over an earlier, larger one. */
const GOOD_PIVOT = 1;
/** Share of the largest candidate that a pivot should have. */
const GOOD_SHARE = 0.1;

export class DualRatioTest {
  readonly #core: SimplexCore;
  #candidates = new Int32Array(64);
  #count = 0;
  #groupEnd = new Int32Array(16);
  /** After `choose`: the variables that flip are candidates[0 .. flipCount - 1]. */
  flipCount = 0;

  constructor(core: SimplexCore) {
    this.#core = core;
  }

  get candidates(): Int32Array {
    return this.#candidates;
  }

  /**
   * Picks the entering variable for a leaving variable that is `infeasibility` beyond a bound; `sign` is 1 when it is above its
   * upper bound, -1 below its lower. Returns -1 when the dual ray is unbounded.
   */
  choose(infeasibility: number, sign: 1 | -1, pivotTolerance: number): number {
    this.#collect(sign, pivotTolerance);
    this.flipCount = 0;
    if (this.#count === 0) return -1;
    const core = this.#core;
    const { move, dual, lower, upper } = core;
    const alpha = core.pivotRow.array;
    const tolerance = core.dualTolerance;
    const list = this.#candidates;

    // A first cut: only candidates up to a step at which the slope has turned.
    let end = this.#count;
    let selected = 0;
    let slope = infeasibility;
    for (let step = this.#firstStep(tolerance); ; step *= 10) {
      let nextStep = Infinity;
      for (let t = selected; t < end; t++) {
        const v = list[t]!;
        const a = Math.abs(alpha[v]!);
        const d = move[v] === Move.free ? 0 : move[v]! * dual[v]!;
        if (d <= step * a) {
          list[t] = list[selected]!;
          list[selected++] = v;
          slope -= a * (upper[v]! - lower[v]!);
        } else {
          const own = (d + tolerance) / a;
          if (own < nextStep) nextStep = own;
        }
      }
      if (slope < 0 || selected === end) break;
      if (nextStep > step) step = Math.max(step, nextStep / 10);
    }
    end = selected;

    // Groups of nearly equal steps among those.
    let groups = 0;
    let groupBegin = 0;
    slope = infeasibility;
    while (groupBegin < end) {
      let step = Infinity;
      for (let t = groupBegin; t < end; t++) {
        const v = list[t]!;
        const a = Math.abs(alpha[v]!);
        const d = move[v] === Move.free ? 0 : move[v]! * dual[v]!;
        const own = (Math.max(d, 0) + tolerance) / a;
        if (own < step) step = own;
      }
      let place = groupBegin;
      for (let t = groupBegin; t < end; t++) {
        const v = list[t]!;
        const a = Math.abs(alpha[v]!);
        const d = move[v] === Move.free ? 0 : move[v]! * dual[v]!;
        if (d <= step * a) {
          list[t] = list[place]!;
          list[place++] = v;
          slope -= a * (upper[v]! - lower[v]!);
        }
      }
      if (place === groupBegin) break;
      if (groups === this.#groupEnd.length) this.#groupEnd = grownInt32(this.#groupEnd, 2 * groups);
      this.#groupEnd[groups++] = place;
      groupBegin = place;
      if (slope < 0) break;
    }
    return this.#pickFromGroups(groups);
  }

  #pickFromGroups(groups: number): number {
    const alpha = this.#core.pivotRow.array;
    const list = this.#candidates;
    let overall = 0;
    const total = this.#groupEnd[groups - 1]!;
    for (let t = 0; t < total; t++) overall = Math.max(overall, Math.abs(alpha[list[t]!]!));
    const wanted = Math.min(GOOD_SHARE * overall, GOOD_PIVOT);
    for (let group = groups - 1; group >= 0; group--) {
      const begin = group === 0 ? 0 : this.#groupEnd[group - 1]!;
      let best = -1;
      let largest = 0;
      for (let t = begin; t < this.#groupEnd[group]!; t++) {
        const v = list[t]!;
        const a = Math.abs(alpha[v]!);
        if (a > largest || (a === largest && v < best)) {
          largest = a;
          best = v;
        }
      }
      if (largest >= wanted) {
        this.flipCount = begin;
        return best;
      }
    }
    return -1;
  }

  #collect(sign: 1 | -1, pivotTolerance: number): void {
    const { pivotRow, move } = this.#core;
    const { array, index } = pivotRow;
    let count = 0;
    if (this.#candidates.length < pivotRow.count) this.#candidates = new Int32Array(2 * pivotRow.count + 64);
    const list = this.#candidates;
    for (let t = 0; t < pivotRow.count; t++) {
      const v = index[t]!;
      const m = move[v]!;
      if (m === 0) continue;
      const a = array[v]! * sign;
      if (m === 2 ? a > pivotTolerance || a < -pivotTolerance : a * m > pivotTolerance) list[count++] = v;
    }
    this.#count = count;
  }

  #firstStep(tolerance: number): number {
    const core = this.#core;
    let smallest = Infinity;
    for (let t = 0; t < this.#count; t++) {
      const v = this.#candidates[t]!;
      const d = core.move[v] === Move.free ? 0 : core.move[v]! * core.dual[v]!;
      const own = (Math.max(d, 0) + tolerance) / Math.abs(core.pivotRow.array[v]!);
      if (own < smallest) smallest = own;
    }
    return smallest * 10;
  }
}
