import { describe, expect, it } from 'vitest';
import { caseInstance, permuted, publishedCases, referenceCases, scaleCases, splitCases } from '../../bench/cases.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import { presets } from '../../src/model/options.ts';
import { compileProblem } from '../../src/model/planningProblem.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { tinyInstance } from '../model/tinyInstance.ts';
import { solveWithHighs } from '../oracle/highs.ts';

describe('permuted', () => {
  it('keeps the optimum, by HiGHS, and moves every entry with its names', async () => {
    const instance = tinyInstance();
    const optimumOf = async (data: typeof instance) =>
      (await solveWithHighs(buildStrengthened(compileProblem(data, presets.recommended)).program)).objective;
    const expected = await optimumOf(instance);
    const orders = new Set<string>();
    for (const seed of [1, 2, 3, 4]) {
      const shuffled = validateInstance(structuredClone(permuted(instance, seed))) as typeof instance;
      expect(await optimumOf(shuffled)).toBeCloseTo(expected, 7);
      shuffled.queryTypes.forEach((query, a) => {
        const i = instance.queryTypes.findIndex(({ name }) => name === query.name);
        shuffled.models.forEach((model, b) => {
          const j = instance.models.findIndex(({ name }) => name === model.name);
          shuffled.tiers.forEach((tier, c) => {
            const k = instance.tiers.findIndex(({ name }) => name === tier.name);
            expect(shuffled.delay.nominal[a]![b]![c]).toBe(instance.delay.nominal[i]![j]![k]);
            expect(shuffled.error.deviation[a]![b]![c]).toBe(instance.error.deviation[i]![j]![k]);
          });
        });
      });
      orders.add([...shuffled.queryTypes, ...shuffled.models, ...shuffled.tiers].map(({ name }) => name).join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('suites', () => {
  const all = [...referenceCases(), ...publishedCases(), ...splitCases(), ...scaleCases({ permutations: [0, 1] })];

  it('names its cases apart, so that records of one do not count for another', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it('builds valid instances of the size that it tells', () => {
    for (const benchCase of [referenceCases()[0]!, publishedCases(50)[1]!, scaleCases({ largest: 12 })[1]!]) {
      const { queryTypes, models, tiers } = validateInstance(structuredClone(caseInstance(benchCase)));
      expect(queryTypes.length * models.length * tiers.length).toBe(benchCase.size);
    }
  });
});
