/** The search through a pool's covers against all sets of columns. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drain } from '../../../src/lp/steps.ts';
import { defaultPatternParameters } from '../../../src/patterns/parameters.ts';
import { type CoverLimits, type CoverOutcome, searchCovers } from '../../../src/patterns/pool/coverSearch.ts';
import { PatternPool } from '../../../src/patterns/pool/patternPool.ts';
import { allDifferent } from '../../../src/patterns/pricing/alikeness.ts';
import type { PatternTable } from '../../../src/patterns/pricing/patternTable.ts';
import type { SubsetPenalty } from '../../../src/patterns/pricing/subsetCharges.ts';
import { draws } from '../../arbitrary/draws.ts';

/** Query types of the tests, spread over two words of bits; one column with a pair to itself covers all others. */
const spread = [0, 3, 12, 30, 31, 33];
const numQueryTypes = 34;
const others = Array.from({ length: numQueryTypes }, (_, i) => i).filter((i) => !spread.includes(i));
const numPairs = 4;
const value = 100;
const gap = 12;

interface Column {
  readonly pair: number;
  readonly set: number;
  readonly excess: number;
}

const column = fc.record({
  pair: fc.nat(numPairs - 1),
  set: fc.integer({ min: 1, max: 2 ** spread.length - 1 }),
  excess: fc.double({ min: 0, max: gap, noNaN: true }),
});
const subset = fc.record({
  members: fc.uniqueArray(fc.nat(spread.length - 1), { minLength: 3, maxLength: 3 }),
  penalty: fc.double({ min: 0, max: 4, noNaN: true }),
});
const problem = fc.record({
  columns: fc.array(column, { minLength: 4, maxLength: 12 }),
  subsets: fc.array(subset, { maxLength: 4 }),
  /** What rows that the search knows nothing of add to the cost of a set of columns. */
  surcharge: fc.func(fc.double({ min: 0, max: 5, noNaN: true })),
});

const membersOf = (set: number): number[] => spread.filter((_, t) => (set >> t) & 1);

/**
 * The columns and after them the one of the others. One deployment for each pair, one entry for each of its query
 * types.
 */
function poolOf(columns: readonly Column[]): PatternPool {
  const queryType = Array.from({ length: (numPairs + 1) * numQueryTypes }, (_, e) => e % numQueryTypes);
  const table = {
    problem: {
      numQueryTypes,
      numPairs: numPairs + 1,
      available: Float64Array.of(Infinity),
      fleetLimits: [],
      numTiers: 1,
      deployments: { tier: new Int32Array(numPairs + 1), gpus: new Int32Array(numPairs + 1).fill(1) },
    },
    parameters: defaultPatternParameters,
    budget: Infinity,
    queryType: Int32Array.from(queryType),
    pair: Int32Array.from({ length: numPairs + 1 }, (_, o) => o),
    rate: new Float64Array(queryType.length),
    alike: allDifferent({ numPairs: numPairs + 1, numQueryTypes }),
  } as unknown as PatternTable;
  const entries = columns.map(({ pair, set }) => membersOf(set).map((i) => pair * numQueryTypes + i));
  entries.push(others.map((i) => numPairs * numQueryTypes + i));
  const start = [0];
  for (const list of entries) start.push(start.at(-1)! + list.length);
  return new PatternPool(table, {
    cutoff: value + gap,
    set: Int32Array.from({ length: columns.length + 1 }, (_, c) => c),
    deployment: Int32Array.from([...columns.map(({ pair }) => pair), numPairs]),
    replicas: new Int32Array(columns.length + 1).fill(1),
    start: Int32Array.from(start),
    entry: Int32Array.from(entries.flat()),
    fraction: Float64Array.from(entries.flat(), () => 1),
    floor: Float64Array.from([...columns.map(({ excess }) => value + excess), value]),
  });
}

function run(
  columns: readonly Column[],
  subsets: readonly SubsetPenalty[],
  limits: Pick<CoverLimits, 'costOf' | 'effort'>,
): CoverOutcome {
  const pool = poolOf(columns);
  const list = Int32Array.from({ length: pool.size }, (_, c) => c);
  const bounds = { value, bound: value, cutoff: value + gap, shouldStop: () => false };
  return drain(searchCovers(pool, list, pool.floor, subsets, { ...bounds, ...limits }));
}

/** The cheapest exact cover by columns of different pairs. */
function cheapest(columns: readonly Column[], costOf: (chosen: readonly number[]) => number): number {
  let best = Infinity;
  for (let chosen = 1; chosen < 1 << columns.length; chosen++) {
    const list = [...columns.keys()].filter((c) => (chosen >> c) & 1);
    const sets = list.map((c) => columns[c].set);
    const total = sets.reduce((sum, set) => sum + set, 0);
    const isCover = total === 2 ** spread.length - 1 && sets.reduce((all, set) => all | set, 0) === total;
    const arePairsDifferent = new Set(list.map((c) => columns[c].pair)).size === list.length;
    if (isCover && arePairsDifferent) best = Math.min(best, costOf(list));
  }
  return best;
}

describe('the search through covers', () => {
  const check = (effort: number) => {
    let plans = 0;
    let stopped = 0;
    let kept = 0;
    fc.assert(
      fc.property(problem, ({ columns, subsets, surcharge }) => {
        const rows = subsets.map(({ members, penalty }) => ({
          queryTypes: members.map((t) => spread[t]) as unknown as SubsetPenalty['queryTypes'],
          penalty,
        }));
        const costOf = (chosen: readonly number[]) => {
          const order = chosen.filter((c) => c < columns.length).sort((a, b) => a - b);
          const held = (row: SubsetPenalty, c: number) =>
            membersOf(columns[c].set).filter((i) => row.queryTypes.includes(i)).length;
          const slack = rows.filter((row) => order.every((c) => held(row, c) < 2));
          const known = order.reduce((sum, c) => sum + columns[c].excess, value);
          return slack.reduce((sum, { penalty }) => sum + penalty, known) + surcharge(order.join());
        };
        const best = Math.min(cheapest(columns, costOf), value + gap);
        const outcome = run(columns, rows, { costOf, effort });
        const { bound } = outcome;
        expect(bound).toBeLessThanOrEqual(best + 1e-9 * best);
        if (outcome.best !== null) {
          const { cost, columns: found } = outcome.best;
          expect(costOf(found)).toBe(cost);
          if (cost <= bound) plans++;
          else kept++;
        }
        if (bound < Math.min(outcome.best?.cost ?? Infinity, value + gap)) stopped++;
        else expect(bound).toBeCloseTo(best, 9);
      }),
      { numRuns: draws(2000), seed: 5 },
    );
    return { plans, stopped, kept };
  };

  it('finds the cheapest plan or proves that there is none below the cutoff', () => {
    const { plans, stopped } = check(1e9);
    expect(plans).toBeGreaterThan(20);
    expect(stopped).toBe(0);
  });

  it('claims no more than is true where it is given up', () => {
    expect(check(15).stopped).toBeGreaterThan(20);
    expect(check(40).kept).toBeGreaterThan(0);
  });

  it('counts the plans of covers as work: where none keeps the limits, it is given up', () => {
    const { planEffort } = defaultPatternParameters.covers;
    const columns = [7, 56].flatMap((set, pair) =>
      Array.from({ length: 60 }, (_, k) => ({ pair, set, excess: k / 60 })),
    );
    let plans = 0;
    const costOf = () => {
      plans++;
      return Infinity;
    };
    const outcome = run(columns, [], { costOf, effort: 50 * planEffort });
    expect(plans).toBeGreaterThan(10);
    expect(plans).toBeLessThanOrEqual(51);
    expect(outcome.best).toBeNull();
    expect(outcome.bound).toBeLessThan(value + gap);
  });
});
