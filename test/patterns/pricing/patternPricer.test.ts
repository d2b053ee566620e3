/**
 * Pricing against enumeration: every set of query types, and for each the vertices of its two-resource linear program.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternPricer, type PatternPrices } from '../../../src/patterns/pricing/patternPricer.ts';
import { draws } from '../../arbitrary/draws.ts';
import {
  bestVertex,
  everything,
  type Item,
  item,
  pricesOf,
  scarceItem,
  subset,
  tableOf,
  tenth,
} from './pricingItems.ts';

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

describe('pricing one deployment', () => {
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
          const range = everything(pricer.table);
          const bound = pricer.search(0, pricesOf(items, fixed, subsets), range, 1000);
          expect(bound).toBeCloseTo(expected, 6);
          expect(pricer.found.length).toBeGreaterThan(0);
          const { value, useA, useB } = patternValue(items, fixed, subsets, pricer);
          expect(value).toBeCloseTo(expected, 6);
          expect(Math.max(useA, useB)).toBeLessThanOrEqual(1 + 1e-8);
          expect(pricer.quickBound(0, pricesOf(items, fixed, subsets), range)).toBeLessThanOrEqual(expected + 1e-7);
        },
      ),
      { numRuns: draws(600), seed: 1 },
    );
  });

  it('proves the best pattern where one placed item leaves no room for the others', () => {
    const items = [
      { f: 0, c: -0.1, low: 0, high: 0.3, a: 0, b: 0.05 },
      { f: 0, c: -0.1, low: 1, high: 1, a: 0, b: 1 },
      { f: 0, c: -0.1, low: 0, high: 0.85, a: 0, b: 0.3 },
    ];
    const table = tableOf(items);
    const bound = new PatternPricer(table).search(0, pricesOf(items, 0, []), everything(table), 1000);
    expect(bound).toBeCloseTo(-0.115, 8);
  });

  it('keeps items whose least fraction is cheaper than their largest at the price of the room', () => {
    fc.assert(
      fc.property(fc.array(scarceItem, { minLength: 3, maxLength: 5 }), tenth(0, 5), (items, fixed) => {
        const pricer = new PatternPricer(tableOf(items));
        const bound = pricer.search(0, pricesOf(items, fixed, []), everything(pricer.table), 1000);
        expect(bound).toBeCloseTo(enumerate(items, fixed, []), 6);
      }),
      { numRuns: draws(1500), seed: 1 },
    );
  });

  it('ends soon with a bound that holds where it is told to stop', () => {
    let cutShort = 0;
    fc.assert(
      fc.property(fc.array(scarceItem, { minLength: 3, maxLength: 6 }), tenth(0, 5), (items, fixed) => {
        const { parameters, ...table } = tableOf(items);
        const pricing = { ...parameters.pricing, stopPeriod: 1 };
        const search = (shouldStop: () => boolean) => {
          const pricer = new PatternPricer({ ...table, parameters: { ...parameters, pricing } });
          const bound = pricer.search(0, pricesOf(items, fixed, []), everything(pricer.table), 1000, shouldStop);
          return { bound, nodes: pricer.nodes };
        };
        const whole = search(() => false);
        const stopped = search(() => true);
        expect(stopped.bound).toBeLessThanOrEqual(enumerate(items, fixed, []) + 1e-7);
        expect(stopped.nodes).toBeLessThanOrEqual(Math.min(whole.nodes, 3));
        if (stopped.nodes < whole.nodes) cutShort++;
      }),
      { numRuns: draws(300), seed: 1 },
    );
    expect(cutShort).toBeGreaterThan(draws(300) / 10);
  });

  it('reports at least the threshold when nothing is below it, and obeys blocked entries', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 2, maxLength: 5 }), tenth(0, 9), (items, fixed) => {
        const pricer = new PatternPricer(tableOf(items));
        const range = everything(pricer.table);
        range.blocked[0] = 1;
        const expected = enumerate(items.slice(1), fixed, []);
        const bound = pricer.search(0, pricesOf(items, fixed, []), range, 0);
        expect(pricer.found.length > 0).toBe(expected < -1e-9);
        expect(bound).toBeLessThanOrEqual(expected + 1e-8);
        expect(bound).toBeGreaterThanOrEqual(Math.min(0, expected) - 1e-8);
        for (const { queryTypes } of pricer.found) expect(Array.from(queryTypes)).not.toContain(0);
      }),
      { numRuns: draws(300), seed: 1 },
    );
  });
});

/** Items whose uses are of one replica, at the largest fractions that `most` replicas hold. */
const shared = (most: number) =>
  fc
    .record({
      f: tenth(-3, 6),
      c: tenth(-12, 2),
      low: fc.constantFrom(0, 0.5, 0.9, 1),
      a: fc.constantFrom(0, 0.1, 0.4, 1, 1.6, 2.2, 3.7),
      b: fc.constantFrom(0, 0.05, 0.3, 0.6, 1, 2.1),
    })
    .map(({ low, a, b, ...costs }): Item => {
      const high = Math.min(1, a > 0 ? most / a : 1, b > 0 ? most / b : 1);
      return { ...costs, a, b, low: Math.min(low, high), high };
    });

const replicas = fc
  .record({
    least: fc.integer({ min: 1, max: 2 }),
    span: fc.nat(5),
    kink: fc.constantFrom(Infinity, 1, 2, 2.5, 3, 4, 7),
  })
  .map(({ least, span, kink }) => ({ least, most: least + span, kink }));

const fleet = replicas.chain((range) =>
  fc.record({
    range: fc.constant(range),
    items: fc.array(shared(range.most), { minLength: 1, maxLength: 5 }),
    fixed: tenth(-2, 3),
    each: tenth(0, 4),
    added: tenth(0, 2),
    removed: tenth(0, 3),
    subsets: fc.array(subset, { maxLength: 2 }),
    steps: fc.array(fc.record({ at: fc.constantFrom(1, 2, 3, 4, 6, Infinity), height: tenth(0, 3) }), { maxLength: 3 }),
  }),
);

describe('pricing replicas', () => {
  it('finds the least reduced cost over sets and replicas that enumeration finds', () => {
    fc.assert(
      fc.property(fleet, ({ range, items, fixed, each, added, removed, subsets: all, steps }) => {
        const subsets = all.filter(({ queryTypes }) => queryTypes.every((i) => i < items.length));
        const { least, most, kink } = range;
        const rental = (m: number) => {
          const switching = kink < Infinity ? added * Math.max(0, m - kink) + removed * Math.max(0, kink - m) : 0;
          return fixed + each * m + switching + steps.reduce((sum, { at, height }) => sum + (m >= at ? height : 0), 0);
        };
        let expected = Infinity;
        const bestAt: number[] = [];
        for (let m = least; m <= most; m++) {
          const scaled = items.map((entry) => ({ ...entry, a: entry.a / m, b: entry.b / m }));
          bestAt[m] = enumerate(scaled, rental(m), subsets);
          expected = Math.min(expected, bestAt[m]);
        }
        const pricer = new PatternPricer(tableOf(items, range));
        const everywhere = everything(pricer.table);
        const rentalSteps = steps.map(({ at }) => Float64Array.of(at));
        const prices = { ...pricesOf(items, rental, subsets), rentalSteps };
        expect(pricer.search(0, prices, everywhere, 1000)).toBeCloseTo(expected, 6);
        const best = pricer.found.at(-1)!;
        const { value, useA, useB } = patternValue(items, rental(best.replicas), subsets, pricer);
        expect(value).toBeCloseTo(expected, 6);
        expect(best.replicas).toBeGreaterThanOrEqual(least);
        expect(best.replicas).toBeLessThanOrEqual(most);
        expect(Math.max(useA, useB)).toBeLessThanOrEqual(best.replicas * (1 + 1e-8));
        const quick = pricer.quickBound(0, prices, everywhere);
        expect(quick).toBeLessThanOrEqual(expected + 1e-7);
        for (let m = least; m <= most; m++) {
          expect(pricer.boundAt(0, prices, everywhere, quick, m)).toBeLessThanOrEqual(bestAt[m] + 1e-7);
        }
        // The same within bounds of a branching.
        const within = { ...everywhere, leastReplicas: Int32Array.of(least), mostReplicas: Int32Array.of(least) };
        expect(pricer.search(0, prices, within, 1000)).toBeCloseTo(bestAt[least], 6);
      }),
      { numRuns: draws(1200), seed: 1 },
    );
  });
});
