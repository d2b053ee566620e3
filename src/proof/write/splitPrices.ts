/** The prices of a leaf, in short numbers, from the duals of the rows of split placement. */
import type { PricesLeaf, RowPrice } from '../check/proofFormat.ts';
import type { Region } from '../check/region.ts';
import type { RoundedFacts } from '../check/roundedFacts.ts';
import { byPosition, roundTo, shareDigits } from './shortNumbers.ts';
import { nameOf, type SplitRows, type WorstKind } from './splitRows.ts';

/** Digits of shares that are neither 0 nor 1, and how near to 1 they are it. */
const partDigits = 1e7;
const wholeShare = 1e-9;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Money of the rows = scale * $; numbers of money are multiples of the step, in $. */
export function splitPrices(
  facts: RoundedFacts,
  rows: SplitRows,
  region: Region,
  duals: Float64Array,
  phase: 1 | 2,
  { scale, step }: { readonly scale: number; readonly step: number },
): PricesLeaf {
  const { options, tiers, instance } = facts.facts;
  // Without costs any unit will do: one in which prices are of the size of costs.
  const unit = phase === 1 ? step * 1e9 : 1 / scale;
  const money = (amount: number) => roundTo(amount * unit, step) || 0;
  const serve = facts.queryTypes.map(() => 0);
  const gpus = tiers.map(() => 0);
  const fleetLimits = facts.mostOfLimit.map(() => 0);
  const used = tiers.map(() => 0);
  const counts = region.counts.map(() => 0);
  const some = region.some.map(() => 0);
  let budget = 0;
  let storage = 0;
  const worst = new Map<WorstKind, Map<number, Worst>>();
  rows.list.forEach(({ meaning }, row) => {
    const dual = duals[row] ?? 0;
    if (dual === 0) return;
    const paid = Math.max(0, -dual);
    if (meaning.kind === 'serve') serve[meaning.at] = money(dual);
    else if (meaning.kind === 'gpus') gpus[meaning.at] = money(paid);
    else if (meaning.kind === 'fleetLimit') fleetLimits[meaning.at] = money(paid);
    else if (meaning.kind === 'committed') used[meaning.at] = paid * unit;
    else if (meaning.kind === 'budget') budget = Math.round(paid * unit * scale * shareDigits) / shareDigits;
    else if (meaning.kind === 'storage') storage = money(paid);
    else if (meaning.kind === 'count') {
      const at = tightestCount(region, nameOf(meaning.pairs), dual < 0);
      if (at >= 0) counts[at] = money(Math.abs(dual));
    } else if (meaning.kind === 'some') {
      const at = region.some.indexOf(meaning.named);
      if (at >= 0) some[at] = money(Math.max(0, dual));
    } else if ('xi' in meaning && paid > 0) {
      const { kind, key, xi } = meaning;
      const ofKind = worst.get(kind) ?? new Map<number, Worst>();
      worst.set(kind, ofKind);
      const sum = ofKind.get(key) ?? { price: 0, xi: new Float64Array(xi.length) };
      ofKind.set(key, { price: sum.price + paid, xi: sum.xi.map((each, t) => each + paid * xi[t]) });
    }
  });
  const leaf: Mutable<PricesLeaf> = { kind: 'prices', ...(phase === 1 ? { cost: 0 as const } : {}), serve };
  if (budget > 0) leaf.budget = budget;
  if (storage > 0) leaf.storage = storage;
  const isSome = (prices: readonly number[]) => prices.some((price) => price > 0);
  if (isSome(gpus)) leaf.gpus = byPosition(gpus, (price) => price);
  if (isSome(fleetLimits)) leaf.fleetLimits = byPosition(fleetLimits, (price) => price);
  if (isSome(counts)) leaf.counts = counts;
  if (isSome(some)) leaf.some = some;
  const weight = (phase === 1 ? 0 : 1) + budget * Number(facts.facts.rentalInBudget.n);
  if (tiers.some(({ committed }) => committed > 0n)) {
    leaf.committed = Object.fromEntries(
      tiers.flatMap(({ committed }, k) => {
        if (committed === 0n) return [];
        const rental = instance.rentalPeriod * instance.tiers[k].price;
        return [[k, weight > 0 ? roundTo(Math.min(used[k] / weight, rental), step) : 0]];
      }),
    );
  }
  const numPairs = facts.pairs.length;
  const xiOf = (i: number, xi: Float64Array, total: number) =>
    shortShares([...xi.subarray(i * numPairs, (i + 1) * numPairs)].map((each) => each / total));
  const cost = worst.get('cost');
  if (phase === 2 && cost !== undefined) {
    // Rows of a joint cost hold shares of all query types.
    const of = (i: number) => cost.get(options.delayCostBudget === 'joint' ? 0 : i);
    leaf.scenario = facts.queryTypes.map((_, i) => {
      const sum = of(i);
      return sum === undefined ? {} : xiOf(i, sum.xi, Math.max(1, sum.price));
    });
  }
  for (const kind of ['delay', 'error'] as const) {
    const entries = [...(worst.get(kind) ?? [])].flatMap(([i, { price, xi }]): [number, RowPrice][] => {
      const short = Number((price * unit).toPrecision(10));
      return short > 0 ? [[i, { price: short, xi: xiOf(i, xi, price) }]] : [];
    });
    if (entries.length > 0) leaf[kind] = Object.fromEntries(entries);
  }
  return leaf;
}

interface Worst {
  readonly price: number;
  /** (i, pair): sum of price times xi. */
  readonly xi: Float64Array;
}

/** Position of the tightest count of the region that limits these pairs from above or from below; -1: none. */
function tightestCount({ counts }: Region, name: string, isMost: boolean): number {
  let best = -1;
  counts.forEach((count, at) => {
    if (count.isMost !== isMost || nameOf(count.pairs) !== name) return;
    const isTighter = best < 0 || (isMost ? count.limit < counts[best].limit : count.limit > counts[best].limit);
    if (isTighter) best = at;
  });
  return best;
}

/** By pair what is above 0, parts of it rounded down by a digit, so that sums stay within Gamma. */
function shortShares(shares: readonly number[]): Readonly<Record<string, number>> {
  const short = shares.map((share) => (share >= 1 - wholeShare ? 1 : (Math.ceil(share * partDigits) - 1) / partDigits));
  return byPosition(short, (share) => share);
}
