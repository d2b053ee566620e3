/**
 * Random small instances with every kind of optional data, and random options: sizes, limits and prices such that
 * memory, compute, delay, error, budget and storage each bind often. Values are short decimals, so that a shrunk case
 * can be read.
 */
import fc from 'fast-check';
import type { Pairing, Plan, PublishedInstance, Tensor } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';

export interface InstanceSizes {
  readonly queryTypes: number;
  readonly models: number;
  readonly tiers: number;
  /** Lists of pairings, available GPUs, current plan with switching cost. Default true. */
  readonly extras?: boolean;
  /** Budget and storage capacity. Default true. */
  readonly globalLimits?: boolean;
}

/** from, from + step, ..., to. */
function steps(from: number, to: number, step: number): fc.Arbitrary<number> {
  const digits = 1 / step;
  return fc
    .integer({ min: Math.round(from * digits), max: Math.round(to * digits) })
    .map((t) => Number((t * step).toFixed(10)));
}

/** Present once in `odds` times. */
function optional<T>(arbitrary: fc.Arbitrary<T>, odds = 2): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: odds - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** Leaves out keys whose value is undefined: absent, zero and unlimited differ. */
function present<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

function tensor(i: number, j: number, k: number, value: fc.Arbitrary<number>): fc.Arbitrary<Tensor> {
  const list = <T>(length: number, of: fc.Arbitrary<T>) => fc.array(of, { minLength: length, maxLength: length });
  return list(i, list(j, list(k, value)));
}

/** deviation = nominal * share, share of 0 to 0.6. */
function uncertainTensor(i: number, j: number, k: number, nominal: fc.Arbitrary<number>, relief: fc.Arbitrary<number>) {
  return fc
    .record({
      nominal: tensor(i, j, k, nominal),
      share: tensor(i, j, k, steps(0, 0.6, 0.1)),
      relief: tensor(1, j, k, relief),
    })
    .map(({ nominal: values, share, relief: [matrix] }) => ({
      nominal: values,
      deviation: values.map((plane, a) => plane.map((row, b) => row.map((value, c) => value * share[a][b][c]))),
      relief: matrix!,
    }));
}

const queryType = fc.record({
  inputTokens: fc.integer({ min: 10, max: 60 }),
  outputTokens: fc.integer({ min: 10, max: 60 }),
  arrivalRate: fc.integer({ min: 10, max: 80 }),
  computePerToken: steps(0.1, 1.5, 0.1),
  tokenSize: steps(0, 0.003, 0.001),
  delayPenalty: steps(0, 0.001, 0.0001),
  unmetPenalty: steps(0, 3, 0.1),
  delayThreshold: fc.integer({ min: 100, max: 2000 }),
  errorThreshold: steps(0.02, 0.12, 0.01),
  unmetCap: optional(fc.constantFrom(0, 0.1, 0.4, 0.8, 1)),
  minimumServed: optional(fc.constantFrom(0.2, 0.7), 4),
});

const model = fc.record({ weightSize: fc.constantFrom(0, 2, 6, 12, 24, 40), kvCachePerToken: steps(0, 0.08, 0.01) });

const tier = fc.record({
  memory: fc.constantFrom(6, 12, 24, 40),
  compute: fc.integer({ min: 10, max: 120 }),
  price: steps(0.1, 2, 0.1),
  tpDegrees: optional(fc.constantFrom([1], [1, 2], [2, 4], [1, 3])),
  available: optional(fc.constantFrom(0, 1, 2, 4), 3),
});

function pairing(sizes: InstanceSizes): fc.Arbitrary<Pairing> {
  const name = (letter: string, count: number) =>
    optional(fc.integer({ min: 0, max: count - 1 }).map((t) => letter + t));
  return fc
    .record({ queryType: name('q', sizes.queryTypes), model: name('m', sizes.models), tier: name('t', sizes.tiers) })
    .map((entry) => present(entry) as Pairing)
    .filter((entry) => Object.keys(entry).length > 0);
}

/** Instances of exactly these sizes; query types q0, q1, ..., models m0, ..., tiers t0, .... */
export function arbitraryInstance(sizes: InstanceSizes): fc.Arbitrary<PublishedInstance> {
  const { queryTypes: I, models: J, tiers: K, extras = true, globalLimits = true } = sizes;
  const listOf = <T>(length: number, of: fc.Arbitrary<T>) => fc.array(of, { minLength: length, maxLength: length });
  const rarely = <T>(of: fc.Arbitrary<T>) => (extras ? optional(of, 4) : fc.constant(undefined));
  const globally = <T>(of: fc.Arbitrary<T>) => (globalLimits ? optional(of, 3) : fc.constant(undefined));
  const current = fc.array(
    fc.record({
      j: fc.integer({ min: 0, max: J - 1 }),
      k: fc.integer({ min: 0, max: K - 1 }),
      gpus: fc.constantFrom(1, 2, 4),
    }),
    { maxLength: 2 },
  );
  return fc
    .record({
      queryTypes: listOf(I, queryType),
      models: listOf(J, model),
      tiers: listOf(K, tier),
      delay: uncertainTensor(I, J, K, steps(0, 30, 1), steps(0, 0.8, 0.2)),
      error: uncertainTensor(I, J, K, steps(0, 0.1, 0.01), steps(0, 0.8, 0.2)),
      residency: fc.oneof(steps(0.1, 0.4, 0.1), tensor(I, J, K, steps(0, 0.4, 0.1))),
      gamma: fc.record({ delay: fc.constantFrom(0, 0.5, 1, 1.7, 2, 50), error: fc.constantFrom(0, 0.4, 1, 50) }),
      rentalPeriod: fc.constantFrom(1, 12),
      storagePrice: fc.constantFrom(0, 0.002, 0.02),
      budget: globally(fc.constantFrom(1, 3, 8, 20, 40, 120)),
      storageCapacity: globally(fc.integer({ min: 0, max: 40 })),
      allowed: rarely(fc.array(pairing(sizes), { maxLength: 3 })),
      forbidden: rarely(fc.array(pairing(sizes), { maxLength: 2 })),
      current: rarely(current),
      switchingCost: fc.record({ added: fc.constantFrom(0, 3), removed: fc.constantFrom(0, 2, 30) }),
    })
    .map((parts) => {
      const named = <T extends object>(letter: string, list: T[]) =>
        list.map((item, t) => present({ name: `${letter}${t}`, ...item }));
      const tiers = parts.tiers.map(({ available, ...rest }) => (extras ? { ...rest, available } : rest));
      return present({
        format: 'rolla-instance/1',
        queryTypes: named('q', parts.queryTypes),
        models: named('m', parts.models),
        tiers: named('t', tiers),
        delay: parts.delay,
        error: parts.error,
        residency: parts.residency,
        uncertaintyBudget: parts.gamma,
        rentalPeriod: parts.rentalPeriod,
        storagePrice: parts.storagePrice,
        budget: parts.budget,
        storageCapacity: parts.storageCapacity,
        allowed: parts.allowed,
        forbidden: parts.forbidden,
        currentPlan: parts.current && currentPlan(I, parts.current),
        switchingCost: parts.current && parts.switchingCost,
      }) as PublishedInstance;
    });
}

/** A plan that rents these and serves nothing: what the switching cost looks at. */
function currentPlan(I: number, rented: readonly { j: number; k: number; gpus: number }[]): Plan {
  const distinct = rented.filter(({ j, k }, t) => rented.findIndex((other) => other.j === j && other.k === k) === t);
  return {
    format: 'rolla-plan/1',
    deployments: distinct.map(({ j, k, gpus }) => ({
      model: `m${j}`,
      tier: `t${k}`,
      tpDegree: gpus,
      replicas: 1,
      gpus,
    })),
    routing: [],
    unmet: Array.from({ length: I }, (_, i) => ({ queryType: `q${i}`, fraction: 1 })),
  };
}

/** Every combination of the options of specification 6, `maxReplicas` 1 to 3; fixed values for the keys given. */
export function arbitraryOptions(fixed: Partial<PlanningOptions> = {}): fc.Arbitrary<PlanningOptions> {
  return fc
    .record({
      placement: fc.constantFrom('single', 'split'),
      uncertainty: fc.constantFrom('budgeted', 'decision-dependent', 'none'),
      delayRule: fc.constantFrom('per-deployment', 'pooled', 'last-deployment'),
      delayCost: fc.constantFrom('total', 'deviation'),
      delayCostBudget: fc.constantFrom('joint', 'per-query'),
      rentalInBudget: fc.constantFrom('once', 'per-query-type'),
      weightStorage: fc.constantFrom('per-placement', 'per-deployment'),
      maxReplicas: fc.constantFrom(1, 1, 2, 3),
      dropped: fc.constantFrom('placed', 'unplaced'),
      penalties: fc.constantFrom('per-hour', 'per-period'),
    })
    .map((options) => ({ ...options, ...fixed }) as PlanningOptions);
}

/** Instances of every size up to the given one. */
export function arbitraryInstanceUpTo(sizes: InstanceSizes): fc.Arbitrary<PublishedInstance> {
  const upTo = (most: number) => fc.integer({ min: 1, max: most });
  return fc
    .tuple(upTo(sizes.queryTypes), upTo(sizes.models), upTo(sizes.tiers))
    .chain(([queryTypes, models, tiers]) => arbitraryInstance({ ...sizes, queryTypes, models, tiers }));
}
