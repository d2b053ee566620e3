/**
 * Random planning problems, solved by every relaxation, strategy, formulation, form of the robust counterpart and with
 * and without reductions: one answer, the default's, and HiGHS's on the published program. Beside ordinary data: limits
 * exactly at a plan, a little short of it or beyond; other units of money; prices far beyond all others.
 */
import fc from 'fast-check';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { buildPublished } from '../../src/model/formulations/published.ts';
import type { Instance, Plan } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { optimize } from '../../src/planner/optimize.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import type { SolveResult } from '../../src/planner/solveResult.ts';
import { arbitraryInstance, arbitraryOptions } from '../arbitrary/instances.ts';
import { moneyTimes } from '../arbitrary/money.ts';
import { optimumOf } from '../oracle/optimum.ts';
import { type Fuzzer, type FuzzOutcome, patience } from './fuzzer.ts';

const ways: readonly SolveOptions[] = [
  { strategy: 'plain' },
  { strategy: 'no-heuristics' },
  { strategy: 'depth-first' },
  { reductions: false },
  { relaxation: 'compact' },
  { relaxation: 'compact', strategy: 'plain' },
  { relaxation: 'compact', strategy: 'no-heuristics' },
  { relaxation: 'compact', strategy: 'cuts-only' },
  { relaxation: 'compact', strategy: 'set-branching' },
  { relaxation: 'compact', reductions: false, strategy: 'no-cuts' },
  { relaxation: 'compact', formulation: 'published' },
  { relaxation: 'compact', robust: 'dual' },
  { relaxation: 'compact', robust: 'adversarial' },
];

/** Costs of two answers may differ by this share: both gaps, and what limits held within the tolerance are worth. */
const costTolerance = 3e-6;
/** HiGHS keeps rows to 1e-9 of absolute data. */
const oracleTolerance = 1e-5;
/** Every so many seeds HiGHS is asked. */
const oraclePeriod = 5;

const sizes = [
  { queryTypes: 2, models: 2, tiers: 2 },
  { queryTypes: 3, models: 2, tiers: 2 },
  { queryTypes: 4, models: 2, tiers: 3 },
] as const;

interface Case {
  readonly instance: Instance;
  readonly options: PlanningOptions;
  /** A plan that is one more way to begin. */
  readonly startPlan?: Plan;
  readonly isOracleFit: boolean;
}

function drawn(seed: number): Case {
  const [instance] = fc.sample(arbitraryInstance(sizes[seed % sizes.length]), { seed, numRuns: 1 });
  const [options] = fc.sample(arbitraryOptions(), { seed, numRuns: 1 });
  return { instance, options, isOracleFit: true };
}

/** Limits at what the best plan uses, times 1 + `distance`; null where there is no plan. */
function tightened(seed: number): Case | null {
  const { instance, options } = drawn(seed);
  const { plan } = optimize(instance, { ...options, timeLimit: patience.seconds });
  if (plan === null) return null;
  const distances = [0, 3e-16, -3e-16, 1e-12, -1e-12, 1e-9, -1e-9, 1e-7, -1e-7];
  const factor = 1 + distances[seed % distances.length];
  const { constraints } = checkPlan(instance, options, plan);
  const rows = (group: string) => constraints.filter((row) => row.group === group);
  const [budget] = rows('budget');
  const [storage] = rows('storage');
  return {
    instance: {
      ...instance,
      queryTypes: instance.queryTypes.map((query, i) => {
        const { left, limit } = rows('delay')[i];
        const stretch = limit! / query.delayThreshold!;
        return {
          ...query,
          ...(stretch > 0 ? { delayThreshold: (left / stretch) * factor } : {}),
          errorThreshold: rows('error')[i].left * factor,
        };
      }),
      ...(instance.budget === undefined ? {} : { budget: budget.left * factor }),
      ...(instance.storageCapacity === undefined ? {} : { storageCapacity: storage.left * factor }),
    },
    options,
    startPlan: plan,
    isOracleFit: false,
  };
}

function inOtherMoney(seed: number): Case {
  const { instance, options } = drawn(seed);
  const factors = [1e-9, 1e-6, 1e-3, 1.6e4, 1e6, 1e9];
  return { instance: moneyTimes(instance, factors[seed % factors.length]), options, isOracleFit: false };
}

function withExtremePrice(seed: number): Case {
  const { instance, options } = drawn(seed);
  const factor = [1e4, 1e6, 1e8, 1e12][seed % 4];
  const at = seed % instance.queryTypes.length;
  return {
    instance: {
      ...instance,
      queryTypes: instance.queryTypes.map((query, i) => {
        if (i !== at) return query;
        return seed % 2 === 1
          ? { ...query, unmetPenalty: (query.unmetPenalty || 1) * factor }
          : { ...query, delayPenalty: (query.delayPenalty || 1e-4) * factor };
      }),
    },
    options,
    isOracleFit: false,
  };
}

/**
 * Split placement with replicas and weights stored for each placement, where the capacity holds what a plan of single
 * placements stores, or a little more or less; every other one under the pooled rule.
 */
function withBindingStorage(seed: number): Case | null {
  const [instance] = fc.sample(arbitraryInstance({ queryTypes: 3, models: 3, tiers: 3 }), { seed, numRuns: 1 });
  const fixed = { placement: 'split', weightStorage: 'per-placement' } as const;
  const [drawnOptions] = fc.sample(arbitraryOptions(fixed), { seed, numRuns: 1 });
  const pooled = seed % 2 === 0 ? {} : ({ delayRule: 'pooled' } as const);
  const options = { ...drawnOptions, ...pooled, maxReplicas: 1 + (seed % 3) };
  const { storageCapacity: _, ...unlimited } = instance;
  const { plan } = optimize(unlimited, { ...options, placement: 'single', timeLimit: patience.seconds });
  if (plan === null) return null;
  const weights = new Map(instance.models.map(({ name, weightSize }) => [name, weightSize]));
  const stored = plan.routing.reduce((sum, { model }) => sum + weights.get(model)!, 0);
  const storagePrice = instance.storagePrice * (1 + 4 * (seed % 3));
  const storageCapacity = stored * [0.8, 1, 1.3][Math.floor(seed / 2) % 3];
  return { instance: { ...instance, storagePrice, storageCapacity }, options, isOracleFit: true };
}

async function judge(seed: number, { instance, options, startPlan, isOracleFit }: Case): Promise<FuzzOutcome> {
  const faults: string[] = [];
  const troubles: (() => void)[] = [];
  let isProven = false;
  const say = (way: SolveOptions, text: string) => faults.push(`${JSON.stringify(way)}: ${text}`);
  const solve = (way: SolveOptions): SolveResult => {
    const result = optimize(instance, { ...options, ...way, timeLimit: patience.seconds });
    const { status, gap } = result;
    if (status === 'optimal' || status === 'infeasible') isProven = true;
    else troubles.push(() => say(way, `${status}, gap ${gap}`));
    if (status === 'optimal' && !(gap <= 1e-6)) say(way, `optimal at a gap of ${gap}`);
    return result;
  };
  const first = solve({});
  const others = startPlan === undefined ? ways : [...ways, { startPlan }];
  for (const way of others) {
    const result = solve(way);
    const cost = first.cost?.total ?? Infinity;
    const other = result.cost?.total ?? Infinity;
    if (cost === other || result.status === 'numerical-trouble' || first.status === 'numerical-trouble') continue;
    if (!(Math.abs(cost - other) <= costTolerance * Math.abs(cost))) {
      const named = 'startPlan' in way ? ({ startPlan: {} } as SolveOptions) : way;
      say(named, `${result.status} ${other}, by default ${first.status} ${cost}`);
    }
  }
  if (isOracleFit && isProven && seed % oraclePeriod === 0) {
    const oracle = await optimumOf(buildPublished(instance, options));
    const cost = first.cost?.total ?? Infinity;
    if (cost !== oracle && !(Math.abs(cost - oracle) <= oracleTolerance * Math.max(1, Math.abs(cost))))
      say({}, `${first.status} ${cost}, HiGHS ${oracle}`);
  }
  // Where one way proves an answer, trouble in another is a fault.
  if (isProven) for (const tell of troubles) tell();
  return { solves: 1 + others.length, faults };
}

const nothing: FuzzOutcome = { solves: 0, faults: [] };

export const planningFuzzers: readonly Fuzzer[] = [
  { name: 'planning', run: (seed) => judge(seed, drawn(seed)) },
  {
    name: 'tight limits',
    run: async (seed) => {
      const tight = tightened(seed);
      return tight === null ? nothing : judge(seed, tight);
    },
  },
  {
    name: 'binding storage',
    run: async (seed) => {
      const binding = withBindingStorage(seed);
      return binding === null ? nothing : judge(seed, binding);
    },
  },
  { name: 'other money', run: (seed) => judge(seed, inOtherMoney(seed)) },
  { name: 'extreme prices', run: (seed) => judge(seed, withExtremePrice(seed)) },
];
