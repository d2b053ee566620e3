/**
 * The schema of `rolla-instance/1` (specification 1 and 8): keys, kinds and ranges of every field, with units in the
 * messages.
 */
import * as z from 'zod';
import { aboveZero, atLeastZero, list, nameField, numberField, record, share } from './schemaIssues.ts';
import { planSchema } from './validatePlan.ts';

const queryType = record('a query type', {
  name: nameField('the query type'),
  inputTokens: atLeastZero('tokens per query'),
  outputTokens: atLeastZero('tokens per query'),
  arrivalRate: atLeastZero('queries per hour'),
  computePerToken: atLeastZero('TFLOP per token'),
  tokenSize: atLeastZero('GB per token'),
  delayPenalty: atLeastZero('$ per ms per query'),
  unmetPenalty: atLeastZero('$ per dropped query'),
  delayThreshold: atLeastZero('ms'),
  errorThreshold: atLeastZero('fraction'),
  unmetCap: share('largest share that may be dropped').optional(),
  minimumServed: share('least share that must be served').optional(),
});

const model = record('a model', {
  name: nameField('the model'),
  weightSize: atLeastZero('GB'),
  kvCachePerToken: atLeastZero('GB per token'),
});

const tpDegrees = z.custom<number[]>(
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((degree) => Number.isSafeInteger(degree) && degree >= 1) &&
    new Set(value).size === value.length,
  { error: 'a non-empty array of distinct whole numbers >= 1 (tensor-parallel degrees)' },
);

const tier = record('a GPU tier', {
  name: nameField('the tier'),
  memory: aboveZero('GB per GPU'),
  compute: aboveZero('TFLOPs per GPU'),
  price: atLeastZero('$ per GPU-hour'),
  tpDegrees: tpDegrees.optional(),
  precision: z.string({ error: 'a string (a label)' }).optional(),
  available: numberField('a whole number >= 0 (GPUs; leave it out for no cap)', (value) => {
    return Number.isSafeInteger(value) && value >= 0;
  }).optional(),
});

/**
 * The inside of a tensor is checked by plain loops (`tensorShape.ts`): a schema per number would cost seconds on large
 * instances.
 */
const nestedArray = (shape: string) =>
  z.custom<unknown[]>(Array.isArray, { error: `nested arrays of numbers, ${shape}` });

const uncertainTensor = (unit: string) =>
  record('nominal values and deviations', {
    nominal: nestedArray(`I x J x K (${unit})`),
    deviation: nestedArray(`I x J x K (${unit})`),
    relief: nestedArray('J x K (fraction)').optional(),
  });

const pairing = record('a pairing', {
  queryType: nameField('a query type').optional(),
  model: nameField('a model').optional(),
  tier: nameField('a tier').optional(),
});

export const instanceSchema = record('a rolla-instance/1', {
  format: z.literal('rolla-instance/1', { error: '"rolla-instance/1"' }),
  name: nameField('the instance').optional(),
  queryTypes: list('query types', queryType).min(1, { error: 'at least one query type' }),
  models: list('models', model).min(1, { error: 'at least one model' }),
  tiers: list('GPU tiers', tier).min(1, { error: 'at least one GPU tier' }),
  delay: uncertainTensor('ms per token'),
  error: uncertainTensor('fraction'),
  residency: z.custom<number | unknown[]>(
    (value) => Array.isArray(value) || (typeof value === 'number' && Number.isFinite(value) && value >= 0),
    { error: 'a finite number >= 0 (hours), or I x J x K nested arrays of them' },
  ),
  uncertaintyBudget: record('the uncertainty budgets', {
    delay: atLeastZero('delays that may be at their worst together'),
    error: atLeastZero('errors that may be at their worst together'),
  }),
  rentalPeriod: aboveZero('hours'),
  budget: atLeastZero('$; leave it out for no limit').optional(),
  storageCapacity: atLeastZero('GB; leave it out for no limit').optional(),
  storagePrice: atLeastZero('$ per GB-hour'),
  allowed: list('pairings', pairing).optional(),
  forbidden: list('pairings', pairing).optional(),
  currentPlan: planSchema.optional(),
  switchingCost: record('costs of switching', {
    added: atLeastZero('$ per GPU added'),
    removed: atLeastZero('$ per GPU removed'),
  }).optional(),
});
