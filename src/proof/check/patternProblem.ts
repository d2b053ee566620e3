/**
 * What the patterns of one configuration cost at least at given prices: a knapsack with two resources and a whole
 * number m of replicas,
 *
 *   rental(m) + sum over the items in it of (fixed + rate x),
 *   sum cache x <= m,  sum load x <= m,  low <= x <= high,
 *
 * by branch and bound in whole numbers. For any u, v >= 0 the bound of a node is the least of
 * rental(m) - (u + v) m + sum (fixed + (rate + u cache + v load) x), item by item. All roundings go down, so that the
 * bound holds for the exact numbers.
 */
import { bestMultipliers, type GuideProblem, insideOf } from './multiplierGuide.ts';
import { ProofError } from './proofFormat.ts';
import { floorDivide, larger, smaller } from './rational.ts';

/** Binary digits after the point of fractions and uses. */
export const shareBits = 64;
const bits = BigInt(shareBits);

/** Money in units of the resolution; fractions x, and uses in replicas per fraction, in 2^-64. */
export interface PatternItem {
  readonly queryType: number;
  /** Whether it has to be in. */
  readonly isRequired: boolean;
  readonly fixed: bigint;
  readonly rate: bigint;
  readonly low: bigint;
  readonly high: bigint;
  readonly cache: bigint;
  readonly load: bigint;
}

export interface PatternProblem {
  /** rental(m) = base + slope m + added max(0, gpus m - current) - removed min(gpus m, current). */
  readonly base: bigint;
  readonly slope: bigint;
  readonly added: bigint;
  readonly removed: bigint;
  readonly gpus: bigint;
  readonly current: bigint;
  readonly least: bigint;
  /** Null: no limit. */
  readonly most: bigint | null;
  readonly items: readonly PatternItem[];
  /** Multipliers that were good for this configuration before; what is found goes in here. Advice only. */
  readonly advice: Multipliers;
}

interface Multipliers {
  u: bigint;
  v: bigint;
}

/** Binary digits of money that the guide, which counts in doubles, is handed; finer resolutions have more. */
const guideBits = 200;

/** Nodes beyond which a leaf is refused as too hard: one that is meant well needs some tens, thousands for all sets. */
const mostNodes = 200_000;

/** Told of a set of query types, and what its patterns cost at least. */
type Found = (queryTypes: readonly number[], cost: bigint) => void;

export class PatternSearch {
  readonly #problem: PatternProblem;
  readonly #items: readonly PatternItem[];
  readonly #path: string;
  /** What items that are in use at least. */
  readonly #cacheNeeds: readonly bigint[];
  readonly #loadNeeds: readonly bigint[];
  /** By the largest number of replicas. */
  readonly #highs = new Map<bigint, Highs>();
  #doubles: Pick<GuideProblem, 'fixed' | 'rate' | 'low' | 'cache' | 'load'> | null = null;
  /** What costs as much is not looked for. */
  #limit: bigint;
  /** Null: the least cost is looked for, and becomes the limit. */
  readonly #found: Found | null;
  #unseenDigits: bigint | null = null;
  #nodes = 0;

  private constructor(problem: PatternProblem, limit: bigint, found: Found | null, path: string) {
    this.#problem = problem;
    this.#items = problem.items;
    this.#limit = limit;
    this.#found = found;
    this.#path = path;
    this.#cacheNeeds = problem.items.map(({ cache, low }) => cache * low);
    this.#loadNeeds = problem.items.map(({ load, low }) => load * low);
  }

  /** `floor` if no pattern costs less; else a lower bound of all patterns that is below it. Errors as of `below`. */
  static least(problem: PatternProblem, floor: bigint, path: string): bigint {
    const search = new PatternSearch(problem, floor, null, path);
    search.#run();
    return search.#limit;
  }

  /**
   * Tells of all sets of query types of which a pattern may cost less than `limit`, perhaps more than once. Throws
   * ProofError where that is too hard to say.
   */
  static below(problem: PatternProblem, limit: bigint, found: Found, path: string): void {
    new PatternSearch(problem, limit, found, path).#run();
  }

  #run(): void {
    const { items, least, advice } = this.#problem;
    const most = this.#mostUseful();
    if (most === null) throw new ProofError(this.#path, 'replicas that are cheaper without end');
    const status = Int8Array.from(items, ({ isRequired }) => (isRequired ? 1 : 0));
    this.#search({ status, least, most, u: advice.u, v: advice.v }, true);
  }

  /** As the guide counts it. */
  #money(value: bigint): number {
    return Number(value >> this.#shift());
  }

  /** Digits of money that the guide does not see. */
  #shift(): bigint {
    if (this.#unseenDigits !== null) return this.#unseenDigits;
    const { base, slope, items } = this.#problem;
    const amounts = [base, slope, ...items.flatMap(({ fixed, rate }) => [fixed, rate])];
    const most = amounts.reduce((largest, amount) => larger(largest, amount < 0n ? -amount : amount), 0n);
    this.#unseenDigits = BigInt(Math.max(0, most.toString(16).length * 4 - guideBits));
    return this.#unseenDigits;
  }

  /** Replicas beyond which more help nobody; null where each one more is cheaper without end. */
  #mostUseful(): bigint | null {
    const { slope, added, gpus, current, least, most } = this.#problem;
    if (slope + added * gpus < 0n) return most;
    let cache = 0n;
    let load = 0n;
    for (const item of this.#items) {
      cache += item.cache * item.high;
      load += item.load * item.high;
    }
    // From the current GPUs on rental rises, and room for everything is enough.
    const kept = floorDivide(current + gpus - 1n, gpus);
    const useful = larger(larger(wholeUp(larger(cache, load)), kept), least);
    return most === null ? useful : smaller(most, useful);
  }

  #rental(m: bigint): bigint {
    const { base, slope, added, removed, gpus, current } = this.#problem;
    const rented = gpus * m;
    return base + slope * m + (rented > current ? added * (rented - current) - removed * current : -removed * rented);
  }

  /** Ends of the range and of the lines that rental is made of: the best m for any multipliers is one of them. */
  #replicaEnds(least: bigint, most: bigint): bigint[] {
    const { gpus, current } = this.#problem;
    const kink = current / gpus;
    return [least, most, kink, kink + 1n].filter((m, t) => m >= least && m <= most && (t < 2 || current > 0n));
  }

  /** What was passed before costs the limit of that time or more. */
  #search(node: SearchNode, isFirst = false): void {
    const narrowed = this.#narrow(node);
    if (narrowed === null) return;
    if (++this.#nodes > mostNodes) throw new ProofError(this.#path, 'a pattern problem is too hard to check');
    const { status, least, most } = narrowed;
    const ends = this.#replicaEnds(least, most);
    // Multipliers at hand close most nodes: doubles are made for the others.
    if (this.#bound(narrowed, ends) >= this.#limit) return;
    const guide = this.#guide(narrowed, ends);
    const point = bestMultipliers(guide, { u: this.#money(narrowed.u), v: this.#money(narrowed.v) });
    const multiplier = (value: number) => toMultiplier(value) << this.#shift();
    const guided = { ...narrowed, u: multiplier(point.u), v: multiplier(point.v) };
    if (isFirst) Object.assign(this.#problem.advice, { u: guided.u, v: guided.v });
    const bound = this.#bound(guided, ends);
    if (bound >= this.#limit) return;
    const isSettled = this.#settle(guided, bound);
    const partly = this.#itemPartlyIn(status, insideOf(guide, point));
    const below = BigInt(Math.floor(point.replicas));
    const splitsReplicas = partly < 0 && isFractional(point.replicas) && below >= least && below < most;
    const isWhole = partly < 0 && !splitsReplicas;
    if (isWhole && this.#found === null) {
      this.#limit = smaller(this.#limit, bound);
      return;
    }
    const branching = isWhole ? status.indexOf(0) : partly;
    if (branching >= 0) {
      for (const into of [1, -1]) this.#search({ ...guided, status: status.with(branching, into) });
    } else if (splitsReplicas) {
      this.#search({ ...guided, most: below });
      this.#search({ ...guided, least: below + 1n });
    } else if (isSettled) {
      // The multipliers were those of a node with choices: the set alone may cost more.
      this.#search(guided);
    } else
      this.#found?.(
        this.#items.flatMap(({ queryType }, t) => (status[t] === 1 ? [queryType] : [])),
        bound,
      );
  }

  /** Settles the items whose other choice reaches the limit; whether there are any. */
  #settle(node: Narrowed, bound: bigint): boolean {
    let isSettled = false;
    for (let t = 0; t < node.status.length; t++) {
      if (node.status[t] !== 0) continue;
      const cost = this.#costOf(t, node);
      if (bound + (cost < 0n ? -cost : cost) < this.#limit) continue;
      node.status[t] = cost < 0n ? 1 : -1;
      isSettled = true;
    }
    return isSettled;
  }

  /** Replicas that the items in it need, highest fractions, items that no longer fit; null: nothing fits. */
  #narrow({ status: before, least: leastBefore, most, u, v }: SearchNode): Narrowed | null {
    const status = before.slice();
    let cache = 0n;
    let load = 0n;
    this.#items.forEach((_, t) => {
      if (status[t] !== 1) return;
      cache += this.#cacheNeeds[t];
      load += this.#loadNeeds[t];
    });
    const least = larger(wholeUp(larger(cache, load)), leastBefore);
    if (least > most) return null;
    const room = most << (2n * bits);
    const highs = this.#highsWithin(most);
    for (let t = 0; t < status.length; t++) {
      const { low } = this.#items[t];
      if (status[t] < 0 || low === 0n) continue;
      const isAlone = highs.exact[t] < low;
      if (status[t] === 1 && isAlone) return null;
      if (status[t] !== 0) continue;
      if (isAlone || cache + this.#cacheNeeds[t] > room || load + this.#loadNeeds[t] > room) status[t] = -1;
    }
    return { status, highs, least, most, u, v };
  }

  /** Fractions that so many replicas hold. */
  #highsWithin(most: bigint): Highs {
    const known = this.#highs.get(most);
    if (known !== undefined) return known;
    const room = most << (2n * bits);
    const exact = this.#items.map((item) => {
      let { high } = item;
      if (item.cache * high > room) high = room / item.cache + 1n;
      if (item.load * high > room) high = room / item.load + 1n;
      return high;
    });
    const highs = { exact, doubles: Float64Array.from(exact.map(asShare)) };
    this.#highs.set(most, highs);
    return highs;
  }

  #bound(node: Narrowed, ends: readonly bigint[]): bigint {
    const { status, u, v } = node;
    let sum: bigint | null = null;
    for (const m of ends) {
      const cost = this.#rental(m) - (u + v) * m;
      if (sum === null || cost < sum) sum = cost;
    }
    let total = sum!;
    for (let t = 0; t < this.#items.length; t++) {
      if (status[t] < 0) continue;
      const cost = this.#costOf(t, node);
      if (status[t] === 1 || cost < 0n) total += cost;
    }
    return total;
  }

  /** What an item adds at least, if it is in. */
  #costOf(t: number, { highs, u, v }: Narrowed): bigint {
    const { fixed, rate: own, cache, load, low } = this.#items[t];
    const rate = own + ((u * cache + v * load) >> bits);
    return fixed + ((rate * (rate < 0n ? highs.exact[t] : low)) >> bits);
  }

  #guide({ status, highs }: Narrowed, ends: readonly bigint[]): GuideProblem {
    this.#doubles ??= {
      fixed: Float64Array.from(this.#items.map(({ fixed }) => this.#money(fixed))),
      rate: Float64Array.from(this.#items.map(({ rate }) => this.#money(rate))),
      low: Float64Array.from(this.#items.map(({ low }) => asShare(low))),
      cache: Float64Array.from(this.#items.map(({ cache }) => asShare(cache))),
      load: Float64Array.from(this.#items.map(({ load }) => asShare(load))),
    };
    const replicas = ends.map(Number);
    return {
      ...this.#doubles,
      status,
      high: highs.doubles,
      replicas,
      rental: ends.map((m) => this.#money(this.#rental(m))),
    };
  }

  /** An open item that is partly in; -1: none. */
  #itemPartlyIn(status: Int8Array, inside: Float64Array): number {
    let best = -1;
    let most = 0;
    this.#items.forEach(({ cache, load }, t) => {
      if (status[t] !== 0 || !isFractional(inside[t])) return;
      const size = Number(larger(cache, load)) + 1;
      if (size <= most) return;
      best = t;
      most = size;
    });
    return best;
  }
}

interface SearchNode {
  readonly status: Int8Array;
  readonly least: bigint;
  readonly most: bigint;
  readonly u: bigint;
  readonly v: bigint;
}

interface Narrowed extends SearchNode {
  readonly highs: Highs;
}

/** Highest fractions that so many replicas hold. */
interface Highs {
  readonly exact: readonly bigint[];
  readonly doubles: Float64Array;
}

function asShare(value: bigint): number {
  return Number(value) / 2 ** shareBits;
}

/** From 2^-128 to the next whole number. */
function wholeUp(value: bigint): bigint {
  return -(-value >> (2n * bits));
}

function isFractional(value: number): boolean {
  return Math.abs(value - Math.round(value)) > 1e-9;
}

function toMultiplier(value: number): bigint {
  return value > 0 && value < Infinity ? BigInt(Math.round(value)) : 0n;
}
