/**
 * The dynamic program over sets of query types: pair by pair, the least that the pairs so far need to hold a set, each
 * by one of its patterns or by none.
 *
 *     value(q + 1, T) = min over patterns p of pair q, set of p within T, or none: price(p) + value(q, T less the set)
 */
import type { PairPatterns } from './pairPatterns.ts';
import { countOf } from './setPatterns.ts';

/** What each pattern of a pair counts. */
export type PricesOf = (pair: PairPatterns) => Float64Array;

/** A plan: a pattern of each pair that has one. */
export type Choice = readonly { readonly pair: PairPatterns; readonly at: number }[];

/** What a pair's patterns take in one pass: the sets that each is part of. */
export function stepsOf({ set }: PairPatterns, numQueryTypes: number): number {
  let steps = 0;
  for (let at = 0; at < set.length; at++) steps += 2 ** (numQueryTypes - countOf(set[at]));
  return steps;
}

export class SubsetTable {
  readonly #numSets: number;
  readonly #optional: number;
  #pricesOf: PricesOf;
  /** (q, set). */
  readonly #value: Float64Array;
  /** (q, set): the pattern of pair q - 1 there, or -1. */
  readonly #choice: Int32Array;
  readonly #pairs: PairPatterns[] = [];
  /** (q): prices of the patterns of the pair. */
  readonly #prices: Float64Array[] = [];

  /** For so many pairs at most; `optional`: query types that need not be held by any. */
  constructor(numQueryTypes: number, numPairs: number, optional: number, pricesOf: PricesOf) {
    this.#numSets = 1 << numQueryTypes;
    this.#optional = optional;
    this.#pricesOf = pricesOf;
    this.#value = new Float64Array((numPairs + 1) * this.#numSets);
    this.#choice = new Int32Array(this.#value.length);
    for (let set = 0; set < this.#numSets; set++) this.#value[set] = (set & ~optional) === 0 ? 0 : Infinity;
  }

  /** From the next `fill` on. */
  priceAnew(pricesOf: PricesOf): void {
    this.#pricesOf = pricesOf;
    this.#pairs.length = 0;
  }

  /** Gives the least price of all query types together; rows of pairs that it has already stay. */
  fill(pairs: readonly PairPatterns[]): number {
    let same = 0;
    while (same < pairs.length && pairs[same] === this.#pairs[same]) same++;
    this.#pairs.length = same;
    for (let q = same; q < pairs.length; q++) {
      this.#pairs.push(pairs[q]);
      this.#prices[q] = this.#pricesOf(pairs[q]);
      this.#add(pairs[q], this.#prices[q], q * this.#numSets);
    }
    return this.#value[(pairs.length + 1) * this.#numSets - 1];
  }

  /** (pattern) of the pair at `q`. */
  prices(q: number): Float64Array {
    return this.#prices[q];
  }

  /** (set): what the first `numPairs` pairs need to hold it, or all of it but what is optional. */
  row(numPairs: number): Float64Array {
    return this.#value.subarray(numPairs * this.#numSets, (numPairs + 1) * this.#numSets);
  }

  /** The row after the one that begins at `before`. */
  #add({ set: setOf, mustBeRented }: PairPatterns, prices: Float64Array, before: number): void {
    const [value, choice] = [this.#value, this.#choice];
    const all = this.#numSets - 1;
    const after = before + this.#numSets;
    if (mustBeRented) value.fill(Infinity, after, after + this.#numSets);
    else value.copyWithin(after, before, after);
    choice.fill(-1, after, after + this.#numSets);
    for (let at = 0; at < setOf.length; at++) {
      const price = prices[at];
      const set = setOf[at];
      const others = all & ~set;
      for (let rest = others; ; rest = (rest - 1) & others) {
        const whole = after + (rest | set);
        const sum = value[before + rest] + price;
        if (sum < value[whole]) {
          value[whole] = sum;
          choice[whole] = at;
        }
        if (rest === 0) break;
      }
    }
  }

  /** The patterns of the least price; empty where there is none. */
  choice(): Choice {
    const found: { pair: PairPatterns; at: number }[] = [];
    let set = this.#numSets - 1;
    for (let q = this.#pairs.length; q > 0; q--) {
      const at = this.#choice[q * this.#numSets + set];
      if (at < 0) continue;
      const pair = this.#pairs[q - 1];
      found.push({ pair, at });
      set &= ~pair.set[at];
    }
    if ((set & ~this.#optional) !== 0) throw new RangeError('no plan has a price to be read');
    return found;
  }
}
