import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { optimize } from '../../src/planner/optimize.ts';

const size = (instance: PublishedInstance) => [
  instance.queryTypes.length,
  instance.models.length,
  instance.tiers.length,
];

/**
 * Whether some (model, tier) serves all of query type i alone by delay, error, memory and compute (specification 4 and
 * 5).
 */
function isServableAlone(instance: PublishedInstance, i: number): boolean {
  const query = instance.queryTypes[i];
  const tokens = query.inputTokens + query.outputTokens;
  return instance.models.some((model, j) =>
    instance.tiers.some((tier, k) =>
      [1, 2, 4, 8].some((n) => {
        const delay = instance.delay.nominal[i][j][k] + instance.delay.deviation[i][j][k];
        const error = instance.error.nominal[i][j][k] + instance.error.deviation[i][j][k];
        const cache = model.kvCachePerToken * tokens * query.arrivalRate * (instance.residency as number);
        return (
          (delay * tokens) / n <= query.delayThreshold &&
          error <= query.errorThreshold &&
          (model.weightSize + cache) / n <= tier.memory &&
          query.computePerToken * tokens <= tier.compute * n
        );
      }),
    ),
  );
}

describe('generateInstance', () => {
  it('makes valid instances of any size in which every query type can be served', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (seed, queryTypes, models, tiers, relief) => {
          const instance = generateInstance({ seed, queryTypes, models, tiers, relief });
          expect(validateInstance(instance)).toEqual(instance);
          expect(size(instance)).toEqual([queryTypes, models, tiers]);
          expect(instance.queryTypes.every((_, i) => isServableAlone(instance, i))).toBe(true);
          expect(instance.delay.relief !== undefined).toBe(relief);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  it.each([
    [1, 1, 1],
    [6, 1, 1],
    [5, 2, 2],
    [8, 1, 3],
    [4, 5, 4],
  ])('makes %ix%ix%i so that everything can be served together', (queryTypes, models, tiers) => {
    for (const seed of [1, 2]) {
      const instance = generateInstance({ seed, queryTypes, models, tiers, unmetCap: 0 });
      // Loose, because feasibility is the question, not the optimum.
      const { status, plan } = optimize(instance, { gap: 0.5, weightStorage: 'per-placement' });
      expect(status).toBe('optimal');
      expect(plan!.unmet.every(({ fraction }) => fraction < 1e-9)).toBe(true);
    }
  });

  it('makes 200x20x40 with distinct names', () => {
    const instance = generateInstance({ queryTypes: 200, models: 20, tiers: 40 });
    expect(size(instance)).toEqual([200, 20, 40]);
    expect(validateInstance(instance).queryTypes).toHaveLength(200);
    for (const list of [instance.queryTypes, instance.models, instance.tiers]) {
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
    }
  });

  it('gives the same instance for the same seed and another for another', () => {
    const options = { queryTypes: 12, models: 6, tiers: 10 };
    expect(generateInstance({ ...options, seed: 3 })).toStrictEqual(generateInstance({ ...options, seed: 3 }));
    expect(generateInstance({ ...options, seed: 3 }).tiers).not.toEqual(
      generateInstance({ ...options, seed: 4 }).tiers,
    );
  });

  it('begins a larger member of a family with the tiers and models of a smaller one', () => {
    const small = generateInstance({ queryTypes: 6, models: 6, tiers: 10 });
    const large = generateInstance({ queryTypes: 24, models: 10, tiers: 20 });
    expect(large.tiers.slice(0, 10)).toStrictEqual(small.tiers);
    expect(large.models.slice(0, 6)).toStrictEqual(small.models);
  });

  it('takes caps by value and by rate', () => {
    const options = { queryTypes: 6, models: 2, tiers: 2 };
    expect(generateInstance(options).queryTypes.map((query) => query.unmetCap)).toEqual([1, 1, 1, 1, 1, 1]);
    for (const query of generateInstance({ ...options, unmetCapPerRate: 0.01 }).queryTypes) {
      expect(query.unmetCap).toBe(Math.min(1, 0.01 * query.arrivalRate));
    }
  });

  it('refuses sizes below 1 and fractions', () => {
    for (const queryTypes of [0, -1, 1.5, Number.NaN]) {
      expect(() => generateInstance({ queryTypes, models: 1, tiers: 1 })).toThrow(
        /queryTypes: found .*, expected an integer >= 1/,
      );
    }
    expect(() => generateInstance({ queryTypes: 1e4, models: 1e4, tiers: 1 })).toThrow(/at most 10000000 entries/);
  });
});
