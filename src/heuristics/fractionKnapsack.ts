/**
 * The served fractions of one deployment: a linear program with two rows, max sum p_i x_i subject to sum a_i x_i <= A
 * (memory), sum b_i x_i <= B (load) and 0 <= x_i <= u_i. One row alone is a greedy fractional knapsack; with both,
 * memory is priced by its Lagrange multiplier, whose dual function is convex and piecewise linear, so that intersecting
 * two of its pieces ends at the optimum.
 */

import { defaultHeuristicParameters, type HeuristicParameters } from './parameters.ts';

export class FractionKnapsack {
  /** Items 0 .. count - 1; profits are positive (others are not worth adding). Filled by the caller. */
  count = 0;
  readonly profit: Float64Array;
  readonly memory: Float64Array;
  readonly load: Float64Array;
  readonly upper: Float64Array;
  /** The solution. */
  readonly value: Float64Array;
  readonly #rowTolerance: number;
  readonly #mostPieces: number;
  readonly #order: Int32Array;
  readonly #key: Float64Array;
  readonly #overfull: Float64Array;
  readonly #fitting: Float64Array;
  #usedMemory = 0;
  #usedLoad = 0;

  constructor(
    capacity: number,
    { rowTolerance, mostPieces }: HeuristicParameters['fractions'] = defaultHeuristicParameters.fractions,
  ) {
    this.#rowTolerance = rowTolerance;
    this.#mostPieces = mostPieces;
    this.profit = new Float64Array(capacity);
    this.memory = new Float64Array(capacity);
    this.load = new Float64Array(capacity);
    this.upper = new Float64Array(capacity);
    this.value = new Float64Array(capacity);
    this.#order = new Int32Array(capacity);
    this.#key = new Float64Array(capacity);
    this.#overfull = new Float64Array(capacity);
    this.#fitting = new Float64Array(capacity);
  }

  /** Fills `value` and returns its profit. Room below zero counts as zero. */
  solve(memoryRoom: number, loadRoom: number): number {
    const { count, upper, value, memory, load } = this;
    const memoryLimit = Math.max(0, memoryRoom) * (1 + this.#rowTolerance);
    const loadLimit = Math.max(0, loadRoom) * (1 + this.#rowTolerance);
    let allMemory = 0;
    let allLoad = 0;
    let profit = 0;
    for (let t = 0; t < count; t++) {
      value[t] = upper[t];
      allMemory += memory[t] * upper[t];
      allLoad += load[t] * upper[t];
      profit += this.profit[t] * upper[t];
    }
    if (allMemory <= memoryLimit && allLoad <= loadLimit) return profit;
    for (let t = 0; t < count; t++) this.#order[t] = t;
    if (allMemory > memoryLimit) {
      profit = this.#fill(0, memory, Math.max(0, memoryRoom));
      if (this.#usedLoad <= loadLimit) return profit;
    }
    if (allLoad > loadLimit) {
      profit = this.#fill(0, load, Math.max(0, loadRoom));
      if (this.#usedMemory <= memoryLimit) return profit;
    }
    return this.#solveBoth(Math.max(0, memoryRoom), Math.max(0, loadRoom), profit);
  }

  /**
   * Both rows bind; `value` holds the solution that heeds load only and overfills memory, with profit `overfullProfit`.
   */
  #solveBoth(memoryRoom: number, loadRoom: number, overfullProfit: number): number {
    const { count, value } = this;
    const overfull = this.#overfull;
    const fitting = this.#fitting;
    for (let t = 0; t < count; t++) overfull[t] = value[t];
    fitting.fill(0, 0, count);
    let overUse = this.#usedMemory;
    let overProfit = overfullProfit;
    let fitUse = 0;
    let fitProfit = 0;
    for (let piece = 0; piece < this.#mostPieces; piece++) {
      const multiplier = (overProfit - fitProfit) / (overUse - fitUse);
      const profit = this.#fill(multiplier, this.load, loadRoom);
      const expected = overProfit - multiplier * (overUse - memoryRoom);
      const found = profit - multiplier * (this.#usedMemory - memoryRoom);
      if (found <= expected + this.#rowTolerance * Math.abs(expected)) break;
      if (this.#usedMemory > memoryRoom) {
        for (let t = 0; t < count; t++) overfull[t] = value[t];
        overUse = this.#usedMemory;
        overProfit = profit;
      } else {
        for (let t = 0; t < count; t++) fitting[t] = value[t];
        fitUse = this.#usedMemory;
        fitProfit = profit;
      }
    }
    const share = (memoryRoom - fitUse) / (overUse - fitUse);
    for (let t = 0; t < count; t++) value[t] = Math.min(this.upper[t], share * overfull[t] + (1 - share) * fitting[t]);
    return share * overProfit + (1 - share) * fitProfit;
  }

  /** Greedy on one row with memory priced at `multiplier`; returns the true profit and notes what both rows use. */
  #fill(multiplier: number, use: Float64Array, room: number): number {
    const { count, profit, memory, load, upper, value } = this;
    const order = this.#order;
    const key = this.#key;
    for (let t = 0; t < count; t++) {
      const worth = profit[t] - multiplier * memory[t];
      key[t] = worth <= 0 ? -1 : use[t] > 0 ? worth / use[t] : Infinity;
    }
    for (let s = 1; s < count; s++) {
      const item = order[s];
      let at = s - 1;
      while (at >= 0 && key[order[at]] < key[item]) {
        order[at + 1] = order[at];
        at--;
      }
      order[at + 1] = item;
    }
    let left = room;
    let gained = 0;
    let usedMemory = 0;
    let usedLoad = 0;
    for (let s = 0; s < count; s++) {
      const t = order[s];
      let take = 0;
      if (key[t] >= 0) {
        const full = use[t] * upper[t];
        take = full <= left ? upper[t] : left / use[t];
        left = full <= left ? left - full : 0;
      }
      value[t] = take;
      gained += profit[t] * take;
      usedMemory += memory[t] * take;
      usedLoad += load[t] * take;
    }
    this.#usedMemory = usedMemory;
    this.#usedLoad = usedLoad;
    return gained;
  }
}
