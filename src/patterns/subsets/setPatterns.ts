/**
 * Every pattern of a pair, set by set: all deployments and replicas that hold a set of query types, less those that a
 * smaller one for the same set beats in cost and in whatever plans share. For few query types these are hundreds.
 */
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { type PatternTable, rentalBudgetUse, rentalCost } from '../pricing/patternTable.ts';
import { keepingSaves, type LeastShares, leastEntryCost, leastRent } from './leastShares.ts';
import { type PairPatterns, PatternList } from './pairPatterns.ts';
import type { SetFractions } from './setFractions.ts';

/** A limit that plans share beside the budget: sum of uses <= limit, where a pattern uses GB stored and GPUs. */
export interface SharedResource {
  readonly limit: number;
  readonly perGigabyte: number;
  /** (k). */
  readonly perGpu: Float64Array;
}

export function sharedResources(problem: PlanningProblem): SharedResource[] {
  const { storageCapacity, available, fleetLimits, numTiers } = problem;
  const none = new Float64Array(numTiers);
  const resources: SharedResource[] = fleetLimits.map(({ most, perGpu }) => ({ limit: most, perGigabyte: 0, perGpu }));
  if (storageCapacity < Infinity) resources.push({ limit: storageCapacity, perGigabyte: 1, perGpu: none });
  available.forEach((limit, k) => {
    if (limit < Infinity)
      resources.push({ limit, perGigabyte: 0, perGpu: none.map((_, tier) => (tier === k ? 1 : 0)) });
  });
  return resources;
}

/** Whether the pair's entries are the same in both tables, so that its patterns are. */
export function hasSameEntries(one: PatternTable, other: PatternTable, pair: number): boolean {
  for (const d of one.problem.deploymentsOfPair[pair]) {
    const first = one.start[d];
    const shift = other.start[d] - first;
    if (other.start[d + 1] - one.start[d + 1] !== shift) return false;
    for (let e = first; e < one.start[d + 1]; e++) {
      if (one.queryType[e] !== other.queryType[e + shift] || one.high[e] !== other.high[e + shift]) return false;
    }
  }
  return true;
}

/** The patterns of pairs, each made of what its sets of entries take and cost. */
export class SetPatterns {
  readonly #resources: readonly SharedResource[];
  readonly #fractions: SetFractions;
  readonly #countsGpus: boolean;
  readonly #sums: SumsOfSets;
  readonly #found: PatternList;
  /** (set): the last pattern of it that was found on the pair at hand, or -1. */
  readonly #last: Int32Array;
  /** Whether a pattern was left out for what its plans cost since this was last set. */
  hasLeftOut = false;
  /** Sets and patterns looked at so far. */
  looked = 0;

  /** Patterns of `numQueryTypes` or fewer each; `fractions` where not all can be served. */
  constructor(numQueryTypes: number, resources: readonly SharedResource[], fractions: SetFractions) {
    this.#resources = resources;
    this.#countsGpus = resources.some(({ perGpu }) => perGpu.some((each) => each > 0));
    this.#fractions = fractions;
    this.#sums = new SumsOfSets(1 << numQueryTypes);
    this.#found = new PatternList(resources.length);
    this.#last = new Int32Array(1 << numQueryTypes);
  }

  /**
   * Those of `pair` on some of its deployments. One that serves nothing is among them where the pair has to be rented,
   * or where keeping GPUs saves more than they cost. Those whose plans cost `limit` or more are left out. Null after
   * more than `most` sets.
   */
  ofPair(
    table: PatternTable,
    pair: number,
    deployments: readonly number[],
    mustBeRented: boolean,
    { share, least: leastOfPlans }: LeastShares,
    limit: number,
    most: number,
  ): PairPatterns | null {
    const { problem, start, queryType, leastReplicas, mostReplicas, placementCost } = table;
    const { gpus, tier } = problem.deployments;
    const { roomTolerance } = table.parameters.pricing;
    const { set: setOf, size, sums, memoryWorth, loadWorth, steadyUntil } = this.#sums;
    const found = this.#found;
    found.count = 0;
    const countsSpend = table.budget < Infinity;
    const isBeaten = (last: number, cost: number, leastSpend: number, replicas: number, d: number) => {
      for (let other = last; other >= 0; other = found.former[other]) {
        if (
          found.cost[other] <= cost &&
          (!countsSpend || found.spend[other] <= leastSpend) &&
          (!this.#countsGpus || gpus[found.deployment[other]] * found.replicas[other] <= gpus[d] * replicas)
        )
          return true;
      }
      return false;
    };
    this.#last.fill(-1);
    // On plans with a pattern of this pair, without the pattern.
    const leastBeside = leastOfPlans - keepingSaves(table, pair);
    const mostLooked = this.looked + most;
    for (const d of deployments) {
      if (start[d] === start[d + 1] && !mustBeRented && !(problem.currentGpus[pair] > 0)) continue;
      const numSets = 1 << (start[d + 1] - start[d]);
      this.looked += numSets;
      if (this.looked > mostLooked) return null;
      let leastOnIt = leastBeside + leastRent(table, d);
      for (let e = start[d]; e < start[d + 1]; e++) {
        leastOnIt += Math.min(0, leastEntryCost(table, d, e) - share[queryType[e]]);
      }
      if (leastOnIt >= limit) {
        this.hasLeftOut = true;
        continue;
      }
      this.#sums.fill(table, d, share);
      const least = leastReplicas[d];
      const firstRent = rentalCost(table, d, least);
      const firstRented = rentalBudgetUse(table, d, least);
      for (let s = 0; s < numSets; s++) {
        const of = s * numQuantities;
        const fitting = Math.max(sums[of + leastMemory], sums[of + leastLoad]) * (1 - roomTolerance);
        const filled = Math.max(sums[of + bestMemory], sums[of + bestLoad]);
        for (let m = Math.max(least, Math.ceil(fitting)); m <= mostReplicas[d]; m++) {
          const rent = m === least ? firstRent : rentalCost(table, d, m);
          // More replicas than serve all that pays are kept only where removing them costs more.
          if (m > least && m - 1 >= filled && rent >= rentalCost(table, d, m - 1)) break;
          if (s === 0 && rent >= 0 && !mustBeRented) continue;
          if (++this.looked > mostLooked) return null;
          const lost = Math.max(
            lostBy(sums[of + bestMemory] - m, memoryWorth[s]),
            lostBy(sums[of + bestLoad] - m, loadWorth[s]),
          );
          if (leastBeside + rent + sums[of + aboveShares] + lost >= limit) {
            this.hasLeftOut = true;
            continue;
          }
          const set = setOf[s];
          const last = this.#last[set];
          const spent = (m === least ? firstRented : rentalBudgetUse(table, d, m)) + size[s] * placementCost[pair];
          const leastSpend = spent + sums[of + leastData];
          if (isBeaten(last, rent + sums[of + bestCost] + lost, leastSpend, m, d)) continue;
          let cost = sums[of + bestCost];
          let data = sums[of + bestData];
          let steady = steadyUntil[s];
          if (filled > m) {
            this.#fractions.solve(table, d, m, set, 0);
            ({ cost, data } = this.#fractions);
            if (data > 0) steady = 0;
            if (isBeaten(last, rent + cost, leastSpend, m, d)) continue;
          }
          const at = found.next();
          this.#last[set] = at;
          found.set[at] = set;
          found.former[at] = last;
          found.deployment[at] = d;
          found.replicas[at] = m;
          found.cost[at] = rent + cost;
          found.spend[at] = spent + data;
          found.leastSpend[at] = leastSpend;
          found.steadyUntil[at] = steady;
          const stored = table.rentedStorage[pair] + size[s] * table.placementStorage[pair];
          for (let r = 0; r < found.uses.length; r++) {
            const { perGigabyte, perGpu } = this.#resources[r];
            found.uses[r][at] = perGigabyte * stored + perGpu[tier[d]] * gpus[d] * m;
          }
        }
      }
    }
    return found.ofPair(table, pair, mustBeRented);
  }
}

/** $ lost at least where the best fractions take so much too much. Where nothing can give way, that is rounding. */
function lostBy(excess: number, worth: number): number {
  return excess > 0 && worth < Infinity ? excess * worth : 0;
}

/** Quantities of a set, summed over its entries. */
const leastMemory = 0;
const leastLoad = 1;
const leastData = 2;
/** At the fractions that pay best, if they fit. */
const bestMemory = 3;
const bestLoad = 4;
const bestData = 5;
const bestCost = 6;
/** What that costs beyond the shares of the query types. */
const aboveShares = 7;
const numQuantities = 8;

/** Of each set of a deployment's entries: what its least fractions take, and those that pay best. */
class SumsOfSets {
  readonly set: Int32Array;
  readonly size: Int32Array;
  /** (set, quantity). */
  readonly sums: Float64Array;
  /** Price of the budget up to which all of the best fractions pay. */
  readonly steadyUntil: Float64Array;
  /** $ for which a replica's memory, and its load, is given up at least. */
  readonly memoryWorth: Float64Array;
  readonly loadWorth: Float64Array;
  readonly #added = new Float64Array(numQuantities);

  constructor(size: number) {
    this.set = new Int32Array(size);
    this.size = new Int32Array(size);
    this.sums = new Float64Array(size * numQuantities);
    this.steadyUntil = new Float64Array(size).fill(Infinity);
    this.memoryWorth = new Float64Array(size).fill(Infinity);
    this.loadWorth = new Float64Array(size).fill(Infinity);
  }

  /** A set is made of the sets of lower entries and its highest one. */
  fill(table: PatternTable, d: number, share: Float64Array): void {
    const { problem, start, queryType, low, high, memory, compute, rate } = table;
    const { set, size, sums, steadyUntil, memoryWorth, loadWorth } = this;
    const added = this.#added;
    for (let e = start[d]; e < start[d + 1]; e++) {
      const i = queryType[e];
      const best = rate[e] < 0 ? high[e] : low[e];
      const data = problem.dataCost[i];
      added[leastMemory] = memory[e] * low[e];
      added[leastLoad] = compute[e] * low[e];
      added[leastData] = data * low[e];
      added[bestMemory] = memory[e] * best;
      added[bestLoad] = compute[e] * best;
      added[bestData] = data * best;
      added[bestCost] = leastEntryCost(table, d, e);
      added[aboveShares] = added[bestCost] - share[i];
      const steady = best > low[e] && data > 0 ? -rate[e] / data : Infinity;
      const ofMemory = rate[e] < 0 && memory[e] > 0 ? -rate[e] / memory[e] : Infinity;
      const ofLoad = rate[e] < 0 && compute[e] > 0 ? -rate[e] / compute[e] : Infinity;
      const bit = 1 << (e - start[d]);
      for (let s = 0; s < bit; s++) {
        set[s | bit] = set[s] | (1 << i);
        size[s | bit] = size[s] + 1;
        steadyUntil[s | bit] = Math.min(steadyUntil[s], steady);
        memoryWorth[s | bit] = Math.min(memoryWorth[s], ofMemory);
        loadWorth[s | bit] = Math.min(loadWorth[s], ofLoad);
      }
      const length = bit * numQuantities;
      for (let at = 0; at < length; at++) sums[length + at] = sums[at] + added[at % numQuantities];
    }
  }
}

export function countOf(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count++;
  return count;
}
