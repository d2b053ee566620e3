/**
 * Instances of kinds that the families are not: alike tiers or query types, bin packing, generalised assignment, tight
 * memory, budgets and storage, many TP degrees. Everything is drawn from a seed; limits of delay and error are wide,
 * so that what makes a kind is what is hard in it.
 */
import seedrandom from 'seedrandom';
import { constructPlans } from '../src/heuristics/index.ts';
import { checkPlan } from '../src/model/check/verifier.ts';
import { compileProblem } from '../src/model/compiled/compileProblem.ts';
import { toPlan } from '../src/model/compiled/indexedPlan.ts';
import type { PublishedInstance, Tensor } from '../src/model/instance.ts';
import { presets } from '../src/model/options.ts';

export const kindNames = [
  'plain',
  'alike tiers',
  'alike query types',
  'bin packing',
  'assignment',
  'tight memory',
  'tight budget',
  'storage',
  'available GPUs',
  'replicas',
  'pooled limits',
  'joint Gamma 1',
  'joint Gamma 3',
  'joint Gamma 3 in a budget',
  'many TP degrees',
] as const;

export type KindName = (typeof kindNames)[number];

export interface KindMember {
  readonly of: KindName;
  readonly queryTypes: number;
  readonly models: number;
  readonly tiers: number;
  readonly seed: number;
}

type Uniform = (low: number, high: number) => number;

/** Share of what a plan without a budget spends. */
const budgetShare = 0.6;

export function kindInstance(member: KindMember): PublishedInstance {
  const { of, seed, queryTypes: I, models: J, tiers: K } = member;
  const generator = seedrandom(`kind ${of} ${I}x${J}x${K} ${seed}`);
  const uniform: Uniform = (low, high) => low + (high - low) * generator();
  const whole = (low: number, high: number) => Math.floor(uniform(low, high + 1));
  const pick = <T>(list: readonly T[]): T => list[whole(0, list.length - 1)];
  const list = <T>(count: number, make: (at: number) => T, isSame = false): T[] => {
    const all = Array.from({ length: count }, (_, at) => make(at));
    return isSame ? all.map((_, at) => ({ ...all[0], name: (all[at] as { name: string }).name })) : all;
  };
  const isBudgeted = of === 'tight budget' || of === 'joint Gamma 3 in a budget';
  const hasBins = of === 'bin packing';
  const sameTiers = of === 'alike tiers' || hasBins;
  const sameQueries = of === 'alike query types';
  const unmetCap = isBudgeted || of === 'pooled limits' ? 1 : of === 'available GPUs' ? 0.3 : 0;
  const queryTypes = list(
    I,
    (at) => ({
      name: `q${at}`,
      inputTokens: whole(64, 1500),
      outputTokens: whole(64, 1500),
      arrivalRate: rounded(uniform(5, 110) * (of === 'tight memory' ? 3 : 1)),
      computePerToken: rounded(uniform(0.05, 0.23)),
      tokenSize: whole(1, 9) / 1e5,
      delayPenalty: hasBins ? 0 : of === 'assignment' ? 0.002 : rounded(uniform(1e-4, 3e-3)),
      unmetPenalty: rounded(unmetCap === 1 ? uniform(1, 10) : uniform(0.5, 3)),
      delayThreshold: of === 'pooled limits' ? 2500 : 1e6,
      errorThreshold: 1,
      unmetCap,
    }),
    sameQueries,
  );
  const models = list(J, (at) => ({
    name: `m${at}`,
    weightSize: rounded(uniform(1, 40)),
    kvCachePerToken: uniform(2e-5, 1.8e-4),
  }));
  const largestLoad = Math.max(
    ...queryTypes.map(
      ({ inputTokens, outputTokens, computePerToken }) => (inputTokens + outputTokens) * computePerToken,
    ),
  );
  const computeRange = computeRanges[of] ?? [0.5, 2];
  const degrees = hasBins || of === 'assignment' ? [1] : of === 'many TP degrees' ? manyDegrees : [1, 2, 4, 8];
  const tiers = list(
    K,
    (at) => ({
      name: `t${at}`,
      memory: hasBins ? 5000 : pick(of === 'tight memory' ? [12, 24, 40] : [24, 40, 80]),
      compute: largestLoad * uniform(...computeRange),
      price: of === 'assignment' ? uniform(0.005, 0.02) : uniform(0.5, 2),
      tpDegrees: degrees,
      ...(of === 'available GPUs' ? { available: whole(2, 4) } : {}),
    }),
    sameTiers,
  );
  // Alike entities see alike delays and errors.
  const tensor = (low: number, high: number, factor: (j: number, k: number) => number): Tensor => {
    const drawn = queryTypes.map(() => models.map((_, j) => tiers.map((__, k) => uniform(low, high) * factor(j, k))));
    return drawn.map((_, i) =>
      models.map((__, j) => tiers.map((___, k) => rounded(drawn[sameQueries ? 0 : i][j][sameTiers ? 0 : k]))),
    );
  };
  const scale = models.map(() => uniform(0.5, 1.5));
  const delay = tensor(0.9, 1.1, (j, k) => (400 * scale[j]) / tiers[k].compute);
  const error = tensor(0.01, 0.05, () => 1);
  const spread = (values: Tensor): Tensor =>
    values.map((plane) => plane.map((row) => row.map((value) => rounded(value * 0.2))));
  const gamma = of === 'joint Gamma 1' ? 1 : of.startsWith('joint Gamma 3') ? 3 : 50;
  const instance: PublishedInstance = {
    format: 'rolla-instance/1',
    name: `${of} ${I}x${J}x${K} seed ${seed}`,
    queryTypes,
    models,
    tiers,
    delay: { nominal: delay, deviation: spread(delay) },
    error: { nominal: error, deviation: spread(error) },
    residency: 0.1,
    uncertaintyBudget: { delay: gamma, error: gamma },
    rentalPeriod: 12,
    budget: 1000 * I * (of === 'pooled limits' ? 20 : 1),
    storageCapacity: of === 'storage' ? 2.5 * I : 10_000 * I,
    storagePrice: 0.005,
  };
  return isBudgeted ? { ...instance, budget: budgetShare * spendOf(instance) } : instance;
}

/** Compute of a GPU in loads of the largest query type. */
const computeRanges: Partial<Record<KindName, readonly [number, number]>> = {
  'bin packing': [2.2, 3.2],
  'tight memory': [200, 600],
  replicas: [0.05, 0.25],
  'many TP degrees': [0.12, 0.25],
};

const manyDegrees = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16];

/** Six decimals. */
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

/** C1 + C2 of the best plan that construction finds. */
function spendOf(instance: PublishedInstance): number {
  const options = presets.corrected;
  const problem = compileProblem(instance, options);
  const plans = [...constructPlans(problem)].flatMap((plan) => {
    const { ok, cost } =
      plan === null ? { ok: false, cost: null } : checkPlan(instance, options, toPlan(problem, plan));
    return ok && cost !== null ? [cost] : [];
  });
  const best = plans.reduce((least, cost) => (cost.total < least.total ? cost : least));
  return best.rental + best.storage.model + best.storage.data;
}
