/**
 * From prices in short numbers to a leaf: what the cheapest pattern of each pair costs at them, and the checker's own
 * bound.
 */
import { PatternBound, type PatternProblem } from '../check/patternProblem.ts';
import { boundOfPrices, LeafPrices, type Subset } from '../check/pricesLeaf.ts';
import { type PricesLeaf, ProofError } from '../check/proofFormat.ts';
import type { Region } from '../check/region.ts';
import type { RoundedFacts } from '../check/roundedFacts.ts';
import { floorTo } from './shortNumbers.ts';

export interface WrittenLeaf {
  readonly leaf: PricesLeaf;
  /** The checker's bound, in its units; null: no plan there. */
  readonly bound: bigint | null;
}

export class LeafWriter {
  readonly #facts: RoundedFacts;
  /** $: the least cost of patterns is a multiple of a tenth of it. */
  readonly #step: number;

  constructor(facts: RoundedFacts, step: number) {
    this.#facts = facts;
    this.#step = step;
  }

  /** Null where a pattern problem is too hard for the checker. */
  write(region: Region, prices: PricesLeaf, subsets: readonly Subset[]): WrittenLeaf | null {
    try {
      const leaf = this.#withLeast(region, prices, subsets);
      return { leaf, bound: boundOfPrices(this.#facts, region, leaf, subsets, 'leaf') };
    } catch (error) {
      if (error instanceof ProofError) return null;
      throw error;
    }
  }

  /** Says for each pair with a pattern that pays, by the checker's own search, what the cheapest costs at least. */
  #withLeast(region: Region, prices: PricesLeaf, subsets: readonly Subset[]): PricesLeaf {
    const { resolution, pairs } = this.#facts;
    const step = this.#step / 10;
    const against = new LeafPrices(this.#facts, region, prices, subsets, 'leaf');
    const least: Record<string, number> = {};
    pairs.forEach((_, pair) => {
      const problems = against.problemsOf(pair);
      const start = region.mayBeEmpty[pair] ? 0n : highest;
      const floor = problems.reduce((lowest, problem) => leastCost(problem, lowest), start);
      if (problems.length === 0 || (floor === 0n && region.mayBeEmpty[pair])) return;
      least[pair] = floorTo(Number(floor) / 2 ** resolution, step);
    });
    return { ...prices, least };
  }
}

/** More than any pattern costs. */
const highest = 1n << 2000n;

/** The highest floor up to `start`, nearly, that no pattern goes below. */
function leastCost(problem: PatternProblem, start: bigint): bigint {
  let floor = start;
  for (;;) {
    const lower = PatternBound.below(problem, floor, 'leaf');
    if (lower === null) return floor;
    // A little lower: multipliers are rounded doubles.
    floor = lower - 1n - ((lower < 0n ? -lower : lower) >> 40n);
  }
}
