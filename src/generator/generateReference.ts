/**
 * The published reference instance, drawn in the published order from NumPy's stream: equal to the published arrays to
 * the last bit.
 */
import type { OptionRule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import type { PublishedInstance, Tensor } from '../model/instance.ts';
import { choice } from '../model/schemaFields.ts';
import { checkedGeneratorOptions, switchField, unmetCapRules } from './generatorOptions.ts';
import { numpyRandomState, numpySeedRule } from './numpyRandomState.ts';
import {
  deviationRange,
  parameterSets,
  precisionErrorFactor,
  priceFactorRange,
  publishedModels,
  publishedTiers,
  publishedTpDegrees,
  type Range,
  storagePriceRange,
} from './publishedCatalogue.ts';
import { drawRelief } from './relief.ts';
import { type UnmetCapRule, unmetCapOf } from './unmetCapRule.ts';

export interface ReferenceOptions extends UnmetCapRule {
  /** Integer, 0 to 2^32 - 1. Default 42, the published one. */
  readonly seed?: number;
  /** Default `published`: the parameters of the published code. `article`: those that the article prints. */
  readonly parameterSet?: 'published' | 'article';
  /** Whether to draw relief for `decision-dependent` uncertainty, after everything else. Default false. */
  readonly relief?: boolean;
}

const rules: { readonly [Name in keyof ReferenceOptions]-?: OptionRule } = {
  seed: numpySeedRule,
  parameterSet: fieldRule(choice(Object.keys(parameterSets) as (keyof typeof parameterSets)[], 'parameters')),
  relief: switchField,
  ...unmetCapRules,
};

/**
 * Six query types, six models, ten GPU tiers. `unmetCap` defaults to 0.01.
 * @throws InputError with every option that is wrong.
 */
export function generateReference(given: ReferenceOptions = {}): PublishedInstance {
  const options = checkedGeneratorOptions(given, rules);
  const { seed = 42, parameterSet = 'published', relief = false } = options;
  const parameters = parameterSets[parameterSet];
  const { queryTypes } = parameters;
  const random = numpyRandomState(seed);
  const drawEach = (rangeOf: (query: (typeof queryTypes)[number]) => Range) =>
    queryTypes.map((query) => random.uniform(...rangeOf(query)));

  // The order of these draws is the published one.
  const arrivalRates = queryTypes.map((query) => random.randint(...query.arrivalRate));
  const prices = publishedTiers.map((tier) => tier.price * random.uniform(...priceFactorRange));
  const storagePrice = random.uniform(...storagePriceRange);
  const computePerToken = drawEach((query) => query.computePerToken);
  const tokenSizes = drawEach((query) => query.tokenSize);
  const delayPenalties = drawEach((query) => query.delayPenalty);
  const unmetPenalties = drawEach((query) => query.unmetPenalty).map((value) => value * parameters.unmetPenaltyScale);
  const baseDelays = drawEach((query) => query.baseDelay);
  const baseErrors = drawEach((query) => query.baseError);

  const firstCompute = publishedTiers[0].compute;
  const nominalDelay = baseDelays.map((base) =>
    publishedModels.map((model) =>
      publishedTiers.map((tier) => base * model.delayMultiplier * (firstCompute / tier.compute)),
    ),
  );
  const nominalError = baseErrors.map((base) =>
    publishedModels.map((model) =>
      publishedTiers.map((tier) => (base / model.capacity) * precisionErrorFactor[tier.precision]),
    ),
  );
  const deviate = (nominal: Tensor): Tensor =>
    nominal.map((matrix) => matrix.map((row) => row.map((value) => value * random.uniform(...deviationRange))));
  const delayDeviation = deviate(nominalDelay);
  const errorDeviation = deviate(nominalError);
  const drawnRelief = relief ? drawRelief(random.uniform, publishedModels, publishedTiers) : undefined;

  return {
    format: 'rolla-instance/1',
    name: `${parameterSet === 'published' ? 'reference' : 'article'}-seed${seed}`,
    queryTypes: queryTypes.map((query, i) => ({
      name: query.name,
      inputTokens: query.inputTokens,
      outputTokens: query.outputTokens,
      arrivalRate: arrivalRates[i],
      computePerToken: computePerToken[i],
      tokenSize: tokenSizes[i],
      delayPenalty: delayPenalties[i],
      unmetPenalty: unmetPenalties[i],
      delayThreshold: query.delayThreshold,
      errorThreshold: query.errorThreshold,
      unmetCap: unmetCapOf(options, arrivalRates[i], 0.01),
    })),
    models: publishedModels.map(({ name, weightSize, kvCachePerToken }) => ({ name, weightSize, kvCachePerToken })),
    tiers: publishedTiers.map(({ name, memory, compute, precision }, k) => ({
      name,
      memory,
      compute,
      price: prices[k],
      tpDegrees: publishedTpDegrees,
      precision,
    })),
    delay: { nominal: nominalDelay, deviation: delayDeviation, ...(drawnRelief && { relief: drawnRelief.delay }) },
    error: { nominal: nominalError, deviation: errorDeviation, ...(drawnRelief && { relief: drawnRelief.error }) },
    residency: 0.1,
    uncertaintyBudget: { delay: parameters.uncertaintyBudget, error: parameters.uncertaintyBudget },
    rentalPeriod: 12,
    budget: parameters.budget,
    storageCapacity: 1000,
    storagePrice,
  };
}
