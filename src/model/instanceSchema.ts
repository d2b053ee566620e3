/**
 * The one description of `rolla-instance/1` (specification 1 and 8): keys, kinds, ranges and units of every field, of
 * which validation and `schema/rolla-instance.json` are made. A new field is a line here and a line in `instance.ts`;
 * the compiler says if one is missing.
 */
import type * as z from 'zod/mini';
import type { Instance } from './instance.ts';
import { planSchema } from './planSchema.ts';
import { remarks } from './remarksSchema.ts';
import {
  aboveZero,
  amountsByName,
  anyFromZero,
  atLeastZero,
  degreeList,
  type EntryRange,
  either,
  exactly,
  fromZeroBelowOne,
  list,
  listOfSome,
  nameField,
  nestedNumbers,
  optional,
  record,
  share,
  shareAboveZero,
  shareBelowOne,
  text,
  wholeNumber,
  withMeta,
} from './schemaFields.ts';

const queryType = record('a query type', {
  name: nameField('the query type'),
  inputTokens: atLeastZero('tokens per query', 'Length of the prompt'),
  outputTokens: atLeastZero('tokens per query', 'Length of the answer'),
  arrivalRate: atLeastZero('queries per hour', 'Load'),
  computePerToken: optional(atLeastZero('TFLOP per token', 'Compute; with that of tiers, or neither')),
  tokenSize: optional(atLeastZero('GB per token', 'Stored data; absent: 0')),
  delayPenalty: optional(atLeastZero('$ per ms per query', 'What delay costs; absent: 0')),
  unmetPenalty: optional(atLeastZero('$ per dropped query', 'What dropping costs; absent: nothing may be dropped')),
  delayThreshold: optional(atLeastZero('ms', 'Largest delay or latency of a query')),
  ttftThreshold: optional(atLeastZero('ms', 'Largest time to the first token')),
  tpotThreshold: optional(atLeastZero('ms', 'Largest time for each further output token')),
  errorThreshold: optional(atLeastZero('fraction', 'Largest error rate')),
  cachedShare: optional(shareBelowOne('share of the input tokens that a prefix cache holds; absent: 0')),
  unmetCap: optional(share('largest share that may be dropped')),
  minimumServed: optional(share('least share that must be served')),
});

const byPrecision = (unit: string, meaning: string) =>
  either(`a finite number >= 0 (${unit}), or an object of them by the precision of tiers`, [
    atLeastZero(unit, meaning),
    amountsByName('the precision of tiers', unit),
  ]);

const model = record('a model', {
  name: nameField('the model'),
  weightSize: byPrecision('GB', 'Size of the weights'),
  kvCachePerToken: byPrecision('GB per token', 'Cache of keys and values'),
  tpDegrees: optional(degreeList('tensor-parallel degrees', 'Degrees that the model allows; absent: all of the tier')),
  maxReplicas: optional(
    either('a whole number >= 1 (replicas of a deployment), or "none" for no limit', [
      wholeNumber(1, 'replicas of a deployment'),
      exactly('none'),
    ]),
  ),
  minReplicas: optional(wholeNumber(1, 'replicas of a deployment that is rented; absent: 1')),
});

const tier = record('a GPU tier', {
  name: nameField('the tier'),
  memory: aboveZero('GB per GPU', 'Memory'),
  memoryReserve: optional(atLeastZero('GB per GPU', 'Memory that is not usable; absent: 0')),
  compute: optional(aboveZero('TFLOPs per GPU', 'Compute')),
  price: atLeastZero('$ per GPU-hour', 'Rent'),
  tpDegrees: optional(
    degreeList(
      'tensor-parallel degrees',
      'Allowed tensor-parallel degrees; absent: 1, 2, 4, 8 up to gpusPerNode, or those of the profiles',
    ),
  ),
  pipelineDegrees: optional(
    degreeList('pipeline degrees', 'Allowed pipeline degrees; absent: 1, or those of the profiles'),
  ),
  gpusPerNode: optional(wholeNumber(1, 'GPUs of a node: no tensor-parallel degree is larger')),
  precision: optional(text('the precision, or any label')),
  utilization: optional(
    shareAboveZero('largest part of the time that a replica may be busy; absent: that of the instance'),
  ),
  committed: optional(wholeNumber(0, 'GPUs that are paid for whether they are used or not; absent: 0')),
  available: optional(wholeNumber(0, 'GPUs; leave it out for no cap')),
});

const seconds = (of: string) => optional(atLeastZero('s', `Time of one replica for ${of}`));

const profile = record('a profile: service times of one replica, by formula, measured, or both', {
  model: nameField('a model'),
  tier: nameField('a tier'),
  tpDegree: wholeNumber(1, 'tensor-parallel degree'),
  pipelineDegree: optional(wholeNumber(1, 'pipeline degree; absent: 1')),
  secondsPerInputToken: seconds('an input token'),
  secondsPerOutputToken: seconds('an output token'),
  secondsPerContextToken: seconds('each output token and token that it looks back on'),
  measured: optional(
    list(
      'measurements',
      record('a measurement', {
        queryType: nameField('a query type'),
        queriesPerHour: atLeastZero('queries per hour', 'What one busy replica completes; 0: it cannot serve them'),
        ttft: optional(atLeastZero('ms', 'Time to the first token')),
        tpot: optional(atLeastZero('ms', 'Time for each further output token')),
      }),
    ),
  ),
  latency: optional(
    record('the latency of a query', {
      firstToken: atLeastZero('ms', 'Before the first token'),
      perInputToken: atLeastZero('ms', 'For each input token that no prefix cache holds'),
      perOutputToken: atLeastZero('ms', 'For each further output token'),
      deviation: optional(atLeastZero('share of the latency', 'Largest deviation; absent: 0')),
    }),
  ),
});

const fleetLimit = record('a fleet limit: the sum of perGpu times the GPUs of each tier is at most "most"', {
  name: nameField('the limit'),
  unit: optional(nameField('the unit')),
  perGpu: amountsByName('the name of the tier', 'units for each GPU'),
  most: atLeastZero('units', 'Largest total'),
});

const milliseconds = anyFromZero('ms per token');
const fraction = anyFromZero('fraction');
const hours = anyFromZero('hours');

const uncertainTensor = (entry: EntryRange) =>
  record('nominal values and deviations', {
    nominal: nestedNumbers('I x J x K', entry),
    deviation: nestedNumbers('I x J x K', entry),
    relief: optional(nestedNumbers('J x K', fromZeroBelowOne)),
  });

/**
 * Every nested array of an instance: where it is, whether its outermost index is the query type, and what its entries
 * are.
 */
export const tensorFields: readonly {
  readonly path: readonly string[];
  readonly byQueryType: boolean;
  readonly entry: EntryRange;
}[] = [
  { path: ['delay', 'nominal'], byQueryType: true, entry: milliseconds },
  { path: ['delay', 'deviation'], byQueryType: true, entry: milliseconds },
  { path: ['delay', 'relief'], byQueryType: false, entry: fromZeroBelowOne },
  { path: ['error', 'nominal'], byQueryType: true, entry: fraction },
  { path: ['error', 'deviation'], byQueryType: true, entry: fraction },
  { path: ['error', 'relief'], byQueryType: false, entry: fromZeroBelowOne },
  { path: ['residency'], byQueryType: true, entry: hours },
];

const pairing = withMeta(
  record('a pairing: a set of (query type, model, tier); an absent key matches everything', {
    queryType: optional(nameField('a query type')),
    model: optional(nameField('a model')),
    tier: optional(nameField('a tier')),
  }),
  { minProperties: 1 },
);

export const instanceSchema = record('a rolla-instance/1', {
  format: exactly('rolla-instance/1'),
  name: optional(nameField('the instance')),
  queryTypes: listOfSome('query types', 'query type', queryType),
  models: listOfSome('models', 'model', model),
  tiers: listOfSome('GPU tiers', 'GPU tier', tier),
  profiles: optional(listOfSome('profiles', 'profile; leave the list out for none', profile)),
  utilization: optional(shareAboveZero('largest part of the time that a replica may be busy; absent: 0.8')),
  fleetLimits: optional(list('fleet limits', fleetLimit)),
  delay: optional(uncertainTensor(milliseconds)),
  error: optional(uncertainTensor(fraction)),
  residency: optional(
    either('a finite number >= 0 (hours), or I x J x K nested arrays of them', [
      atLeastZero('hours', 'How long the cache of a query stays in memory'),
      nestedNumbers('I x J x K', hours),
    ]),
  ),
  uncertaintyBudget: optional(
    record('the uncertainty budgets', {
      delay: atLeastZero('delays that may be at their worst together'),
      error: atLeastZero('errors that may be at their worst together'),
    }),
  ),
  rentalPeriod: aboveZero('hours'),
  budget: optional(atLeastZero('$; leave it out for no limit')),
  storageCapacity: optional(atLeastZero('GB; leave it out for no limit')),
  storagePrice: optional(atLeastZero('$ per GB-hour')),
  allowed: optional(list('pairings', pairing)),
  forbidden: optional(list('pairings', pairing)),
  currentPlan: optional(planSchema),
  switchingCost: optional(
    record('costs of switching', {
      added: atLeastZero('$ per GPU added'),
      removed: atLeastZero('$ per GPU removed'),
    }),
  ),
  ...remarks,
});

type KeysOf<T> = T extends readonly (infer Entry)[]
  ? KeysOf<Entry>
  : T extends object
    ? { [Key in keyof T]-?: KeysOf<NonNullable<T[Key]>> }
    : unknown;
/**
 * The instance, unless `instance.ts` and the schema name different fields: then something that is none, so that nothing
 * compiles.
 */
export type CheckedInstance = [KeysOf<z.infer<typeof instanceSchema>>, KeysOf<Instance>] extends [
  KeysOf<Instance>,
  KeysOf<z.infer<typeof instanceSchema>>,
]
  ? Instance
  : { readonly fieldsDiffer: true };
