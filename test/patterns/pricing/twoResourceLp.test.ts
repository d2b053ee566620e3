/** The two-resource linear program inside pricing against the vertices of its polytope, enumerated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TwoResourceLp } from '../../../src/patterns/pricing/twoResourceLp.ts';
import { draws } from '../../arbitrary/draws.ts';
import { bestVertex, tenth } from './pricingItems.ts';

const piece = fc.record({
  cost: tenth(-9, 1),
  a: fc.constantFrom(0, 0.1, 0.3, 0.3, 0.7, 1.5),
  b: fc.constantFrom(0, 0.2, 0.4, 0.4, 1, 2.3),
});
const program = fc.record({
  pieces: fc.array(piece, { minLength: 1, maxLength: 7 }),
  roomA: fc.constantFrom<number>(0.2, 0.6, 1, 1.7),
  roomB: fc.constantFrom<number>(0.2, 0.5, 1, 2.4),
});

type Program = (typeof program extends fc.Arbitrary<infer Value> ? Value : never) & {};

function load(lp: TwoResourceLp, { pieces }: Program): void {
  pieces.forEach(({ cost, a, b }, k) => {
    lp.cost[k] = cost;
    lp.useA[k] = a;
    lp.useB[k] = b;
    lp.isOpen[k] = 1;
  });
}

/** The optimum over the pieces that `isIn` names. */
function optimum({ pieces, roomA, roomB }: Program, isIn: (k: number) => boolean = () => true): number {
  const items = pieces
    .filter((_, k) => isIn(k))
    .map(({ cost, a, b }) => ({ f: 0, c: cost, low: 0, high: 1, a: a / roomA, b: b / roomB }));
  return Math.min(0, bestVertex(items));
}

const everything = (count: number) => Int32Array.from({ length: count }, (_, k) => k);

/** Whether the shares of the listed pieces keep the rows, and what they cost. */
function pointOf(lp: TwoResourceLp, { pieces, roomA, roomB }: Program, list: Int32Array) {
  const sum = (pick: (entry: Program['pieces'][number]) => number) =>
    list.reduce((total, k) => total + pick(pieces[k]) * lp.share[k], 0);
  const isWithin = list.every((k) => lp.share[k] >= 0 && lp.share[k] <= 1);
  return {
    fits: isWithin && sum(({ a }) => a) <= roomA + 1e-8 && sum(({ b }) => b) <= roomB + 1e-8,
    cost: sum(({ cost }) => cost),
  };
}

describe('the linear program with two resources', () => {
  it('ends at the best vertex, with shares that attain it and multipliers that prove it', () => {
    fc.assert(
      fc.property(program, (given) => {
        const { pieces, roomA, roomB } = given;
        const lp = new TwoResourceLp(pieces.length);
        load(lp, given);
        lp.setSlackBasis();
        const list = everything(pieces.length);
        const value = lp.solve(list, 0, list.length, roomA, roomB, Infinity);
        expect(lp.isExact).toBe(true);
        expect(value).toBeCloseTo(optimum(given), 7);
        const { fits, cost } = pointOf(lp, given, list);
        expect(fits).toBe(true);
        expect(cost).toBeCloseTo(value, 7);
        const { muA, muB } = lp;
        const proven = pieces.reduce(
          (sum, entry) => sum + Math.min(0, entry.cost + muA * entry.a + muB * entry.b),
          -muA * roomA - muB * roomB,
        );
        expect(Math.min(muA, muB)).toBeGreaterThanOrEqual(0);
        expect(proven).toBeCloseTo(value, 7);
      }),
      { numRuns: draws(3000), seed: 1 },
    );
  });

  it("goes on from a parent's basis when pieces are closed and rooms shrink", () => {
    fc.assert(
      fc.property(
        program,
        fc.array(fc.nat(6), { maxLength: 4 }),
        fc.constantFrom(0.5, 0.9, 1),
        (given, shut, share) => {
          const lp = new TwoResourceLp(given.pieces.length);
          load(lp, given);
          lp.setSlackBasis();
          const all = everything(given.pieces.length);
          lp.solve(all, 0, all.length, given.roomA, given.roomB, Infinity);
          for (const k of shut) if (k < given.pieces.length) lp.isOpen[k] = 0;
          const open = all.filter((k) => lp.isOpen[k] === 1);
          const child = { ...given, roomA: given.roomA * share };
          const value = lp.solve(open, 0, open.length, child.roomA, child.roomB, Infinity);
          expect(value).toBeCloseTo(
            optimum(child, (k) => open.includes(k)),
            7,
          );
          expect(pointOf(lp, child, open).fits).toBe(true);
        },
      ),
      { numRuns: draws(2000), seed: 1 },
    );
  });

  it('stops at a cutoff with a bound that holds', () => {
    fc.assert(
      fc.property(program, tenth(-9, 0), (given, cutoff) => {
        const lp = new TwoResourceLp(given.pieces.length);
        load(lp, given);
        lp.setSlackBasis();
        const list = everything(given.pieces.length);
        const value = lp.solve(list, 0, list.length, given.roomA, given.roomB, cutoff);
        const expected = optimum(given);
        expect(value).toBeLessThanOrEqual(expected + 1e-9);
        // The optimum, or as much as was asked for.
        expect(value).toBeGreaterThanOrEqual(Math.min(expected, cutoff) - 1e-7);
      }),
      { numRuns: draws(1500), seed: 1 },
    );
  });
});
