/**
 * The fractions of a set of query types on one deployment, at a price of the budget: a linear program in two rows
 * (fractionKnapsack.ts). Only stored data makes fractions count in the budget row.
 *
 * The corners of a set (../pricing/spendFrontier.ts) are fractions at prices too, but not by the same sums. Here one
 * price is asked for, of a set by bits, and its cost is added to what other sets cost. There corners are told from each
 * other by differences of their sums, which must be added up alike, item by item over the final fractions: the least
 * part and the rest on their own would make corners of rounding. Nor are the limits the same: a pool's columns hold no
 * more than their replicas can serve of one query type, while here the rooms alone say so.
 */
import { FractionKnapsack } from '../../heuristics/fractionKnapsack.ts';
import type { PatternTable } from '../pricing/patternTable.ts';

export class SetFractions {
  /** Of the last set, by its deployment's entries from the first one on; what is not in the set means nothing. */
  readonly fraction: Float64Array;
  /** $ of the last set beside what renting costs, and of it what counts in the budget row for stored data. */
  cost = 0;
  data = 0;
  readonly #knapsack: FractionKnapsack;
  readonly #entry: Int32Array;

  /** `widest`: the most query types of a set. */
  constructor(widest: number) {
    this.fraction = new Float64Array(widest);
    this.#knapsack = new FractionKnapsack(widest);
    this.#entry = new Int32Array(widest);
  }

  /** `set` has a bit for each query type; its least fractions fit. `price`: $ for each $ of the budget row. */
  solve(table: PatternTable, deployment: number, replicas: number, set: number, price: number): void {
    const { problem, start, queryType, low, high, memory, compute, rate, placementCost, pair } = table;
    const knapsack = this.#knapsack;
    const first = start[deployment];
    let memoryRoom = replicas;
    let loadRoom = replicas;
    let count = 0;
    this.cost = 0;
    this.data = 0;
    for (let e = first; e < start[deployment + 1]; e++) {
      if (((set >> queryType[e]) & 1) === 0) continue;
      const least = low[e];
      const data = problem.dataCost[queryType[e]];
      this.fraction[e - first] = least;
      this.cost += placementCost[pair[deployment]] + rate[e] * least;
      this.data += data * least;
      memoryRoom -= memory[e] * least;
      loadRoom -= compute[e] * least;
      const profit = -rate[e] - price * data;
      if (profit <= 0 || high[e] <= least) continue;
      knapsack.profit[count] = profit;
      knapsack.memory[count] = memory[e];
      knapsack.load[count] = compute[e];
      knapsack.upper[count] = high[e] - least;
      this.#entry[count++] = e;
    }
    knapsack.count = count;
    if (count > 0) knapsack.solve(memoryRoom, loadRoom);
    for (let t = 0; t < count; t++) {
      const e = this.#entry[t];
      this.fraction[e - first] += knapsack.value[t];
      this.cost += rate[e] * knapsack.value[t];
      this.data += problem.dataCost[queryType[e]] * knapsack.value[t];
    }
  }
}
