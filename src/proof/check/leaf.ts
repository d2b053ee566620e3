/**
 * What a leaf shows (docs/proofs.md, "Prices", "Covers"). At its prices no plan of the region costs less than
 *
 *   L = what no pattern pays + sum over pairs of the least that a pattern there costs
 *   (and 0 where that is more and the pair may stay empty).
 *
 * The file says what that least is for each pair (0 where it does not say). A pattern's *excess* is what it costs
 * beyond it, that of an empty pair what is less than 0. A plan costs at least L and the excess of its patterns and
 * empty pairs: where L is short of what is to be shown by a gap, those whose excess is below the gap are gone through.
 */
import { moneyDigits } from './claims.ts';
import { type Column, hasCover } from './covers.ts';
import { PatternSearch } from './patternProblem.ts';
import { type ConfigurationProblem, LeafPrices } from './pricesLeaf.ts';
import { type PricesLeaf, ProofError } from './proofFormat.ts';
import { decimalText, larger, smaller, times, twoTo, whole } from './rational.ts';
import type { Region } from './region.ts';
import type { RoundedFacts } from './roundedFacts.ts';

/** A pair at the prices of a leaf. */
export interface LeafPair {
  readonly problems: readonly ConfigurationProblem[];
  readonly mayBeEmpty: boolean;
  /** The least that its patterns cost, or 0 where it may be empty and that is less; 0 where it has none. */
  readonly floor: bigint;
}

/**
 * Shows that every plan of the region costs `needed` or more, in units of the resolution; null: that there is none.
 * Throws ProofError where the leaf does not fit the instance, a pattern costs less than it says, or a plan may.
 */
export function showLeaf(
  facts: RoundedFacts,
  region: Region,
  leaf: PricesLeaf,
  needed: bigint | null,
  path: string,
): void {
  const prices = new LeafPrices(facts, region, leaf, path);
  const pairs = region.mayBeEmpty.map((mayBeEmpty, pair): LeafPair => {
    const problems = prices.problemsOf(pair);
    const least = problems.length === 0 ? 0n : prices.leastOf(pair);
    return { problems, mayBeEmpty, floor: mayBeEmpty ? smaller(least, 0n) : least };
  });
  if (pairs.some(({ problems, mayBeEmpty }) => problems.length === 0 && !mayBeEmpty)) return;
  if (needed === null) throw new ProofError(path, 'does not show that nothing is feasible');
  const bound = pairs.reduce((sum, { floor }) => sum + floor, prices.paidAnyway());
  const gap = larger(needed - bound, 0n);
  // Under split placement a query type may be in several patterns.
  const mayCover = gap > 0n && !region.isSplit;
  const columns = pairs.flatMap((each, pair) => columnsOf(region, pair, each, mayCover ? gap : 0n, path));
  if (gap === 0n || (mayCover && !isCovered(region, pairs, columns, path))) return;
  const dollars = (units: bigint) => decimalText(times(whole(units), twoTo(-facts.resolution)), moneyDigits);
  throw new ProofError(
    path,
    leaf.cost === 0
      ? 'does not show that nothing is feasible'
      : `shows no more than $ ${dollars(bound)}, claimed are $ ${dollars(needed)}`,
  );
}

/** The excess of covers is counted in 2^-40 of the gap: in doubles sums of it are exact. */
const excessBits = 40n;

/**
 * What a pair may be in a plan whose excess is below the gap, as columns of covers: its query types, and the pair
 * itself as one more element. Throws ProofError where a pattern costs less than the floor.
 */
export function columnsOf(
  { mayPlace }: Region,
  pair: number,
  { problems, mayBeEmpty, floor }: LeafPair,
  gap: bigint,
  path: string,
): Column[] {
  const columns = new Map<string, Column>();
  const put = (queryTypes: readonly number[], excess: bigint) => {
    const cost = Number((excess << excessBits) / gap);
    const key = queryTypes.join();
    if (cost >= (columns.get(key)?.cost ?? Infinity)) return;
    columns.set(key, { elements: [...queryTypes, mayPlace.length + pair], cost });
  };
  for (const problem of problems) {
    PatternSearch.below(
      problem,
      floor + gap,
      (queryTypes, cost) => {
        if (cost < floor) throw new ProofError(path, `pair ${pair} has a pattern that costs less than the leaf says`);
        put(queryTypes, cost - floor);
      },
      path,
    );
  }
  if (mayBeEmpty && -floor < gap) put([], -floor);
  return [...columns.values()];
}

/** Whether columns whose excess is below the gap are everything that a plan has to be. */
export function isCovered(
  { mayStayOut }: Region,
  pairs: readonly LeafPair[],
  columns: readonly Column[],
  path: string,
): boolean {
  const isRequired = [
    ...mayStayOut.map((may) => !may),
    // A pair whose emptiness costs nothing may be left unsaid.
    ...pairs.map(({ mayBeEmpty, floor }) => !mayBeEmpty || floor < 0n),
  ];
  return hasCover(columns, isRequired, 2 ** Number(excessBits) - 1, path);
}
