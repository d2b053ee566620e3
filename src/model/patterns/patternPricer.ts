/**
 * Pricing: for one option, the pattern of least reduced cost
 *
 *   F + sum over S of (f_i + c_i x_i)  [+ penalties of subset rows],   low_i <= x_i <= high_i,   sum a_i x_i <= 1,   sum b_i x_i <= 1,
 *
 * exactly, by a branch and bound whose relaxation is a continuous knapsack with two resources (twoResourceLp.ts). The relaxation
 * takes the lower convex hull of {0} and {f + c x}: for f >= 0 one piece of slope f / high + c, for f < 0 a piece of slope
 * f / low + c up to `low` and one of slope c beyond. At most two query types are fractional in it, and only those are branched on.
 * The empty pattern, of reduced cost F, counts.
 */
import type { Pattern } from './pattern.ts';
import type { PatternTable } from './patternTable.ts';
import { TwoResourceLp } from './twoResourceLp.ts';

/** Reduced costs that differ by less than this are the same: far below the tolerance of the master's duals. */
const valueTolerance = 1e-9;
/** A share of a query type's piece this near 0 or 1 is integral; rounding it costs less than `valueTolerance`. */
const shareTolerance = 1e-9;
/** Nodes after which one pricing problem is answered by its bound alone. Never seen near it; guards the running time. */
const nodeLimit = 20_000;
/** Improving patterns kept of one search: the best and those found on the way to it. */
const patternsKept = 2;

const free = 0;
const placed = 1;
const absent = 2;

/** A subset row as pricing sees it: a pattern with two or more of the three query types pays `penalty` >= 0. */
export interface SubsetPenalty {
  readonly queryTypes: readonly [number, number, number];
  readonly penalty: number;
}

/** Dual prices, turned into what a pattern pays. */
export interface PatternPrices {
  /** (i): subtracted for each placement. */
  readonly cover: Float64Array;
  /** (option): F, everything that the option pays before any placement. */
  readonly optionCost: Float64Array;
  /** (pair): paid for each placement there. */
  readonly placementCost: Float64Array;
  /** (i, pair): added to the table's rate, or null when all are 0. */
  readonly extraRate: Float64Array | null;
  readonly subsets: readonly SubsetPenalty[];
}

export class PatternPricer {
  readonly table: PatternTable;
  /** Multipliers of the last search of each option: bounds from them skip most options. */
  readonly muA: Float64Array;
  readonly muB: Float64Array;
  /** Branch-and-bound nodes so far. */
  nodes = 0;
  /** Improving patterns of the last search, the best last. */
  readonly found: Pattern[] = [];
  readonly foundValues: number[] = [];

  readonly #lp: TwoResourceLp;
  /** (t): the kept query types of the option in hand. */
  #count = 0;
  readonly #entry: Int32Array;
  readonly #f: Float64Array;
  readonly #c: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #state: Uint8Array;
  readonly #fraction: Float64Array;
  /** (i): t + 1 of a kept query type, else 0; only for subset rows. */
  readonly #keptAt: Int32Array;
  #subsets: SubsetPenalty[] = [];
  #best = 0;
  #fixed = 0;
  #option = 0;
  #nodesLeft = 0;
  #limitStruck = false;

  constructor(table: PatternTable) {
    this.table = table;
    this.muA = new Float64Array(table.numOptions);
    this.muB = new Float64Array(table.numOptions);
    const width = table.widest;
    this.#lp = new TwoResourceLp(2 * width);
    this.#entry = new Int32Array(width);
    this.#f = new Float64Array(width);
    this.#c = new Float64Array(width);
    this.#low = new Float64Array(width);
    this.#high = new Float64Array(width);
    this.#state = new Uint8Array(width);
    this.#fraction = new Float64Array(width);
    this.#keptAt = new Int32Array(table.problem.numQueryTypes);
  }

  /**
   * A lower bound on the reduced cost of every pattern of the option by the multipliers of its last search: cheap, for skipping.
   * `blocked` is 1 at the entries that may not be used.
   */
  quickBound(option: number, prices: PatternPrices, blocked: Uint8Array): number {
    const { table } = this;
    const muA = this.muA[option];
    const muB = this.muB[option];
    const { extraRate, cover } = prices;
    const placementCost = prices.placementCost[table.pair[option]];
    let bound = prices.optionCost[option] - muA - muB;
    const end = table.start[option + 1];
    for (let e = table.start[option]; e < end; e++) {
      const f = placementCost - cover[table.queryType[e]];
      let c = table.rate[e] + muA * table.memory[e] + muB * table.compute[e];
      if (extraRate !== null) c += extraRate[table.at[e]];
      const value = f + c * (c < 0 ? table.high[e] : table.low[e]);
      if (value < 0 && blocked[e] === 0) bound += value;
    }
    return bound;
  }

  /**
   * Searches for patterns of reduced cost below `threshold`. Fills `found`, and returns a lower bound on the reduced cost of every
   * pattern of the option; below `threshold` it is the optimum (unless the node limit struck).
   */
  search(option: number, prices: PatternPrices, blocked: Uint8Array, threshold: number): number {
    this.found.length = 0;
    this.foundValues.length = 0;
    this.#option = option;
    this.#fixed = prices.optionCost[option];
    this.#best = threshold;
    this.#nodesLeft = nodeLimit;
    this.#limitStruck = false;
    this.#load(option, prices, blocked);
    const rootBound = this.#root();
    if (this.#limitStruck) return rootBound;
    return this.found.length > 0 ? this.#best - valueTolerance : Math.max(rootBound, this.#best - valueTolerance);
  }

  /** Keeps the query types that can pay, and lays out their pieces. */
  #load(option: number, prices: PatternPrices, blocked: Uint8Array): void {
    const { table } = this;
    const lp = this.#lp;
    const { extraRate, cover } = prices;
    const placementCost = prices.placementCost[table.pair[option]];
    let t = 0;
    const end = table.start[option + 1];
    for (let e = table.start[option]; e < end; e++) {
      if (blocked[e] !== 0) continue;
      const f = placementCost - cover[table.queryType[e]];
      let c = table.rate[e];
      if (extraRate !== null) c += extraRate[table.at[e]];
      const low = table.low[e];
      const high = c < 0 ? table.high[e] : low;
      if (f + c * high >= -valueTolerance * 1e-3 && f + c * low >= -valueTolerance * 1e-3) continue;
      this.#entry[t] = e;
      this.#f[t] = f;
      this.#c[t] = c;
      this.#low[t] = low;
      this.#high[t] = high;
      this.#state[t] = free;
      const whole = 2 * t;
      const rest = whole + 1;
      const length = f >= 0 ? high : low;
      lp.upper[whole] = length;
      lp.cost[whole] = length > 0 ? f / length + c : 0;
      lp.upper[rest] = high - low;
      lp.cost[rest] = c;
      lp.useA[whole] = lp.useA[rest] = table.memory[e];
      lp.useB[whole] = lp.useB[rest] = table.compute[e];
      t++;
    }
    this.#count = t;
    lp.count = 2 * t;
    lp.prepare();
    this.#subsets = [];
    if (prices.subsets.length === 0) return;
    for (let s = 0; s < t; s++) this.#keptAt[table.queryType[this.#entry[s]]] = s + 1;
    for (const subset of prices.subsets) {
      let present = 0;
      for (const i of subset.queryTypes) if (this.#keptAt[i] > 0) present++;
      if (present >= 2 && subset.penalty > 0) this.#subsets.push(subset);
    }
  }

  #root(): number {
    const lp = this.#lp;
    const bound = this.#relax();
    this.muA[this.#option] = lp.multiplierA;
    this.muB[this.#option] = lp.multiplierB;
    if (bound < this.#best - valueTolerance) {
      const muA = lp.multiplierA;
      const muB = lp.multiplierB;
      const branching = this.#settle(bound);
      if (branching >= 0) {
        this.#fixByMultipliers(bound, muA, muB);
        this.#explore();
      }
    }
    for (let t = 0; t < this.#count; t++) this.#keptAt[this.table.queryType[this.#entry[t]]] = 0;
    return bound;
  }

  /** Fixes query types whose other choice cannot beat the best pattern, by the root's multipliers. */
  #fixByMultipliers(bound: number, muA: number, muB: number): void {
    const { table } = this;
    const room = this.#best - valueTolerance - bound;
    for (let t = 0; t < this.#count; t++) {
      const e = this.#entry[t];
      const slope = this.#c[t] + muA * table.memory[e] + muB * table.compute[e];
      const value = this.#f[t] + slope * (slope < 0 ? this.#high[t] : this.#low[t]);
      if (value >= room) this.#state[t] = absent;
      else if (-value >= room) this.#state[t] = placed;
    }
  }

  /** Solves the relaxation under the present states; Infinity if they do not fit. Subset penalties of the placed count. */
  #relax(): number {
    const { table } = this;
    const lp = this.#lp;
    let value = this.#fixed;
    let capacityA = 1;
    let capacityB = 1;
    for (let t = 0; t < this.#count; t++) {
      const state = this.#state[t];
      const whole = 2 * t;
      if (state === absent) {
        lp.active[whole] = 0;
        lp.active[whole + 1] = 0;
        continue;
      }
      const low = this.#low[t];
      const hasRest = this.#high[t] > low && this.#c[t] < 0 ? 1 : 0;
      if (state === placed) {
        const e = this.#entry[t];
        value += this.#f[t] + this.#c[t] * low;
        capacityA -= table.memory[e] * low;
        capacityB -= table.compute[e] * low;
        lp.active[whole] = 0;
        lp.active[whole + 1] = hasRest;
      } else if (this.#f[t] >= 0) {
        lp.active[whole] = lp.cost[whole] < 0 ? 1 : 0;
        lp.active[whole + 1] = 0;
      } else {
        lp.active[whole] = low > 0 ? 1 : 0;
        if (low <= 0) value += this.#f[t];
        lp.active[whole + 1] = hasRest;
      }
    }
    if (capacityA < -1e-9 || capacityB < -1e-9) return Infinity;
    for (const { queryTypes, penalty } of this.#subsets) {
      let present = 0;
      for (const i of queryTypes) {
        const t = this.#keptAt[i] - 1;
        if (t >= 0 && this.#state[t] === placed) present++;
      }
      if (present >= 2) value += penalty;
    }
    this.nodes++;
    return value + lp.solve(Math.max(0, capacityA), Math.max(0, capacityB));
  }

  /**
   * Reads the relaxation's point: offers the pattern that it rounds to, and returns the query type to branch on, or -1 if the point
   * is a pattern that attains the bound.
   */
  #settle(bound: number): number {
    const lp = this.#lp;
    let value = bound;
    let branching = -1;
    let branchingGap = 0;
    for (let t = 0; t < this.#count; t++) {
      const state = this.#state[t];
      const whole = 2 * t;
      const rest = lp.active[whole + 1] === 1 ? lp.value[whole + 1] : 0;
      if (state === absent) {
        this.#fraction[t] = -1;
      } else if (state === placed) {
        this.#fraction[t] = this.#low[t] + rest;
      } else if (lp.active[whole] === 0) {
        this.#fraction[t] = this.#f[t] < 0 ? rest : -1;
      } else {
        const amount = lp.value[whole];
        const share = amount / lp.upper[whole];
        if (share <= shareTolerance) {
          this.#fraction[t] = -1;
        } else if (share >= 1 - shareTolerance) {
          this.#fraction[t] = amount + rest;
        } else {
          const gap = Math.min(share, 1 - share);
          if (gap > branchingGap) {
            branchingGap = gap;
            branching = t;
          }
          // Rounded the better way: in with what it has, or out.
          const asIs = this.#f[t] * (1 - share);
          const without = -lp.cost[whole] * amount;
          if (this.#f[t] >= 0 && amount >= this.#low[t] && asIs < without) {
            this.#fraction[t] = amount;
            value += asIs;
          } else {
            this.#fraction[t] = -1;
            value += without;
          }
        }
      }
    }
    let pending = -1;
    for (const { queryTypes, penalty } of this.#subsets) {
      let present = 0;
      let counted = 0;
      let unfixed = -1;
      for (const i of queryTypes) {
        const t = this.#keptAt[i] - 1;
        if (t < 0) continue;
        if (this.#state[t] === placed) counted++;
        if (this.#fraction[t] >= 0) {
          present++;
          if (this.#state[t] === free) unfixed = t;
        }
      }
      if (present >= 2 && counted < 2) {
        value += penalty;
        pending = unfixed;
      }
    }
    if (branching < 0) branching = pending;
    if (!lp.isExact) {
      // The values may not fit; only the bound is sound. Branch on anything that is left.
      for (let t = 0; t < this.#count && branching < 0; t++) if (this.#state[t] === free) branching = t;
      if (branching < 0) this.#limitStruck = true;
      return branching;
    }
    if (value < this.#best - valueTolerance) {
      this.#best = value;
      this.#record();
    }
    return branching;
  }

  #record(): void {
    const { table } = this;
    let size = 0;
    for (let t = 0; t < this.#count; t++) if (this.#fraction[t] >= 0) size++;
    const queryTypes = new Int32Array(size);
    const fractions = new Float64Array(size);
    let at = 0;
    for (let t = 0; t < this.#count; t++) {
      if (this.#fraction[t] < 0) continue;
      queryTypes[at] = table.queryType[this.#entry[t]];
      fractions[at++] = Math.min(this.#high[t], Math.max(this.#low[t], this.#fraction[t]));
    }
    if (this.found.length === patternsKept) {
      this.found.shift();
      this.foundValues.shift();
    }
    this.found.push({ option: this.#option, queryTypes, fractions });
    this.foundValues.push(this.#best);
  }

  #explore(): void {
    if (this.#nodesLeft-- <= 0) {
      this.#limitStruck = true;
      return;
    }
    const bound = this.#relax();
    if (bound >= this.#best - valueTolerance) return;
    const t = this.#settle(bound);
    if (t < 0) return;
    const whole = 2 * t;
    const placedFirst = this.#fraction[t] >= 0 || this.#lp.value[whole] >= 0.5 * this.#lp.upper[whole];
    this.#state[t] = placedFirst ? placed : absent;
    this.#explore();
    this.#state[t] = placedFirst ? absent : placed;
    this.#explore();
    this.#state[t] = free;
  }
}
