/** What each requirement says that a plan needs: with that value, and everything else as it was, the plan holds. */
import { describe, expect, it } from 'vitest';
import { requirementsOf } from '../../src/explain/requirements.ts';
import { generateFleet } from '../../src/generator/generateFleet.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import { verifyPlan } from '../../src/index.ts';
import type { Instance } from '../../src/model/instance.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { resolveSolve } from '../../src/planner/resolveSolve.ts';

/** Every limit that a fleet may have, loose enough for a plan. */
function limitedFleet(seed: number): Instance {
  const fleet = generateFleet({ queryTypes: 4, models: 3, tiers: 4, seed });
  const perGpu = Object.fromEntries(fleet.tiers.map(({ name }) => [name, 1]));
  return {
    ...fleet,
    budget: 1e9,
    storageCapacity: 1e6,
    queryTypes: fleet.queryTypes.map((query) => ({
      ...query,
      ttftThreshold: query.ttftThreshold ?? 1e6,
      tpotThreshold: query.tpotThreshold ?? 1e6,
      delayThreshold: query.delayThreshold ?? 1e8,
    })),
    models: fleet.models.map((model) => ({ ...model, maxReplicas: 1000 })),
    tiers: fleet.tiers.map((tier) => ({ ...tier, available: 4000 })),
    fleetLimits: [{ name: 'quota', unit: 'GPUs', perGpu, most: 1e5 }],
  };
}

const cases: [string, Instance][] = [
  ['the reference instance', generateReference()],
  ...[1, 2, 3].map((seed): [string, Instance] => [`fleet ${seed}`, limitedFleet(seed)]),
];

const fleetKinds = ['ttft-limit', 'tpot-limit', 'delay-limit', 'fleet-limit', 'replicas', 'utilization'];

describe('what a plan needs of each requirement', () => {
  it.each(cases)('%s', (_, data) => {
    const { instance, planning } = resolveSolve(data, {});
    const requirements = requirementsOf(instance, planning);
    const kinds = requirements.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(instance.profiles === undefined ? ['error-limit'] : fleetKinds));
    const failing = requirements.flatMap(({ name, level, value, scale }) => {
      if (scale === undefined) return [];
      // As it would be where it is far too tight; what is asked of the hardware stays as it is.
      const isUpwards = scale.loosest > value!;
      const from = level === 'policy' && isUpwards ? (scale.isWhole ? 1 : 1e-3 * value!) : value!;
      const loose = scale.withValue(instance, scale.loosest);
      const result = optimize(loose, { timeLimit: 20 });
      if (result.plan === null) return [`${name}: no plan`];
      const needed = scale.needed(verifyPlan(loose, planning, result.plan), scale.loosest);
      // What the bisection takes: rounded towards the loose side, never tighter than the value that there is.
      const eased = scale.isWhole
        ? Math.ceil(needed - 1e-9)
        : needed + (isUpwards ? 1e-9 : -1e-9) * Math.max(1, needed);
      const named = isUpwards
        ? Math.max(from, Math.min(eased, scale.loosest))
        : Math.min(from, Math.max(eased, scale.loosest));
      const { ok } = verifyPlan(scale.withValue(instance, named), planning, result.plan);
      return ok ? [] : [`${name}: needs ${needed}, which does not do`];
    });
    expect(failing).toEqual([]);
  });
});
