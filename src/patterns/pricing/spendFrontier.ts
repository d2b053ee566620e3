/**
 * The fractions that a set of query types may be served at where the budget row looks at fractions: stored data count
 * there, so that what costs least at one price of the row is not what costs least at another. All that matters of a
 * set's fractions are cost and spend; the fractions that some price rho >= 0 calls for,
 *
 *   min sum over S of (c_i + rho data_i) x_i  with  low_i <= x_i <= high_i  in the room of memory and compute,
 *
 * are the corners of the lower convex hull of both. Around the corner of one price a room for what the set may cost
 * more at that price cuts off the rest: a plan whose fractions cost more there is of no interest, and what costs less
 * is no dearer than some mean of neighbouring corners, of which the outermost may lie beyond the room.
 */
import { FractionKnapsack } from '../../heuristics/fractionKnapsack.ts';
import { fractionWith, type PatternTable } from './patternTable.ts';

interface Corner {
  readonly fractions: Float64Array;
  /** Sums of rate * fraction and of stored data. */
  readonly cost: number;
  readonly spend: number;
}

/** Relative to the sums: corners nearer to the line between their neighbours are none. */
const cornerTolerance = 1e-11;

export class SpendFrontier {
  readonly #table: PatternTable;
  readonly #knapsack: FractionKnapsack;
  /* The set in hand, item by item. */
  #count = 0;
  #room = 0;
  #price = 0;
  readonly #entry: Int32Array;
  readonly #data: Float64Array;
  readonly #high: Float64Array;
  readonly #item: Int32Array;
  #memoryRoom = 0;
  #computeRoom = 0;
  #leastValue = 0;

  constructor(table: PatternTable) {
    const width = Math.max(1, table.widest);
    this.#table = table;
    this.#knapsack = new FractionKnapsack(width);
    this.#entry = new Int32Array(width);
    this.#data = new Float64Array(width);
    this.#high = new Float64Array(width);
    this.#item = new Int32Array(width);
  }

  /**
   * Fractions of the corners, the largest spend first, of the set of the first `count` entries with so many replicas.
   * The set may cost `room` more than the least at `price`.
   */
  corners(replicas: number, count: number, entries: Int32Array, price: number, room: number): Float64Array[] {
    const { low, memory, compute, rate, queryType, problem } = this.#table;
    this.#count = count;
    this.#price = price;
    this.#memoryRoom = replicas;
    this.#computeRoom = replicas;
    let largestPrice = 0;
    for (let t = 0; t < count; t++) {
      const e = entries[t];
      this.#entry[t] = e;
      this.#data[t] = problem.dataCost[queryType[e]];
      this.#high[t] = Math.max(low[e], fractionWith(this.#table, e, replicas));
      this.#memoryRoom -= memory[e] * low[e];
      this.#computeRoom -= compute[e] * low[e];
      if (this.#data[t] > 0) largestPrice = Math.max(largestPrice, -rate[e] / this.#data[t]);
    }
    const here = this.#at(price);
    this.#room = room;
    this.#leastValue = here.cost + price * here.spend;
    const dearer: Corner[] = [];
    const cheaper: Corner[] = [];
    this.#outward(here, this.#at(0), dearer);
    // Beyond the largest price at which anything gains, so that rounding does not decide.
    this.#outward(here, this.#at(2 * largestPrice), cheaper);
    return [...dearer.reverse(), here, ...cheaper].map((corner) => corner.fractions);
  }

  /** Takes the corners between `from` and `to`, and `to`, in their order, as far as there is room for those before. */
  #outward(from: Corner, to: Corner, taken: Corner[]): void {
    if (from.cost + this.#price * from.spend - this.#leastValue > this.#room) return;
    const spend = to.spend - from.spend;
    const size = Math.abs(from.cost) + Math.abs(to.cost);
    if (Math.abs(spend) <= cornerTolerance * (from.spend + to.spend)) return;
    const slope = (from.cost - to.cost) / spend;
    if (slope < 0) return;
    const between = this.#at(slope);
    const gain = from.cost + slope * from.spend - (between.cost + slope * between.spend);
    // Sums that cancel out can show a gain where there is none, by a corner that does not lie between the two.
    const isBetween = (between.spend - from.spend) * (to.spend - between.spend) > 0;
    if (!isBetween || gain <= cornerTolerance * (size + slope * (from.spend + to.spend))) {
      taken.push(to);
      return;
    }
    this.#outward(from, between, taken);
    this.#outward(between, to, taken);
  }

  /** The corner of a price. */
  #at(price: number): Corner {
    const { low, memory, compute, rate } = this.#table;
    const knapsack = this.#knapsack;
    const fractions = new Float64Array(this.#count);
    let size = 0;
    for (let t = 0; t < this.#count; t++) {
      const e = this.#entry[t];
      fractions[t] = low[e];
      const profit = -(rate[e] + price * this.#data[t]);
      if (profit <= 0) continue;
      knapsack.profit[size] = profit;
      knapsack.memory[size] = memory[e];
      knapsack.load[size] = compute[e];
      knapsack.upper[size] = this.#high[t] - low[e];
      this.#item[size++] = t;
    }
    knapsack.count = size;
    knapsack.solve(this.#memoryRoom, this.#computeRoom);
    for (let k = 0; k < size; k++) fractions[this.#item[k]] += knapsack.value[k];
    return this.#cornerOf(fractions);
  }

  #cornerOf(fractions: Float64Array): Corner {
    const { rate } = this.#table;
    let cost = 0;
    let spend = 0;
    for (let t = 0; t < fractions.length; t++) {
      cost += rate[this.#entry[t]] * fractions[t];
      spend += this.#data[t] * fractions[t];
    }
    return { fractions, cost, spend };
  }
}
