import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { solveLinearProgram } from '../../../src/lp/solveLinearProgram.ts';
import { type PatternProblem, PatternSearch } from '../../../src/proof/check/patternProblem.ts';
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
}

const money = (value: number) => roundedDown(exactly(value), resolution);
const share = (value: number) => roundedDown(exactly(value), 64);

function exact({ items, ...rest }: PlainProblem): PatternProblem {
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
  };
}

/** What each set costs, at the best number of replicas; a linear program for the fractions. */
function costsOfSets(problem: PlainProblem): number[] {
  const { items, base, slope, added, removed, gpus, current, least, most } = problem;
  return Array.from({ length: 1 << items.length }, (_, set) => {
    const chosen = items.filter((_, t) => (set >> t) & 1);
    let best = Infinity;
    for (let m = least; m <= most; m++) {
      const rented = gpus * m;
      let cost = base + slope * m + added * Math.max(0, rented - current) - removed * Math.min(rented, current);
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
    return best;
  });
}

const cheapest = (problem: PlainProblem) => Math.min(...costsOfSets(problem));

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
  })
  .map(({ more, items, ...rest }) => ({
    ...rest,
    most: rest.least + more,
    items: items.map((item) => ({ ...item, high: Math.max(item.low, item.high) })),
  }));

it('tells of every set below a limit, at no more than it costs', () => {
  let told = 0;
  let all = 0;
  fc.assert(
    fc.property(plainProblems, fc.constantFrom(0, 5, 30, 100), (plain, above) => {
      const costs = costsOfSets(plain);
      const margin = 1e-6;
      const limit = Math.min(...costs) + above + margin;
      const found = new Map<number, bigint>();
      const note = (queryTypes: readonly number[], cost: bigint) => {
        const set = queryTypes.reduce((sum, i) => sum + (1 << i), 0);
        const before = found.get(set);
        found.set(set, before === undefined || cost < before ? cost : before);
      };
      PatternSearch.below(exact(plain), money(limit), note, 'leaf');
      const tooDear = costs.flatMap((cost, set) =>
        cost < limit - margin && !((found.get(set) ?? Infinity) <= money(cost + margin)) ? [{ set, cost }] : [],
      );
      expect(tooDear).toEqual([]);
      expect([...found.values()].filter((cost) => cost >= money(limit))).toEqual([]);
      told += found.size;
      all += costs.length;
    }),
    { numRuns: 100, seed: 1 },
  );
  expect(told).toBeGreaterThan(300);
  expect(told).toBeLessThan(all / 2);
});

it('finds the least cost from any floor above it, and says a floor below it', () => {
  fc.assert(
    fc.property(plainProblems, fc.constantFrom(1e-3, 10, 1e300), (plain, above) => {
      const best = cheapest(plain);
      const margin = 1e-6;
      const least = PatternSearch.least(exact(plain), money(best + above), 'leaf');
      expect(least).toBeGreaterThanOrEqual(money(best - margin));
      expect(least).toBeLessThanOrEqual(money(best + margin));
      const below = money(best - above);
      expect(PatternSearch.least(exact(plain), below, 'leaf')).toBe(below);
    }),
    { numRuns: 100, seed: 2 },
  );
});
