import { describe, expect, it } from 'vitest';
import {
  caseInstance,
  fleetCases,
  kindCases,
  permuted,
  publishedCases,
  referenceCases,
  scaleCases,
  splitCases,
  variabilityCases,
} from '../../bench/cases.ts';
import { suites } from '../../bench/suites.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';
import { presets } from '../../src/model/options.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { tinyInstance } from '../model/tinyInstance.ts';
import { solveWithHighs } from '../oracle/highs.ts';

describe('permuted', () => {
  it('keeps the optimum, by HiGHS, and moves every entry with its names', async () => {
    const instance = tinyInstance();
    const optimumOf = async (data: PublishedInstance) =>
      (await solveWithHighs(buildStrengthened(compileProblem(data, presets.corrected)).program)).objective;
    const expected = await optimumOf(instance);
    const orders = new Set<string>();
    for (const seed of [1, 2, 3, 4]) {
      const shuffled = validateInstance(structuredClone(permuted(instance, seed))) as PublishedInstance;
      expect(await optimumOf(shuffled)).toBeCloseTo(expected, 7);
      shuffled.queryTypes.forEach((query, a) => {
        const i = instance.queryTypes.findIndex(({ name }) => name === query.name);
        shuffled.models.forEach((model, b) => {
          const j = instance.models.findIndex(({ name }) => name === model.name);
          shuffled.tiers.forEach((tier, c) => {
            const k = instance.tiers.findIndex(({ name }) => name === tier.name);
            expect(shuffled.delay.nominal[a][b][c]).toBe(instance.delay.nominal[i][j][k]);
            expect(shuffled.error.deviation[a][b][c]).toBe(instance.error.deviation[i][j][k]);
          });
        });
      });
      orders.add([...shuffled.queryTypes, ...shuffled.models, ...shuffled.tiers].map(({ name }) => name).join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('suites', () => {
  const all = [
    ...referenceCases(),
    ...publishedCases(),
    ...splitCases(),
    ...scaleCases(),
    ...fleetCases(),
    ...kindCases(),
    ...variabilityCases(),
  ];

  it('names its cases apart, so that records of one do not count for another', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it('builds valid instances of the size that it tells', () => {
    for (const benchCase of [
      referenceCases()[0],
      publishedCases(50)[1],
      scaleCases({ largest: 12 })[1],
      fleetCases()[0],
      ...kindCases({ largest: 12, seeds: 1 }),
    ]) {
      const { queryTypes, models, tiers } = validateInstance(structuredClone(caseInstance(benchCase)));
      expect(queryTypes.length * models.length * tiers.length).toBe(benchCase.size);
    }
  });

  it('runs three seeds of every size under both options, with the limits that the figures are held to', () => {
    const { runs } = suites.scale!({});
    const limits = new Map(runs.map(({ case: benchCase, timeLimit }) => [benchCase.size, timeLimit]));
    expect([...limits]).toEqual([
      [12 * 6 * 10, 60],
      [24 * 10 * 20, 60],
      [48 * 12 * 20, 60],
      [100 * 20 * 40, 120],
      [200 * 20 * 40, 600],
    ]);
    for (const size of limits.keys()) {
      const seeds = runs.flatMap(({ case: { size: own, source, options } }) =>
        own === size && source.kind === 'family' ? [`${source.seed} ${JSON.stringify(options)}`] : [],
      );
      expect(new Set(seeds).size).toBe(6);
    }
    const withHighs = runs.filter(({ solvers }) => solvers.includes('highs-wasm:strengthened'));
    expect(Math.max(...withHighs.map(({ case: { size } }) => size))).toBe(48 * 12 * 20);
  });

  it('runs three fleets of 12, 24 and 48 query types beside HiGHS', () => {
    const { runs } = suites.fleets!({});
    expect(runs.map(({ case: { size }, timeLimit }) => [size, timeLimit])).toEqual([
      ...[1, 2, 3].map(() => [12 * 6 * 10, 10]),
      ...[1, 2, 3].map(() => [24 * 10 * 20, 30]),
      ...[1, 2, 3].map(() => [48 * 12 * 20, 120]),
    ]);
    for (const { solvers } of runs) expect(solvers).toEqual(['rolla', 'highs-wasm:strengthened']);
  });

  it('has fifteen kinds, three seeds of each in one or two sizes, beside HiGHS', () => {
    const { runs } = suites.kinds!({});
    expect(runs.length).toBe(75);
    expect(new Set(runs.map(({ timeLimit }) => timeLimit))).toEqual(new Set([15]));
    const kinds = runs.flatMap(({ case: { source } }) => (source.kind === 'kind' ? [source.of] : []));
    expect(new Set(kinds).size).toBe(15);
    expect(runs[0].solvers).toEqual(['rolla', 'highs-wasm:strengthened']);
  });

  it('tells each family instance in three orders and under three seeds of the solver', () => {
    const own = variabilityCases().filter(({ sameOptimumAs }) => sameOptimumAs === '24x10x20 seed 2');
    expect(own.map(({ permutation, seed }) => [permutation, seed])).toEqual([
      ...[1, 2, 3].map((seed) => [undefined, seed]),
      ...[1, 2, 3].map((permutation) => [permutation, undefined]),
    ]);
    expect(
      new Set(
        own.map((benchCase) =>
          caseInstance(benchCase)
            .queryTypes.map(({ name }) => name)
            .join(),
        ),
      ).size,
    ).toBe(4);
  });

  it('keeps quick within three minutes if every run of another solver hits its limit', () => {
    for (const commands of [[], ['highs', 'cbc', 'scip', 'glpsol']]) {
      const { runs } = suites.quick!({ commands });
      const others = runs.map(({ solvers, timeLimit }) => timeLimit * (solvers.length - 1));
      expect(others.reduce((sum, seconds) => sum + seconds)).toBeLessThan(120);
    }
  });

  it('takes a subset when told: sizes, cases, solvers, limit', () => {
    const { runs } = suites.scale!({
      largest: 24,
      seeds: 1,
      cases: ['24x10x20 seed'],
      solvers: ['rolla'],
      timeLimit: 7,
    });
    expect(runs.map(({ case: { name }, solvers, timeLimit }) => [name, solvers, timeLimit])).toEqual([
      ['24x10x20 seed 1, separable', ['rolla'], 7],
      ['24x10x20 seed 1, corrected', ['rolla'], 7],
    ]);
  });
});
