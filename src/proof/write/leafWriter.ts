/**
 * From prices in short numbers to a leaf: what the cheapest pattern of each pair costs at them, and whether the checker
 * will take it, by its own code.
 */
import type { Steps } from '../../lp/steps.ts';
import type { Column } from '../check/covers.ts';
import { columnsOf, isCovered, type LeafPair } from '../check/leaf.ts';
import { type PatternProblem, PatternSearch } from '../check/patternProblem.ts';
import { LeafPrices } from '../check/pricesLeaf.ts';
import { type PricesLeaf, ProofError } from '../check/proofFormat.ts';
import { exactly, larger, roundedDown } from '../check/rational.ts';
import type { Region } from '../check/region.ts';
import type { RoundedFacts } from '../check/roundedFacts.ts';
import { floorTo } from './shortNumbers.ts';

export class LeafWriter {
  readonly #facts: RoundedFacts;
  /** $: the least cost of patterns is a multiple of a tenth of it. */
  readonly #step: number;
  /** In the checker's units; null: nothing is feasible. */
  readonly #target: bigint | null;

  constructor(facts: RoundedFacts, step: number, target: bigint | null) {
    this.#facts = facts;
    this.#step = step;
    this.#target = target;
  }

  /** The leaf, if it shows what it has to and is not too hard for the checker; else null. Pauses after each pair. */
  *write(region: Region, prices: PricesLeaf): Steps<PricesLeaf | null> {
    return yield* unlessTooHard(this.#write(region, prices));
  }

  /** Configurations, by pair, with which every plan of the region costs at least `aim`, as the prices show. */
  *ruledOut(region: Region, prices: PricesLeaf, aim: bigint): Steps<Map<number, Set<number>>> {
    const found = new Map<number, Set<number>>();
    const priced = yield* unlessTooHard(this.#priced(region, prices));
    for (const [pair, { problems, floor }] of priced?.pairs.entries() ?? []) {
      yield;
      const out = problems.filter((problem) => isNeverBelow(problem, aim - priced!.bound + floor));
      if (out.length > 0) found.set(pair, new Set(out.map(({ configuration }) => configuration)));
    }
    return found;
  }

  *#write(region: Region, prices: PricesLeaf): Steps<PricesLeaf | null> {
    const priced = yield* this.#priced(region, prices);
    if (priced === null) return prices;
    const { least, bound, pairs } = priced;
    const leaf = { ...prices, least };
    const needed = prices.cost === 0 ? 1n : this.#target;
    if (needed === null) return null;
    const gap = larger(needed - bound, 0n);
    if (gap === 0n) return leaf;
    if (region.isSplit) return null;
    const columns: Column[] = [];
    for (const [pair, each] of pairs.entries()) {
      yield;
      for (const column of columnsOf(region, pair, each, gap, 'leaf')) columns.push(column);
      if (columns.length > mostColumns) return null;
    }
    return isCovered(region, pairs, columns, 'leaf') ? null : leaf;
  }

  /**
   * Says for each pair with a pattern that pays, by the checker's own search, what the cheapest costs at least. Null
   * where the region holds no plan. Throws ProofError where that is too hard for the checker.
   */
  *#priced(region: Region, prices: PricesLeaf): Steps<PricedLeaf | null> {
    const { resolution } = this.#facts;
    const step = this.#step / 10;
    const least: Record<string, number> = {};
    const against = new LeafPrices(this.#facts, region, prices, 'leaf');
    let bound = against.paidAnyway();
    const pairs: LeafPair[] = [];
    for (const [pair, mayBeEmpty] of region.mayBeEmpty.entries()) {
      yield;
      const problems = against.problemsOf(pair);
      if (problems.length === 0 && !mayBeEmpty) return null;
      let floor = problems.reduce((lowest, problem) => leastCost(problem, lowest), mayBeEmpty ? 0n : highest);
      if (problems.length === 0 || (floor === 0n && mayBeEmpty)) floor = 0n;
      else {
        // Below what was shown, and so shown as well.
        least[pair] = floorTo(Number(floor) / 2 ** resolution, step);
        floor = roundedDown(exactly(least[pair]), resolution);
      }
      bound += floor;
      pairs.push({ problems, mayBeEmpty, floor });
    }
    return { least, bound, pairs };
  }
}

interface PricedLeaf {
  readonly least: NonNullable<PricesLeaf['least']>;
  /** The checker's bound, in its units. */
  readonly bound: bigint;
  readonly pairs: readonly LeafPair[];
}

function* unlessTooHard<T>(work: Steps<T>): Steps<T | null> {
  try {
    return yield* work;
  } catch (error) {
    if (error instanceof ProofError) return null;
    throw error;
  }
}

/** Also false where that is too hard to say. */
function isNeverBelow(problem: PatternProblem, floor: bigint): boolean {
  try {
    return PatternSearch.least(problem, floor, 'leaf') >= floor;
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

/** Of covers that are tried: where there are more, splitting is quicker. */
const mostColumns = 40_000;

/** More than any pattern costs. */
const highest = 1n << 2000n;

/** `floor` where no pattern costs less; else a floor for all of them, by other multipliers as well. */
function leastCost(problem: PatternProblem, floor: bigint): bigint {
  const least = PatternSearch.least(problem, floor, 'leaf');
  if (least >= floor) return floor;
  // A little lower: multipliers are rounded doubles.
  return least - 1n - ((least < 0n ? -least : least) >> 40n);
}
