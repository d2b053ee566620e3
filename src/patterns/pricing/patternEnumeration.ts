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
 *   v_i = f_i + min over x of (c_i + muA a_i + muB b_i) x,
 *
 * and where that says little, one resource filled by whole items says more (wholeFill.ts). Heavy items are decided
 * first: what is light then fills what they leave.
 */
import { FractionKnapsack } from '../../heuristics/fractionKnapsack.ts';
import { fractionTolerance } from '../../model/compiled/planningProblem.ts';
import { neverStop, StopQuestion } from '../stopQuestion.ts';
import type { PatternPrices } from './patternPricer.ts';
import { fractionWith, type PatternTable } from './patternTable.ts';
import { WholeFill } from './wholeFill.ts';

/**
 * Multipliers that bound: a mix of both resources, memory alone, compute alone, the mix for half-empty sets, none for
 * nearly empty ones.
 */
const numBounds = 5;

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
  readonly #order: Int32Array;
  readonly #key: Float64Array;
  /** (item): heavy ones first once sorted. */
  readonly #entry: Int32Array;
  readonly #f: Float64Array;
  readonly #c: Float64Array;
  readonly #a: Float64Array;
  readonly #b: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #muA: Float64Array;
  readonly #muB: Float64Array;
  /** (bound, item): v; and (bound, position): sum of min(0, v) from there on. */
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
  readonly #weight: Float64Array;
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
  #numItems = 0;
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
    this.#order = new Int32Array(width);
    this.#key = new Float64Array(width);
    this.#entry = new Int32Array(width);
    this.#f = new Float64Array(width);
    this.#c = new Float64Array(width);
    this.#a = new Float64Array(width);
    this.#b = new Float64Array(width);
    this.#low = new Float64Array(width);
    this.#high = new Float64Array(width);
    this.#muA = new Float64Array(numBounds);
    this.#muB = new Float64Array(numBounds);
    this.#v = new Float64Array(numBounds * width);
    this.#suffix = new Float64Array(numBounds * (width + 1));
    this.#chosenBound = new Float64Array(numBounds * (width + 1));
    this.#roomA = new Float64Array(width + 1).fill(1);
    this.#roomB = new Float64Array(width + 1).fill(1);
    this.#shedA = new Float64Array(width + 1).fill(Infinity);
    this.#shedB = new Float64Array(width + 1).fill(Infinity);
    this.#weight = new Float64Array(width);
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
    if (!this.#load(deployment, replicas, prices, blocked, muA * replicas, muB * replicas)) return true;
    this.#prepareSubsets(prices);
    if (this.#table.isMerged) this.#findMembersBefore();
    if (this.#fixed < limit) this.#offer(0, this.#fixed, 0, 0, 0);
    this.#search(0, 0, this.#fixed, 0, 0, 0);
    for (let s = 0; s < this.#numItems; s++) this.#positionOf[this.#table.queryType[this.#entry[s]]] = 0;
    return this.#nodesLeft >= 0;
  }

  /** Lays the items out. False if no set is below the limit. */
  #load(
    deployment: number,
    replicas: number,
    prices: PatternPrices,
    blocked: Uint8Array,
    muA: number,
    muB: number,
  ): boolean {
    const table = this.#table;
    const placementCost = prices.placementCost[table.pair[deployment]];
    let n = 0;
    const isFull = replicas === table.mostReplicas[deployment];
    for (let e = table.start[deployment]; e < table.start[deployment + 1]; e++) {
      if (blocked[e] === 1) continue;
      const largest = isFull ? table.high[e] : fractionWith(table, e, replicas);
      if (largest < table.low[e] - fractionTolerance) continue;
      this.#entry[n] = e;
      this.#f[n] = placementCost - prices.cover[table.queryType[e]];
      this.#c[n] = prices.rateFactor * table.rate[e] + (prices.extraRate?.[table.at[e]] ?? 0);
      this.#a[n] = table.memory[e] / replicas;
      this.#b[n] = table.compute[e] / replicas;
      this.#low[n] = Math.min(table.low[e], largest);
      this.#high[n] = this.#c[n] < 0 ? largest : this.#low[n];
      n++;
    }
    this.#numItems = n;
    this.#findMultipliers(muA, muB);
    const kept = this.#dropHopeless();
    if (kept < 0) return false;
    this.#sort();
    return true;
  }

  #findMultipliers(muA: number, muB: number): void {
    this.#scale(1, 1, 0, 1);
    this.#scale(2, 0, 1, 1);
    const isMixed = muA + muB > 0;
    const single = this.#muA[1] > 0 ? 1 : 2;
    const mixA = isMixed ? muA : this.#muA[single];
    const mixB = isMixed ? muB : this.#muB[single];
    this.#scale(0, mixA, mixB, 1);
    this.#scale(3, mixA, mixB, this.#table.parameters.pool.halfRoom);
    this.#muA[4] = 0;
    this.#muB[4] = 0;
  }

  /** Sets a bound's multipliers to the best multiple of (a, b) for sets that may use `share` of the room. */
  #scale(bound: number, a: number, b: number, share: number): void {
    const n = this.#numItems;
    const weight = this.#weight;
    let size = 0;
    for (let t = 0; t < n; t++) {
      const piece = this.#pieceOf(t);
      weight[t] = (a * this.#a[t] + b * this.#b[t]) * this.#high[t];
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
    this.#muA[bound] = multiple * a;
    this.#muB[bound] = multiple * b;
  }

  /** What an item gains at most beside min(0, f). */
  #pieceOf(item: number): number {
    return Math.max(0, this.#f[item]) + this.#c[item] * this.#high[item];
  }

  #valueAt(item: number, bound: number): number {
    const slope = this.#c[item] + this.#muA[bound] * this.#a[item] + this.#muB[bound] * this.#b[item];
    return this.#f[item] + slope * (slope < 0 ? this.#high[item] : this.#low[item]);
  }

  /** Removes items that no set below the limit holds; -1 if there is no such set. */
  #dropHopeless(): number {
    let n = this.#numItems;
    for (let m = 0; m < numBounds; m++) {
      let base = this.#fixed - this.#muA[m] - this.#muB[m];
      for (let t = 0; t < n; t++) base += Math.min(0, this.#valueAt(t, m));
      if (base >= this.#limit) return -1;
      let kept = 0;
      for (let t = 0; t < n; t++) {
        if (base + Math.max(0, this.#valueAt(t, m)) >= this.#limit) continue;
        this.#move(t, kept++);
      }
      n = kept;
    }
    this.#numItems = n;
    return n;
  }

  #move(from: number, to: number): void {
    this.#entry[to] = this.#entry[from];
    this.#f[to] = this.#f[from];
    this.#c[to] = this.#c[from];
    this.#a[to] = this.#a[from];
    this.#b[to] = this.#b[from];
    this.#low[to] = this.#low[from];
    this.#high[to] = this.#high[from];
  }

  #sort(): void {
    const n = this.#numItems;
    const order = this.#order;
    const key = this.#key;
    for (let t = 0; t < n; t++) {
      order[t] = t;
      key[t] = -Math.max(this.#a[t], this.#b[t]) * this.#high[t];
    }
    sortBy(order, key, n);
    for (const array of [this.#f, this.#c, this.#a, this.#b, this.#low, this.#high]) {
      for (let s = 0; s < n; s++) key[s] = array[order[s]];
      for (let s = 0; s < n; s++) array[s] = key[s];
    }
    for (let s = 0; s < n; s++) key[s] = this.#entry[order[s]];
    for (let s = 0; s < n; s++) this.#entry[s] = key[s];
    for (let m = 0; m < numBounds; m++) {
      this.#chosenBound[m] = this.#fixed - this.#muA[m] - this.#muB[m];
      const v = m * this.#order.length;
      const suffix = m * (this.#order.length + 1);
      this.#suffix[suffix + n] = 0;
      for (let s = n - 1; s >= 0; s--) {
        this.#v[v + s] = this.#valueAt(s, m);
        this.#suffix[suffix + s] = this.#suffix[suffix + s + 1] + Math.min(0, this.#v[v + s]);
      }
    }
  }

  /** Members of a class weigh the same, and so come in their order. */
  #findMembersBefore(): void {
    const { lead } = this.#table.alike.queryTypes;
    const last = new Map<number, number>();
    this.#isChosen.fill(0);
    for (let s = 0; s < this.#numItems; s++) {
      const first = lead[this.#table.queryType[this.#entry[s]]];
      this.#before[s] = last.get(first) ?? -1;
      last.set(first, s);
    }
  }

  #prepareSubsets(prices: PatternPrices): void {
    this.#links = [];
    this.#penalties = [];
    if (prices.subsets.length === 0) return;
    for (let s = 0; s < this.#numItems; s++) this.#positionOf[this.#table.queryType[this.#entry[s]]] = s + 1;
    for (let s = 0; s < this.#numItems; s++) this.#links.push([]);
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
    const n = this.#numItems;
    const limit = this.#limit;
    const stride = this.#order.length;
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
    const items = { f: this.#f, c: this.#c, a: this.#a, b: this.#b, low: this.#low, high: this.#high };
    this.#wholeFill.prepare(items, this.#numItems, this.#muA[0], this.#muB[0]);
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
      this.#outEntries[d] = this.#entry[s];
      this.#outFractions[d] = fits ? this.#high[s] : this.#low[s] + knapsack.value[d];
    }
    if (!this.#take(depth, this.#outEntries, this.#outFractions, value)) this.#nodesLeft = -1;
  }
}

/** What giving up `excess` costs. Where nothing can be given up it is rounding: beyond that there is no room. */
function giving(excess: number, shed: number): number {
  return shed === Infinity ? 0 : excess * shed;
}

/** Sorts the first `size` of `order` by rising key; ties by number. */
function sortBy(order: Int32Array, key: Float64Array, size: number): void {
  order.subarray(0, size).sort((one, other) => key[one] - key[other] || one - other);
}
