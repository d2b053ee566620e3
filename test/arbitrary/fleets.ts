/**
 * Random small fleets: every optional field of the additions on and off, sizes such that replicas, load, memory,
 * latency and limits each bind often. Loads need a few replicas at most, so that plans can be enumerated.
 */
import fc from 'fast-check';
import type { InputError, InputIssue } from '../../src/input/inputError.ts';
import type { Instance, Model, Profile, QueryType, Tier } from '../../src/model/instance.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';

const optional = <T>(arbitrary: fc.Arbitrary<T>, odds = 2): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: odds - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

function present<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

const listOf = <T>(length: number, of: fc.Arbitrary<T>) => fc.array(of, { minLength: length, maxLength: length });

const queryType = fc
  .record({
    inputTokens: fc.constantFrom(100, 400, 1000),
    outputTokens: fc.constantFrom(1, 100, 300),
    arrivalRate: fc.constantFrom(0, 900, 3600, 7200),
    cachedShare: optional(fc.constantFrom(0.25, 0.5)),
    tokenSize: optional(fc.constantFrom(0, 1e-6)),
    delayPenalty: optional(fc.constantFrom(0, 1e-6, 1e-5)),
    unmetPenalty: optional(fc.constantFrom(0, 0.0005, 0.002, 0.01), 4).map((penalty) => penalty),
    unmetCap: optional(fc.constantFrom(0, 0.3, 1)),
    minimumServed: optional(fc.constantFrom(0.5), 5),
    delayThreshold: optional(fc.constantFrom(800, 2500, 6000)),
    ttftThreshold: optional(fc.constantFrom(40, 120), 4),
    tpotThreshold: optional(fc.constantFrom(6, 12), 4),
    errorThreshold: optional(fc.constantFrom(0.05, 0.1)),
    computePerToken: fc.constantFrom(0.02, 0.05),
  })
  .map(({ unmetCap, ...rest }) => ({ ...rest, unmetCap: rest.unmetPenalty === undefined ? undefined : unmetCap }));

const size = (amounts: readonly number[]) =>
  fc.oneof(
    fc.constantFrom(...amounts),
    fc.record({ FP8: fc.constantFrom(...amounts), BF16: fc.constantFrom(...amounts) }),
    fc.record({ FP8: fc.constantFrom(...amounts) }),
  );

const model = fc.record({
  weightSize: size([4, 8, 14]),
  kvCachePerToken: size([0, 1e-4, 1e-3]),
  tpDegrees: optional(fc.constantFrom([1], [1, 2], [2]), 3),
  maxReplicas: optional(fc.constantFrom(1, 2, 'none' as const), 4),
  minReplicas: optional(fc.constantFrom(1, 2), 4),
});

const tier = fc.record({
  memory: fc.constantFrom(8, 16, 24),
  memoryReserve: optional(fc.constantFrom(1, 4), 3),
  compute: fc.constantFrom(20, 60),
  price: fc.constantFrom(0, 1, 1.5, 4),
  pipelineDegrees: optional(fc.constantFrom([1, 2], [2]), 4),
  gpusPerNode: optional(fc.constantFrom(1, 2), 3),
  precision: fc.constantFrom('FP8', 'BF16'),
  utilization: optional(fc.constantFrom(0.5, 1), 3),
  committed: optional(fc.constantFrom(1, 3), 4),
  available: optional(fc.constantFrom(0, 2, 4), 4),
});

const profile = fc.record({
  exists: fc.constantFrom(true, true, true, false),
  kind: fc.constantFrom('formula', 'measured', 'both'),
  secondsPerInputToken: fc.constantFrom(1e-4, 3e-4),
  secondsPerOutputToken: fc.constantFrom(1e-3, 2e-3),
  secondsPerContextToken: fc.constantFrom(0, 1e-6),
  queriesPerHour: fc.constantFrom(0, 1800, 6000),
  ttft: optional(fc.constantFrom(30, 90)),
  tpot: optional(fc.constantFrom(4, 9)),
  latency: fc.record({
    firstToken: fc.constantFrom(10, 30),
    perInputToken: fc.constantFrom(0.02, 0.1),
    perOutputToken: fc.constantFrom(5, 10),
    deviation: optional(fc.constantFrom(0.1, 0.4)),
  }),
});

/** At most so many query types, models and tiers. */
export function arbitraryFleet(I: number, J: number, K: number): fc.Arbitrary<Instance> {
  const upTo = (most: number) => fc.integer({ min: 1, max: most });
  return fc
    .tuple(upTo(I), upTo(J), upTo(K))
    .chain(([i, j, k]) => fleetOf(i, j, k))
    .map(withPossibleReplicas);
}

/** Without the least replicas for which no tier has the GPUs: a fault. */
export function withPossibleReplicas(instance: Instance): Instance {
  const faults = new Set(validationIssues(instance).map(({ path }) => path));
  const models = instance.models.map((model, j) => {
    const { minReplicas: _, ...rest } = model;
    return faults.has(`models[${j}].minReplicas`) ? rest : model;
  });
  return { ...instance, models };
}

function validationIssues(instance: Instance): readonly InputIssue[] {
  try {
    validateInstance(instance);
    return [];
  } catch (error) {
    return (error as InputError).issues;
  }
}

function fleetOf(I: number, J: number, K: number): fc.Arbitrary<Instance> {
  const tensor = (values: readonly number[]) => listOf(I, listOf(J, listOf(K, fc.constantFrom(...values))));
  const matrix = listOf(J, listOf(K, fc.constantFrom(0, 0.5)));
  const uncertain = (nominal: readonly number[], deviation: readonly number[]) =>
    fc.record({ nominal: tensor(nominal), deviation: tensor(deviation), relief: matrix });
  return fc
    .record({
      queryTypes: listOf(I, queryType),
      models: listOf(J, model),
      tiers: listOf(K, tier),
      hasProfiles: fc.constantFrom(true, true, false),
      hasLatency: fc.boolean(),
      profiles: listOf(4 * J * K, profile),
      hasCompute: fc.boolean(),
      delay: optional(uncertain([0.5, 2, 5], [0, 0.5, 2])),
      error: optional(uncertain([0.02, 0.06], [0, 0.03])),
      residency: optional(fc.oneof(fc.constantFrom(0, 0.002), tensor([0, 0.001, 0.004]))),
      uncertaintyBudget: optional(fc.record({ delay: fc.constantFrom(0, 0.5, 1, 3), error: fc.constantFrom(0, 1) }), 3),
      utilization: optional(fc.constantFrom(0.6, 1)),
      fleetLimits: optional(
        fc.record({
          first: fc.constantFrom(0, 0.5, 1),
          others: fc.constantFrom(0, 1, 2),
          most: fc.constantFrom(1, 3, 6),
        }),
      ),
      rentalPeriod: fc.constantFrom(1, 12),
      storagePrice: optional(fc.constantFrom(0.001)),
      budget: optional(fc.constantFrom(3, 12, 40, 150), 3),
      storageCapacity: optional(fc.constantFrom(8, 20), 4),
      forbidden: optional(fc.constantFrom([{ tier: 't0', queryType: 'q0' }], [{ model: 'm0', tier: 't0' }]), 6),
      allowed: optional(fc.constantFrom([{ queryType: 'q0' }, { tier: 't0' }], [{ model: 'm0' }]), 6),
      current: optional(
        fc.array(
          fc.record({
            j: fc.integer({ min: 0, max: J }),
            k: fc.integer({ min: 0, max: K }),
            gpus: fc.constantFrom(1, 2, 5),
          }),
          { maxLength: 2 },
        ),
        4,
      ),
      switchingCost: fc.record({ added: fc.constantFrom(0, 2), removed: fc.constantFrom(0, 1, 30) }),
    })
    .map((parts) => {
      const tiers = parts.tiers.map(
        (each, k): Tier =>
          present({
            name: `t${k}`,
            ...each,
            compute: parts.hasCompute ? each.compute : undefined,
            // No more is paid for than there is.
            committed: each.committed && Math.min(each.committed, each.available ?? Infinity),
            // Records must lie within lists, so that where there are some the lists are those of all records, if any.
            pipelineDegrees: parts.hasProfiles ? each.pipelineDegrees && [1, 2] : each.pipelineDegrees,
            gpusPerNode: parts.hasProfiles ? each.gpusPerNode && 4 : each.gpusPerNode,
          }) as Tier,
      );
      const models = parts.models.map((each, j): Model => {
        const most = each.maxReplicas;
        const least = typeof most === 'number' ? Math.min(most, each.minReplicas ?? 1) : each.minReplicas;
        return present({
          name: `m${j}`,
          ...each,
          minReplicas: least,
          tpDegrees: parts.hasProfiles ? each.tpDegrees && [1, 2, 4] : each.tpDegrees,
        }) as Model;
      });
      const profiles = parts.hasProfiles ? profilesOf(parts.profiles, I, J, K, parts.hasLatency) : [];
      const tells = profiles.some(({ latency }) => latency !== undefined);
      const delay = tells ? undefined : parts.delay;
      const queryTypes = parts.queryTypes.map(
        (each, i): QueryType =>
          present({
            name: `q${i}`,
            ...each,
            computePerToken: parts.hasCompute ? each.computePerToken : undefined,
            delayThreshold: tells || delay !== undefined ? each.delayThreshold : undefined,
            ttftThreshold: tells ? each.ttftThreshold : undefined,
            tpotThreshold: tells ? each.tpotThreshold : undefined,
            errorThreshold: parts.error === undefined ? undefined : each.errorThreshold,
          }) as QueryType,
      );
      const { first, others, most } = parts.fleetLimits ?? { first: 0, others: 0, most: 0 };
      const perGpu = Object.fromEntries(tiers.map(({ name }, k) => [name, k === 0 ? first : others]));
      const fleetLimits = [
        { name: 'pool', perGpu, most },
        { name: 'power', unit: 'kW', perGpu: { [tiers[tiers.length - 1].name]: 0.7 }, most: 2 * most },
      ];
      return present({
        format: 'rolla-instance/1',
        queryTypes,
        models,
        tiers,
        profiles: profiles.length === 0 ? undefined : profiles,
        utilization: parts.utilization,
        fleetLimits: parts.fleetLimits && fleetLimits,
        delay,
        error: parts.error,
        residency: parts.residency,
        uncertaintyBudget: parts.uncertaintyBudget,
        rentalPeriod: parts.rentalPeriod,
        storagePrice: parts.storagePrice,
        budget: parts.budget,
        storageCapacity: parts.storageCapacity,
        allowed: parts.allowed,
        forbidden: parts.forbidden,
        currentPlan: parts.current && {
          format: 'rolla-plan/1',
          deployments: parts.current.map(({ j, k, gpus }) => ({
            model: `m${j}`,
            tier: `t${k}`,
            tpDegree: gpus,
            replicas: 1,
            gpus,
          })),
          routing: [],
          unmet: [],
        },
        switchingCost: parts.current && parts.switchingCost,
      }) as Instance;
    });
}

/** Of each (model, tier) those of the four configurations (1, 1), (2, 1), (1, 2), (2, 2) that exist. */
function profilesOf(
  drawn: readonly { readonly exists: boolean; readonly kind: string; readonly [field: string]: unknown }[],
  I: number,
  J: number,
  K: number,
  hasLatency: boolean,
): Profile[] {
  const list: Profile[] = [];
  drawn.forEach((each, at) => {
    const pair = Math.floor(at / 4);
    if (!each.exists || pair >= J * K) return;
    const { secondsPerInputToken, secondsPerOutputToken, secondsPerContextToken, queriesPerHour, ttft, tpot, latency } =
      each;
    const measured = Array.from({ length: Math.max(1, I - 1) }, (_, i) =>
      present({ queryType: `q${i}`, queriesPerHour, ...(hasLatency ? { ttft, tpot } : {}) }),
    );
    const formula = { secondsPerInputToken, secondsPerOutputToken, secondsPerContextToken };
    list.push({
      model: `m${Math.floor(pair / K)}`,
      tier: `t${pair % K}`,
      tpDegree: at % 2 === 0 ? 1 : 2,
      ...(at % 4 >= 2 ? { pipelineDegree: 2 } : {}),
      ...(each.kind === 'measured' ? {} : formula),
      ...(each.kind === 'formula' ? {} : { measured }),
      ...(hasLatency ? { latency: present(latency as object) } : {}),
    } as Profile);
  });
  return list;
}
