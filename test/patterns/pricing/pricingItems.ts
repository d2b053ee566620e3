/**
 * Query types as pricing sees them, random ones, and the best fractions of a set by enumerating the vertices of its
 * linear program.
 */
import fc from 'fast-check';
import { defaultPatternParameters } from '../../../src/patterns/parameters.ts';
import type { PatternPrices, PricingRange } from '../../../src/patterns/pricing/patternPricer.ts';
import type { PatternTable } from '../../../src/patterns/pricing/patternTable.ts';

export interface Item {
  readonly f: number;
  readonly c: number;
  readonly low: number;
  readonly high: number;
  readonly a: number;
  readonly b: number;
}

/** Replicas of the one deployment, and where what they cost bends. */
export interface Replicas {
  readonly least: number;
  readonly most: number;
  readonly kink: number;
}

const oneReplica: Replicas = { least: 1, most: 1, kink: Infinity };

/** Only the members that pricing reads. The items' uses are of one replica, their largest fractions fit the most. */
export function tableOf(items: readonly Item[], { least, most, kink }: Replicas = oneReplica): PatternTable {
  const numbers = (pick: (item: Item) => number) => Float64Array.from(items, pick);
  const partial: Partial<PatternTable> = {
    problem: { numQueryTypes: items.length, numPairs: 1 } as PatternTable['problem'],
    parameters: defaultPatternParameters,
    numDeployments: 1,
    leastReplicas: Int32Array.of(least),
    mostReplicas: Int32Array.of(most),
    kink: Float64Array.of(kink),
    pair: Int32Array.of(0),
    start: Int32Array.of(0, items.length),
    queryType: Int32Array.from(items, (_, i) => i),
    at: Int32Array.from(items, (_, i) => i),
    low: numbers((item) => item.low),
    high: numbers((item) => item.high),
    memory: numbers((item) => item.a),
    compute: numbers((item) => item.b),
    rate: numbers((item) => item.c),
    widest: items.length,
  };
  return partial as PatternTable;
}

/** Everything of the table may be used. */
export function everything(table: PatternTable): PricingRange {
  return { ...table, blocked: new Uint8Array(table.queryType.length) };
}

export function pricesOf(
  items: readonly Item[],
  rental: number | ((replicas: number) => number),
  subsets: PatternPrices['subsets'],
): PatternPrices {
  return {
    cover: Float64Array.from(items, (item) => -item.f),
    rental: (_, replicas) => (typeof rental === 'number' ? rental : rental(replicas)),
    placementCost: Float64Array.of(0),
    rateFactor: 1,
    extraRate: null,
    subsets,
  };
}

/**
 * The least value of sum c x over the box and the two rows: the best vertex, enumerated; Infinity if none is feasible.
 */
export function bestVertex(items: readonly Item[]): number {
  const n = items.length;
  let best = Infinity;
  const consider = (x: readonly number[]) => {
    const fits = (use: (item: Item) => number) => items.reduce((sum, item, t) => sum + use(item) * x[t], 0) <= 1 + 1e-9;
    if (items.some((item, t) => x[t] < item.low - 1e-9 || x[t] > item.high + 1e-9)) return;
    if (!fits((item) => item.a) || !fits((item) => item.b)) return;
    best = Math.min(
      best,
      items.reduce((sum, item, t) => sum + item.c * x[t], 0),
    );
  };
  for (let corner = 0; corner < 1 << n; corner++) {
    const x = items.map((item, t) => ((corner >> t) & 1 ? item.high : item.low));
    consider(x);
    const rest = (use: (item: Item) => number, skip: readonly number[]) =>
      items.reduce((room, item, t) => (skip.includes(t) ? room : room - use(item) * x[t]), 1);
    for (let p = 0; p < n; p++) {
      for (const use of [(item: Item) => item.a, (item: Item) => item.b]) {
        if (use(items[p]) > 0) consider(x.with(p, rest(use, [p]) / use(items[p])));
      }
      for (let q = p + 1; q < n; q++) {
        const determinant = items[p].a * items[q].b - items[p].b * items[q].a;
        if (Math.abs(determinant) < 1e-12) continue;
        const roomA = rest((item) => item.a, [p, q]);
        const roomB = rest((item) => item.b, [p, q]);
        consider(
          x
            .with(p, (roomA * items[q].b - roomB * items[q].a) / determinant)
            .with(q, (roomB * items[p].a - roomA * items[p].b) / determinant),
        );
      }
    }
  }
  return best;
}

export const tenth = (least: number, most: number) =>
  fc.integer({ min: least * 10, max: most * 10 }).map((v) => v / 10);
/** The item with its fractions cut to what fits the room on its own. */
const fitted = ({ f, c, high, lowShare, a, b }: Omit<Item, 'low'> & { readonly lowShare: number }): Item => {
  const most = Math.min(high, a > 0 ? 1 / a : 1, b > 0 ? 1 / b : 1);
  return { f, c, high: most, low: most * lowShare, a, b };
};
export const item: fc.Arbitrary<Item> = fc
  .record({
    f: tenth(-3, 6),
    c: tenth(-12, 2),
    high: fc.constantFrom(0, 0.3, 0.5, 0.85, 1),
    lowShare: fc.constantFrom(0, 0, 0, 0.5, 0.9, 1),
    a: fc.constantFrom(0, 0.1, 0.25, 0.4, 0.7, 1, 1.6),
    b: fc.constantFrom(0, 0.05, 0.3, 0.45, 0.6, 1, 2.1),
  })
  .map(fitted);
/**
 * Items that pay to be placed, gain by the fraction and compete for the room: at its price, many gain least by their
 * largest fraction.
 */
export const scarceItem: fc.Arbitrary<Item> = fc
  .record({
    f: tenth(0, 3),
    c: tenth(-12, -1),
    high: fc.constantFrom(0.5, 0.85, 1),
    lowShare: fc.constantFrom(0, 0.1, 0.5, 0.9),
    a: fc.constantFrom(0.4, 0.7, 1, 1.6),
    b: fc.constantFrom(0.3, 0.45, 0.6, 1, 2.1),
  })
  .map(fitted);
export const subset = fc
  .tuple(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 3, maxLength: 3 }), tenth(0, 4))
  .map(([three, penalty]) => ({ queryTypes: three.sort((p, q) => p - q) as [number, number, number], penalty }));
