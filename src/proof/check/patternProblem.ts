/**
 * Whether every pattern of one configuration costs at least so much at given prices: a knapsack with two resources and
 * a whole number m of replicas,
 *
 *   rental(m) + sum over the items in it of (fixed + rate x + prices of subset rows),
 *   sum cache x <= m,  sum load x <= m,  low <= x <= high,
 *
 * by branch and bound in whole numbers. For any u, v >= 0 the bound of a node is the least of
 * rental(m) - (u + v) m + sum (fixed + (rate + u cache + v load) x), item by item; subset rows count once two of their
 * members are in. All roundings go down, so that the bound holds for the exact numbers.
 */
import { bestMultipliers, type GuidePoint, type GuideProblem, insideOf, valueAt } from './multiplierGuide.ts';
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
  readonly subsets: readonly { readonly members: readonly number[]; readonly price: bigint }[];
  /** Multipliers that were good for this configuration before; what is found goes in here. Advice only. */
  readonly advice: Multipliers;
}

interface Multipliers {
  u: bigint;
  v: bigint;
}

/** Binary digits of money that the guide, which counts in doubles, is handed; finer resolutions have more. */
const guideBits = 200;

/** Beyond it a leaf is refused as too hard: one that is meant well needs some tens. */
const mostNodes = 20_000;
/** A guess in doubles this far below the floor, relatively, is not evaluated exactly. */
const doubt = 1e-9;

export class PatternBound {
  readonly #problem: PatternProblem;
  readonly #items: readonly PatternItem[];
  readonly #path: string;
  /** What items that are in use at least. */
  readonly #cacheNeeds: readonly bigint[];
  readonly #loadNeeds: readonly bigint[];
  /** By the largest number of replicas. */
  readonly #highs = new Map<bigint, Highs>();
  #doubles: Pick<GuideProblem, 'fixed' | 'rate' | 'low' | 'cache' | 'load'> | null = null;
  /** Subset rows of which two items or more are here: their positions. */
  #charged: readonly { readonly at: readonly number[]; readonly price: bigint }[] | null = null;
  #floor: bigint;
  #unseenDigits: bigint | null = null;
  #nodes = 0;

  private constructor(problem: PatternProblem, floor: bigint, path: string) {
    this.#problem = problem;
    this.#items = problem.items;
    this.#floor = floor;
    this.#path = path;
    this.#cacheNeeds = problem.items.map(({ cache, low }) => cache * low);
    this.#loadNeeds = problem.items.map(({ load, low }) => load * low);
  }

  /** Whether no pattern costs less than `floor`. Throws ProofError where that is too hard to say. */
  static neverBelow(problem: PatternProblem, floor: bigint, path: string): boolean {
    return PatternBound.least(problem, floor, path) >= floor;
  }

  /** `floor` if no pattern costs less; else a lower bound of all patterns that is below it. */
  static least(problem: PatternProblem, floor: bigint, path: string): bigint {
    const search = new PatternBound(problem, floor, path);
    const most = search.#mostUseful();
    if (most === null) throw new ProofError(path, 'replicas that are cheaper without end');
    const status = Int8Array.from(problem.items, ({ isRequired }) => (isRequired ? 1 : 0));
    const { u, v } = problem.advice;
    search.#search({ status, least: problem.least, most, u, v }, true);
    return search.#floor;
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

  /** Lowers the floor to what is not shown to cost more; what was passed before costs at least the higher one. */
  #search(node: SearchNode, isFirst = false): void {
    const narrowed = this.#narrow(node);
    if (narrowed === null) return;
    if (++this.#nodes > mostNodes) throw new ProofError(this.#path, 'a pattern problem is too hard to check');
    const { status, least, most } = narrowed;
    const ends = this.#replicaEnds(least, most);
    // At the first node advice closes most problems: doubles are made for the others.
    if (isFirst && this.#bound(narrowed, ends) >= this.#floor) return;
    const guide = this.#guide(narrowed, ends);
    const near = { u: this.#money(narrowed.u), v: this.#money(narrowed.v) };
    const isOpen = isFirst || !this.#isHopeful(narrowed, valueAt(guide, near.u, near.v));
    if (!isOpen && this.#bound(narrowed, ends) >= this.#floor) return;
    const point = bestMultipliers(guide, near);
    const multiplier = (value: number) => toMultiplier(value) << this.#shift();
    const guided = { ...narrowed, u: multiplier(point.u), v: multiplier(point.v) };
    if (isFirst) Object.assign(this.#problem.advice, { u: guided.u, v: guided.v });
    if (this.#isHopeful(narrowed, point) && this.#bound(guided, ends) >= this.#floor) return;
    const t = this.#branchingItem(narrowed, insideOf(guide, point));
    if (t >= 0) {
      for (const into of [1, -1]) this.#search({ ...guided, status: status.with(t, into) });
      return;
    }
    const below = BigInt(Math.floor(point.replicas));
    if (least < most && isFractional(point.replicas) && below >= least && below < most) {
      this.#search({ ...guided, most: below });
      this.#search({ ...guided, least: below + 1n });
      return;
    }
    this.#floor = smaller(this.#floor, this.#bound(guided, ends));
  }

  /** Whether the exact bound may reach the floor. */
  #isHopeful(node: Narrowed, { value }: GuidePoint): boolean {
    const floor = this.#money(this.#floor);
    return value + this.#money(this.#charges(node)) >= floor - doubt * (Math.abs(value) + Math.abs(floor));
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

  #bound({ status, highs, u, v }: Narrowed, ends: readonly bigint[]): bigint {
    let sum: bigint | null = null;
    for (const m of ends) {
      const cost = this.#rental(m) - (u + v) * m;
      if (sum === null || cost < sum) sum = cost;
    }
    let total = sum!;
    for (let t = 0; t < this.#items.length; t++) {
      if (status[t] < 0) continue;
      const item = this.#items[t];
      const rate = item.rate + ((u * item.cache + v * item.load) >> bits);
      const cost = item.fixed + ((rate * (rate < 0n ? highs.exact[t] : item.low)) >> bits);
      if (status[t] === 1 || cost < 0n) total += cost;
    }
    return total + this.#charges({ status });
  }

  /** Of subset rows. */
  #charges({ status }: Pick<Narrowed, 'status'>): bigint {
    let total = 0n;
    for (const { at, price } of this.#subsets()) {
      let inside = 0;
      for (const t of at) if (status[t] === 1) inside++;
      if (inside >= 2) total += price;
    }
    return total;
  }

  #subsets() {
    if (this.#charged !== null) return this.#charged;
    const position = new Map(this.#items.map(({ queryType }, t) => [queryType, t]));
    this.#charged = this.#problem.subsets
      .map(({ members, price }) => ({ at: members.flatMap((i) => position.get(i) ?? []), price }))
      .filter(({ at }) => at.length >= 2);
    return this.#charged;
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

  /** An open item that is partly in; else one that a subset row may charge for; -1: none. */
  #branchingItem({ status }: Narrowed, inside: Float64Array): number {
    let best = -1;
    let most = 0;
    this.#items.forEach(({ cache, load }, t) => {
      if (status[t] !== 0 || !isFractional(inside[t])) return;
      const size = Number(larger(cache, load)) + 1;
      if (size <= most) return;
      best = t;
      most = size;
    });
    if (best >= 0) return best;
    for (const { at } of this.#subsets()) {
      const chosen = at.filter((t) => inside[t] > 0.5);
      const open = chosen.find((t) => status[t] === 0);
      if (chosen.length >= 2 && open !== undefined) return open;
    }
    return -1;
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
