/**
 * Pricing against enumeration: every set of query types, and for each the vertices of its two-resource linear program.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternPricer, type PatternPrices } from '../../../src/patterns/pricing/patternPricer.ts';
import { bestVertex, type Item, item, pricesOf, scarceItem, subset, tableOf, tenth } from './pricingItems.ts';

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

  it('proves the best pattern where one placed item leaves no room for the others', () => {
    const items = [
      { f: 0, c: -0.1, low: 0, high: 0.3, a: 0, b: 0.05 },
      { f: 0, c: -0.1, low: 1, high: 1, a: 0, b: 1 },
      { f: 0, c: -0.1, low: 0, high: 0.85, a: 0, b: 0.3 },
    ];
    const bound = new PatternPricer(tableOf(items)).search(0, pricesOf(items, 0, []), new Uint8Array(3), 1000);
    expect(bound).toBeCloseTo(-0.115, 8);
  });

  it('keeps items whose least fraction is cheaper than their largest at the price of the room', () => {
    fc.assert(
      fc.property(fc.array(scarceItem, { minLength: 3, maxLength: 5 }), tenth(0, 5), (items, fixed) => {
        const pricer = new PatternPricer(tableOf(items));
        const bound = pricer.search(0, pricesOf(items, fixed, []), new Uint8Array(items.length), 1000);
        expect(bound).toBeCloseTo(enumerate(items, fixed, []), 6);
      }),
      { numRuns: 1500 },
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
