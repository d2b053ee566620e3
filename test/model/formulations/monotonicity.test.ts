/**
 * What must not cost more: more budget, memory, compute, storage or GPUs, looser limits, a smaller Gamma, more
 * replicas, split instead of single placement. And what must change nothing: the order of query types, models and
 * tiers. A duplicated tier never costs more.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { PublishedInstance, Tensor, UncertainTensor } from '../../../src/model/instance.ts';
import type { PlanningOptions } from '../../../src/model/options.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../../arbitrary/instances.ts';
import { isAtLeast, optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const sizes = { queryTypes: 3, models: 2, tiers: 3 };
const factors = fc.constantFrom(1.1, 1.5, 3);

function costOf(instance: PublishedInstance, options: PlanningOptions): Promise<number> {
  return optimumOf(buildStrengthened(compileProblem(instance, options)));
}

type Relaxing = (instance: PublishedInstance, factor: number) => PublishedInstance;
const perQuery =
  (change: (query: PublishedInstance['queryTypes'][number], factor: number) => object): Relaxing =>
  (instance, factor) => ({
    ...instance,
    queryTypes: instance.queryTypes.map((query) => ({ ...query, ...change(query, factor) })),
  });
const perTier =
  (change: (tier: PublishedInstance['tiers'][number], factor: number) => object): Relaxing =>
  (instance, factor) => ({ ...instance, tiers: instance.tiers.map((tier) => ({ ...tier, ...change(tier, factor) })) });

const relaxations: Readonly<Record<string, Relaxing>> = {
  'more budget': (instance, factor) =>
    instance.budget === undefined ? instance : { ...instance, budget: instance.budget * factor },
  'more storage': (instance, factor) =>
    instance.storageCapacity === undefined
      ? instance
      : { ...instance, storageCapacity: instance.storageCapacity * factor },
  'more memory': perTier((tier, factor) => ({ memory: tier.memory * factor })),
  'more compute': perTier((tier, factor) => ({ compute: tier.compute * factor })),
  'cheaper GPUs': perTier((tier, factor) => ({ price: tier.price / factor })),
  'more available GPUs': perTier((tier, factor) =>
    tier.available === undefined ? {} : { available: tier.available + Math.ceil(factor) },
  ),
  'looser delay limits': perQuery((query, factor) => ({ delayThreshold: query.delayThreshold * factor })),
  'looser error limits': perQuery((query, factor) => ({ errorThreshold: query.errorThreshold * factor })),
  'a larger unmet cap': perQuery((query, factor) => ({ unmetCap: Math.min(1, (query.unmetCap ?? 1) * factor) })),
  'a smaller Gamma_d': (instance, factor) => withBudgets(instance, 1 / factor, 1),
  'a smaller Gamma_e': (instance, factor) => withBudgets(instance, 1, 1 / factor),
};

function withBudgets(instance: PublishedInstance, delayFactor: number, errorFactor: number): PublishedInstance {
  const { delay, error } = instance.uncertaintyBudget;
  return { ...instance, uncertaintyBudget: { delay: delay * delayFactor, error: error * errorFactor } };
}

describe('never costs more', () => {
  for (const [name, relax] of Object.entries(relaxations)) {
    it(`${name}`, async () => {
      let cheaper = 0;
      await fc.assert(
        fc.asyncProperty(
          arbitraryInstanceUpTo(sizes),
          arbitraryOptions(),
          factors,
          async (instance, options, factor) => {
            const before = await costOf(instance, options);
            const after = await costOf(relax(instance, factor), options);
            expect(isAtLeast(before, after)).toBe(true);
            if (after < before - optimumTolerance * Math.max(1, after)) cheaper += 1;
          },
        ),
        { numRuns: draws(180), seed: 23 },
      );
      // Each change pays at least once, so that the property is not satisfied by a model that ignores it.
      expect(cheaper).toBeGreaterThan(0);
    });
  }

  it('one replica more', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryInstanceUpTo(sizes), arbitraryOptions(), async (instance, options) => {
        const more = { ...options, maxReplicas: (options.maxReplicas as number) + 1 };
        expect(isAtLeast(await costOf(instance, options), await costOf(instance, more))).toBe(true);
      }),
      { numRuns: draws(40), seed: 22 },
    );
  });

  it('split instead of single placement', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryInstanceUpTo(sizes),
        arbitraryOptions({ placement: 'single' }),
        async (instance, options) => {
          const split = { ...options, placement: 'split' } as const;
          expect(isAtLeast(await costOf(instance, options), await costOf(instance, split))).toBe(true);
        },
      ),
      { numRuns: draws(60), seed: 23 },
    );
  });
});

/** The arrays of an instance with its query types, models and tiers in another order. */
function reordered(
  instance: PublishedInstance,
  i: readonly number[],
  j: readonly number[],
  k: readonly number[],
): PublishedInstance {
  const tensor = (values: Tensor) => i.map((a) => j.map((b) => k.map((c) => values[a][b][c])));
  const uncertain = ({ nominal, deviation, relief }: UncertainTensor) => ({
    nominal: tensor(nominal),
    deviation: tensor(deviation),
    relief: tensor([relief!].concat(i.slice(1).map(() => relief!)))[0],
  });
  return {
    ...instance,
    queryTypes: i.map((a) => instance.queryTypes[a]),
    models: j.map((b) => instance.models[b]),
    tiers: k.map((c) => instance.tiers[c]),
    delay: uncertain(instance.delay),
    error: uncertain(instance.error),
    residency: typeof instance.residency === 'number' ? instance.residency : tensor(instance.residency),
  };
}

const indices = (list: readonly unknown[]) => list.map((_, t) => t);
const orderFree = fc.constantFrom('per-deployment' as const, 'pooled' as const);

describe('order and duplicates', () => {
  it('permuting query types, models and tiers changes nothing', async () => {
    const permuted = arbitraryInstanceUpTo(sizes).chain((instance) =>
      fc.tuple(
        fc.constant(instance),
        ...[instance.queryTypes, instance.models, instance.tiers].map((list) =>
          fc.shuffledSubarray(indices(list), { minLength: list.length }),
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(permuted, arbitraryOptions(), orderFree, async ([instance, i, j, k], drawn, delayRule) => {
        const options = { ...drawn, delayRule };
        const other = reordered(instance, i!, j!, k!);
        const difference = relativeDifference(await costOf(instance, options), await costOf(other, options));
        expect(difference).toBeLessThan(optimumTolerance);
      }),
      { numRuns: draws(60), seed: 24 },
    );
  });

  it('a duplicated tier never costs more', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryInstanceUpTo({ ...sizes, extras: false }),
        arbitraryOptions(),
        orderFree,
        async (instance, drawn, delayRule) => {
          const options = { ...drawn, delayRule };
          const k = indices(instance.tiers);
          const doubled = reordered(instance, indices(instance.queryTypes), indices(instance.models), [...k, 0]);
          const tiers = doubled.tiers.map((tier, t) => (t === k.length ? { ...tier, name: 'duplicate' } : tier));
          const after = await costOf({ ...doubled, tiers }, options);
          expect(isAtLeast(await costOf(instance, options), after)).toBe(true);
        },
      ),
      { numRuns: draws(60), seed: 25 },
    );
  });
});
