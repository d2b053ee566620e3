/** Pricing against enumeration: every set of query types, and for each the vertices of its two-resource linear program. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternPricer, type PatternPrices } from '../../../src/model/patterns/patternPricer.ts';
import type { PatternTable } from '../../../src/model/patterns/patternTable.ts';

interface Item {
  readonly f: number;
  readonly c: number;
  readonly low: number;
  readonly high: number;
  readonly a: number;
  readonly b: number;
}

/** Only the members that pricing reads. */
function tableOf(items: readonly Item[]): PatternTable {
  const numbers = (pick: (item: Item) => number) => Float64Array.from(items, pick);
  const partial: Partial<PatternTable> = {
    problem: { numQueryTypes: items.length, numPairs: 1 } as PatternTable['problem'],
    numOptions: 1,
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

function pricesOf(items: readonly Item[], fixed: number, subsets: PatternPrices['subsets']): PatternPrices {
  return {
    cover: Float64Array.from(items, (item) => -item.f),
    optionCost: Float64Array.of(fixed),
    placementCost: Float64Array.of(0),
    rateFactor: 1,
    extraRate: null,
    subsets,
  };
}

/** The least value of sum c x over the box and the two rows: the best vertex, enumerated; Infinity if none is feasible. */
function bestVertex(items: readonly Item[]): number {
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

function enumerate(items: readonly Item[], fixed: number, subsets: PatternPrices['subsets']): number {
  let best = fixed;
  for (let set = 1; set < 1 << items.length; set++) {
    const chosen = items.filter((_, i) => (set >> i) & 1);
    let value = fixed + bestVertex(chosen) + chosen.reduce((sum, item) => sum + item.f, 0);
    for (const { queryTypes, penalty } of subsets) {
      if (queryTypes.filter((i) => (set >> i) & 1).length >= 2) value += penalty;
    }
    best = Math.min(best, value);
  }
  return best;
}

const tenth = (least: number, most: number) => fc.integer({ min: least * 10, max: most * 10 }).map((v) => v / 10);
const item: fc.Arbitrary<Item> = fc
  .record({
    f: tenth(-3, 6),
    c: tenth(-12, 2),
    high: fc.constantFrom(0, 0.3, 0.5, 0.85, 1),
    lowShare: fc.constantFrom(0, 0, 0, 0.5, 0.9, 1),
    a: fc.constantFrom(0, 0.1, 0.25, 0.4, 0.7, 1, 1.6),
    b: fc.constantFrom(0, 0.05, 0.3, 0.45, 0.6, 1, 2.1),
  })
  .map(({ f, c, high, lowShare, a, b }) => {
    const most = Math.min(high, a > 0 ? 1 / a : 1, b > 0 ? 1 / b : 1);
    return { f, c, high: most, low: most * lowShare, a, b };
  });
const subset = fc
  .tuple(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 3, maxLength: 3 }), tenth(0, 4))
  .map(([three, penalty]) => ({ queryTypes: three.sort((p, q) => p - q) as [number, number, number], penalty }));

/** Value and uses of the best pattern found; of the empty one where none was below the threshold. */
function patternValue(items: readonly Item[], fixed: number, subsets: PatternPrices['subsets'], pricer: PatternPricer) {
  const { queryTypes, fractions } = pricer.found.at(-1) ?? { queryTypes: [], fractions: [] };
  const inside = Array.from<number>(queryTypes);
  let value = fixed + inside.reduce((sum, i, t) => sum + items[i].f + items[i].c * fractions[t], 0);
  for (const { queryTypes: three, penalty } of subsets) {
    if (three.filter((i) => inside.includes(i)).length >= 2) value += penalty;
  }
  const use = (pick: (entry: Item) => number) => inside.reduce((sum, i, t) => sum + pick(items[i]) * fractions[t], 0);
  return { value, useA: use((entry) => entry.a), useB: use((entry) => entry.b) };
}

describe('pricing one option', () => {
  it('finds the least reduced cost that enumeration finds', () => {
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 6 }),
        tenth(0, 5),
        fc.array(subset, { maxLength: 3 }),
        (items, fixed, allSubsets) => {
          const subsets = allSubsets.filter(({ queryTypes }) => queryTypes.every((i) => i < items.length));
          const expected = enumerate(items, fixed, subsets);
          const pricer = new PatternPricer(tableOf(items));
          const blocked = new Uint8Array(items.length);
          const bound = pricer.search(0, pricesOf(items, fixed, subsets), blocked, 1000);
          expect(bound).toBeCloseTo(expected, 6);
          expect(pricer.found.length).toBeGreaterThan(0);
          const { value, useA, useB } = patternValue(items, fixed, subsets, pricer);
          expect(value).toBeCloseTo(expected, 6);
          expect(Math.max(useA, useB)).toBeLessThanOrEqual(1 + 1e-8);
          expect(pricer.quickBound(0, pricesOf(items, fixed, subsets), blocked)).toBeLessThanOrEqual(expected + 1e-7);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('reports at least the threshold when nothing is below it, and obeys blocked entries', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 2, maxLength: 5 }), tenth(0, 9), (items, fixed) => {
        const pricer = new PatternPricer(tableOf(items));
        const blocked = new Uint8Array(items.length);
        blocked[0] = 1;
        const expected = enumerate(items.slice(1), fixed, []);
        const bound = pricer.search(0, pricesOf(items, fixed, []), blocked, 0);
        expect(pricer.found.length > 0).toBe(expected < -1e-9);
        expect(bound).toBeLessThanOrEqual(expected + 1e-8);
        expect(bound).toBeGreaterThanOrEqual(Math.min(0, expected) - 1e-8);
        for (const { queryTypes } of pricer.found) expect(Array.from(queryTypes)).not.toContain(0);
      }),
      { numRuns: 300 },
    );
  });
});
