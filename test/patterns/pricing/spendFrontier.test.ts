/** The corners of cost and spend of a set, against the best vertex of its linear program at many prices. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatternTable } from '../../../src/patterns/pricing/patternTable.ts';
import { SpendFrontier } from '../../../src/patterns/pricing/spendFrontier.ts';
import { bestVertex, type Item, item, scarceItem, tableOf } from './pricingItems.ts';

const prices = [0, 0.05, 0.2, 0.5, 1, 1.7, 3, 6, 20, 100];

function frontierOf(items: readonly Item[], data: readonly number[]): SpendFrontier {
  const table = tableOf(items);
  const problem = { ...table.problem, dataCost: Float64Array.from(data) };
  return new SpendFrontier({ ...table, problem } as PatternTable);
}

describe('the corners of a set', () => {
  it('hold the least of cost and spend at every price, as far as that is within the room', () => {
    let compared = 0;
    let several = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(item, scarceItem), { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom(0, 0.1, 0.5, 1, 4), { minLength: 5, maxLength: 5 }),
        fc.constantFrom(...prices),
        fc.constantFrom(0, 0.3, 2, 50),
        (items, data, price, room) => {
          const atPrice = (rho: number) => items.map((one, t) => ({ ...one, c: one.c + rho * data[t] }));
          const sum = (x: Float64Array, rho: number) => atPrice(rho).reduce((total, { c }, t) => total + c * x[t], 0);
          const use = (x: Float64Array, of: (one: Item) => number) =>
            items.reduce((total, one, t) => total + of(one) * x[t], 0);
          const low = Float64Array.from(items, (one) => one.low);
          fc.pre(use(low, ({ a }) => a) <= 1 && use(low, ({ b }) => b) <= 1);
          const frontier = frontierOf(items, data);
          const entries = Int32Array.from(items, (_, t) => t);
          const least = bestVertex(atPrice(price));
          const all = frontier.corners(1, items.length, entries, price, Infinity);
          const corners = frontier.corners(1, items.length, entries, price, room);
          if (corners.length > 1) several++;
          for (const x of corners) {
            expect(use(x, ({ a }) => a)).toBeLessThanOrEqual(1 + 1e-8);
            expect(use(x, ({ b }) => b)).toBeLessThanOrEqual(1 + 1e-8);
            items.forEach((one, t) => {
              expect(x[t]).toBeGreaterThanOrEqual(one.low - 1e-12);
              expect(x[t]).toBeLessThanOrEqual(one.high + 1e-12);
            });
          }
          const spends = corners.map((x) => use(x, (one) => data[items.indexOf(one)]));
          expect(spends).toEqual(spends.toSorted((one, other) => other - one));
          for (const rho of prices) {
            const found = Math.min(...corners.map((x) => sum(x, rho)));
            const optimum = bestVertex(atPrice(rho));
            expect(found).toBeGreaterThanOrEqual(optimum - 1e-7);
            // The optimum at rho is one of the corners of the whole list; it is of interest within the room.
            expect(Math.min(...all.map((x) => sum(x, rho)))).toBeCloseTo(optimum, 6);
            const isWithin = all.some((x) => sum(x, rho) <= optimum + 1e-9 && sum(x, price) <= least + room - 1e-7);
            if (!isWithin) continue;
            compared++;
            expect(found).toBeCloseTo(optimum, 6);
          }
        },
      ),
      { numRuns: 400, seed: 5 },
    );
    expect(compared).toBeGreaterThan(1000);
    expect(several).toBeGreaterThan(60);
  });
});
