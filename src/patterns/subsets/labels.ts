/**
 * Labelling over the pairs where what plans share binds: a label is a part of a plan, made pair by pair, with what it
 * costs and takes of all that is shared. It ends where it can lead to nothing below a limit, by the dynamic programs of
 * what the other pairs need at least (`SubsetTable`), or where another label of the same set is no worse in anything.
 */

import { doubledFloats, doubledInts } from '../growingArrays.ts';
import type { StopQuestion } from '../stopQuestion.ts';
import type { PairPatterns } from './pairPatterns.ts';
import type { Choice, SubsetTable } from './subsetTable.ts';

export interface LabelBounds {
  /** By cost, by cost and `price` times the least spend or more, by the least spend, and by each shared resource. */
  readonly byCost: SubsetTable;
  readonly byPrice: SubsetTable;
  readonly bySpend: SubsetTable;
  readonly byUse: readonly SubsetTable[];
  /** $ of the objective that the price makes of the budget. */
  readonly pricedBudget: number;
  readonly budget: number;
  /** (resource). */
  readonly limits: readonly number[];
}

const firstCapacity = 256;

/** Parts of plans, or whole ones, field by field; the first is of no pair. Costs are without the table's offset. */
class Labels {
  count = 1;
  cost = new Float64Array(firstCapacity);
  priced = new Float64Array(firstCapacity);
  spend = new Float64Array(firstCapacity);
  leastSpend = new Float64Array(firstCapacity);
  /** (label, resource). */
  uses: Float64Array<ArrayBuffer>;
  /** The label that it goes on from, the place of the pair that it adds, and its pattern. */
  before = new Int32Array(firstCapacity);
  pair = new Int32Array(firstCapacity);
  at = new Int32Array(firstCapacity);

  constructor(numResources: number) {
    this.uses = new Float64Array(firstCapacity * numResources);
  }

  /** The place of a label more. */
  next(): number {
    if (this.count === this.cost.length) this.#grow();
    return this.count++;
  }

  #grow(): void {
    this.cost = doubledFloats(this.cost);
    this.priced = doubledFloats(this.priced);
    this.spend = doubledFloats(this.spend);
    this.leastSpend = doubledFloats(this.leastSpend);
    this.uses = doubledFloats(this.uses);
    this.before = doubledInts(this.before);
    this.pair = doubledInts(this.pair);
    this.at = doubledInts(this.at);
  }

  choice(label: number, pairs: readonly PairPatterns[]): Choice {
    const choice: { pair: PairPatterns; at: number }[] = [];
    for (let part = label; part > 0; part = this.before[part]) {
      choice.push({ pair: pairs[this.pair[part]], at: this.at[part] });
    }
    return choice;
  }
}

export interface LabelledPlan {
  readonly choice: Choice;
  /** No plan of these patterns costs less. */
  readonly bound: number;
}

/**
 * Every plan below `limit` that no other one beats, cheapest first; those whose fractions have to give way to the
 * budget may cost more than their bound. Once a plan is known to keep to the budget nothing dearer is looked for.
 * `isComplete`: nothing was left out for its cost. Null where told to stop, or after `most` labels and comparisons of
 * two.
 */
export function labelledPlans(
  pairs: readonly PairPatterns[],
  numQueryTypes: number,
  optional: number,
  bounds: LabelBounds,
  limit: number,
  most: number,
  stop: StopQuestion,
): { readonly plans: readonly LabelledPlan[]; readonly isComplete: boolean } | null {
  const { byCost, byPrice, bySpend, byUse, pricedBudget, budget, limits } = bounds;
  const all = 2 ** numQueryTypes - 1;
  const numLimits = limits.length;
  const labels = new Labels(numLimits);
  /** (set). */
  const lists: number[][] = Array.from({ length: all + 1 }, () => []);
  const made: number[][] = Array.from({ length: all + 1 }, () => []);
  lists[0].push(0);
  let below = limit;
  let looked = 0;
  const isTooMuch = () => stop.at(++looked) || looked > most;
  let isComplete = true;
  // Pairs that must be rented come last in the tables, so that they are first here.
  for (let q = pairs.length - 1; q >= 0; q--) {
    const pair = pairs[q];
    const prices = byPrice.prices(q);
    const leastCost = byCost.row(q);
    const leastPrice = byPrice.row(q);
    const leastSpend = bySpend.row(q);
    const leastUse = byUse.map((table) => table.row(q));
    const mayEnd = !pairs.slice(0, q).some(({ mustBeRented }) => mustBeRented);
    for (let held = 0; held <= all; held++) {
      for (const before of lists[held]) {
        for (let at = 0; at < pair.set.length; at++) {
          if ((pair.set[at] & held) !== 0) continue;
          if (isTooMuch()) return null;
          const set = held | pair.set[at];
          const rest = all & ~set;
          const cost = labels.cost[before] + pair.cost[at];
          const least = labels.leastSpend[before] + pair.leastSpend[at];
          if (least + leastSpend[rest] > budget) continue;
          if (passes(labels.uses, before * numLimits, pair, at, leastUse, rest, limits)) continue;
          const priced = labels.priced[before] + prices[at];
          if (cost + leastCost[rest] >= below || priced + leastPrice[rest] - pricedBudget >= below) {
            isComplete &&= leastCost[rest] === Infinity;
            continue;
          }
          const spend = labels.spend[before] + pair.spend[at];
          const label = labels.next();
          labels.cost[label] = cost;
          labels.priced[label] = priced;
          labels.spend[label] = spend;
          labels.leastSpend[label] = least;
          labels.before[label] = before;
          labels.pair[label] = q;
          labels.at[label] = at;
          for (let r = 0; r < numLimits; r++) {
            labels.uses[label * numLimits + r] = labels.uses[before * numLimits + r] + pair.uses[r][at];
          }
          made[set].push(label);
          if (mayEnd && (rest & ~optional) === 0 && spend <= budget) below = Math.min(below, cost);
        }
      }
    }
    for (let set = 0; set <= all; set++) {
      const kept = pair.mustBeRented ? [] : lists[set];
      const left = made[set].length === 0 ? kept : unbeaten(labels, [...kept, ...made[set]], numLimits, isTooMuch);
      if (left === null) return null;
      lists[set] = left;
      made[set].length = 0;
    }
  }
  const plans = lists.flatMap((list, set) => ((all & ~set & ~optional) === 0 ? list : []));
  return {
    plans: plans
      .map((label) => ({
        choice: labels.choice(label, pairs),
        bound: Math.max(labels.cost[label], labels.priced[label] - pricedBudget),
      }))
      .sort((a, b) => a.bound - b.bound),
    isComplete,
  };
}

/** Whether a pattern more takes so much of a resource that the rest cannot be held; a label's uses begin at `first`. */
function passes(
  uses: Float64Array,
  first: number,
  pair: PairPatterns,
  at: number,
  leastUse: readonly Float64Array[],
  rest: number,
  limits: readonly number[],
): boolean {
  for (let r = 0; r < limits.length; r++) {
    if (uses[first + r] + pair.uses[r][at] + leastUse[r][rest] > limits[r]) return true;
  }
  return false;
}

/** Null where comparing them `isTooMuch`, which is asked before each comparison. */
function unbeaten(
  { cost, spend, leastSpend, uses }: Labels,
  labels: number[],
  numLimits: number,
  isTooMuch: () => boolean,
): number[] | null {
  const kept: number[] = [];
  const beats = (one: number, other: number) => {
    if (cost[one] > cost[other] || spend[one] > leastSpend[other]) return false;
    for (let r = 0; r < numLimits; r++) {
      if (uses[one * numLimits + r] > uses[other * numLimits + r]) return false;
    }
    return true;
  };
  for (const label of labels.sort((a, b) => cost[a] - cost[b])) {
    let isBeaten = false;
    for (let at = 0; at < kept.length && !isBeaten; at++) {
      if (isTooMuch()) return null;
      isBeaten = beats(kept[at], label);
    }
    if (!isBeaten) kept.push(label);
  }
  return kept;
}
