/**
 * Placing query types that are unplaced: each either joins a pair that is rented or opens one; opening is judged for a
 * whole group at once, by what its members save against their best other insertion. With everything unplaced this
 * constructs a plan; after a removal it repairs one.
 */
import type { Steps } from '../lp/steps.ts';
import type { PlacementState } from './placementState.ts';
import type { SeededRandom } from './seededRandom.ts';
import { emptyUse } from './sharedLimits.ts';

export interface InsertionStyle {
  /** Pairs of each query type's ranking that may be opened for it. */
  readonly breadth: number;
  /** Groups are grown in the order of gain per size rather than gain. */
  readonly byDensity: boolean;
  /** A pair that is not opened; -1: none. */
  readonly banned: number;
  /** Randomises; null: greedy. */
  readonly random: SeededRandom | null;
  /** Asked for each query type; true means that the rest is placed quickly rather than well. Default: never. */
  readonly shouldStop?: () => boolean;
}

export class Inserter {
  readonly state: PlacementState;
  /** (i): pairs by the cost of serving it alone, cheapest first. */
  readonly alone: Int32Array[] = [];
  /** (i): that least cost, Infinity if nothing can serve it. */
  readonly aloneCost: Float64Array;
  readonly #aloneCostAt: Float64Array;
  /* Cache of insertion costs at (i, pair), valid while the pair's version is the noted one. */
  readonly #cost: Float64Array;
  readonly #costVersion: Int32Array;
  /* Cache of removal gains by query type, with the pair and version they hold for. */
  readonly #gain: Float64Array;
  readonly #gainPair: Int32Array;
  readonly #gainVersion: Int32Array;
  readonly #use = emptyUse();
  readonly #worth: Float64Array;

  constructor(state: PlacementState) {
    const { numQueryTypes, numPairs } = state.problem;
    this.state = state;
    this.#cost = new Float64Array(numQueryTypes * numPairs);
    this.#costVersion = new Int32Array(numQueryTypes * numPairs).fill(-1);
    this.#gain = new Float64Array(numQueryTypes);
    this.#gainPair = new Int32Array(numQueryTypes).fill(-1);
    this.#gainVersion = new Int32Array(numQueryTypes);
    this.#worth = new Float64Array(numQueryTypes);
    this.#aloneCostAt = new Float64Array(numQueryTypes * numPairs);
    this.aloneCost = new Float64Array(numQueryTypes).fill(Infinity);
  }

  /** Ranks the pairs of each query type: to be done once before all else. */
  *prepare(): Steps<void> {
    for (let i = 0; i < this.state.problem.numQueryTypes; i++) {
      this.alone.push(this.#rankAlone(i));
      yield;
    }
  }

  #rankAlone(i: number): Int32Array {
    const { state } = this;
    const { evaluator, problem } = state;
    const able: number[] = [];
    for (let pair = 0; pair < problem.numPairs; pair++) {
      if (problem.deploymentsOfPair[pair].length === 0) continue;
      const at = i * problem.numPairs + pair;
      const fits = evaluator.evaluate(pair, [], -1, i, this.#use);
      this.#aloneCostAt[at] = fits ? this.#use.cost : Infinity;
      // Insertion costs it too as long as nobody else is there.
      if (state.members[pair].length === 0) {
        this.#cost[at] = this.#aloneCostAt[at] - state.uses[pair].cost;
        this.#costVersion[at] = state.version[pair];
      }
      if (fits) able.push(pair);
    }
    const costAt = (pair: number) => this.#aloneCostAt[i * problem.numPairs + pair];
    able.sort((a, b) => costAt(a) - costAt(b) || a - b);
    if (able.length > 0) this.aloneCost[i] = costAt(able[0]);
    return Int32Array.from(able);
  }

  /** What `pair` costs more with `i` among its members (without shared limits); Infinity if it cannot hold it. */
  insertionCost(i: number, pair: number): number {
    const { state } = this;
    const at = i * state.problem.numPairs + pair;
    if (this.#costVersion[at] !== state.version[pair]) {
      const fits = state.evaluator.evaluate(pair, state.members[pair], -1, i, this.#use);
      this.#cost[at] = fits ? this.#use.cost - state.uses[pair].cost : Infinity;
      this.#costVersion[at] = state.version[pair];
    }
    return this.#cost[at];
  }

  /** The insertion cost, with priced limits where they are `tight`. */
  #judged(i: number, pair: number, tight: boolean): number {
    if (!tight) return this.insertionCost(i, pair);
    this.state.beginMove();
    this.state.changeMembers(pair, -1, i);
    return this.state.priceMove();
  }

  /** What its pair saves without `i`. */
  removalGain(i: number): number {
    const { state } = this;
    const pair = state.pairOf[i];
    if (pair < 0) return state.unplacedCost[i];
    if (this.#gainPair[i] !== pair || this.#gainVersion[i] !== state.version[pair]) {
      const fits = state.evaluator.evaluate(pair, state.members[pair], i, -1, this.#use);
      this.#gain[i] = fits ? state.uses[pair].cost - this.#use.cost : 0;
      this.#gainPair[i] = pair;
      this.#gainVersion[i] = state.version[pair];
    }
    return this.#gain[i];
  }

  /**
   * The group of `pool` that pair `pair`, now without members, would best take when `worth[i]` is gained by taking i:
   * grown greedily in the order of gain, or of gain per share of the largest deployment's room. Returns its saving and
   * fills `group` (ascending); 0 where no group can save more than `atLeast`.
   */
  attract(
    pair: number,
    pool: readonly number[],
    worth: Float64Array,
    group: number[],
    byDensity = false,
    random: SeededRandom | null = null,
    atLeast = 0,
  ): number {
    const { state } = this;
    const { problem, evaluator } = state;
    const { deployments } = problem;
    group.length = 0;
    const list = problem.deploymentsOfPair[pair];
    const largest = list[list.length - 1];
    const memory = deployments.memoryRoom[largest] * deployments.gpus[largest] + 1e-9;
    const load = deployments.loadCapacity[largest] + 1e-9;
    const order: { i: number; key: number }[] = [];
    let possible = 0;
    for (const i of pool) {
      const at = i * deployments.count + largest;
      const most = problem.maxFraction[at];
      if (most < 0 || (random && random.next() < state.parameters.insertion.overlookChance)) continue;
      const gain = worth[i] - problem.unmetCost[i] + Math.max(0, problem.unmetCost[i] - problem.servingCost[at]) * most;
      if (gain <= 0) continue;
      possible += gain;
      const size = problem.cacheUse[at] / memory + problem.loadUse[at] / load;
      order.push({ i, key: byDensity ? gain / (size * most + 1e-6) : gain });
    }
    if (possible - deployments.rental[list[0]] <= atLeast) return 0;
    order.sort((a, b) => b.key - a.key || a.i - b.i);
    let cost = 0;
    let saving = 0;
    let best = 0;
    for (const { i } of order) {
      if (!evaluator.evaluate(pair, group, -1, i, this.#use)) continue;
      const change = this.#use.cost - cost;
      if (group.length > 0 && change >= worth[i]) continue;
      group.push(i);
      cost = this.#use.cost;
      saving += worth[i] - change;
      best = Math.max(best, saving);
    }
    group.sort((a, b) => a - b);
    return saving;
  }

  /** Places all of `pool` (unplaced now). What fits nowhere stays unplaced. */
  *insertAll(pool: readonly number[], style: InsertionStyle): Steps<void> {
    const { breadth, byDensity, banned, random, shouldStop = () => false } = style;
    const { state } = this;
    const worth = this.#worth;
    let left = [...pool];
    const group: number[] = [];
    const bestGroup: number[] = [];
    while (left.length > 0) {
      yield;
      const tight = state.limits.isTight();
      let regretQuery = -1;
      let regretPair = -1;
      let largestRegret = -Infinity;
      const openable = new Set<number>();
      for (const i of left) {
        if (shouldStop()) {
          this.#insertInOrder(left);
          return;
        }
        let first = Infinity;
        let second = Infinity;
        let pairOfFirst = -1;
        const consider = (pair: number, cost: number) => {
          if (cost < first) {
            second = first;
            first = cost;
            pairOfFirst = pair;
          } else if (cost < second) second = cost;
        };
        const overlooks = () => random !== null && random.next() < state.parameters.insertion.overlookChance;
        for (const pair of state.rented) if (!overlooks()) consider(pair, this.#judged(i, pair, tight));
        const ranking = this.alone[i];
        let taken = 0;
        for (let t = 0; t < ranking.length && taken < breadth; t++) {
          const pair = ranking[t];
          if (state.uses[pair].deployment >= 0 || pair === banned) continue;
          taken++;
          if (overlooks()) continue;
          consider(pair, this.#judged(i, pair, tight));
          openable.add(pair);
        }
        worth[i] = Math.min(first, state.unplacedCost[i]);
        if (pairOfFirst < 0 || first >= state.unplacedCost[i]) continue;
        const regret = (second === Infinity ? state.unplacedCost[i] : second) - first;
        if (regret > largestRegret) {
          largestRegret = regret;
          regretQuery = i;
          regretPair = pairOfFirst;
        }
      }
      if (regretQuery < 0) return;
      let bestSaving = state.parameters.insertion.improvementTolerance * Math.abs(state.objective);
      let bestPair = -1;
      if (left.length > 1) {
        for (const pair of openable) {
          const saving = this.attract(pair, left, worth, group, byDensity, random, bestSaving);
          if (saving > bestSaving) {
            bestSaving = saving;
            bestPair = pair;
            bestGroup.length = 0;
            bestGroup.push(...group);
          }
        }
      }
      state.beginMove();
      if (bestPair >= 0) {
        state.replaceMembers(bestPair, bestGroup);
        for (const i of bestGroup) state.changeUnplaced(i, -1);
      } else {
        state.changeMembers(regretPair, -1, regretQuery);
        state.changeUnplaced(regretQuery, -1);
      }
      if (state.priceMove() === Infinity) return;
      state.applyMove();
      left = left.filter((i) => state.pairOf[i] < 0);
    }
  }

  /** Each where it costs least among what is rented and the best few others, one after the other: time is up. */
  #insertInOrder(left: readonly number[]): void {
    const { state } = this;
    for (const i of left) {
      const tight = state.limits.isTight();
      const others = this.alone[i]
        .filter((pair) => state.uses[pair].deployment < 0)
        .slice(0, this.state.parameters.insertion.hurriedBreadth);
      let least = state.unplacedCost[i];
      let best = -1;
      for (const pair of [...state.rented, ...others]) {
        const cost = this.#judged(i, pair, tight);
        if (cost >= least) continue;
        least = cost;
        best = pair;
      }
      if (best < 0) continue;
      state.beginMove();
      state.changeMembers(best, -1, i);
      state.changeUnplaced(i, -1);
      if (state.priceMove() < Infinity) state.applyMove();
    }
  }
}
