/**
 * Settles a node of a pool without branching, by going through its covers. At a Lagrangian bound L (dualPrices.ts) a
 * plan costs
 *
 *   L + sum over its patterns of their excess >= 0 + sum over subset rows that it leaves slack of their price
 *     + more >= 0,
 *
 * where the *excess* of a column is what its floor lies above L. Plans below a limit are thus exact covers of the query
 * types by columns of different pairs whose excesses sum to less than limit - L: few, where the bound is near. They are
 * gone through query type by query type, the one with the fewest columns first; GPUs that limits do not allow, and a
 * spend beyond the budget, end a path. What is still to be covered costs at least, for each query type, the least share
 * (excess / query types of the column) of a column that covers it. A subset row is slack for good once two of its
 * members are in different patterns.
 *
 * The limit rises in stages to the cutoff, so that the work depends on the cheapest plan there is, not on the one
 * known. Stages are cheap beside the last (each takes two to four times the one before), and each without a plan proves
 * its limit as a bound.
 */

import type { Steps } from '../../lp/steps.ts';
import { gpuLimits } from '../master/gpuRows.ts';
import type { SubsetPenalty } from '../pricing/subsetCharges.ts';
import { StopQuestion } from '../stopQuestion.ts';
import type { PatternPool } from './patternPool.ts';
import { bitsOfSets, countToTwo } from './queryTypeBits.ts';

export interface CoverLimits {
  /** L of the pass over the pool that `floor` comes from. */
  readonly value: number;
  /** What is proven already; at least `value`. */
  readonly bound: number;
  readonly cutoff: number;
  /** Columns that may be looked at, and plans as so many; a stage that would probably take more is not begun. */
  readonly effort: number;
  readonly shouldStop: () => boolean;
  /** Cost of the plan of these columns; Infinity where rows other than the covers forbid it. */
  readonly costOf: (columns: readonly number[]) => number;
}

interface Cover {
  readonly cost: number;
  /** Of the pool. */
  readonly columns: readonly number[];
}

export interface CoverOutcome {
  /** No plan is cheaper: the cost of the cheapest, or the cutoff, or what was proven before the search was given up. */
  readonly bound: number;
  /** The cheapest plan found below the cutoff; none is cheaper if it costs no more than `bound`. */
  readonly best: Cover | null;
}

/**
 * `list`: the sets that plans below the cutoff may hold, each by one of its columns and with a query type at least;
 * (column): `floor`.
 */
export function* searchCovers(
  pool: PatternPool,
  list: Int32Array,
  floor: Float64Array,
  subsets: readonly SubsetPenalty[],
  limits: CoverLimits,
): Steps<CoverOutcome> {
  const { value, cutoff, effort } = limits;
  let { bound } = limits;
  const { stages, stageGrowth, firstEffortGrowth } = pool.table.parameters.covers;
  const search = new CoverSearch(pool, list, floor, subsets, limits);
  let last = 0;
  for (let stage = stages - 1; stage >= 0; stage--) {
    const limit = stage === 0 ? cutoff : value + (cutoff - value) / stageGrowth ** stage;
    if (limit <= bound) continue;
    const before = search.effort;
    const best = search.run(limit);
    if (search.isStopped) return { bound, best };
    if (best !== null) return { bound: best.cost, best };
    bound = limit;
    const spent = search.effort - before;
    const growth = last === 0 ? firstEffortGrowth : Math.max(1, spent / last);
    if (stage > 0 && search.effort + spent * growth > effort) break;
    last = spent;
    yield;
  }
  return { bound, best: null };
}

/** Positions are those of the columns in the order of their excess. */
class CoverSearch {
  /** Columns looked at, and what plans count as. */
  effort = 0;
  isStopped = false;
  readonly #limits: CoverLimits;
  readonly #tolerance: number;
  readonly #planEffort: number;
  readonly #numQueryTypes: number;
  /** (position): column of the pool, its excess, pair, and query types, as a list and as bits. */
  readonly #column: Int32Array;
  readonly #excess: Float64Array;
  readonly #pair: Int32Array;
  readonly #tier: Int32Array;
  readonly #gpus: Int32Array;
  readonly #start: Int32Array;
  readonly #queryType: Int32Array;
  readonly #bits: Int32Array;
  readonly #numWords: number;
  /** (row, word): members of the subset rows as bits; (row): their prices. */
  readonly #rowBits: Int32Array;
  readonly #rowPrice: Float64Array;
  /** (depth): positions that fit before, and after, the next column is chosen. */
  readonly #fitting: Int32Array[] = [];
  readonly #remaining: Int32Array[] = [];
  /** (query type): how many it stands for are to be covered still; (pair): how many are to be rented. */
  readonly #uncovered: Int32Array;
  readonly #unrented: Int32Array;
  /** Query types that stand for more than themselves; they have no bits here. */
  readonly #stands: Uint8Array;
  readonly #coveredBits: Int32Array;
  readonly #chosen: number[] = [];
  readonly #gpuLimits: ReturnType<typeof gpuLimits>;
  /** (limit): what is left of it beside the chosen columns. */
  readonly #roomLeft: Float64Array;
  /** (position): what the set counts in the budget row at least; and what is left of the budget. */
  readonly #spend: Float64Array;
  #budgetLeft: number;
  readonly #share: Float64Array;
  readonly #uses: Int32Array;
  #room = 0;
  readonly #question: StopQuestion;
  #best: Cover | null = null;

  constructor(
    pool: PatternPool,
    list: Int32Array,
    floor: Float64Array,
    subsets: readonly SubsetPenalty[],
    limits: CoverLimits,
  ) {
    const { numQueryTypes } = pool.table.problem;
    const { numWords } = pool;
    const { roundingShare, stopPeriod, planEffort } = pool.table.parameters.covers;
    this.#planEffort = planEffort;
    this.#question = new StopQuestion(limits.shouldStop, stopPeriod);
    this.#limits = limits;
    this.#tolerance = roundingShare * Math.max(1, Math.abs(limits.cutoff));
    this.#numQueryTypes = numQueryTypes;
    this.#column = list.slice().sort((one, other) => floor[one] - floor[other] || one - other);
    this.#excess = Float64Array.from(this.#column, (c) => Math.max(0, floor[c] - limits.value));
    this.#pair = this.#column.map((c) => pool.pairOf(c));
    this.#tier = this.#column.map((c) => pool.tierOf(c));
    this.#gpus = this.#column.map((c) => pool.gpusOf(c));
    this.#gpuLimits = gpuLimits(pool.table.problem);
    this.#roomLeft = Float64Array.from(this.#gpuLimits, ({ most }) => most * (1 + roundingShare));
    const { budget, problem } = pool.table;
    const hasBudget = budget < Infinity;
    this.#spend = Float64Array.from(this.#column, (c) => (hasBudget ? pool.leastSpend(c) : 0));
    this.#budgetLeft = hasBudget ? budget + roundingShare * problem.budget : Infinity;
    this.#start = new Int32Array(list.length + 1);
    this.#column.forEach((c, at) => {
      this.#start[at + 1] = this.#start[at] + pool.queryTypesOf(c).length;
    });
    this.#queryType = new Int32Array(this.#start[list.length]);
    this.#numWords = numWords;
    this.#bits = new Int32Array(list.length * numWords);
    const { pairs, queryTypes: alike } = pool.table.alike;
    this.#uncovered = alike.copies.slice();
    this.#unrented = pairs.copies.slice();
    this.#stands = Uint8Array.from(alike.copies, (count) => (count > 1 ? 1 : 0));
    const single = alike.members.flatMap((members) => (members.length === 1 ? members : []));
    const different = bitsOfSets([single], numWords);
    this.#column.forEach((c, at) => {
      const leads = pool.queryTypesOf(c).map((i) => alike.lead[i]);
      this.#queryType.set(leads, this.#start[at]);
      for (let w = 0; w < numWords; w++) this.#bits[at * numWords + w] = pool.bits[c * numWords + w] & different[w];
    });
    this.#rowBits = bitsOfSets(
      subsets.map(({ queryTypes }) => queryTypes),
      numWords,
    );
    this.#rowPrice = Float64Array.from(subsets, ({ penalty }) => penalty);
    this.#coveredBits = new Int32Array(numWords);
    this.#share = new Float64Array(numQueryTypes);
    this.#uses = new Int32Array(numQueryTypes);
  }

  /** The cheapest plan below `limit`, or null; if `isStopped` afterwards, of those met. */
  run(limit: number): Cover | null {
    this.#best = null;
    this.#room = limit - this.#limits.value;
    const all = this.#column.map((_, at) => at);
    this.#descend(all, all.length, 0, this.#numQueryTypes, 0);
    return this.#best;
  }

  /** `list[0 .. count - 1]`: positions disjoint from what is chosen, by excess; `spent` of the room is used up. */
  #descend(list: Int32Array, count: number, spent: number, left: number, depth: number): void {
    if (left === 0) {
      this.#offer();
      this.effort += this.#planEffort;
      this.#shouldStop();
      return;
    }
    this.effort += count;
    if (this.#shouldStop()) return;
    const fit = levelOf(this.#fitting, depth, count);
    const size = this.#collect(list, count, this.#room + this.#tolerance - spent, fit);
    const pick = size > 0 ? this.#scarcest() : -1;
    if (pick < 0) return;
    const rest = levelOf(this.#remaining, depth, size);
    for (let k = 0; k < size && !this.isStopped; k++) {
      const at = fit[k];
      if (!this.#holds(at, pick) || !this.#keepsLimits(at)) continue;
      const used = spent + this.#excess[at] + this.#newlySlack(at);
      const room = this.#room + this.#tolerance - used;
      if (room < 0) continue;
      this.#choose(at);
      const num = this.#compatible(at, pick, fit, size, room, rest);
      this.#descend(rest, num, used, left - (this.#start[at + 1] - this.#start[at]), depth + 1);
      this.#takeBack(at);
    }
  }

  /**
   * Those of the list that a cover within the room can hold, by the shares of the query types; counts their `#uses`.
   */
  #collect(list: Int32Array, count: number, room: number, fit: Int32Array): number {
    const share = this.#share.fill(Infinity);
    const start = this.#start;
    const queryType = this.#queryType;
    let end = 0;
    for (; end < count && this.#excess[list[end]] <= room; end++) {
      const at = list[end];
      const value = this.#excess[at] / (start[at + 1] - start[at]);
      for (let t = start[at]; t < start[at + 1]; t++) if (value < share[queryType[t]]) share[queryType[t]] = value;
    }
    let total = 0;
    for (let i = 0; i < share.length; i++) if (this.#uncovered[i] > 0) total += share[i] * this.#uncovered[i];
    if (!(total <= room)) return 0;
    this.#uses.fill(0);
    let size = 0;
    for (let k = 0; k < end; k++) {
      const at = list[k];
      let least = this.#excess[at] + total;
      for (let t = start[at]; t < start[at + 1]; t++) least -= share[queryType[t]];
      if (least > room) continue;
      fit[size++] = at;
      for (let t = start[at]; t < start[at + 1]; t++) this.#uses[queryType[t]]++;
    }
    return size;
  }

  /** The query type to be covered that the fewest of the collected columns cover; -1 if none covers it. */
  #scarcest(): number {
    let pick = -1;
    for (let i = 0; i < this.#numQueryTypes; i++) {
      if (this.#uncovered[i] > 0 && (pick < 0 || this.#uses[i] < this.#uses[pick])) pick = i;
    }
    return this.#uses[pick] > 0 ? pick : -1;
  }

  /**
   * Those that a plan may hold beside the chosen columns, `at` last of them. Of several that hold `pick` the first is
   * chosen first.
   */
  #compatible(at: number, pick: number, fit: Int32Array, size: number, room: number, rest: Int32Array): number {
    const numWords = this.#numWords;
    const bits = this.#bits;
    const standsForMore = this.#stands[pick] === 1;
    let num = 0;
    let k = 0;
    for (; k < size; k++) {
      const other = fit[k];
      if (this.#excess[other] > room) break;
      let common = 0;
      for (let w = 0; w < numWords; w++) common |= bits[at * numWords + w] & bits[other * numWords + w];
      if (common !== 0 || this.#unrented[this.#pair[other]] === 0) continue;
      if (this.#spend[other] > this.#budgetLeft) continue;
      if (standsForMore && other < at && this.#holds(other, pick)) continue;
      if (this.#isLeft(other)) rest[num++] = other;
    }
    this.effort += k;
    return num;
  }

  /** Whether so many as the column holds of query types that stand for more are to be covered still. */
  #isLeft(at: number): boolean {
    for (let t = this.#start[at]; t < this.#start[at + 1]; t++) {
      const i = this.#queryType[t];
      if (this.#stands[i] === 0) continue;
      let held = 0;
      for (let u = this.#start[at]; u < this.#start[at + 1]; u++) if (this.#queryType[u] === i) held++;
      if (held > this.#uncovered[i]) return false;
    }
    return true;
  }

  /** Prices of the rows of which one member is covered and the column holds one other. */
  #newlySlack(at: number): number {
    const numWords = this.#numWords;
    let total = 0;
    for (let row = 0; row < this.#rowPrice.length; row++) {
      let covered = 0;
      let held = 0;
      for (let w = 0; w < numWords; w++) {
        const members = this.#rowBits[row * numWords + w];
        covered += countToTwo(members & this.#coveredBits[w]);
        held += countToTwo(members & this.#bits[at * numWords + w]);
      }
      if (covered === 1 && held === 1) total += this.#rowPrice[row];
    }
    return total;
  }

  #holds(at: number, queryType: number): boolean {
    for (let t = this.#start[at]; t < this.#start[at + 1]; t++) if (this.#queryType[t] === queryType) return true;
    return false;
  }

  #keepsLimits(at: number): boolean {
    if (this.#spend[at] > this.#budgetLeft) return false;
    return this.#gpuLimits.every(({ perGpu }, l) => {
      const use = perGpu[this.#tier[at]] * this.#gpus[at];
      return use === 0 || use <= this.#roomLeft[l];
    });
  }

  #useGpus(at: number, sign: number): void {
    this.#gpuLimits.forEach(({ perGpu }, l) => {
      this.#roomLeft[l] -= sign * perGpu[this.#tier[at]] * this.#gpus[at];
    });
  }

  #choose(at: number): void {
    this.#chosen.push(at);
    this.#budgetLeft -= this.#spend[at];
    this.#useGpus(at, 1);
    this.#unrented[this.#pair[at]]--;
    for (let t = this.#start[at]; t < this.#start[at + 1]; t++) this.#uncovered[this.#queryType[t]]--;
    for (let w = 0; w < this.#numWords; w++) this.#coveredBits[w] |= this.#bits[at * this.#numWords + w];
  }

  #takeBack(at: number): void {
    this.#chosen.pop();
    this.#budgetLeft += this.#spend[at];
    this.#useGpus(at, -1);
    this.#unrented[this.#pair[at]]++;
    for (let t = this.#start[at]; t < this.#start[at + 1]; t++) this.#uncovered[this.#queryType[t]]++;
    for (let w = 0; w < this.#numWords; w++) this.#coveredBits[w] &= ~this.#bits[at * this.#numWords + w];
  }

  #offer(): void {
    const columns = this.#chosen.map((at) => this.#column[at]);
    const cost = this.#limits.costOf(columns);
    if (!(cost < this.#limits.value + this.#room)) return;
    this.#room = cost - this.#limits.value;
    this.#best = { cost, columns };
  }

  #shouldStop(): boolean {
    if (this.effort > this.#limits.effort) this.isStopped = true;
    if (this.#question.at(this.effort)) this.isStopped = true;
    return this.isStopped;
  }
}

function levelOf(levels: Int32Array[], depth: number, size: number): Int32Array {
  if ((levels[depth]?.length ?? 0) < size) levels[depth] = new Int32Array(size);
  return levels[depth];
}
