import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { solveLinearProgram } from '../../../src/lp/solveLinearProgram.ts';
import { PatternBound, type PatternProblem } from '../../../src/proof/check/patternProblem.ts';
import { exactly, roundedDown } from '../../../src/proof/check/rational.ts';

/** Binary digits of money in these tests. */
const resolution = 40;

/** A pattern problem in plain numbers. */
interface PlainProblem {
  readonly base: number;
  readonly slope: number;
  readonly added: number;
  readonly removed: number;
  readonly gpus: number;
  readonly current: number;
  readonly least: number;
  readonly most: number;
  readonly items: readonly {
    readonly fixed: number;
    readonly rate: number;
    readonly low: number;
    readonly high: number;
    readonly cache: number;
    readonly load: number;
  }[];
  readonly subsets: readonly { readonly members: readonly number[]; readonly price: number }[];
}

const money = (value: number) => roundedDown(exactly(value), resolution);
const share = (value: number) => roundedDown(exactly(value), 64);

function exact({ items, subsets, ...rest }: PlainProblem): PatternProblem {
  return {
    advice: { u: 0n, v: 0n },
    base: money(rest.base),
    slope: money(rest.slope),
    added: money(rest.added),
    removed: money(rest.removed),
    gpus: BigInt(rest.gpus),
    current: BigInt(rest.current),
    least: BigInt(rest.least),
    most: BigInt(rest.most),
    items: items.map(({ fixed, rate, low, high, cache, load }, queryType) => ({
      queryType,
      isRequired: false,
      fixed: money(fixed),
      rate: money(rate),
      low: share(low),
      high: share(high),
      cache: share(cache),
      load: share(load),
    })),
    subsets: subsets.map(({ members, price }) => ({ members, price: money(price) })),
  };
}

/** The cheapest pattern by going through every set and number of replicas; a linear program for the fractions. */
function cheapest({ items, subsets, base, slope, added, removed, gpus, current, least, most }: PlainProblem): number {
  let best = Infinity;
  for (let set = 0; set < 1 << items.length; set++) {
    const chosen = items.filter((_, t) => (set >> t) & 1);
    for (let m = least; m <= most; m++) {
      const rented = gpus * m;
      let cost = base + slope * m + added * Math.max(0, rented - current) - removed * Math.min(rented, current);
      for (const { members, price } of subsets) if (members.filter((i) => (set >> i) & 1).length >= 2) cost += price;
      const builder = new MixedIntegerProgramBuilder();
      chosen.forEach(({ fixed, rate, low, high }) => {
        cost += fixed;
        builder.addColumn({ cost: rate, lower: low, upper: high });
      });
      const indices = chosen.map((_, t) => t);
      builder.addRow({ upper: m, indices, values: chosen.map(({ cache }) => cache) });
      builder.addRow({ upper: m, indices, values: chosen.map(({ load }) => load) });
      const solved = solveLinearProgram(builder.build('fractions'));
      if (solved.status === 'optimal') best = Math.min(best, cost + solved.objective);
    }
  }
  return best;
}

const number = (least: number, most: number) => fc.integer({ min: least * 8, max: most * 8 }).map((value) => value / 8);

const plainProblems: fc.Arbitrary<PlainProblem> = fc
  .record({
    base: number(-20, 40),
    slope: number(0, 60),
    added: number(0, 10),
    removed: number(0, 10),
    gpus: fc.constantFrom(1, 2, 4),
    current: fc.constantFrom(0, 0, 3, 8),
    least: fc.constantFrom(1, 1, 2),
    more: fc.integer({ min: 0, max: 3 }),
    items: fc.array(
      fc.record({
        fixed: number(-60, 60),
        rate: number(-100, 60),
        low: fc.constantFrom(0, 0, 0.5, 0.99, 1),
        high: fc.constantFrom(1, 1, 0.75),
        cache: number(0, 2),
        load: number(0, 2),
      }),
      { maxLength: 6 },
    ),
    subsets: fc.array(
      fc.record({ members: fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 3, maxLength: 3 }), price: number(0, 30) }),
      {
        maxLength: 3,
      },
    ),
  })
  .map(({ more, items, ...rest }) => ({
    ...rest,
    most: rest.least + more,
    items: items.map((item) => ({ ...item, high: Math.max(item.low, item.high) })),
  }));

it('holds the cheapest pattern and nothing above it', () => {
  fc.assert(
    fc.property(plainProblems, (plain) => {
      const best = cheapest(plain);
      const problem = exact(plain);
      const margin = 1e-6;
      expect(PatternBound.neverBelow(problem, money(best - margin), 'leaf')).toBe(true);
      expect(PatternBound.neverBelow(problem, money(best + margin), 'leaf')).toBe(false);
    }),
    { numRuns: 100, seed: 1 },
  );
});

it('finds the least cost from any floor above it, and says a floor below it', () => {
  fc.assert(
    fc.property(plainProblems, fc.constantFrom(1e-3, 10, 1e300), (plain, above) => {
      const best = cheapest(plain);
      const margin = 1e-6;
      const least = PatternBound.least(exact(plain), money(best + above), 'leaf');
      expect(least).toBeGreaterThanOrEqual(money(best - margin));
      expect(least).toBeLessThanOrEqual(money(best + margin));
      const below = money(best - above);
      expect(PatternBound.least(exact(plain), below, 'leaf')).toBe(below);
    }),
    { numRuns: 100, seed: 2 },
  );
});
