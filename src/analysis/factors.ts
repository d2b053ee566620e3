/**
 * Factors: what a sweep may vary. A factor turns an instance (or the options) and a value into a scenario's instance
 * and options. Scale factors multiply a field; set factors replace it.
 */
import { InputError, showValue } from '../model/inputError.ts';
import type { Instance, QueryType, Tensor, UncertainTensor } from '../model/instance.ts';
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

function scaledQueryField(
  field: 'arrivalRate' | 'delayPenalty' | 'unmetPenalty' | 'delayThreshold' | 'errorThreshold',
) {
  return (instance: Instance, scale: number): Instance => ({
    ...instance,
    queryTypes: instance.queryTypes.map((query) => ({ ...query, [field]: query[field] * scale })),
  });
}

function scaledTierField(field: 'price' | 'memory' | 'compute') {
  return (instance: Instance, scale: number): Instance => ({
    ...instance,
    tiers: instance.tiers.map((tier) => ({ ...tier, [field]: tier[field] * scale })),
  });
}

function scaledTensor(tensor: Tensor, scale: number): Tensor {
  return tensor.map((matrix) => matrix.map((row) => row.map((entry) => entry * scale)));
}

function scaledDeviation(key: 'delay' | 'error') {
  return (instance: Instance, scale: number): Instance => {
    const uncertain: UncertainTensor = instance[key];
    return { ...instance, [key]: { ...uncertain, deviation: scaledTensor(uncertain.deviation, scale) } };
  };
}

function scaledLimit(field: 'budget' | 'storageCapacity') {
  return (instance: Instance, scale: number): Instance => {
    const limit = instance[field];
    return limit === undefined ? instance : { ...instance, [field]: limit * scale };
  };
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

const isCount = (value: FactorValue) => typeof value === 'number' && Number.isInteger(value) && value >= 1;

export const factors: readonly Factor[] = [
  numeric('price', 'GPU price (× base)', 'gpu_cost_multiplier', scaledTierField('price')),
  numeric('budget', 'Budget (× base)', 'budget_multiplier', scaledLimit('budget')),
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
  numeric('storage', 'Storage capacity (× base)', 'storage_multiplier', scaledLimit('storageCapacity')),
  numeric('storage-price', 'Storage price (× base)', 'storage_price_multiplier', (instance, scale) => ({
    ...instance,
    storagePrice: instance.storagePrice * scale,
  })),
  numeric('rate', 'Arrival rate (× base)', 'arrival_rate_multiplier', scaledQueryField('arrivalRate')),
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
    uncertaintyBudget: { ...instance.uncertaintyBudget, delay },
  })),
  numeric('gamma-error', 'Γ of error (entries)', 'gamma_error', (instance, error) => ({
    ...instance,
    uncertaintyBudget: { ...instance.uncertaintyBudget, error },
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
  option('maxReplicas', 'an integer >= 1', isCount),
];

/** `unmetCap` = min(1, c * arrivalRate), as the published grids have it. */
export function withUnmetCapPerRate(instance: Instance, c: number): Instance {
  return withEachQuery(instance, (query) => ({ ...query, unmetCap: Math.min(1, c * query.arrivalRate) }));
}

/** The factor of that name. Throws InputError with the known names. */
export function findFactor(name: string): Factor {
  const factor = factors.find((candidate) => candidate.name === name);
  if (factor === undefined) {
    const known = factors.map((candidate) => candidate.name).join(', ');
    throw new InputError([{ path: 'factor', value: showValue(name), expected: `one of ${known}` }]);
  }
  return factor;
}
