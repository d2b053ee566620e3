/**
 * Changes of a problem whose effect on the optimum is known: none (other names and orders, other units of money and of
 * time, the best plan as start), no dearer (a tier in two alike, limits raised, split instead of single placement) or
 * no cheaper (Gamma raised). Published instances and fleets in turn.
 */
import fc from 'fast-check';
import type { Instance, Pairing, Tensor, UncertainTensor } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { optimize } from '../../src/planner/optimize.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { arbitraryFleet, withPossibleReplicas } from '../arbitrary/fleets.ts';
import { arbitraryInstance, arbitraryOptions } from '../arbitrary/instances.ts';
import { moneyTimes } from '../arbitrary/money.ts';
import { type Fuzzer, type FuzzOutcome, patience } from './fuzzer.ts';

/** Both gaps, and what limits that hold within the tolerance are worth. */
const tolerance = 3e-6;

type Relation = 'same' | 'not dearer' | 'not cheaper';

interface Change {
  readonly name: string;
  readonly relation: Relation;
  /** Cost of the changed problem in the unit of the given one: divided by this. Default 1. */
  readonly unit?: number;
  readonly instance?: Instance;
  readonly options?: SolveOptions;
}

/** A permutation of 0 .. count - 1. */
function shuffled(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  let state = seed * 2654435761 + 1;
  for (let last = count - 1; last > 0; last--) {
    state = (state * 1664525 + 1013904223) % 4294967296;
    const other = Math.floor((state / 4294967296) * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** Names that share nothing with the given ones, in another order. */
function renamed(instance: Instance, seed: number): Instance {
  const { queryTypes, models, tiers } = instance;
  const [qs, ms, ts] = [queryTypes.length, models.length, tiers.length].map((count, at) => shuffled(count, seed + at));
  const other = (prefix: string, list: readonly { readonly name: string }[], order: readonly number[]) =>
    new Map(list.map(({ name }, index) => [name, `${prefix} ${order.indexOf(index)}é`]));
  const [query, model, tier] = [other('z', queryTypes, qs), other('y', models, ms), other('x', tiers, ts)];
  const tensor = (data: Tensor): Tensor => qs.map((i) => ms.map((j) => ts.map((k) => data[i][j][k])));
  const uncertain = ({ nominal, deviation, relief }: UncertainTensor): UncertainTensor => ({
    nominal: tensor(nominal),
    deviation: tensor(deviation),
    ...(relief && { relief: ms.map((j) => ts.map((k) => relief[j][k])) }),
  });
  const pairing = (entry: Pairing): Pairing => ({
    ...(entry.queryType !== undefined && { queryType: query.get(entry.queryType)! }),
    ...(entry.model !== undefined && { model: model.get(entry.model)! }),
    ...(entry.tier !== undefined && { tier: tier.get(entry.tier)! }),
  });
  const { delay, error, residency, allowed, forbidden, currentPlan, profiles, fleetLimits } = instance;
  return {
    ...instance,
    queryTypes: qs.map((i) => ({ ...queryTypes[i], name: query.get(queryTypes[i].name)! })),
    models: ms.map((j) => ({ ...models[j], name: model.get(models[j].name)! })),
    tiers: ts.map((k) => ({ ...tiers[k], name: tier.get(tiers[k].name)! })),
    ...(delay && { delay: uncertain(delay) }),
    ...(error && { error: uncertain(error) }),
    ...(typeof residency === 'object' && { residency: tensor(residency) }),
    ...(allowed && { allowed: allowed.map(pairing) }),
    ...(forbidden && { forbidden: forbidden.map(pairing) }),
    ...(currentPlan && {
      currentPlan: {
        ...currentPlan,
        deployments: currentPlan.deployments.map((each) => ({
          ...each,
          model: model.get(each.model) ?? 'gone',
          tier: tier.get(each.tier) ?? 'gone',
        })),
        routing: [],
        unmet: [],
      },
    }),
    ...(profiles && {
      profiles: profiles.map((profile) => ({
        ...profile,
        model: model.get(profile.model)!,
        tier: tier.get(profile.tier)!,
        ...(profile.measured && {
          measured: profile.measured.map((each) => ({ ...each, queryType: query.get(each.queryType)! })),
        }),
      })),
    }),
    ...(fleetLimits && {
      fleetLimits: fleetLimits.map((limit) => ({
        ...limit,
        perGpu: Object.fromEntries(Object.entries(limit.perGpu).map(([name, use]) => [tier.get(name)!, use])),
      })),
    }),
  } as Instance;
}

/**
 * Days for hours. Rates, rental period, prices and hours in memory are per or in hours; penalties are per query, and
 * under `per-hour` the cost of an hour's queries stands beside that of the whole period: then they are divided by 24.
 */
function inDays(instance: Instance, { penalties }: PlanningOptions): Instance {
  const { residency } = instance;
  const penaltyFactor = penalties === 'per-hour' ? 1 / 24 : 1;
  const scaled = (data: Tensor) => data.map((plane) => plane.map((row) => row.map((value) => value / 24)));
  const times = (value: number | undefined, factor: number, name: string) =>
    value === undefined ? {} : { [name]: value * factor };
  return {
    ...instance,
    queryTypes: instance.queryTypes.map((query) => ({
      ...query,
      arrivalRate: query.arrivalRate * 24,
      ...times(query.delayPenalty, penaltyFactor, 'delayPenalty'),
      ...times(query.unmetPenalty, penaltyFactor, 'unmetPenalty'),
      // C2 stores theta r lambda for dT: the data of one hour's queries.
      ...times(query.tokenSize, 1 / 24, 'tokenSize'),
    })),
    tiers: instance.tiers.map((tier) => ({ ...tier, price: tier.price * 24 })),
    ...(residency === undefined
      ? {}
      : { residency: typeof residency === 'number' ? residency / 24 : scaled(residency) }),
    ...(instance.profiles && {
      // Busy replicas are lambda s / 3600, with a rate by the hour.
      profiles: instance.profiles.map((profile) => ({
        ...profile,
        ...times(profile.secondsPerInputToken, 1 / 24, 'secondsPerInputToken'),
        ...times(profile.secondsPerOutputToken, 1 / 24, 'secondsPerOutputToken'),
        ...times(profile.secondsPerContextToken, 1 / 24, 'secondsPerContextToken'),
        ...(profile.measured && {
          measured: profile.measured.map((each) => ({ ...each, queriesPerHour: each.queriesPerHour * 24 })),
        }),
      })),
    }),
    rentalPeriod: instance.rentalPeriod / 24,
    ...times(instance.storagePrice, 24, 'storagePrice'),
  } as Instance;
}

/** The last tier twice, the second time under another name; available GPUs and commitments stay with the first. */
function withTierTwice(instance: Instance): Instance {
  const { tiers, delay, error, residency, profiles, fleetLimits, allowed, forbidden } = instance;
  const last = tiers.length - 1;
  const { committed: _, ...tier } = tiers[last];
  const twin = { ...tier, name: 'twin' };
  const row = (list: readonly number[]) => [...list, list[last]];
  const tensor = (data: Tensor): Tensor => data.map((plane) => plane.map(row));
  const uncertain = ({ nominal, deviation, relief }: UncertainTensor): UncertainTensor => ({
    nominal: tensor(nominal),
    deviation: tensor(deviation),
    ...(relief && { relief: relief.map(row) }),
  });
  const alike = (entries: readonly Pairing[]) => [
    ...entries,
    ...entries.filter((entry) => entry.tier === tier.name).map((entry) => ({ ...entry, tier: 'twin' })),
  ];
  return {
    ...instance,
    tiers: [...tiers, twin],
    ...(delay && { delay: uncertain(delay) }),
    ...(error && { error: uncertain(error) }),
    ...(typeof residency === 'object' && { residency: tensor(residency) }),
    ...(allowed && { allowed: alike(allowed) }),
    ...(forbidden && { forbidden: alike(forbidden) }),
    ...(profiles && {
      profiles: [
        ...profiles,
        ...profiles.filter((each) => each.tier === tier.name).map((each) => ({ ...each, tier: 'twin' })),
      ],
    }),
    ...(fleetLimits && {
      fleetLimits: fleetLimits.map((limit) =>
        Object.hasOwn(limit.perGpu, tier.name)
          ? { ...limit, perGpu: { ...limit.perGpu, twin: limit.perGpu[tier.name] } }
          : limit,
      ),
    }),
  } as Instance;
}

/** Where a tier without GPUs has one then, no model may ask for more replicas at least. */
function withLimitsRaised(instance: Instance): Instance {
  const raised = <Name extends string>(name: Name, value: number | undefined, factor = 1.3) =>
    value === undefined ? {} : { [name]: value * factor };
  return withPossibleReplicas({
    ...instance,
    queryTypes: instance.queryTypes.map((query) => ({
      ...query,
      ...raised('delayThreshold', query.delayThreshold),
      ...raised('ttftThreshold', query.ttftThreshold),
      ...raised('tpotThreshold', query.tpotThreshold),
      ...(query.errorThreshold === undefined ? {} : { errorThreshold: Math.min(1, query.errorThreshold * 1.3) }),
    })),
    tiers: instance.tiers.map((tier) => ({
      ...tier,
      memory: tier.memory * 1.3,
      ...(tier.available === undefined ? {} : { available: tier.available + 1 }),
    })),
    ...raised('budget', instance.budget),
    ...raised('storageCapacity', instance.storageCapacity),
  } as Instance);
}

function tellsLatency({ profiles = [] }: Instance): boolean {
  return profiles.some(({ latency }) => latency !== undefined);
}

function changesOf(instance: Instance, options: PlanningOptions, seed: number): Change[] {
  const changes: Change[] = [1e-9, 1e-6, 1e6, 1e9].map((unit) => ({
    name: `money times ${unit}`,
    relation: 'same',
    unit,
    instance: moneyTimes(instance, unit),
  }));
  // Hours in memory that come from a latency in ms are hours.
  if (instance.residency !== undefined || !tellsLatency(instance))
    changes.push({ name: 'days', relation: 'same', instance: inDays(instance, options) });
  changes.push({ name: 'limits raised', relation: 'not dearer', instance: withLimitsRaised(instance) });
  if (options.placement === 'single')
    changes.push({ name: 'split', relation: 'not dearer', options: { placement: 'split' } });
  if (options.delayRule !== 'last-deployment') {
    changes.push({ name: 'other names and orders', relation: 'same', instance: renamed(instance, seed) });
    changes.push({ name: 'a tier twice', relation: 'not dearer', instance: withTierTwice(instance) });
  }
  if (instance.uncertaintyBudget !== undefined) {
    const { delay, error } = instance.uncertaintyBudget;
    const uncertaintyBudget = { delay: delay + 0.7, error: error + 0.7 };
    changes.push({ name: 'Gamma raised', relation: 'not cheaper', instance: { ...instance, uncertaintyBudget } });
  }
  return changes;
}

function judge(instance: Instance, options: PlanningOptions, seed: number): FuzzOutcome {
  const faults: string[] = [];
  const given = optimize(instance, { ...options, timeLimit: patience.seconds });
  const cost = given.cost?.total ?? Infinity;
  const isProven = (status: string) => status === 'optimal' || status === 'infeasible';
  if (!isProven(given.status)) faults.push(`as given: ${given.status}, gap ${given.gap}`);
  const changes = changesOf(instance, options, seed);
  if (given.plan !== null)
    changes.push({ name: 'the best plan as start', relation: 'same', options: { startPlan: given.plan } });
  for (const { name, relation, unit = 1, instance: changed = instance, options: further } of changes) {
    const result = optimize(changed, { ...options, ...further, timeLimit: patience.seconds });
    const other = (result.cost?.total ?? Infinity) / unit;
    if (!isProven(result.status)) faults.push(`${name}: ${result.status}, gap ${result.gap}`);
    if (cost === other) continue;
    const allowance = tolerance * Math.min(Math.abs(cost), Math.abs(other));
    const isDearer = !(other <= cost + allowance);
    const isCheaper = !(other >= cost - allowance);
    if ((isDearer && relation !== 'not cheaper') || (isCheaper && relation !== 'not dearer'))
      faults.push(`${name}: ${result.status} ${other}, ${relation} expected than ${given.status} ${cost}`);
  }
  return { solves: 1 + changes.length, faults };
}

const sizes = [
  { queryTypes: 2, models: 2, tiers: 2 },
  { queryTypes: 3, models: 2, tiers: 3 },
] as const;

export const metamorphicFuzzers: readonly Fuzzer[] = [
  {
    name: 'metamorphic published',
    run: async (seed) => {
      const [instance] = fc.sample(arbitraryInstance(sizes[seed % sizes.length]), { seed, numRuns: 1 });
      const [options] = fc.sample(arbitraryOptions(), { seed, numRuns: 1 });
      return judge(instance, options, seed);
    },
  },
  {
    name: 'metamorphic fleet',
    run: async (seed) => {
      const [instance] = fc.sample(arbitraryFleet(3, 2, 2), { seed, numRuns: 1 });
      const [drawn] = fc.sample(arbitraryOptions({ dropped: 'unplaced', maxReplicas: 'none' }), { seed, numRuns: 1 });
      if (!tellsLatency(instance)) return judge(instance, drawn, seed);
      const uncertainty = drawn.uncertainty === 'decision-dependent' ? 'budgeted' : drawn.uncertainty;
      return judge(instance, { ...drawn, uncertainty, delayRule: 'per-deployment' }, seed);
    },
  },
];
