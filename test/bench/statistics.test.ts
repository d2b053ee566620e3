/** The bench's figures against values worked out by hand (in the comments). */
import { describe, expect, it } from 'vitest';
import { gapsAt } from '../../bench/charts.ts';
import {
  caseResults,
  commonCases,
  growthOf,
  median,
  performanceProfile,
  shiftedGeometricMean,
  solverSummary,
  virtualBest,
} from '../../bench/statistics.ts';
import { record } from './runRecords.ts';

describe('means', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('shifts the geometric mean', () => {
    // sqrt((0 + 1) (3 + 1)) - 1, and the cube root of 2 * 4 * 8 without a shift.
    expect(shiftedGeometricMean([0, 3], 1)).toBeCloseTo(1, 12);
    expect(shiftedGeometricMean([2, 4, 8], 0)).toBeCloseTo(4, 12);
  });
});

describe('caseResults', () => {
  it('takes medians of the repeats, and their spread', () => {
    const [result] = caseResults([1, 4, 2].map((wallSeconds, repeat) => record({ wallSeconds, repeat })));
    expect(result).toMatchObject({ solved: true, seconds: 2, spread: 3, repeats: 3, cost: 100, gap: 0 });
  });

  it('counts a case as unsolved, at the limit, if any repeat was', () => {
    const [result] = caseResults([record({}), record({ repeat: 1, status: 'limit', bound: 90 })]);
    expect(result).toMatchObject({ solved: false, seconds: 60, spread: 0 });
  });

  it('counts a plan that the verifier refused as unsolved', () => {
    const refused = record({ status: 'failed', cost: null, message: 'plan refused' });
    const [result] = caseResults([refused]);
    expect(result).toMatchObject({ solved: false, seconds: 60, cpuSeconds: 60, gap: null, messages: ['plan refused'] });
  });

  it('integrates gaps over time, up to the limit where unsolved', () => {
    const trace = [
      { seconds: 1, cost: null, bound: 80 },
      { seconds: 2, cost: 200, bound: 80 },
      { seconds: 4, cost: 100, bound: 90 },
    ];
    const [result] = caseResults([record({ status: 'limit', bound: 90, wallSeconds: 10, timeLimit: 10, trace })]);
    // Primal: 1 for 2 s, then |200 - 100| / 200 for 2 s, then 0. Primal-dual: 1 for 2 s, 120 / 200 for 2 s, 10 / 100
    // for 6 s.
    expect(result!.primalIntegral).toBeCloseTo(2 + 1, 12);
    expect(result!.primalDualIntegral).toBeCloseTo(2 + 1.2 + 0.6, 12);
    expect(result).toMatchObject({ firstIncumbent: 2, bestIncumbent: 4, gap: 0.1 });
  });

  it('takes what a point does not tell from the points before it', () => {
    const trace = [
      { seconds: 1, cost: 100, bound: null },
      { seconds: 3, cost: null, bound: 75 },
    ];
    const run = record({ status: 'limit', bound: 75, wallSeconds: 5, timeLimit: 5, trace });
    // Primal-dual: 1 for 3 s, then 25 / 100 for 2 s.
    expect(caseResults([run])[0].primalDualIntegral).toBeCloseTo(3 + 0.5, 12);
    expect(gapsAt(run, [0.5, 1, 3, 4])).toEqual([1, 1, 0.25, 0.25]);
    expect(gapsAt({ ...run, status: 'optimal' }, [4, 5])).toEqual([0.25, 0]);
  });

  it('measures the first plan within 5 % of the best cost of any solver, and the root against it', () => {
    const trace = [
      { seconds: 1, cost: 250, bound: 100 },
      { seconds: 2, cost: 210.5, bound: 100 },
      { seconds: 3, cost: 209.5, bound: 100 },
      { seconds: 4, cost: 205, bound: 100 },
    ];
    const ours = record({ cost: 205, bound: 205, firstRootBound: 150, rootBound: 180, trace });
    const [result] = caseResults([ours, record({ solver: 'other', cost: 200, bound: 200 })]);
    // 5 % above 200 is 210; roots are (200 - 150) / 200 and (200 - 180) / 200 away from the best cost.
    expect(result).toMatchObject({ firstIncumbent: 1, nearIncumbent: 3, bestIncumbent: 4 });
    expect(result!.rootGapBefore).toBeCloseTo(0.25, 12);
    expect(result!.rootGapAfter).toBeCloseTo(0.1, 12);
  });
});

describe('comparisons', () => {
  // Case a: 1 s and 4 s; case b: 6 s and 2 s; case c: only ours, 3 s.
  const results = caseResults(
    [
      record(),
      record({ solver: 'other', wallSeconds: 4 }),
      record({ case: 'b', wallSeconds: 6 }),
      record({ case: 'b', solver: 'other', wallSeconds: 2 }),
      record({ case: 'c', wallSeconds: 3 }),
      record({ case: 'c', solver: 'other', status: 'limit', bound: 50, wallSeconds: 20 }),
    ].map((run) => ({ ...run, timeLimit: 20 })),
  );

  it('draws performance profiles', () => {
    const third = 1 / 3;
    expect(performanceProfile(results, 'ours')).toEqual([
      { ratio: 1, share: 0 },
      { ratio: 1, share: third },
      { ratio: 1, share: 2 * third },
      { ratio: 3, share: 1 },
    ]);
    expect(performanceProfile(results, 'other').at(-1)).toEqual({ ratio: 4, share: 2 * third });
  });

  it('sums up a solver, time-outs at the limit in means and ten times in PAR10', () => {
    const { solved, cases, par10, geometricMean, largest } = solverSummary('other', results);
    expect([solved, cases, largest]).toEqual([2, 3, 20]);
    expect(par10).toBeCloseTo((4 + 2 + 200) / 3, 12);
    expect(geometricMean).toBeCloseTo(Math.cbrt(5 * 3 * 21) - 1, 12);
  });

  it('takes the best solver of each case', () => {
    const best = virtualBest(results, ['ours', 'other'], 'best');
    expect(best.map(({ solver, seconds, solved }) => [solver, seconds, solved])).toEqual([
      ['best', 1, true],
      ['best', 2, true],
      ['best', 3, true],
    ]);
  });

  it('takes the smaller gap where nobody has a proof', () => {
    const unsolved = [70, 95, 90].map((bound, t) => record({ solver: `s${t}`, status: 'limit', bound }));
    expect(virtualBest(caseResults(unsolved), ['s0', 's1', 's2'], 'best')[0]).toMatchObject({
      bound: 95,
      solved: false,
    });
  });

  it('compares solvers on the cases that all of them ran', () => {
    const common = commonCases([...results, ...caseResults([record({ case: 'd' })])], ['ours', 'other']);
    expect(new Set(common.map((result) => result.case))).toEqual(new Set(['a', 'b', 'c']));
    expect(common.length).toBe(6);
  });

  it('compares no time with that of a solver stopped earlier', () => {
    const stopped = (solver: string, timeLimit: number) =>
      record({ case: 'long', solver, status: 'limit', bound: 1, wallSeconds: timeLimit, timeLimit });
    const proven = record({ case: 'long', solver: 'ours', wallSeconds: 70, timeLimit: 300 });
    const compared = (other: string, timeLimit: number) =>
      commonCases(caseResults([proven, stopped(other, timeLimit)]), ['ours', other]).length;
    expect(compared('other', 60)).toBe(0);
    expect(compared('other', 300)).toBe(2);
  });

  it('counts each limit of its own in PAR10', () => {
    const unsolved = [10, 30].map((timeLimit, t) => record({ case: `${t}`, status: 'limit', bound: 1, timeLimit }));
    expect(solverSummary('ours', caseResults(unsolved)).par10).toBe((100 + 300) / 2);
  });

  it('fits the exponent of growth, over proven cases only', () => {
    // seconds = size^2 / 100.
    const grown = [10, 20, 40].map((size) => record({ case: String(size), size, wallSeconds: size ** 2 / 100 }));
    const unsolved = record({ case: 'large', size: 80, status: 'limit', bound: 1, wallSeconds: 60 });
    const growth = growthOf(caseResults([...grown, unsolved]))!;
    expect(growth.exponent).toBeCloseTo(2, 10);
    expect(growth.factor).toBeCloseTo(0.01, 10);
    expect(growth.cases).toBe(3);
    expect(growthOf(caseResults([grown[0]]))).toBeNull();
  });
});
