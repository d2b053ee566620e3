/**
 * All patterns of a deployment with a number of replicas whose reduced cost is below a limit (Baldacci, Christofides,
 * Mingozzi, Mathematical Programming 115 (2008)): once the gap is small no cheaper plan can hold any other, and they
 * are few. A pattern is a set of query types here, at the fractions that cost least; whoever enumerates makes sure that
 * no row of the master looks at fractions.
 *
 * A set S costs
 *
 *   F + sum over S of (f_i + c_i x_i)  with  low_i <= x_i <= high_i,  sum a_i x_i <= 1,  sum b_i x_i <= 1,
 *
 * plus the charges of subset rows. For multipliers muA, muB >= 0 every set with all of C and none of D costs at least
 *
 *   F - muA - muB + sum over C of v_i + sum over the rest of min(0, v_i),
 *   v_i = f_i + min over x of (c_i + muA a_i + muB b_i) x
 *
 * and where that says little, one resource filled by whole items says more (wholeFill.ts). Heavy items are decided
 * first: what is light then fills what they leave.
 */
import { FractionKnapsack } from '../../heuristics/fractionKnapsack.ts';
import { neverStop, StopQuestion } from '../stopQuestion.ts';
import { BoundedItems, numBounds } from './boundedItems.ts';
import type { PatternPrices } from './patternPricer.ts';
import type { PatternTable } from './patternTable.ts';
import { WholeFill } from './wholeFill.ts';

/**
 * Told of each set: its entries of the table (the first `count`, in no order), the fractions there, and its reduced
 * cost. Returns whether to go on.
 */
export type TakePattern = (count: number, entries: Int32Array, fractions: Float64Array, reducedCost: number) => boolean;

export class PatternEnumerator {
  /** Sets looked at so far: the work done. */
  nodes = 0;
  readonly #table: PatternTable;
  readonly #capacitySlack: number;
  readonly #roomTolerance: number;
  readonly #knapsack: FractionKnapsack;
  /** Arrays of which are at hand below, for the inner loops. */
  readonly #items: BoundedItems;
  readonly #f: Float64Array;
  readonly #c: Float64Array;
  readonly #a: Float64Array;
  readonly #b: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #v: Float64Array;
  readonly #suffix: Float64Array;
  /** (depth, bound): the bound's part of the chosen. */
  readonly #chosenBound: Float64Array;
  /** (depth): room that the chosen leave at their least fractions, which only falls: below zero no further set fits. */
  readonly #roomA: Float64Array;
  readonly #roomB: Float64Array;
  /** (depth): the least that giving up a unit of a resource costs; Infinity: nothing can be. */
  readonly #shedA: Float64Array;
  readonly #shedB: Float64Array;
  readonly #chosen: Int32Array;
  readonly #outEntries: Int32Array;
  readonly #outFractions: Float64Array;
  /** (i): position + 1. */
  readonly #positionOf: Int32Array;
  /** (position): that of the member before it in its class of query types, or -1; and whether it is chosen. */
  readonly #before: Int32Array;
  readonly #isChosen: Uint8Array;
  #links: number[][] = [];
  #penalties: number[] = [];
  #membersIn = new Int32Array(0);
  #fixed = 0;
  #limit = 0;
  #nodesLeft = 0;
  /** Made where a deployment takes this many sets. */
  readonly #wholeFill: WholeFill;
  #fillAt = Infinity;
  #hasWholeFill = false;
  #question = new StopQuestion(neverStop, Infinity);
  #take: TakePattern = () => true;

  constructor(table: PatternTable) {
    this.#table = table;
    this.#capacitySlack = table.parameters.pool.capacitySlack;
    this.#roomTolerance = table.parameters.pricing.roomTolerance;
    const width = Math.max(1, table.widest);
    this.#knapsack = new FractionKnapsack(width);
    const items = new BoundedItems(table);
    this.#items = items;
    this.#f = items.f;
    this.#c = items.c;
    this.#a = items.a;
    this.#b = items.b;
    this.#low = items.low;
    this.#high = items.high;
    this.#v = items.v;
    this.#suffix = items.suffix;
    this.#chosenBound = new Float64Array(numBounds * (width + 1));
    this.#roomA = new Float64Array(width + 1).fill(1);
    this.#roomB = new Float64Array(width + 1).fill(1);
    this.#shedA = new Float64Array(width + 1).fill(Infinity);
    this.#shedB = new Float64Array(width + 1).fill(Infinity);
    this.#chosen = new Int32Array(width);
    this.#outEntries = new Int32Array(width);
    this.#outFractions = new Float64Array(width);
    this.#positionOf = new Int32Array(table.problem.numQueryTypes);
    this.#before = new Int32Array(width).fill(-1);
    this.#isChosen = new Uint8Array(width);
    this.#wholeFill = new WholeFill(table);
  }

  /**
   * Gives `take` every set of reduced cost below `limit`; `muA` and `muB` are multipliers for one replica. False if the
   * node limit or `shouldStop` struck, or `take` had enough, before the end.
   */
  enumerate(
    deployment: number,
    replicas: number,
    prices: PatternPrices,
    blocked: Uint8Array,
    muA: number,
    muB: number,
    limit: number,
    nodeLimit: number,
    take: TakePattern,
    shouldStop: () => boolean = neverStop,
  ): boolean {
    this.#limit = limit;
    this.#fixed = prices.rental(deployment, replicas);
    this.#nodesLeft = nodeLimit;
    this.#take = take;
    this.#hasWholeFill = false;
    this.#fillAt = this.nodes + this.#table.parameters.pool.fillAfter;
    this.#question = new StopQuestion(shouldStop, this.#table.parameters.pool.stopPeriod, this.nodes);
    const items = this.#items;
    const [allA, allB] = [muA * replicas, muB * replicas];
    if (!items.load(deployment, replicas, prices, blocked, allA, allB, this.#fixed, limit)) return true;
    for (let m = 0; m < numBounds; m++) this.#chosenBound[m] = this.#fixed - items.muA[m] - items.muB[m];
    this.#prepareSubsets(prices);
    if (this.#table.isMerged) this.#findMembersBefore();
    if (this.#fixed < limit) this.#offer(0, this.#fixed, 0, 0, 0);
    this.#search(0, 0, this.#fixed, 0, 0, 0);
    for (let s = 0; s < this.#items.count; s++) this.#positionOf[this.#table.queryType[this.#items.entry[s]]] = 0;
    return this.#nodesLeft >= 0;
  }

  /** Members of a class weigh the same, and so come in their order. */
  #findMembersBefore(): void {
    const { lead } = this.#table.alike.queryTypes;
    const last = new Map<number, number>();
    this.#isChosen.fill(0);
    for (let s = 0; s < this.#items.count; s++) {
      const first = lead[this.#table.queryType[this.#items.entry[s]]];
      this.#before[s] = last.get(first) ?? -1;
      last.set(first, s);
    }
  }

  #prepareSubsets(prices: PatternPrices): void {
    this.#links = [];
    this.#penalties = [];
    if (prices.subsets.length === 0) return;
    for (let s = 0; s < this.#items.count; s++) this.#positionOf[this.#table.queryType[this.#items.entry[s]]] = s + 1;
    for (let s = 0; s < this.#items.count; s++) this.#links.push([]);
    for (const { queryTypes, penalty } of prices.subsets) {
      const present = queryTypes.filter((i) => this.#positionOf[i] > 0);
      if (present.length < 2) continue;
      for (const i of present) this.#links[this.#positionOf[i] - 1].push(this.#penalties.length);
      this.#penalties.push(penalty);
    }
    this.#membersIn = new Int32Array(this.#penalties.length);
  }

  /**
   * Adds one more item from position `from` on to the chosen `depth` ones, of which `value` is the value at the largest
   * fractions with their charges, `charge` the charges alone.
   */
  #search(depth: number, from: number, value: number, charge: number, memory: number, compute: number): void {
    const n = this.#items.count;
    const limit = this.#limit;
    const stride = this.#items.width;
    const here = depth * numBounds;
    for (let s = from; s < n; s++) {
      // Of query types that are alike the first ones stand for all.
      if (this.#before[s] >= 0 && this.#isChosen[this.#before[s]] === 0) continue;
      this.nodes++;
      if (this.#question.at(this.nodes)) this.#nodesLeft = -1;
      if (this.#nodesLeft-- < 0) return;
      if (this.nodes === this.#fillAt) this.#prepareWholeFill();
      if (this.#rulesOut(s, value, memory, compute)) return;
      let hopeless = false;
      for (let m = 0; m < numBounds && !hopeless; m++) {
        hopeless = this.#chosenBound[here + m] + charge + this.#suffix[m * (stride + 1) + s] >= limit;
      }
      if (hopeless) return;
      // With s chosen.
      let nextCharge = charge;
      if (this.#penalties.length > 0) {
        for (const link of this.#links[s]) if (++this.#membersIn[link] === 2) nextCharge += this.#penalties[link];
      }
      for (let m = 0; m < numBounds; m++) {
        const total = this.#chosenBound[here + m] + this.#v[m * stride + s];
        this.#chosenBound[here + numBounds + m] = total;
        if (total + nextCharge + this.#suffix[m * (stride + 1) + s + 1] >= limit) hopeless = true;
      }
      if (!hopeless && this.#leavesRoom(depth, s)) {
        const high = this.#high[s];
        const nextValue = value + (nextCharge - charge) + this.#f[s] + this.#c[s] * high;
        const nextMemory = memory + this.#a[s] * high;
        const nextCompute = compute + this.#b[s] * high;
        if (!this.#rulesOut(s + 1, nextValue, nextMemory, nextCompute)) {
          this.#chosen[depth] = s;
          this.#isChosen[s] = 1;
          this.#offer(depth + 1, nextValue, nextCharge, nextMemory, nextCompute);
          this.#search(depth + 1, s + 1, nextValue, nextCharge, nextMemory, nextCompute);
          this.#isChosen[s] = 0;
        }
      }
      if (this.#penalties.length > 0) for (const link of this.#links[s]) this.#membersIn[link]--;
    }
  }

  /** Notes what the chosen `depth` items and s leave at their least fractions; whether that is room at all. */
  #leavesRoom(depth: number, s: number): boolean {
    const low = this.#low[s];
    const roomA = this.#roomA[depth] - this.#a[s] * low;
    const roomB = this.#roomB[depth] - this.#b[s] * low;
    if (roomA < -this.#roomTolerance || roomB < -this.#roomTolerance) return false;
    const next = depth + 1;
    const high = this.#high[s];
    const canShed = high > low;
    const gain = -this.#c[s];
    this.#roomA[next] = roomA;
    this.#roomB[next] = roomB;
    this.#shedA[next] = Math.min(this.#shedA[depth], canShed ? gain / this.#a[s] : Infinity);
    this.#shedB[next] = Math.min(this.#shedB[depth], canShed ? gain / this.#b[s] : Infinity);
    return true;
  }

  #prepareWholeFill(): void {
    const items = this.#items;
    this.#wholeFill.prepare(items, items.count, items.muA[0], items.muB[0]);
    this.#hasWholeFill = true;
  }

  #rulesOut(from: number, value: number, memory: number, compute: number): boolean {
    return this.#hasWholeFill && this.#wholeFill.rulesOut(from, value, memory, compute, this.#limit);
  }

  /** Takes the chosen set if its least cost is below the limit. */
  #offer(depth: number, valueAtLargest: number, charge: number, memory: number, compute: number): void {
    if (valueAtLargest >= this.#limit) return;
    const capacity = 1 + this.#capacitySlack;
    const fits = memory <= capacity && compute <= capacity;
    let value = valueAtLargest;
    const knapsack = this.#knapsack;
    if (!fits) {
      // What does not fit is given up where that costs least.
      const sheddingA = memory > capacity ? giving(memory - 1, this.#shedA[depth]) : 0;
      const sheddingB = compute > capacity ? giving(compute - 1, this.#shedB[depth]) : 0;
      if (valueAtLargest + Math.max(sheddingA, sheddingB) >= this.#limit) return;
      value = this.#fixed + charge;
      for (let d = 0; d < depth; d++) {
        const s = this.#chosen[d];
        const low = this.#low[s];
        value += this.#f[s] + this.#c[s] * low;
        knapsack.profit[d] = -this.#c[s];
        knapsack.memory[d] = this.#a[s];
        knapsack.load[d] = this.#b[s];
        knapsack.upper[d] = this.#high[s] - low;
      }
      knapsack.count = depth;
      value -= knapsack.solve(this.#roomA[depth], this.#roomB[depth]);
      if (value >= this.#limit) return;
    }
    for (let d = 0; d < depth; d++) {
      const s = this.#chosen[d];
      this.#outEntries[d] = this.#items.entry[s];
      this.#outFractions[d] = fits ? this.#high[s] : this.#low[s] + knapsack.value[d];
    }
    if (!this.#take(depth, this.#outEntries, this.#outFractions, value)) this.#nodesLeft = -1;
  }
}

/** What giving up `excess` costs. Where nothing can be given up it is rounding: beyond that there is no room. */
function giving(excess: number, shed: number): number {
  return shed === Infinity ? 0 : excess * shed;
}
