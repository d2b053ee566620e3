/**
 * The one description of `rolla-instance/1` (specification 1 and 8): keys, kinds, ranges and units of every field, of
 * which validation and `schema/rolla-instance.json` are made. A new field is a line here and a line in `instance.ts`;
 * the compiler says if one is missing.
 */
import type * as z from 'zod';
import type { Instance } from './instance.ts';
import { planSchema } from './planSchema.ts';
import { remarks } from './remarksSchema.ts';
import {
  aboveZero,
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
  record,
  share,
  text,
  wholeNumber,
} from './schemaFields.ts';

const queryType = record('a query type', {
  name: nameField('the query type'),
  inputTokens: atLeastZero('tokens per query', 'Length of the prompt'),
  outputTokens: atLeastZero('tokens per query', 'Length of the answer'),
  arrivalRate: atLeastZero('queries per hour', 'Load'),
  computePerToken: atLeastZero('TFLOP per token', 'Compute'),
  tokenSize: atLeastZero('GB per token', 'Stored data'),
  delayPenalty: atLeastZero('$ per ms per query', 'What delay costs'),
  unmetPenalty: atLeastZero('$ per dropped query', 'What dropping costs'),
  delayThreshold: atLeastZero('ms', 'Largest delay of a query'),
  errorThreshold: atLeastZero('fraction', 'Largest error rate'),
  unmetCap: share('largest share that may be dropped').optional(),
  minimumServed: share('least share that must be served').optional(),
});

const model = record('a model', {
  name: nameField('the model'),
  weightSize: atLeastZero('GB', 'Size of the weights'),
  kvCachePerToken: atLeastZero('GB per token', 'Cache of keys and values'),
});

const tier = record('a GPU tier', {
  name: nameField('the tier'),
  memory: aboveZero('GB per GPU', 'Memory'),
  compute: aboveZero('TFLOPs per GPU', 'Compute'),
  price: atLeastZero('$ per GPU-hour', 'Rent'),
  tpDegrees: degreeList('tensor-parallel degrees', 'Allowed tensor-parallel degrees; absent: 1, 2, 4, 8').optional(),
  precision: text('a label').optional(),
  available: wholeNumber(0, 'GPUs; leave it out for no cap').optional(),
});

const milliseconds = anyFromZero('ms per token');
const fraction = anyFromZero('fraction');
const hours = anyFromZero('hours');

const uncertainTensor = (entry: EntryRange) =>
  record('nominal values and deviations', {
    nominal: nestedNumbers('I x J x K', entry),
    deviation: nestedNumbers('I x J x K', entry),
    relief: nestedNumbers('J x K', fromZeroBelowOne).optional(),
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

const pairing = record('a pairing: a set of (query type, model, tier); an absent key matches everything', {
  queryType: nameField('a query type').optional(),
  model: nameField('a model').optional(),
  tier: nameField('a tier').optional(),
}).meta({ minProperties: 1 });

export const instanceSchema = record('a rolla-instance/1', {
  format: exactly('rolla-instance/1'),
  name: nameField('the instance').optional(),
  queryTypes: listOfSome('query types', 'query type', queryType),
  models: listOfSome('models', 'model', model),
  tiers: listOfSome('GPU tiers', 'GPU tier', tier),
  delay: uncertainTensor(milliseconds),
  error: uncertainTensor(fraction),
  residency: either('a finite number >= 0 (hours), or I x J x K nested arrays of them', [
    atLeastZero('hours', 'How long the cache of a query stays in memory'),
    nestedNumbers('I x J x K', hours),
  ]),
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
