/**
 * Pricing: for one deployment, the pattern of least reduced cost, replicas and all. Turns dual prices into the items of
 * a PatternSearch, and bounds deployments by the multipliers of their last search, which skips most of them. The empty
 * pattern, of reduced cost F, counts.
 */
import { fractionTolerance } from '../../model/compiled/planningProblem.ts';
import { neverStop } from '../stopQuestion.ts';
import { firstMembers, type Pattern } from './pattern.ts';
import { PatternSearch } from './patternSearch.ts';
import { fractionWith, type PatternTable } from './patternTable.ts';
import type { SubsetPenalty } from './subsetCharges.ts';

/** Dual prices, turned into what a pattern pays. */
export interface PatternPrices {
  /** (i): subtracted for each placement. */
  readonly cover: Float64Array;
  /**
   * F: everything that a deployment with so many replicas pays before any placement. Of the replicas a line up to the
   * table's `kink`, another from there on; a line of its own from each of its `rentalSteps` on.
   */
  readonly rental: (deployment: number, replicas: number) => number;
  /** Each (d): replicas from which on F is higher; Infinity: nowhere. Default: none. */
  readonly rentalSteps?: readonly Float64Array[];
  /** (pair): paid for each placement there. */
  readonly placementCost: Float64Array;
  /** Factor on the table's rates: 1, and 0 when costs do not count (phase 1). */
  readonly rateFactor: number;
  /** (i, pair): added to the rate, or null when all are 0. */
  readonly extraRate: Float64Array | null;
  readonly subsets: readonly SubsetPenalty[];
  /** Of rows that look at what a pattern holds; passes over a pool pay them, searches know none. */
  readonly holders?: readonly HolderPrice[];
}

/** Subtracted for a pattern on a marked deployment with all these query types and so many replicas at least. */
export interface HolderPrice {
  readonly isMember: Uint8Array;
  readonly holding: readonly number[];
  readonly replicas: number;
  readonly price: number;
}

export interface SavedPricing {
  /** Factor on the delay limits that the pricing is for; Infinity: none. */
  readonly stretch: number;
  readonly blocked: Uint8Array;
  /** (d): multipliers of pricing, which decide what is skipped. */
  readonly muA: Float64Array;
  readonly muB: Float64Array;
}

/** What a node lets pricing use. */
export interface PricingRange {
  /** (entry): 1 where it may not be used. */
  readonly blocked: Uint8Array;
  /** (d): bounds on the replicas of its patterns, within those of the table. */
  readonly leastReplicas: Int32Array;
  readonly mostReplicas: Int32Array;
}

export class PatternPricer {
  readonly table: PatternTable;
  /**
   * (d): multipliers of the capacities of one replica from the last search of each deployment: bounds from them skip
   * most deployments.
   */
  readonly muA: Float64Array;
  readonly muB: Float64Array;
  /** Improving patterns of the last search, the best last. */
  readonly found: Pattern[] = [];
  readonly foundValues: number[] = [];

  readonly #patternsKept: number;
  readonly #leastGain: number;
  readonly #search: PatternSearch;
  #deployment = 0;

  constructor(table: PatternTable) {
    this.table = table;
    this.muA = new Float64Array(table.numDeployments);
    this.muB = new Float64Array(table.numDeployments);
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
   * A lower bound on the reduced cost of every pattern of the deployment by the multipliers of its last search: cheap,
   * for skipping.
   */
  quickBound(d: number, prices: PatternPrices, range: PricingRange): number {
    const { table } = this;
    const { blocked } = range;
    const muA = this.muA[d];
    const muB = this.muB[d];
    const { extraRate, cover, rateFactor } = prices;
    const placementCost = prices.placementCost[table.pair[d]];
    let bound = this.#leastRental(d, prices, range);
    const end = table.start[d + 1];
    for (let e = table.start[d]; e < end; e++) {
      const f = placementCost - cover[table.queryType[e]];
      let c = rateFactor * table.rate[e] + muA * table.memory[e] + muB * table.compute[e];
      if (extraRate !== null) c += extraRate[table.at[e]];
      const value = f + c * (c < 0 ? table.high[e] : table.low[e]);
      if (value < 0 && blocked[e] === 0) bound += value;
    }
    return bound;
  }

  /** The same for patterns with exactly so many replicas, given the bound over all of `range`. */
  boundAt(d: number, prices: PatternPrices, range: PricingRange, quickBound: number, replicas: number): number {
    return quickBound - this.#leastRental(d, prices, range) + this.#rentalAt(d, prices, replicas);
  }

  /** The least over the replicas of what renting costs beyond the capacity that it buys; at an end of a line of it. */
  #leastRental(d: number, prices: PatternPrices, { leastReplicas, mostReplicas }: PricingRange): number {
    const least = leastReplicas[d];
    const most = mostReplicas[d];
    const kink = this.table.kink[d];
    let value = this.#rentalAt(d, prices, least);
    if (most > least) value = Math.min(value, this.#rentalAt(d, prices, most));
    if (kink > least && kink < most) {
      value = Math.min(value, this.#rentalAt(d, prices, Math.floor(kink)), this.#rentalAt(d, prices, Math.ceil(kink)));
    }
    for (const steps of prices.rentalSteps ?? []) {
      const step = steps[d];
      if (step <= least || step > most) continue;
      value = Math.min(value, this.#rentalAt(d, prices, step - 1), this.#rentalAt(d, prices, step));
    }
    return value;
  }

  #rentalAt(d: number, { rental }: PatternPrices, replicas: number): number {
    return rental(d, replicas) - this.muA[d] * replicas - this.muB[d] * replicas;
  }

  /** What placing the query type of `entry` adds to `quickBound`'s relaxation; counted there if negative. */
  entryValue(d: number, entry: number, prices: PatternPrices): number {
    const { table } = this;
    const f = prices.placementCost[table.pair[d]] - prices.cover[table.queryType[entry]];
    let c =
      prices.rateFactor * table.rate[entry] + this.muA[d] * table.memory[entry] + this.muB[d] * table.compute[entry];
    if (prices.extraRate !== null) c += prices.extraRate[table.at[entry]];
    return f + c * (c < 0 ? table.high[entry] : table.low[entry]);
  }

  /**
   * Searches for patterns of reduced cost below `threshold`. Fills `found`, and returns a lower bound on the reduced
   * cost of every pattern of the deployment; below `threshold` it is the optimum (unless the node limit or `shouldStop`
   * cut it short).
   */
  search(
    d: number,
    prices: PatternPrices,
    range: PricingRange,
    threshold: number,
    shouldStop: () => boolean = neverStop,
  ): number {
    this.found.length = 0;
    this.foundValues.length = 0;
    this.#deployment = d;
    const least = range.leastReplicas[d];
    const most = range.mostReplicas[d];
    let bound = Infinity;
    let from = least;
    for (const to of this.#endsOfLines(d, prices, least, most)) {
      const muA = this.muA[d];
      const muB = this.muB[d];
      const best = Math.min(threshold, this.foundValues.at(-1) ?? threshold);
      const ofLine = this.#searchLine(d, prices, range.blocked, from, to, best, shouldStop);
      // The multipliers are those of the line with the least.
      if (from > least && bound <= ofLine) {
        this.muA[d] = muA;
        this.muB[d] = muB;
      }
      bound = Math.min(bound, ofLine);
      from = to + 1;
    }
    return bound;
  }

  /** The last replicas of each line of rental, rising. */
  #endsOfLines(d: number, { rentalSteps = [] }: PatternPrices, least: number, most: number): number[] {
    const kink = Math.floor(this.table.kink[d]);
    const ends = kink >= least && kink < most ? [kink, most] : [most];
    if (rentalSteps.length === 0) return ends;
    for (const steps of rentalSteps) if (steps[d] > least && steps[d] <= most) ends.push(steps[d] - 1);
    return [...new Set(ends)].sort((one, other) => one - other);
  }

  /** The search among replicas of which rental is one line. */
  #searchLine(
    d: number,
    prices: PatternPrices,
    blocked: Uint8Array,
    least: number,
    most: number,
    threshold: number,
    shouldStop: () => boolean,
  ): number {
    this.#load(d, prices, blocked, most);
    const atMost = prices.rental(d, most);
    const slope = most > least ? (atMost - prices.rental(d, least)) / (most - least) : 0;
    const bound = this.#search.run({ least, most, atMost, slope }, threshold, prices.subsets, shouldStop);
    this.muA[d] = this.#search.muA / most;
    this.muB[d] = this.#search.muB / most;
    return bound;
  }

  /** Makes items of the query types that can pay, of which so many replicas are the capacity. */
  #load(d: number, prices: PatternPrices, blocked: Uint8Array, replicas: number): void {
    const { table } = this;
    const items = this.#search;
    const { extraRate, cover, rateFactor } = prices;
    const leastGain = this.#leastGain;
    const placementCost = prices.placementCost[table.pair[d]];
    const isFull = replicas === table.mostReplicas[d];
    let t = 0;
    const end = table.start[d + 1];
    for (let e = table.start[d]; e < end; e++) {
      if (blocked[e] !== 0) continue;
      const f = placementCost - cover[table.queryType[e]];
      let c = rateFactor * table.rate[e];
      if (extraRate !== null) c += extraRate[table.at[e]];
      let low = table.low[e];
      let largest = table.high[e];
      if (!isFull) {
        largest = fractionWith(table, e, replicas);
        if (largest < low - fractionTolerance) continue;
        low = Math.min(low, largest);
      }
      const high = c < 0 ? largest : low;
      if (f + c * high >= -leastGain && f + c * low >= -leastGain) continue;
      items.f[t] = f;
      items.c[t] = c;
      items.low[t] = low;
      items.high[t] = high;
      items.memory[t] = table.memory[e] / replicas;
      items.compute[t] = table.compute[e] / replicas;
      items.queryType[t] = table.queryType[e];
      items.nextAlike[t] = t;
      t++;
    }
    items.count = t;
    if (table.isMerged) this.#linkAlike();
  }

  /** Links the items of query types that are alike in rings. */
  #linkAlike(): void {
    const items = this.#search;
    const { lead } = this.table.alike.queryTypes;
    const last = new Map<number, number>();
    for (let t = 0; t < items.count; t++) {
      const first = lead[items.queryType[t]];
      const before = last.get(first);
      if (before !== undefined) {
        items.nextAlike[t] = items.nextAlike[before];
        items.nextAlike[before] = t;
      }
      last.set(first, t);
    }
  }

  #record(): void {
    const { fraction, queryType, low, high, count, best, replicas } = this.#search;
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
    const pattern = { deployment: this.#deployment, replicas, queryTypes, fractions };
    this.found.push(this.table.isMerged ? firstMembers(this.table, pattern) : pattern);
    this.foundValues.push(best);
  }
}
