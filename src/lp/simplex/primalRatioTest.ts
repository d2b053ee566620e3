/**
 * The primal ratio tests: Harris' two passes for phase 2 (among the rows that block within a tolerance, the largest
 * pivot), and for phase 1 the walk over the breakpoints of the sum of infeasibilities.
 */

import { grownFloat64, grownInt32 } from '../basis/sparseVectors.ts';
import { leastPivot } from '../tolerances.ts';
import type { SimplexCore } from './simplexCore.ts';

export class PrimalRatioTest {
  readonly #core: SimplexCore;
  /** Step length of the last choice; Infinity if nothing blocks. */
  step = 0;
  /** Whether the leaving variable stops at its upper bound. */
  toUpper = false;
  /** Whether only pivots too small to trust would block. */
  isTiny = false;
  #breakRow = new Int32Array(64);
  #breakStep = new Float64Array(64);
  #breakToUpper = new Uint8Array(64);

  constructor(core: SimplexCore) {
    this.#core = core;
  }

  /**
   * The blocking row when the entering variable moves in `direction`, at most `range`; -1 if it reaches its other bound
   * first. Entries up to `smallestPivot` do not block.
   */
  choose(direction: 1 | -1, range: number, smallestPivot: number): number {
    const { columnVector, basis, basicValue, lower, upper, primalTolerance } = this.#core;
    const { array, index, count } = columnVector;
    this.isTiny = false;
    let relaxed = Infinity;
    for (let t = 0; t < count; t++) {
      const i = index[t];
      const rate = -direction * array[i];
      const v = basis[i];
      let own: number;
      if (rate < -smallestPivot) own = (lower[v] - primalTolerance - basicValue[i]) / rate;
      else if (rate > smallestPivot) own = (upper[v] + primalTolerance - basicValue[i]) / rate;
      else continue;
      if (own < relaxed) relaxed = own;
    }
    if (range <= relaxed) {
      this.step = range;
      return -1;
    }
    if (relaxed < 0) relaxed = 0;
    let best = -1;
    let largest = 0;
    for (let t = 0; t < count; t++) {
      const i = index[t];
      const rate = -direction * array[i];
      const size = Math.abs(rate);
      if (size <= smallestPivot || size < largest) continue;
      const v = basis[i];
      const own = ((rate < 0 ? lower[v] : upper[v]) - basicValue[i]) / rate;
      if (own > relaxed) continue;
      if (size === largest && v > basis[best]) continue;
      largest = size;
      best = i;
      this.step = own;
      this.toUpper = rate > 0;
    }
    if (best < 0) {
      this.step = 0;
      this.isTiny = true;
      return index[0];
    }
    if (this.step < 0) this.step = 0;
    return best;
  }

  /** Phase 1: passes breakpoints while the sum of infeasibilities still falls, at the start by `slope` per unit. */
  choosePhaseOne(direction: 1 | -1, range: number, slope: number): number {
    const { columnVector, basis, basicValue, lower, upper, primalTolerance } = this.#core;
    const { array, index, count } = columnVector;
    this.isTiny = false;
    let breaks = 0;
    for (let t = 0; t < count; t++) {
      const i = index[t];
      const rate = -direction * array[i];
      if (rate < leastPivot && rate > -leastPivot) continue;
      const v = basis[i];
      const x = basicValue[i];
      if (rate < 0) {
        if (upper[v] < Infinity && x > upper[v] + primalTolerance)
          this.#addBreak(breaks++, i, (upper[v] - x) / rate, 1);
        if (lower[v] > -Infinity && x >= lower[v] - primalTolerance)
          this.#addBreak(breaks++, i, Math.max(0, (lower[v] - x) / rate), 0);
      } else {
        if (lower[v] > -Infinity && x < lower[v] - primalTolerance)
          this.#addBreak(breaks++, i, (lower[v] - x) / rate, 0);
        if (upper[v] < Infinity && x <= upper[v] + primalTolerance)
          this.#addBreak(breaks++, i, Math.max(0, (upper[v] - x) / rate), 1);
      }
    }
    // Selection by smallest step, one at a time: phase 1 is rare and few breakpoints are passed.
    let left = slope;
    let chosen = -1;
    let chosenSize = 0;
    for (let done = 0; done < breaks; done++) {
      let next = done;
      for (let t = done + 1; t < breaks; t++) if (this.#breakStep[t] < this.#breakStep[next]) next = t;
      this.#swapBreaks(done, next);
      const step = this.#breakStep[done];
      if (step >= range) break;
      const size = Math.abs(array[this.#breakRow[done]]);
      left -= size;
      // A tiny pivot is passed over for an earlier, larger one.
      if (chosen < 0 || size >= 0.01 * chosenSize) {
        chosen = done;
        chosenSize = size;
      }
      if (left <= 0) break;
    }
    if (chosen < 0 || (left > 0 && range < Infinity)) {
      this.step = range;
      return -1;
    }
    this.step = this.#breakStep[chosen];
    this.toUpper = this.#breakToUpper[chosen] === 1;
    return this.#breakRow[chosen];
  }

  #addBreak(place: number, row: number, step: number, toUpper: number): void {
    if (place >= this.#breakRow.length) {
      this.#breakRow = grownInt32(this.#breakRow, 2 * place);
      this.#breakStep = grownFloat64(this.#breakStep, 2 * place);
      const flags = new Uint8Array(2 * place);
      flags.set(this.#breakToUpper);
      this.#breakToUpper = flags;
    }
    this.#breakRow[place] = row;
    this.#breakStep[place] = step;
    this.#breakToUpper[place] = toUpper;
  }

  #swapBreaks(a: number, b: number): void {
    const row = this.#breakRow[a];
    const step = this.#breakStep[a];
    const flag = this.#breakToUpper[a];
    this.#breakRow[a] = this.#breakRow[b];
    this.#breakStep[a] = this.#breakStep[b];
    this.#breakToUpper[a] = this.#breakToUpper[b];
    this.#breakRow[b] = row;
    this.#breakStep[b] = step;
    this.#breakToUpper[b] = flag;
  }
}
