/**
 * From prices in short numbers to a leaf: what the cheapest pattern of each pair costs at them, and the checker's own
 * bound.
 */
import type { Steps } from '../../lp/steps.ts';
import { PatternBound, type PatternProblem } from '../check/patternProblem.ts';
import { LeafPrices, type Subset } from '../check/pricesLeaf.ts';
import { type PricesLeaf, ProofError } from '../check/proofFormat.ts';
import { exactly, roundedDown } from '../check/rational.ts';
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

  /**
   * Says for each pair with a pattern that pays, by the checker's own search, what the cheapest costs at least. Null
   * where a pattern problem is too hard for the checker. Pauses after each pair.
   */
  *write(region: Region, prices: PricesLeaf, subsets: readonly Subset[]): Steps<WrittenLeaf | null> {
    const { resolution, pairs } = this.#facts;
    const step = this.#step / 10;
    const least: Record<string, number> = {};
    try {
      const against = new LeafPrices(this.#facts, region, prices, subsets, 'leaf');
      let bound = against.paidAnyway();
      for (const pair of pairs.keys()) {
        yield;
        const problems = against.problemsOf(pair);
        const mayBeEmpty = region.mayBeEmpty[pair];
        if (problems.length === 0 && !mayBeEmpty) return { leaf: prices, bound: null };
        if (problems.length === 0) continue;
        const floor = problems.reduce((lowest, problem) => leastCost(problem, lowest), mayBeEmpty ? 0n : highest);
        if (floor === 0n && mayBeEmpty) continue;
        // Below what was shown, and so shown as well.
        least[pair] = floorTo(Number(floor) / 2 ** resolution, step);
        bound += roundedDown(exactly(least[pair]), resolution);
      }
      return { leaf: { ...prices, least }, bound };
    } catch (error) {
      if (error instanceof ProofError) return null;
      throw error;
    }
  }

  /** Configurations, by pair, with which every plan of the region costs at least `aim`, as a leaf's prices show. */
  *ruledOut(region: Region, { leaf, bound }: WrittenLeaf, aim: bigint): Steps<Map<number, Set<number>>> {
    const found = new Map<number, Set<number>>();
    if (bound === null) return found;
    const against = new LeafPrices(this.#facts, region, leaf, [], 'leaf');
    for (const pair of this.#facts.pairs.keys()) {
      yield;
      const floor = aim - bound + against.leastOf(pair);
      const out = against.problemsOf(pair).filter((problem) => isNeverBelow(problem, floor));
      if (out.length > 0) found.set(pair, new Set(out.map(({ configuration }) => configuration)));
    }
    return found;
  }
}

/** Also false where that is too hard to say. */
function isNeverBelow(problem: PatternProblem, floor: bigint): boolean {
  try {
    return PatternBound.neverBelow(problem, floor, 'leaf');
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

/** More than any pattern costs. */
const highest = 1n << 2000n;

/** `floor` where no pattern costs less; else a floor for all of them, by other multipliers as well. */
function leastCost(problem: PatternProblem, floor: bigint): bigint {
  const least = PatternBound.least(problem, floor, 'leaf');
  if (least >= floor) return floor;
  // A little lower: multipliers are rounded doubles.
  return least - 1n - ((least < 0n ? -least : least) >> 40n);
}
