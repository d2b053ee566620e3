/** Small random instances and options of every kind, for properties that must hold for all plans. */
import fc from 'fast-check';
import type { Pairing, Plan, PublishedInstance, PublishedQueryType } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';

export const anyOptions = (placement: PlanningOptions['placement'][] = ['single']): fc.Arbitrary<PlanningOptions> =>
  fc.record({
    placement: fc.constantFrom(...placement),
    uncertainty: fc.constantFrom('none', 'budgeted', 'decision-dependent'),
    delayRule: fc.constantFrom('per-deployment', 'pooled', 'last-deployment'),
    delayCost: fc.constantFrom('total', 'deviation'),
    delayCostBudget: fc.constantFrom('joint', 'per-query'),
    rentalInBudget: fc.constantFrom('once', 'per-query-type'),
    weightStorage: fc.constantFrom('per-placement', 'per-deployment'),
    maxReplicas: fc.constantFrom(1, 1, 3),
    dropped: fc.constant('placed'),
    penalties: fc.constant('per-hour'),
  });

/** A stream of numbers in [low, high] from a seed that fast-check shrinks. */
function stream(seed: number) {
  let state = (seed ^ 0x5bd1e995) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  next();
  return {
    between: (low: number, high: number) => low + (high - low) * next(),
    chance: (probability: number) => next() < probability,
    pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)],
  };
}

/** I, J, K in 1..4 (I up to `mostQueryTypes`); limits loose, tight or absent by chance. */
export const anyInstance = (mostQueryTypes = 5): fc.Arbitrary<PublishedInstance> =>
  fc
    .record({
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      I: fc.integer({ min: 1, max: mostQueryTypes }),
      J: fc.integer({ min: 1, max: 3 }),
      K: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ seed, I, J, K }) => drawInstance(seed, I, J, K));

export function drawInstance(seed: number, I: number, J: number, K: number): PublishedInstance {
  const { between, chance, pick } = stream(seed);
  const tensor = (low: number, high: number) =>
    Array.from({ length: I }, () =>
      Array.from({ length: J }, () => Array.from({ length: K }, () => between(low, high))),
    );
  const matrix = (low: number, high: number) =>
    Array.from({ length: J }, () => Array.from({ length: K }, () => between(low, high)));
  const capKind = pick(['all', 'small', 'mixed', 'mixed']);
  const queryTypes: PublishedQueryType[] = Array.from({ length: I }, (_, i) => ({
    name: `q${i}`,
    inputTokens: Math.round(between(20, 60)),
    outputTokens: Math.round(between(20, 60)),
    arrivalRate: Math.round(between(5, 20)),
    computePerToken: between(0.1, 0.8),
    tokenSize: between(0.001, 0.02),
    delayPenalty: between(0.0005, 0.004),
    unmetPenalty: between(1, 12),
    delayThreshold: between(60, 500),
    errorThreshold: between(0.05, 0.25),
    ...(capKind === 'all' ? {} : { unmetCap: capKind === 'small' ? 0.05 : pick([0, 0.1, 0.5, 1]) }),
    ...(chance(0.2) ? { minimumServed: between(0, 0.5) } : {}),
  }));
  const models = Array.from({ length: J }, (_, j) => ({
    name: `m${j}`,
    weightSize: between(2, 40),
    kvCachePerToken: between(0.005, 0.06),
  }));
  const tiers = Array.from({ length: K }, (_, k) => ({
    name: `t${k}`,
    memory: between(16, 64),
    compute: between(30, 150),
    price: between(0.3, 4),
    ...(chance(0.5) ? { tpDegrees: pick([[1], [1, 2], [2, 4], [1, 2, 4, 8]]) } : {}),
    ...(chance(0.25) ? { available: pick([0, 1, 4, 8]) } : {}),
  }));
  const pairing = (): Pairing => ({
    model: pick(models).name,
    ...(chance(0.5) ? { queryType: pick(queryTypes).name } : {}),
    ...(chance(0.5) ? { tier: pick(tiers).name } : {}),
  });
  const currentPlan: Plan = {
    format: 'rolla-plan/1',
    deployments: [{ model: pick(models).name, tier: pick(tiers).name, tpDegree: 2, replicas: 1, gpus: 2 }],
    routing: [],
    unmet: [],
  };
  return {
    format: 'rolla-instance/1',
    name: `random-${seed}`,
    queryTypes,
    models,
    tiers,
    delay: { nominal: tensor(0.3, 3), deviation: tensor(0, 1.5), relief: matrix(0, 0.8) },
    error: { nominal: tensor(0.01, 0.12), deviation: tensor(0, 0.06), relief: matrix(0, 0.8) },
    residency: chance(0.5) ? between(0.1, 1) : tensor(0.1, 1),
    uncertaintyBudget: { delay: pick([0, 0.5, 1, 1.7, 3, 50]), error: pick([0, 0.5, 1, 50]) },
    rentalPeriod: 10,
    ...(chance(0.6) ? { budget: between(30, 400) * pick([1, 1, I]) } : {}),
    ...(chance(0.5) ? { storageCapacity: between(30, 200) } : {}),
    storagePrice: between(0.001, 0.1),
    ...(chance(0.2) ? { forbidden: [pairing()] } : {}),
    ...(chance(0.25) ? { currentPlan, switchingCost: { added: between(0, 8), removed: between(0, 30) } } : {}),
  };
}
