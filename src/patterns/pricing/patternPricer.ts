/**
 * Pricing: for one option, the pattern of least reduced cost. Turns dual prices into the items of a PatternSearch, and
 * bounds options by the multipliers of their last search, which skips most of them. The empty pattern, of reduced cost
 * F, counts.
 */
import type { Pattern } from './pattern.ts';
import { PatternSearch } from './patternSearch.ts';
import type { PatternTable } from './patternTable.ts';
import type { SubsetPenalty } from './subsetCharges.ts';

/** Dual prices, turned into what a pattern pays. */
export interface PatternPrices {
  /** (i): subtracted for each placement. */
  readonly cover: Float64Array;
  /** (option): F, everything that the option pays before any placement. */
  readonly optionCost: Float64Array;
  /** (pair): paid for each placement there. */
  readonly placementCost: Float64Array;
  /** Factor on the table's rates: 1, and 0 when costs do not count (phase 1). */
  readonly rateFactor: number;
  /** (i, pair): added to the rate, or null when all are 0. */
  readonly extraRate: Float64Array | null;
  readonly subsets: readonly SubsetPenalty[];
}

export interface SavedPricing {
  /** Factor on the delay limits that the pricing is for; Infinity: none. */
  readonly stretch: number;
  readonly blocked: Uint8Array;
  /** (option): multipliers of pricing, which decide what is skipped. */
  readonly muA: Float64Array;
  readonly muB: Float64Array;
}

export class PatternPricer {
  readonly table: PatternTable;
  /** Multipliers of the last search of each option: bounds from them skip most options. */
  readonly muA: Float64Array;
  readonly muB: Float64Array;
  /** Improving patterns of the last search, the best last. */
  readonly found: Pattern[] = [];
  readonly foundValues: number[] = [];

  readonly #patternsKept: number;
  readonly #leastGain: number;
  readonly #search: PatternSearch;
  #option = 0;

  constructor(table: PatternTable) {
    this.table = table;
    this.muA = new Float64Array(table.numOptions);
    this.muB = new Float64Array(table.numOptions);
    const { pricing } = table.parameters;
    this.#patternsKept = pricing.patternsKept;
    this.#leastGain = pricing.leastGain;
    const record = () => {
      this.#record();
    };
    this.#search = new PatternSearch(table.widest, table.problem.numQueryTypes, record, pricing);
  }

  /**
   * Share of the best (negative) reduced cost that a search may leave unproven. It vanishes as the prices converge, and
   * what it takes from the bound with it; early rounds become several times cheaper.
   */
  set relativeSlack(share: number) {
    this.#search.relativeSlack = share;
  }

  /** Nodes after which a search ends with the best pattern so far and a weaker bound. */
  set nodeLimit(nodes: number) {
    this.#search.nodeLimit = nodes;
  }

  /** Branch-and-bound nodes so far. */
  get nodes(): number {
    return this.#search.nodes;
  }

  /**
   * A lower bound on the reduced cost of every pattern of the option by the multipliers of its last search: cheap, for
   * skipping. `blocked` is 1 at the entries that may not be used.
   */
  quickBound(option: number, prices: PatternPrices, blocked: Uint8Array): number {
    const { table } = this;
    const muA = this.muA[option];
    const muB = this.muB[option];
    const { extraRate, cover, rateFactor } = prices;
    const placementCost = prices.placementCost[table.pair[option]];
    let bound = prices.optionCost[option] - muA - muB;
    const end = table.start[option + 1];
    for (let e = table.start[option]; e < end; e++) {
      const f = placementCost - cover[table.queryType[e]];
      let c = rateFactor * table.rate[e] + muA * table.memory[e] + muB * table.compute[e];
      if (extraRate !== null) c += extraRate[table.at[e]];
      const value = f + c * (c < 0 ? table.high[e] : table.low[e]);
      if (value < 0 && blocked[e] === 0) bound += value;
    }
    return bound;
  }

  /** What placing the query type of `entry` adds to `quickBound`'s relaxation; counted there if negative. */
  entryValue(option: number, entry: number, prices: PatternPrices): number {
    const { table } = this;
    const f = prices.placementCost[table.pair[option]] - prices.cover[table.queryType[entry]];
    let c =
      prices.rateFactor * table.rate[entry] +
      this.muA[option] * table.memory[entry] +
      this.muB[option] * table.compute[entry];
    if (prices.extraRate !== null) c += prices.extraRate[table.at[entry]];
    return f + c * (c < 0 ? table.high[entry] : table.low[entry]);
  }

  /**
   * Searches for patterns of reduced cost below `threshold`. Fills `found`, and returns a lower bound on the reduced
   * cost of every pattern of the option; below `threshold` it is the optimum (unless the node limit struck).
   */
  search(option: number, prices: PatternPrices, blocked: Uint8Array, threshold: number): number {
    this.found.length = 0;
    this.foundValues.length = 0;
    this.#option = option;
    this.#load(option, prices, blocked);
    const bound = this.#search.run(prices.optionCost[option], threshold, prices.subsets);
    this.muA[option] = this.#search.muA;
    this.muB[option] = this.#search.muB;
    return bound;
  }

  /** Makes items of the query types that can pay. */
  #load(option: number, prices: PatternPrices, blocked: Uint8Array): void {
    const { table } = this;
    const items = this.#search;
    const { extraRate, cover, rateFactor } = prices;
    const leastGain = this.#leastGain;
    const placementCost = prices.placementCost[table.pair[option]];
    let t = 0;
    const end = table.start[option + 1];
    for (let e = table.start[option]; e < end; e++) {
      if (blocked[e] !== 0) continue;
      const f = placementCost - cover[table.queryType[e]];
      let c = rateFactor * table.rate[e];
      if (extraRate !== null) c += extraRate[table.at[e]];
      const low = table.low[e];
      const high = c < 0 ? table.high[e] : low;
      if (f + c * high >= -leastGain && f + c * low >= -leastGain) continue;
      items.f[t] = f;
      items.c[t] = c;
      items.low[t] = low;
      items.high[t] = high;
      items.memory[t] = table.memory[e];
      items.compute[t] = table.compute[e];
      items.queryType[t] = table.queryType[e];
      t++;
    }
    items.count = t;
  }

  #record(): void {
    const { fraction, queryType, low, high, count, best } = this.#search;
    let size = 0;
    for (let t = 0; t < count; t++) if (fraction[t] >= 0) size++;
    const queryTypes = new Int32Array(size);
    const fractions = new Float64Array(size);
    let at = 0;
    for (let t = 0; t < count; t++) {
      if (fraction[t] < 0) continue;
      queryTypes[at] = queryType[t];
      fractions[at++] = Math.min(high[t], Math.max(low[t], fraction[t]));
    }
    if (this.found.length === this.#patternsKept) {
      this.found.shift();
      this.foundValues.shift();
    }
    this.found.push({ option: this.#option, queryTypes, fractions });
    this.foundValues.push(best);
  }
}
