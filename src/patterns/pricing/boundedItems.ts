/**
 * The items of one deployment as an enumeration goes through them (patternEnumeration.ts): those that a set below the
 * limit can hold, heavy ones first, with what they are worth by each of the multipliers (muA, muB) that bound:
 *
 *   v_i = f_i + min over x of (c_i + muA a_i + muB b_i) x.
 *
 * Arrays are made once and read where they are, as the search reads them at every set.
 */
import { fractionTolerance } from '../../model/compiled/planningProblem.ts';
import type { PatternPrices } from './patternPricer.ts';
import { fractionWith, type PatternTable } from './patternTable.ts';
import type { FillItems } from './wholeFill.ts';

/**
 * Multipliers that bound: a mix of both resources, memory alone, compute alone, the mix for half-empty sets, none for
 * nearly empty ones.
 */
export const numBounds = 5;

export class BoundedItems implements FillItems {
  count = 0;
  /** (item): of the table. */
  readonly entry: Int32Array;
  readonly f: Float64Array;
  readonly c: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly muA = new Float64Array(numBounds);
  readonly muB = new Float64Array(numBounds);
  /** (bound, item), `width` items to a bound: v. */
  readonly v: Float64Array;
  /** (bound, item), `width` + 1 to a bound: sum of min(0, v) from there on. */
  readonly suffix: Float64Array;
  readonly width: number;
  readonly #table: PatternTable;
  readonly #order: Int32Array;
  readonly #key: Float64Array;
  readonly #weight: Float64Array;

  constructor(table: PatternTable) {
    const width = Math.max(1, table.widest);
    this.#table = table;
    this.width = width;
    this.entry = new Int32Array(width);
    this.f = new Float64Array(width);
    this.c = new Float64Array(width);
    this.a = new Float64Array(width);
    this.b = new Float64Array(width);
    this.low = new Float64Array(width);
    this.high = new Float64Array(width);
    this.v = new Float64Array(numBounds * width);
    this.suffix = new Float64Array(numBounds * (width + 1));
    this.#order = new Int32Array(width);
    this.#key = new Float64Array(width);
    this.#weight = new Float64Array(width);
  }

  /**
   * Lays the items out of a deployment whose rent costs `fixed`; `muA` and `muB` are multipliers for all its replicas.
   * False if no set but the empty one is below the limit.
   */
  load(
    deployment: number,
    replicas: number,
    prices: PatternPrices,
    blocked: Uint8Array,
    muA: number,
    muB: number,
    fixed: number,
    limit: number,
  ): boolean {
    const table = this.#table;
    const placementCost = prices.placementCost[table.pair[deployment]];
    let n = 0;
    const isFull = replicas === table.mostReplicas[deployment];
    for (let e = table.start[deployment]; e < table.start[deployment + 1]; e++) {
      if (blocked[e] === 1) continue;
      const largest = isFull ? table.high[e] : fractionWith(table, e, replicas);
      if (largest < table.low[e] - fractionTolerance) continue;
      this.entry[n] = e;
      this.f[n] = placementCost - prices.cover[table.queryType[e]];
      this.c[n] = prices.rateFactor * table.rate[e] + (prices.extraRate?.[table.at[e]] ?? 0);
      this.a[n] = table.memory[e] / replicas;
      this.b[n] = table.compute[e] / replicas;
      this.low[n] = Math.min(table.low[e], largest);
      this.high[n] = this.c[n] < 0 ? largest : this.low[n];
      n++;
    }
    this.count = n;
    this.#findMultipliers(muA, muB);
    if (!this.#dropHopeless(fixed, limit)) return false;
    this.#sort();
    return true;
  }

  #findMultipliers(muA: number, muB: number): void {
    this.#scale(1, 1, 0, 1);
    this.#scale(2, 0, 1, 1);
    const isMixed = muA + muB > 0;
    const single = this.muA[1] > 0 ? 1 : 2;
    const mixA = isMixed ? muA : this.muA[single];
    const mixB = isMixed ? muB : this.muB[single];
    this.#scale(0, mixA, mixB, 1);
    this.#scale(3, mixA, mixB, this.#table.parameters.pool.halfRoom);
    this.muA[4] = 0;
    this.muB[4] = 0;
  }

  /** Sets a bound's multipliers to the best multiple of (a, b) for sets that may use `share` of the room. */
  #scale(bound: number, a: number, b: number, share: number): void {
    const weight = this.#weight;
    let size = 0;
    for (let t = 0; t < this.count; t++) {
      const piece = this.#pieceOf(t);
      weight[t] = (a * this.a[t] + b * this.b[t]) * this.high[t];
      if (piece >= 0 || weight[t] <= 0) continue;
      this.#key[t] = piece / weight[t];
      this.#order[size++] = t;
    }
    sortBy(this.#order, this.#key, size);
    let room = share * (a + b);
    let multiple = 0;
    for (let s = 0; s < size; s++) {
      room -= weight[this.#order[s]];
      if (room >= 0) continue;
      multiple = -this.#key[this.#order[s]];
      break;
    }
    this.muA[bound] = multiple * a;
    this.muB[bound] = multiple * b;
  }

  /** What an item gains at most beside min(0, f). */
  #pieceOf(item: number): number {
    return Math.max(0, this.f[item]) + this.c[item] * this.high[item];
  }

  #valueAt(item: number, bound: number): number {
    const slope = this.c[item] + this.muA[bound] * this.a[item] + this.muB[bound] * this.b[item];
    return this.f[item] + slope * (slope < 0 ? this.high[item] : this.low[item]);
  }

  /** Removes items that no set below the limit holds; false if there is no such set. */
  #dropHopeless(fixed: number, limit: number): boolean {
    for (let m = 0; m < numBounds; m++) {
      let base = fixed - this.muA[m] - this.muB[m];
      for (let t = 0; t < this.count; t++) base += Math.min(0, this.#valueAt(t, m));
      if (base >= limit) return false;
      let kept = 0;
      for (let t = 0; t < this.count; t++) {
        if (base + Math.max(0, this.#valueAt(t, m)) >= limit) continue;
        this.#move(t, kept++);
      }
      this.count = kept;
    }
    return true;
  }

  #move(from: number, to: number): void {
    this.entry[to] = this.entry[from];
    for (const array of [this.f, this.c, this.a, this.b, this.low, this.high]) array[to] = array[from];
  }

  #sort(): void {
    const n = this.count;
    const order = this.#order;
    const key = this.#key;
    for (let t = 0; t < n; t++) {
      order[t] = t;
      key[t] = -Math.max(this.a[t], this.b[t]) * this.high[t];
    }
    sortBy(order, key, n);
    for (const array of [this.f, this.c, this.a, this.b, this.low, this.high]) {
      for (let s = 0; s < n; s++) key[s] = array[order[s]];
      for (let s = 0; s < n; s++) array[s] = key[s];
    }
    for (let s = 0; s < n; s++) key[s] = this.entry[order[s]];
    for (let s = 0; s < n; s++) this.entry[s] = key[s];
    for (let m = 0; m < numBounds; m++) {
      const v = m * this.width;
      const suffix = m * (this.width + 1);
      this.suffix[suffix + n] = 0;
      for (let s = n - 1; s >= 0; s--) {
        this.v[v + s] = this.#valueAt(s, m);
        this.suffix[suffix + s] = this.suffix[suffix + s + 1] + Math.min(0, this.v[v + s]);
      }
    }
  }
}

/** Sorts the first `size` of `order` by rising key; ties by number. */
function sortBy(order: Int32Array, key: Float64Array, size: number): void {
  order.subarray(0, size).sort((one, other) => key[one] - key[other] || one - other);
}
