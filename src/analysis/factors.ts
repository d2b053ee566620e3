/**
 * Factors: what a sweep may vary. A factor turns an instance (or the options) and a value into a scenario's instance
 * and options. Scale factors multiply a field; set factors replace it.
 */
import { InputError, showValue } from '../input/inputError.ts';
import type { Instance, Profile, QueryType, Tensor, UncertainTensor } from '../model/instance.ts';
import { kebabCase } from '../model/kebabCase.ts';
import type { PlanningOptions } from '../model/options.ts';
import { planningChoices } from '../planner/optionTable.ts';

export type FactorValue = number | string;

export interface Scenario {
  readonly instance: Instance;
  readonly options: Partial<PlanningOptions>;
}

export interface Factor {
  readonly name: string;
  /** Axis title with its unit, such as "GPU price (x base)". */
  readonly label: string;
  /** Name of the CSV column. */
  readonly column: string;
  /** What the values may be, for messages. */
  readonly expected: string;
  readonly accepts: (value: FactorValue) => boolean;
  readonly apply: (scenario: Scenario, value: FactorValue) => Scenario;
}

const isFiniteNonNegative = (value: FactorValue) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
/** For fields that an instance must have above 0. */
const isPositive = (value: FactorValue) => isFiniteNonNegative(value) && value !== 0;

const isCount = (value: FactorValue) => typeof value === 'number' && Number.isInteger(value) && value >= 1;

/** A factor on the instance whose values are numbers >= 0. */
function numeric(
  name: string,
  label: string,
  column: string,
  change: (instance: Instance, value: number) => Instance,
  accepts: (value: FactorValue) => boolean = isFiniteNonNegative,
  expected = 'a number >= 0',
): Factor {
  return {
    name,
    label,
    column,
    expected,
    accepts,
    apply: (scenario, value) => ({ ...scenario, instance: change(scenario.instance, value as number) }),
  };
}

/** The record with a field times `scale`; what is absent stays absent. */
function scaledField<Record extends object>(record: Record, field: keyof Record, scale: number): Record {
  const value = record[field];
  return typeof value === 'number' ? { ...record, [field]: value * scale } : record;
}

function scaledQueryField(
  field:
    | 'arrivalRate'
    | 'inputTokens'
    | 'outputTokens'
    | 'delayPenalty'
    | 'unmetPenalty'
    | 'delayThreshold'
    | 'ttftThreshold'
    | 'tpotThreshold'
    | 'errorThreshold',
) {
  return (instance: Instance, scale: number): Instance => ({
    ...instance,
    queryTypes: instance.queryTypes.map((query) => scaledField(query, field, scale)),
  });
}

function scaledTierField(field: 'price' | 'memory' | 'compute') {
  return (instance: Instance, scale: number): Instance => ({
    ...instance,
    tiers: instance.tiers.map((tier) => scaledField(tier, field, scale)),
  });
}

function scaledTensor(tensor: Tensor, scale: number): Tensor {
  return tensor.map((matrix) => matrix.map((row) => row.map((entry) => entry * scale)));
}

function scaledDeviation(key: 'delay' | 'error') {
  return (instance: Instance, scale: number): Instance => {
    const uncertain: UncertainTensor | undefined = instance[key];
    if (uncertain === undefined) return instance;
    return { ...instance, [key]: { ...uncertain, deviation: scaledTensor(uncertain.deviation, scale) } };
  };
}

function scaledInstanceField(field: 'budget' | 'storageCapacity' | 'storagePrice') {
  return (instance: Instance, scale: number): Instance => scaledField(instance, field, scale);
}

function withEachQuery(instance: Instance, change: (query: QueryType) => QueryType): Instance {
  return { ...instance, queryTypes: instance.queryTypes.map(change) };
}

const isFraction = (value: FactorValue) => typeof value === 'number' && value >= 0 && value <= 1;

/** A factor that sets an option of the problem, under the option's name in kebab case; its column is in snake case. */
function option(name: keyof PlanningOptions, expected: string, accepts: (value: FactorValue) => boolean): Factor {
  const words = kebabCase(name);
  return {
    name: words,
    label: words.replaceAll('-', ' '),
    column: words.replaceAll('-', '_'),
    expected,
    accepts,
    apply: (scenario, value) => ({ ...scenario, options: { ...scenario.options, [name]: value } }),
  };
}

function choices(): Factor[] {
  return (Object.keys(planningChoices) as (keyof typeof planningChoices)[]).map((name) => {
    const values: readonly string[] = planningChoices[name];
    return option(name, `one of ${values.join(', ')}`, (value) => values.includes(String(value)));
  });
}

/** One utilization for all tiers. */
function withUtilization(instance: Instance, utilization: number): Instance {
  const tiers = instance.tiers.map((tier) => {
    const { utilization: _, ...rest } = tier;
    return rest;
  });
  return { ...instance, utilization, tiers };
}

/**
 * Whole GPUs of every tier that says how many, rounded down but for the rounding of the product. No more stay committed
 * than are available.
 */
function scaledGpus(field: 'available' | 'committed') {
  const scaled = (gpus: number, scale: number) => Math.floor(gpus * scale * (1 + 1e-12));
  return (instance: Instance, scale: number): Instance => ({
    ...instance,
    tiers: instance.tiers.map((tier) => {
      const gpus = tier[field];
      if (gpus === undefined) return tier;
      const changed = { ...tier, [field]: scaled(gpus, scale) };
      const { committed, available = Infinity } = changed;
      return committed === undefined ? changed : { ...changed, committed: Math.min(committed, available) };
    }),
  });
}

const mostGpusName = 'GPUs rented';

/** One more fleet limit: GPUs of all tiers together. */
function withMostGpus(instance: Instance, most: number): Instance {
  const perGpu = Object.fromEntries(instance.tiers.map(({ name }) => [name, 1]));
  const others = (instance.fleetLimits ?? []).filter(({ name }) => name !== mostGpusName);
  return { ...instance, fleetLimits: [...others, { name: mostGpusName, unit: 'GPUs', perGpu, most }] };
}

function withEachProfile(change: (profile: Profile, value: number) => Profile) {
  return (instance: Instance, value: number): Instance =>
    instance.profiles === undefined
      ? instance
      : { ...instance, profiles: instance.profiles.map((profile) => change(profile, value)) };
}

/** Every service time, by formula and measured. */
const scaledServiceTimes = withEachProfile((profile, scale) => {
  const byFormula = (['secondsPerInputToken', 'secondsPerOutputToken', 'secondsPerContextToken'] as const).reduce(
    (changed, field) => scaledField(changed, field, scale),
    profile,
  );
  if (profile.measured === undefined) return byFormula;
  const measured = profile.measured.map((each) => ({ ...each, queriesPerHour: each.queriesPerHour / scale }));
  return { ...byFormula, measured };
});

/** Every latency, by formula and measured; deviations are shares of it and stay. */
const scaledLatencies = withEachProfile((profile, scale) => {
  const { latency, measured } = profile;
  return {
    ...profile,
    ...(latency === undefined
      ? {}
      : {
          latency: {
            ...latency,
            firstToken: latency.firstToken * scale,
            perInputToken: latency.perInputToken * scale,
            perOutputToken: latency.perOutputToken * scale,
          },
        }),
    ...(measured === undefined
      ? {}
      : { measured: measured.map((each) => scaledField(scaledField(each, 'ttft', scale), 'tpot', scale)) }),
  };
});

/** `unmetCap` = min(1, c * arrivalRate), as the published grids have it. */
export function withUnmetCapPerRate<Data extends Instance>(instance: Data, c: number): Data {
  const capped = (query: QueryType) => ({ ...query, unmetCap: Math.min(1, c * query.arrivalRate) });
  return { ...instance, queryTypes: instance.queryTypes.map(capped) };
}

export const factors: readonly Factor[] = [
  numeric('price', 'GPU price (× base)', 'gpu_cost_multiplier', scaledTierField('price')),
  numeric('budget', 'Budget (× base)', 'budget_multiplier', scaledInstanceField('budget')),
  numeric('delay', 'Delay limit (× base)', 'delay_multiplier', scaledQueryField('delayThreshold')),
  numeric('error', 'Error limit (× base)', 'error_multiplier', scaledQueryField('errorThreshold')),
  numeric('memory', 'GPU memory (× base)', 'memory_multiplier', scaledTierField('memory'), isPositive, 'a number > 0'),
  numeric(
    'compute',
    'GPU compute (× base)',
    'compute_multiplier',
    scaledTierField('compute'),
    isPositive,
    'a number > 0',
  ),
  numeric('storage', 'Storage capacity (× base)', 'storage_multiplier', scaledInstanceField('storageCapacity')),
  numeric('storage-price', 'Storage price (× base)', 'storage_price_multiplier', scaledInstanceField('storagePrice')),
  numeric('rate', 'Arrival rate (× base)', 'arrival_rate_multiplier', scaledQueryField('arrivalRate')),
  numeric('input-tokens', 'Input tokens (× base)', 'input_tokens_multiplier', scaledQueryField('inputTokens')),
  numeric('output-tokens', 'Output tokens (× base)', 'output_tokens_multiplier', scaledQueryField('outputTokens')),
  numeric('ttft', 'Limit to the first token (× base)', 'ttft_multiplier', scaledQueryField('ttftThreshold')),
  numeric('tpot', 'Limit per output token (× base)', 'tpot_multiplier', scaledQueryField('tpotThreshold')),
  numeric(
    'utilization',
    'Utilization of replicas (share)',
    'utilization',
    withUtilization,
    (value) => isPositive(value) && isFraction(value),
    'a number > 0 and <= 1',
  ),
  numeric(
    'service-time',
    'Service times (× base)',
    'service_time_multiplier',
    scaledServiceTimes,
    isPositive,
    'a number > 0',
  ),
  numeric('latency', 'Latency of profiles (× base)', 'latency_multiplier', scaledLatencies),
  numeric(
    'latency-deviation',
    'Deviation of latency (× base)',
    'latency_deviation_multiplier',
    withEachProfile((profile, scale) =>
      profile.latency === undefined
        ? profile
        : { ...profile, latency: scaledField(profile.latency, 'deviation', scale) },
    ),
  ),
  numeric('memory-reserve', 'Memory not usable (GB per GPU)', 'memory_reserve', (instance, memoryReserve) => ({
    ...instance,
    tiers: instance.tiers.map((tier) => ({ ...tier, memoryReserve })),
  })),
  numeric('available', 'Available GPUs (× base, rounded down)', 'available_multiplier', scaledGpus('available')),
  numeric('committed', 'Committed GPUs (× base, rounded down)', 'committed_multiplier', scaledGpus('committed')),
  numeric(
    'min-replicas',
    'Least replicas of a deployment',
    'min_replicas',
    (instance, minReplicas) => ({ ...instance, models: instance.models.map((model) => ({ ...model, minReplicas })) }),
    isCount,
    'an integer >= 1',
  ),
  numeric('switching-cost', 'Switching cost (× base)', 'switching_cost_multiplier', (instance, scale) => {
    const { switchingCost } = instance;
    if (switchingCost === undefined) return instance;
    return {
      ...instance,
      switchingCost: { added: switchingCost.added * scale, removed: switchingCost.removed * scale },
    };
  }),
  numeric('fleet-limits', 'Fleet limits (× base)', 'fleet_limit_multiplier', (instance, scale) =>
    instance.fleetLimits === undefined
      ? instance
      : { ...instance, fleetLimits: instance.fleetLimits.map((limit) => ({ ...limit, most: limit.most * scale })) },
  ),
  numeric('gpus', 'Most GPUs rented', 'most_gpus', withMostGpus, isFiniteNonNegative, 'a number >= 0 (GPUs)'),
  numeric(
    'cached-share',
    'Cached share of input tokens (fraction)',
    'cached_share',
    (instance, cachedShare) => withEachQuery(instance, (query) => ({ ...query, cachedShare })),
    (value) => isFraction(value) && value !== 1,
    'a fraction in [0, 1)',
  ),
  numeric('delay-penalty', 'Delay penalty (× base)', 'delay_penalty_multiplier', scaledQueryField('delayPenalty')),
  numeric('unmet-penalty', 'Unmet penalty (× base)', 'unmet_penalty_multiplier', scaledQueryField('unmetPenalty')),
  numeric('delay-deviation', 'Delay deviation (× base)', 'delay_deviation_multiplier', scaledDeviation('delay')),
  numeric('error-deviation', 'Error deviation (× base)', 'error_deviation_multiplier', scaledDeviation('error')),
  numeric(
    'rental-period',
    'Rental period (× base)',
    'rental_period_multiplier',
    (instance, scale) => ({ ...instance, rentalPeriod: instance.rentalPeriod * scale }),
    isPositive,
    'a number > 0',
  ),
  numeric('gamma', 'Γ of delay and error (entries)', 'gamma', (instance, gamma) => ({
    ...instance,
    uncertaintyBudget: { delay: gamma, error: gamma },
  })),
  numeric('gamma-delay', 'Γ of delay (entries)', 'gamma_delay', (instance, delay) => ({
    ...instance,
    uncertaintyBudget: { error: 0, ...instance.uncertaintyBudget, delay },
  })),
  numeric('gamma-error', 'Γ of error (entries)', 'gamma_error', (instance, error) => ({
    ...instance,
    uncertaintyBudget: { delay: 0, ...instance.uncertaintyBudget, error },
  })),
  numeric(
    'unmet-cap',
    'Unmet cap (fraction)',
    'unmet_cap',
    (instance, unmetCap) => withEachQuery(instance, (query) => ({ ...query, unmetCap })),
    isFraction,
    'a fraction in [0, 1]',
  ),
  numeric('unmet-cap-per-rate', 'Unmet cap (fraction per query/h)', 'unmet_cap_per_rate', withUnmetCapPerRate),
  ...choices(),
  option('maxReplicas', 'an integer >= 1, or "none"', (value) => value === 'none' || isCount(value)),
];

/** The factor of that name. Throws InputError with the known names. */
export function findFactor(name: string): Factor {
  const factor = factors.find((candidate) => candidate.name === name);
  if (factor === undefined) {
    const known = factors.map((candidate) => candidate.name).join(', ');
    throw new InputError([{ path: 'factor', value: showValue(name), expected: `one of ${known}` }]);
  }
  return factor;
}
