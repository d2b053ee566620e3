/**
 * Labelling over the pairs where what plans share binds: a label is a part of a plan, made pair by pair, with what it
 * costs and takes of all that is shared. It ends where it can lead to nothing below a limit, by the dynamic programs of
 * what the other pairs need at least (`SubsetTable`), or where another label of the same set is no worse in anything.
 */
import type { StopQuestion } from '../stopQuestion.ts';
import type { PairPatterns } from './setPatterns.ts';
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

/** Part of a plan, or a whole one; costs without the table's offset. */
interface Label {
  readonly cost: number;
  readonly priced: number;
  readonly spend: number;
  readonly leastSpend: number;
  readonly uses: readonly number[];
  readonly before: Label | null;
  readonly pair: PairPatterns | null;
  readonly at: number;
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
  const lists: Label[][] = Array.from({ length: all + 1 }, () => []);
  lists[0].push({
    cost: 0,
    priced: 0,
    spend: 0,
    leastSpend: 0,
    uses: limits.map(() => 0),
    before: null,
    pair: null,
    at: -1,
  });
  let below = limit;
  let looked = 0;
  const isTooMuch = () => stop.at(++looked) || looked > most;
  let isComplete = true;
  const made: Label[][] = lists.map(() => []);
  // Pairs that must be rented come last in the tables, so that they are first here.
  for (let q = pairs.length - 1; q >= 0; q--) {
    const pair = pairs[q];
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
          const cost = before.cost + pair.cost[at];
          const least = before.leastSpend + pair.leastSpend[at];
          if (least + leastSpend[rest] > budget || passes(before, pair, at, leastUse, rest, limits)) continue;
          const pricedCost = before.priced + byPrice.priceOf(pair, at);
          if (cost + leastCost[rest] >= below || pricedCost + leastPrice[rest] - pricedBudget >= below) {
            isComplete &&= leastCost[rest] === Infinity;
            continue;
          }
          const uses = before.uses.map((use, r) => use + pair.uses[r][at]);
          const spend = before.spend + pair.spend[at];
          made[set].push({ cost, priced: pricedCost, spend, leastSpend: least, uses, before, pair, at });
          if (mayEnd && (rest & ~optional) === 0 && spend <= budget) below = Math.min(below, cost);
        }
      }
    }
    for (let set = 0; set <= all; set++) {
      const kept = pair.mustBeRented ? [] : lists[set];
      const left = made[set].length === 0 ? kept : unbeaten([...kept, ...made[set]], isTooMuch);
      if (left === null) return null;
      lists[set] = left;
      made[set].length = 0;
    }
  }
  const plans = lists.flatMap((list, set) => ((all & ~set & ~optional) === 0 ? list : []));
  return {
    plans: plans
      .map((label) => ({ choice: choiceOf(label), bound: Math.max(label.cost, label.priced - pricedBudget) }))
      .sort((a, b) => a.bound - b.bound),
    isComplete,
  };
}

/** Whether a pattern more takes so much of a resource that the rest cannot be held. */
function passes(
  { uses }: Label,
  pair: PairPatterns,
  at: number,
  leastUse: readonly Float64Array[],
  rest: number,
  limits: readonly number[],
): boolean {
  for (let r = 0; r < limits.length; r++) {
    if (uses[r] + pair.uses[r][at] + leastUse[r][rest] > limits[r]) return true;
  }
  return false;
}

/** Null where comparing them `isTooMuch`, which is asked before each comparison. */
function unbeaten(labels: readonly Label[], isTooMuch: () => boolean): Label[] | null {
  const kept: Label[] = [];
  const beats = (one: Label, other: Label) =>
    one.cost <= other.cost && one.spend <= other.leastSpend && one.uses.every((use, r) => use <= other.uses[r]);
  for (const label of [...labels].sort((a, b) => a.cost - b.cost)) {
    let isBeaten = false;
    for (let at = 0; at < kept.length && !isBeaten; at++) {
      if (isTooMuch()) return null;
      isBeaten = beats(kept[at], label);
    }
    if (!isBeaten) kept.push(label);
  }
  return kept;
}

function choiceOf(label: Label): Choice {
  const choice: { pair: PairPatterns; at: number }[] = [];
  for (let part: Label | null = label; part !== null; part = part.before) {
    if (part.pair !== null) choice.push({ pair: part.pair, at: part.at });
  }
  return choice;
}
