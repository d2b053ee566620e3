/**
 * Pricing: for one option, the pattern of least reduced cost
 *
 *   F + sum over S of (f_i + c_i x_i)  [+ penalties of subset rows],   low_i <= x_i <= high_i,   sum a_i x_i <= 1,   sum b_i x_i <= 1,
 *
 * exactly, by a branch and bound whose relaxation is a continuous knapsack with two resources (twoResourceLp.ts). The relaxation
 * takes the lower convex hull of {0} and {f + c x}: for f >= 0 one piece of slope f / high + c, for f < 0 a piece of slope
 * f / low + c up to `low` and one of slope c beyond. At most two query types are fractional in it.
 *
 * Where every f >= 0 (or low = 0), the tree is an enumeration by patternEnumeration: the root's multipliers make one surrogate resource
 * of the two, and in the order of efficiency every bound takes a binary search. Else the relaxation is solved again at each node and
 * a fractional query type is branched on. The empty pattern, of reduced cost F, counts.
 */
import type { Pattern } from './pattern.ts';
import type { PatternTable } from './patternTable.ts';
import { sortByKey, TwoResourceLp } from './twoResourceLp.ts';

/** Reduced costs that differ by less than this are the same: far below the tolerance of the master's duals. */
const valueTolerance = 1e-9;
/** A share of a query type's piece this near 0 or 1 is integral; rounding it costs less than `valueTolerance`. */
const shareTolerance = 1e-9;
/** Improving patterns kept of one search: the best and those found on the way to it. */
const patternsKept = 2;

/** Use above capacity, relative, that counts as within. */
const enumerationSlack = 1e-10;

/** Mixed resources of the enumeration: memory, compute, and between either and the surrogate. */
const numMixes = 4;

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
  /** Factor on the table's rates: 1, and 0 when costs do not count (phase 1). */
  readonly rateFactor: number;
  /** (i, pair): added to the rate, or null when all are 0. */
  readonly extraRate: Float64Array | null;
  readonly subsets: readonly SubsetPenalty[];
}

export class PatternPricer {
  readonly table: PatternTable;
  /** Multipliers of the last search of each option: bounds from them skip most options. */
  readonly muA: Float64Array;
  readonly muB: Float64Array;
  /**
   * Share of the best (negative) reduced cost that a search may leave unproven. It vanishes as the prices converge, and what it takes from
   * the bound with it; early rounds become several times cheaper.
   */
  relativeSlack = 0;
  /** Nodes after which a search is answered by its relaxation's bound and the best pattern so far. */
  nodeLimit = Infinity;
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
  /** The enumeration's order of the kept query types, and in that order: value and uses at the largest fraction, and prefix sums. */
  readonly #order: Int32Array;
  readonly #key: Float64Array;
  readonly #value: Float64Array;
  readonly #weight: Float64Array;
  readonly #memory: Float64Array;
  readonly #compute: Float64Array;
  readonly #weightSum: Float64Array;
  readonly #valueSum: Float64Array;
  readonly #forced: Uint8Array;
  /** Mixed resources (1 - share) * memory + share * compute whose relaxations bound too: use by position, order by efficiency. */
  readonly #mixShare = new Float64Array(numMixes);
  readonly #mixUse: Float64Array[];
  readonly #mixOrder: Int32Array[];
  /** (depth, mix): the least that giving up a unit of the mix costs among the chosen. */
  readonly #mixShed: Float64Array;
  /** The mix that pruned last is tried first. */
  #lastMix = 0;
  /** Positions that a position dominates, as lists; and (position) how many of its dominators the enumeration has left out. */
  readonly #dominatedStart: Int32Array;
  readonly #dominated: Int32Array;
  readonly #leftOut: Int32Array;
  /** (t): 1 while the enumeration has it in. */
  readonly #chosen: Uint8Array;
  #size = 0;
  #capacity = 0;
  /** Nothing at or above this is worth finding. */
  #target = 0;
  #subsets: SubsetPenalty[] = [];
  /** (t): first link to a subset row of the query type, or -1; (link): the next, the row, all of the option in hand. */
  readonly #firstLink: Int32Array;
  #nextLink = new Int32Array(0);
  #linkedSubset = new Int32Array(0);
  /** (subset row of the option in hand): members that the enumeration has in. */
  #membersIn = new Int32Array(0);
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
    this.#firstLink = new Int32Array(width);
    this.#order = new Int32Array(width);
    this.#key = new Float64Array(width);
    this.#value = new Float64Array(width);
    this.#weight = new Float64Array(width);
    this.#memory = new Float64Array(width);
    this.#compute = new Float64Array(width);
    this.#weightSum = new Float64Array(width + 1);
    this.#valueSum = new Float64Array(width + 1);
    this.#forced = new Uint8Array(width);
    this.#mixUse = Array.from({ length: numMixes }, () => new Float64Array(width));
    this.#mixOrder = Array.from({ length: numMixes }, () => new Int32Array(width));
    this.#mixShed = new Float64Array(numMixes * (width + 2));
    this.#chosen = new Uint8Array(width);
    this.#dominatedStart = new Int32Array(width + 1);
    this.#dominated = new Int32Array((width * (width - 1)) / 2 + 1);
    this.#leftOut = new Int32Array(width);
  }

  /**
   * A lower bound on the reduced cost of every pattern of the option by the multipliers of its last search: cheap, for skipping.
   * `blocked` is 1 at the entries that may not be used.
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
   * Searches for patterns of reduced cost below `threshold`. Fills `found`, and returns a lower bound on the reduced cost of every
   * pattern of the option; below `threshold` it is the optimum (unless the node limit struck).
   */
  search(option: number, prices: PatternPrices, blocked: Uint8Array, threshold: number): number {
    this.found.length = 0;
    this.foundValues.length = 0;
    this.#option = option;
    this.#fixed = prices.optionCost[option];
    this.#setBest(threshold);
    this.#nodesLeft = this.nodeLimit;
    this.#limitStruck = false;
    this.#load(option, prices, blocked);
    const rootBound = this.#root();
    if (this.#limitStruck) return rootBound;
    return this.found.length > 0 ? this.#target : Math.max(rootBound, this.#target);
  }

  #setBest(best: number): void {
    this.#best = best;
    this.#target = best - Math.max(valueTolerance, -this.relativeSlack * best);
  }

  /** Keeps the query types that can pay, and lays out their pieces. */
  #load(option: number, prices: PatternPrices, blocked: Uint8Array): void {
    const { table } = this;
    const lp = this.#lp;
    const { extraRate, cover, rateFactor } = prices;
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
    this.#linkSubsets();
  }

  #linkSubsets(): void {
    const subsets = this.#subsets;
    if (this.#membersIn.length < subsets.length) {
      this.#membersIn = new Int32Array(2 * subsets.length);
      this.#nextLink = new Int32Array(6 * subsets.length);
      this.#linkedSubset = new Int32Array(6 * subsets.length);
    }
    this.#firstLink.fill(-1, 0, this.#count);
    let links = 0;
    for (let s = 0; s < subsets.length; s++) {
      this.#membersIn[s] = 0;
      for (const i of subsets[s].queryTypes) {
        const t = this.#keptAt[i] - 1;
        if (t < 0) continue;
        this.#linkedSubset[links] = s;
        this.#nextLink[links] = this.#firstLink[t];
        this.#firstLink[t] = links++;
      }
    }
  }

  #root(): number {
    const lp = this.#lp;
    const bound = this.#relax();
    this.muA[this.#option] = lp.multiplierA;
    this.muB[this.#option] = lp.multiplierB;
    if (bound < this.#target) {
      const muA = lp.multiplierA;
      const muB = lp.multiplierB;
      const branching = this.#settle(bound);
      if (branching >= 0) {
        this.#fixByMultipliers(bound, muA, muB);
        if (lp.isExact && this.#orderForEnumeration(muA, muB)) this.#enumerate();
        else this.#explore();
      }
    }
    for (let t = 0; t < this.#count; t++) this.#keptAt[this.table.queryType[this.#entry[t]]] = 0;
    return bound;
  }

  /** Fixes query types whose other choice cannot beat the best pattern, by the root's multipliers. */
  #fixByMultipliers(bound: number, muA: number, muB: number): void {
    const { table } = this;
    const room = this.#target - bound;
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
    this.#offer(value);
    return branching;
  }

  /** Takes the pattern in `#fraction` if it is the best so far. */
  #offer(value: number): void {
    if (value >= this.#best - valueTolerance) return;
    this.#setBest(value);
    this.#record();
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
    if (bound >= this.#target) return;
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

  /**
   * Sorts the query types by value per unit of the surrogate resource muA a + muB b, at the largest fraction. False where some piece
   * has f < 0 and low > 0 (there the rest of a placed query type may be less efficient than those after it) or f < 0 and a subset row.
   */
  #orderForEnumeration(muA: number, muB: number): boolean {
    const { table } = this;
    let size = 0;
    for (let t = 0; t < this.#count; t++) {
      if (this.#state[t] === absent) continue;
      if (this.#f[t] < 0 && (this.#low[t] > 0 || this.#isPenalised(t))) return false;
      const e = this.#entry[t];
      const always = this.#f[t] < 0;
      const value = (always ? 0 : this.#f[t]) + this.#c[t] * this.#high[t];
      const weight = (muA * table.memory[e] + muB * table.compute[e]) * this.#high[t];
      this.#key[t] = weight > 0 ? value / weight : -Infinity;
      this.#order[size++] = t;
    }
    sortByKey(this.#order, this.#key, 0, size - 1);
    this.#size = size;
    this.#capacity = muA + muB;
    let weightSum = 0;
    let valueSum = 0;
    for (let s = 0; s < size; s++) {
      const t = this.#order[s];
      const e = this.#entry[t];
      const always = this.#f[t] < 0;
      this.#forced[s] = always || this.#state[t] === placed ? 1 : 0;
      this.#chosen[t] = 0;
      this.#value[s] = (always ? 0 : this.#f[t]) + this.#c[t] * this.#high[t];
      this.#memory[s] = table.memory[e] * this.#high[t];
      this.#compute[s] = table.compute[e] * this.#high[t];
      this.#weight[s] = muA * this.#memory[s] + muB * this.#compute[s];
      this.#weightSum[s] = weightSum;
      this.#valueSum[s] = valueSum;
      weightSum += this.#weight[s];
      valueSum += this.#value[s];
    }
    this.#weightSum[size] = weightSum;
    this.#valueSum[size] = valueSum;
    const share = muB / (muA + muB);
    this.#mixShare[0] = 0;
    this.#mixShare[1] = 1;
    this.#mixShare[2] = 0.5 * share;
    this.#mixShare[3] = 0.5 * (1 + share);
    for (let mix = 0; mix < numMixes; mix++) {
      const use = this.#mixUse[mix];
      for (let s = 0; s < size; s++) {
        use[s] = (1 - this.#mixShare[mix]) * this.#memory[s] + this.#mixShare[mix] * this.#compute[s];
      }
      this.#sortPositions(this.#mixOrder[mix], use);
    }
    this.#findDominance();
    return true;
  }

  /**
   * Query type p dominates q, later in the order, if whatever q serves at a gain, p could serve as much of the resources at no less gain:
   * some best pattern then has q only beside p. The gain of p is convex and that of q linear in what q serves, so the ends decide.
   * One with subset rows dominates none, for it may have to pay them.
   */
  #findDominance(): void {
    const { table } = this;
    let links = 0;
    for (let p = 0; p < this.#size; p++) {
      this.#dominatedStart[p] = links;
      this.#leftOut[p] = 0;
      const s = this.#order[p];
      if (this.#forced[p] === 1 || this.#isPenalised(s)) continue;
      const sEntry = this.#entry[s];
      const sMemory = table.memory[sEntry];
      const sCompute = table.compute[sEntry];
      for (let q = p + 1; q < this.#size; q++) {
        const t = this.#order[q];
        if (this.#f[t] < 0) continue;
        const tEntry = this.#entry[t];
        const most = this.#high[t];
        const least = Math.max(this.#low[t], -this.#f[t] / this.#c[t]);
        // Fraction of s that uses no more than a fraction 1 of t.
        const rate = Math.min(
          sMemory > 0 ? table.memory[tEntry] / sMemory : Infinity,
          sCompute > 0 ? table.compute[tEntry] / sCompute : Infinity,
        );
        const atMost = Math.min(this.#high[s], rate * most);
        const atLeast = Math.min(this.#high[s], rate * least);
        if (!(atLeast >= this.#low[s])) continue;
        if (this.#f[s] + this.#c[s] * atMost > this.#f[t] + this.#c[t] * most) continue;
        if (this.#f[s] + this.#c[s] * atLeast > this.#f[t] + this.#c[t] * least) continue;
        this.#dominated[links++] = q;
      }
    }
    this.#dominatedStart[this.#size] = links;
  }

  /** Counts a position out (+1) or back in (-1) for those that it dominates. */
  #leaveOut(position: number, change: number): void {
    const end = this.#dominatedStart[position + 1];
    for (let link = this.#dominatedStart[position]; link < end; link++) this.#leftOut[this.#dominated[link]] += change;
  }

  #isPenalised(t: number): boolean {
    return this.#subsets.length > 0 && this.#firstLink[t] >= 0;
  }

  #enumerate(): void {
    let value = this.#fixed;
    for (let t = 0; t < this.#count; t++) if (this.#f[t] < 0 && this.#state[t] !== absent) value += this.#f[t];
    this.#mixShed.fill(Infinity, 0, numMixes);
    this.#enumerateFrom(0, 0, value, 0, 0, 0, Infinity);
    for (let t = 0; t < this.#count; t++) this.#chosen[t] = 0;
  }

  #sortPositions(order: Int32Array, use: Float64Array): void {
    for (let s = 0; s < this.#size; s++) {
      order[s] = s;
      this.#key[s] = use[s] > 0 ? this.#value[s] / use[s] : -Infinity;
    }
    sortByKey(order, this.#key, 0, this.#size - 1);
  }

  /**
   * The same within the room of one resource alone. What is chosen may give up room at `shed` per unit, and does where a query type
   * is worth more.
   */
  #fillOne(order: Int32Array, use: Float64Array, from: number, roomLeft: number, shed: number): number {
    let room = roomLeft;
    let total = 0;
    if (room < 0) {
      total = -room * shed;
      room = 0;
    }
    const values = this.#value;
    const leftOut = this.#leftOut;
    for (let k = 0; k < this.#size; k++) {
      const s = order[k];
      if (s < from || leftOut[s] > 0) continue;
      if (use[s] <= room) {
        room -= use[s];
        total += values[s];
        continue;
      }
      const missing = use[s] - room;
      const perUnit = values[s] / use[s];
      total += perUnit * room;
      room = 0;
      if (perUnit + shed >= 0) break;
      total += (perUnit + shed) * missing;
    }
    return total;
  }

  /** Least value of query types from position `from` on, in fractions, within `room` of the surrogate resource. */
  #fill(from: number, room: number): number {
    const weightSum = this.#weightSum;
    const limit = weightSum[from] + room;
    let low = from;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (weightSum[middle] <= limit) low = middle;
      else high = middle - 1;
    }
    const value = this.#valueSum[low] - this.#valueSum[from];
    return low < this.#size ? value + ((limit - weightSum[low]) / this.#weight[low]) * this.#value[low] : value;
  }

  /** Whether the relaxation with one of the mixed resources shows that nothing from position `from` on is worth finding. */
  #mixPrunes(from: number, depth: number, value: number, memory: number, compute: number): boolean {
    for (let turn = 0; turn < numMixes; turn++) {
      const mix = (this.#lastMix + turn) % numMixes;
      const share = this.#mixShare[mix];
      const room = 1 - (1 - share) * memory - share * compute;
      const shed = this.#mixShed[depth * numMixes + mix];
      if (value + this.#fillOne(this.#mixOrder[mix], this.#mixUse[mix], from, room, shed) >= this.#target) {
        this.#lastMix = mix;
        return true;
      }
    }
    return false;
  }

  /**
   * Chooses the next query type from position `from` on. `value`, `weight`, `memory`, `compute` are of those chosen, each at its largest
   * fraction; `shedWeight` is the least that giving up a unit of the surrogate costs among them. What is chosen is
   * more efficient than everything after it, so the relaxation fills it first.
   */
  #enumerateFrom(
    depth: number,
    from: number,
    value: number,
    weight: number,
    memory: number,
    compute: number,
    shedWeight: number,
  ): void {
    this.nodes++;
    if (this.#nodesLeft-- <= 0) {
      this.#limitStruck = true;
      return;
    }
    const room = this.#capacity - weight;
    const hasSubsets = this.#subsets.length > 0;
    const size = this.#size;
    const overfull = room < 0 ? value - room * shedWeight : 0;
    let s = from;
    for (; s < size; s++) {
      const bound = room < 0 ? overfull : value + this.#fill(s, room);
      if (bound >= this.#target) break;
      if (this.#mixPrunes(s, depth, value, memory, compute)) break;
      if (this.#leftOut[s] > 0) {
        if (this.#forced[s] === 1) break;
        this.#leaveOut(s, 1);
        continue;
      }
      const t = this.#order[s];
      const c = -this.#c[t] * this.#high[t];
      let nextValue = value + this.#value[s];
      this.#chosen[t] = 1;
      if (hasSubsets) nextValue += this.#chooseInSubsets(t);
      const nextWeight = weight + this.#weight[s];
      const nextMemory = memory + this.#memory[s];
      const nextCompute = compute + this.#compute[s];
      const nextShedWeight = Math.min(shedWeight, this.#weight[s] > 0 ? c / this.#weight[s] : Infinity);
      const here = depth * numMixes;
      for (let mix = 0; mix < numMixes; mix++) {
        const use = this.#mixUse[mix][s];
        this.#mixShed[here + numMixes + mix] = Math.min(this.#mixShed[here + mix], use > 0 ? c / use : Infinity);
      }
      const excessMemory = nextMemory > 1 + enumerationSlack ? (nextMemory - 1) * this.#mixShed[here + numMixes] : 0;
      const excessCompute =
        nextCompute > 1 + enumerationSlack ? (nextCompute - 1) * this.#mixShed[here + numMixes + 1] : 0;
      if (nextValue + Math.max(excessMemory, excessCompute) < this.#target) {
        if (excessMemory > 0 || excessCompute > 0) this.#offerShed(nextValue);
        else this.#offerChosen(nextValue);
      }
      this.#enumerateFrom(depth + 1, s + 1, nextValue, nextWeight, nextMemory, nextCompute, nextShedWeight);
      this.#chosen[t] = 0;
      if (hasSubsets) this.#leaveSubsets(t);
      if (this.#forced[s] === 1 || this.#limitStruck) break;
      this.#leaveOut(s, 1);
    }
    for (let back = from; back < s; back++) this.#leaveOut(back, -1);
  }

  /** Counts t in and returns the penalties of the subset rows of which it is the second member in. */
  #chooseInSubsets(t: number): number {
    let total = 0;
    for (let link = this.#firstLink[t]; link >= 0; link = this.#nextLink[link]) {
      const s = this.#linkedSubset[link];
      if (++this.#membersIn[s] === 2) total += this.#subsets[s].penalty;
    }
    return total;
  }

  #leaveSubsets(t: number): void {
    for (let link = this.#firstLink[t]; link >= 0; link = this.#nextLink[link]) {
      this.#membersIn[this.#linkedSubset[link]]--;
    }
  }

  /** Chosen, or in at no charge. */
  #isIn(t: number): boolean {
    return this.#chosen[t] === 1 || (this.#f[t] < 0 && this.#state[t] !== absent);
  }

  #offerChosen(value: number): void {
    for (let t = 0; t < this.#count; t++) {
      this.#fraction[t] = this.#chosen[t] === 1 ? this.#high[t] : this.#isIn(t) ? 0 : -1;
    }
    this.#offer(value);
  }

  /** The chosen query types do not fit at their largest fractions: the best fractions that do. */
  #offerShed(valueAtLargest: number): void {
    const { table } = this;
    const lp = this.#lp;
    let value = valueAtLargest;
    let capacityA = 1;
    let capacityB = 1;
    for (let t = 0; t < this.#count; t++) {
      const isChosen = this.#chosen[t] === 1;
      lp.active[2 * t] = 0;
      lp.active[2 * t + 1] = isChosen && this.#high[t] > this.#low[t] && this.#c[t] < 0 ? 1 : 0;
      if (!isChosen) continue;
      const e = this.#entry[t];
      value -= this.#c[t] * (this.#high[t] - this.#low[t]);
      capacityA -= table.memory[e] * this.#low[t];
      capacityB -= table.compute[e] * this.#low[t];
    }
    if (capacityA < -1e-9 || capacityB < -1e-9) return;
    value += lp.solve(Math.max(0, capacityA), Math.max(0, capacityB));
    if (!lp.isExact) {
      this.#limitStruck = true;
      return;
    }
    if (value >= this.#best - valueTolerance) return;
    for (let t = 0; t < this.#count; t++) {
      if (this.#chosen[t] === 1) {
        this.#fraction[t] = this.#low[t] + (lp.active[2 * t + 1] === 1 ? lp.value[2 * t + 1] : 0);
      } else {
        this.#fraction[t] = this.#isIn(t) ? 0 : -1;
      }
    }
    this.#offer(value);
  }
}
