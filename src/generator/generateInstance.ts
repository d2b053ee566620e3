/**
 * Scaled families: instances of any size I x J x K, of the kind of the published one, from a seed. Each part is drawn
 * from a stream of its own, so that a larger member of a family begins with the models and tiers of a smaller one and,
 * mostly, with its query types.
 */
import alea from 'seedrandom/lib/alea.js';
import { fault } from '../input/inputError.ts';
import type { OptionRule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import type { PublishedInstance, PublishedQueryType, Tensor } from '../model/instance.ts';
import { atLeastZero, plainRecord } from '../model/schemaFields.ts';
import { ensureServable } from './ensureServable.ts';
import { checkedGeneratorOptions, seedRule, sizeRule, switchField, unmetCapRules } from './generatorOptions.ts';
import {
  deviationRange,
  parameterSets,
  precisionErrorFactor,
  priceFactorRange,
  publishedTiers,
  publishedTpDegrees,
  type Range,
  storagePriceRange,
} from './publishedCatalogue.ts';
import { drawRelief } from './relief.ts';
import { catalogueModel, catalogueTier, queryTypeName } from './scaledCatalogue.ts';
import { type UnmetCapRule, unmetCapOf } from './unmetCapRule.ts';

export interface FamilyOptions extends UnmetCapRule {
  /** Any integer. Default 1. */
  readonly seed?: number;
  /** I, J, K: integers >= 1. */
  readonly queryTypes: number;
  readonly models: number;
  readonly tiers: number;
  /** Gamma_d and Gamma_e. Default 50 and 50. */
  readonly uncertaintyBudget?: { readonly delay: number; readonly error: number };
  /** Whether to draw relief for `decision-dependent` uncertainty. Default false. */
  readonly relief?: boolean;
}

/** $ of budget and GB of storage for each query type, as in the published instance. */
const budgetPerQueryType = 500;
const storagePerQueryType = 1000 / 6;
/** Four tensors of this many doubles still fit the memory of a small machine. */
const largestTensor = 1e7;
/** Spread of each parameter around the published kind. */
const limitFactorRange: Range = [0.8, 1.2];
const tokenFactorRange: Range = [0.5, 1.5];
const modelFactorRange: Range = [0.9, 1.1];
const throughputFactorRange: Range = [0.85, 1.15];

const rules: { readonly [Name in keyof FamilyOptions]-?: OptionRule } = {
  seed: seedRule,
  queryTypes: sizeRule,
  models: sizeRule,
  tiers: sizeRule,
  uncertaintyBudget: fieldRule(
    plainRecord('the uncertainty budgets', { delay: atLeastZero('Gamma_d'), error: atLeastZero('Gamma_e') }),
  ),
  relief: switchField,
  ...unmetCapRules,
};

/**
 * An instance named `family-IxJxK-seedS`. `unmetCap` defaults to 1.
 *
 * Query types are jittered copies of the six published kinds under names of other trades; models and tiers the
 * published ones followed by other ladders (`scaledCatalogue.ts`). Budget and storage grow with I. Serving everything
 * is always possible: where the drawn data forbid it, delay and error limits are loosened, loads reduced or budget and
 * storage raised, just enough (`ensureServable.ts`).
 * @throws InputError with every option that is wrong.
 */
export function generateInstance(given: FamilyOptions): PublishedInstance {
  const options = checkedGeneratorOptions(given, rules);
  const { seed = 1, queryTypes: I, models: J, tiers: K, relief = false } = options;
  const entries = I * J * K;
  if (entries > largestTensor)
    throw fault('queryTypes * models * tiers', String(entries), `at most ${largestTensor} entries of a tensor`);
  const queries = drawQueryTypes(stream(seed, 'query types'), I);
  const models = drawModels(stream(seed, 'models'), J);
  const tiers = drawTiers(stream(seed, 'tiers'), K);

  const firstCompute = publishedTiers[0].compute;
  const nominalDelay = queries.map(({ baseDelay }) =>
    models.map((model) =>
      tiers.map((tier) => rounded((baseDelay * model.delayMultiplier * firstCompute) / tier.compute)),
    ),
  );
  const nominalError = queries.map(({ baseError }) =>
    models.map((model) =>
      tiers.map((tier) => rounded((baseError / model.capacity) * precisionErrorFactor[tier.precision])),
    ),
  );
  const drawnRelief = relief ? drawRelief(roundedDraws(stream(seed, 'relief')), models, tiers) : undefined;

  const instance = ensureServable({
    format: 'rolla-instance/1',
    name: `family-${I}x${J}x${K}-seed${seed}`,
    queryTypes: queries.map(({ queryType }) => queryType),
    models: models.map(({ name, weightSize, kvCachePerToken }) => ({ name, weightSize, kvCachePerToken })),
    tiers: tiers.map(({ name, memory, compute, price, precision }) => ({
      name,
      memory,
      compute,
      price,
      tpDegrees: publishedTpDegrees,
      precision,
    })),
    delay: {
      nominal: nominalDelay,
      deviation: deviate(nominalDelay, stream(seed, 'delay')),
      ...(drawnRelief && { relief: drawnRelief.delay }),
    },
    error: {
      nominal: nominalError,
      deviation: deviate(nominalError, stream(seed, 'error')),
      ...(drawnRelief && { relief: drawnRelief.error }),
    },
    residency: 0.1,
    uncertaintyBudget: options.uncertaintyBudget ?? { delay: 50, error: 50 },
    rentalPeriod: 12,
    budget: budgetPerQueryType * I,
    storageCapacity: Math.ceil(storagePerQueryType * I),
    storagePrice: rounded(stream(seed, 'market')(...storagePriceRange)),
  });
  const capped = (query: PublishedQueryType) => ({ ...query, unmetCap: unmetCapOf(options, query.arrivalRate, 1) });
  return { ...instance, queryTypes: instance.queryTypes.map(capped) };
}

type Uniform = (low: number, high: number) => number;

function stream(seed: number, part: string): Uniform {
  const generator = alea(`rolla ${seed} ${part}`);
  return (low, high) => low + (high - low) * generator.double();
}

/** Six decimals: enough for every unit of the data, and files of half the size. */
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;
const roundedDraws =
  (uniform: Uniform): Uniform =>
  (low, high) =>
    rounded(uniform(low, high));

function deviate(nominal: Tensor, uniform: Uniform): Tensor {
  return nominal.map((matrix) => matrix.map((row) => row.map((value) => rounded(value * uniform(...deviationRange)))));
}

function drawQueryTypes(uniform: Uniform, count: number) {
  const { queryTypes: kinds, unmetPenaltyScale } = parameterSets.published;
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length];
    const queryType = {
      name: queryTypeName(kind.name, Math.floor(i / kinds.length)),
      inputTokens: Math.round(kind.inputTokens * uniform(...tokenFactorRange)),
      outputTokens: Math.round(kind.outputTokens * uniform(...tokenFactorRange)),
      arrivalRate: Math.round(uniform(...kind.arrivalRate)),
      computePerToken: rounded(uniform(...kind.computePerToken)),
      tokenSize: rounded(uniform(...kind.tokenSize)),
      delayPenalty: rounded(uniform(...kind.delayPenalty)),
      unmetPenalty: rounded(uniform(...kind.unmetPenalty) * unmetPenaltyScale),
      delayThreshold: Math.round(kind.delayThreshold * uniform(...limitFactorRange)),
      errorThreshold: rounded(kind.errorThreshold * uniform(...limitFactorRange)),
    };
    return { queryType, baseDelay: uniform(...kind.baseDelay), baseError: uniform(...kind.baseError) };
  });
}

function drawModels(uniform: Uniform, count: number) {
  return Array.from({ length: count }, (_, j) => {
    const entry = catalogueModel(j);
    return {
      ...entry,
      delayMultiplier: entry.delayMultiplier * uniform(...modelFactorRange),
      capacity: entry.capacity * uniform(...modelFactorRange),
    };
  });
}

function drawTiers(uniform: Uniform, count: number) {
  return Array.from({ length: count }, (_, k) => {
    const entry = catalogueTier(k);
    return {
      ...entry,
      compute: Math.round(entry.compute * uniform(...throughputFactorRange) * 10) / 10,
      price: rounded(entry.price * uniform(...priceFactorRange)),
    };
  });
}
