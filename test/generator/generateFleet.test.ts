import { describe, expect, it } from 'vitest';
import { drawFleet, generateFleet } from '../../src/generator/generateFleet.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { presets } from '../../src/model/options.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';

const options = { ...presets.recommended, maxReplicas: 100_000 };

describe('generateFleet', () => {
  it.each([
    [1, 1, 1],
    [3, 2, 2],
    [12, 6, 10],
    [24, 10, 20],
    [48, 12, 20],
  ])('%dx%dx%d: valid, and the plan by construction holds', (queryTypes, models, tiers) => {
    for (const seed of [1, 2, 3]) {
      const { instance, homePlan } = drawFleet({ queryTypes, models, tiers, seed, replicas: [0.2, 500] });
      expect(() => validateInstance(instance)).not.toThrow();
      expect(instance.name).toBe(`fleet-${queryTypes}x${models}x${tiers}-seed${seed}`);
      expect([instance.queryTypes.length, instance.models.length, instance.tiers.length]).toEqual([
        queryTypes,
        models,
        tiers,
      ]);
      const { ok, violations } = checkPlan(instance, options, homePlan);
      expect({ ok, violations }).toEqual({ ok: true, violations: [] });
    }
  });

  it('is the same for the same options, and another for another seed', () => {
    const sizes = { queryTypes: 6, models: 3, tiers: 4 };
    expect(generateFleet({ ...sizes, seed: 7 })).toEqual(generateFleet({ ...sizes, seed: 7 }));
    expect(generateFleet({ ...sizes, seed: 7 }).queryTypes).not.toEqual(
      generateFleet({ ...sizes, seed: 8 }).queryTypes,
    );
    expect(generateFleet({ ...sizes, seed: 1 })).toEqual(generateFleet(sizes));
  });

  it('loads need from one to hundreds of replicas, and gaps leave configurations out', () => {
    const sizes = { queryTypes: 24, models: 10, tiers: 20 };
    const { homePlan, instance } = drawFleet({ ...sizes, replicas: [0.2, 500] });
    const replicas = homePlan.deployments.map((deployment) => deployment.replicas);
    expect(Math.min(...replicas)).toBeLessThanOrEqual(3);
    expect(Math.max(...replicas)).toBeGreaterThan(100);
    const whole = generateFleet({ ...sizes, gaps: 0 });
    const share = instance.profiles!.length / whole.profiles!.length;
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.8);
    expect(new Set(instance.profiles!.map(({ model }) => model)).size).toBe(10);
  });

  it('leaves limits out when told', () => {
    const free = generateFleet({ queryTypes: 4, models: 2, tiers: 8, limits: false });
    expect(free.fleetLimits).toBeUndefined();
    expect(free.tiers.filter(({ available }) => available !== undefined)).toEqual([]);
    const bound = generateFleet({ queryTypes: 4, models: 2, tiers: 8 });
    expect(bound.fleetLimits!.map(({ unit }) => unit)).toEqual(['kW', 'GPUs', 'GPUs']);
  });

  it('says all that is wrong with its options', () => {
    const call = () => generateFleet({ queryTypes: 0, models: 1.5, tiers: 1, seed: 0.5, replicas: [2, 1], gaps: 1 });
    const paths = ['queryTypes', 'models', 'seed', 'replicas', 'gaps'];
    expect(call).toThrow(expect.objectContaining({ issues: paths.map((path) => expect.objectContaining({ path })) }));
  });
});
