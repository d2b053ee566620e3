/**
 * The tables of the two formats: which fields they show, in which unit, and what to choose from. A field that is not
 * listed here stays in the data as it is.
 */
import { catalogueGpus } from '../../src/generator/catalogue/gpus.ts';
import { catalogueModels } from '../../src/generator/catalogue/models.ts';
import { catalogueProfiles } from '../../src/generator/catalogue/throughputTables.ts';
import { asList, asRecord, type LooseRecord, valueAt } from '../../src/model/looseData.ts';
import { isFleet, namesOf, type Path, tierListOf } from '../state/draft.ts';
import type { CellKind } from './cellText.ts';

export interface Column {
  readonly key: Path;
  readonly heading: string;
  /** What a plain number counts in; a fleet's cells take a unit of their own as well. */
  readonly unit?: string;
  readonly kind: CellKind;
  /** What a cell is chosen from; without it, anything may be written. */
  readonly choices?: (data: LooseRecord) => readonly string[];
  /** Shown when all columns are asked for, or where some row has it. */
  readonly isRare?: boolean;
  /** What an empty cell means. */
  readonly empty?: string;
}

export interface Section {
  readonly title: string;
  readonly says: string;
  /** Word for one row. */
  readonly row: string;
  readonly columns: readonly Column[];
  /** Where the rows are. */
  readonly rows: (data: LooseRecord) => readonly Path[];
  /** The list that a new row goes into; null where there is nowhere yet. */
  readonly list: (data: LooseRecord) => Path | null;
  readonly newRow: (data: LooseRecord) => LooseRecord;
  /** Rarely needed: closed until something is in it. */
  readonly isRare?: boolean;
}

const text = (key: string, heading: string, more: Partial<Column> = {}): Column => ({
  key: key.split('.'),
  heading,
  kind: 'text',
  ...more,
});
const amount = (key: string, heading: string, unit: string, more: Partial<Column> = {}): Column => ({
  key: key.split('.'),
  heading,
  unit,
  kind: 'amount',
  ...more,
});
const rare = { isRare: true } as const;

const listRows = (list: string) => (data: LooseRecord) =>
  asList(data[list]).map((_, position): Path => [list, position]);

function listSection(
  list: string,
  head: Pick<Section, 'title' | 'says' | 'row' | 'columns' | 'newRow'> & { readonly isRare?: boolean },
): Section {
  return { ...head, rows: listRows(list), list: () => [list] };
}

/** Rows of a list within the entries of `profiles`. */
function profileRows(inner: string) {
  return (data: LooseRecord): readonly Path[] =>
    asList(data.profiles).flatMap((profile, position) =>
      asList(asRecord(profile)[inner]).map((_, at): Path => ['profiles', position, inner, at]),
    );
}

const lastProfile = (inner: string) => (data: LooseRecord) => {
  const profiles = asList(data.profiles);
  const has = profiles.findLastIndex((profile) => Array.isArray(asRecord(profile)[inner]));
  const position = has >= 0 ? has : profiles.findLastIndex((profile) => asRecord(profile).catalogue === undefined);
  return position < 0 ? null : ['profiles', position, inner];
};

/** `chat 2` where there is a `chat`. */
function newName(data: LooseRecord, list: string, word: string): string {
  const taken = namesOf(data, list);
  for (let number = taken.length + 1; ; number++) {
    const name = `${word} ${number}`;
    if (!taken.includes(name)) return name;
  }
}

const namesIn = (list: string) => (data: LooseRecord) => namesOf(data, list);
const tierNames = (data: LooseRecord) => namesOf(data, tierListOf(data));
const first = (names: readonly string[]) => names[0] ?? '';

const modelOf = text('model', 'Model', { choices: namesIn('models') });
const queryTypeOf = text('queryType', 'Query type', { choices: namesIn('queryTypes') });
const gpuOf = text('gpu', 'GPU', { choices: tierNames });
const tierOf = text('tier', 'Tier', { choices: tierNames });

const pairings = (list: 'allowed' | 'forbidden', tier: Column): Section =>
  listSection(list, {
    title: list === 'allowed' ? 'Allowed pairings' : 'Forbidden pairings',
    says:
      list === 'allowed'
        ? 'If there are any, only these may be used; an empty cell stands for all.'
        : 'These may not be used; an empty cell stands for all.',
    row: 'pairing',
    columns: [queryTypeOf, modelOf, tier].map((column) => ({ ...column, empty: 'all' })),
    newRow: (data) => ({ model: first(namesOf(data, 'models')) }),
    isRare: true,
  });

const limits = (list: 'limits' | 'fleetLimits'): Section =>
  listSection(list, {
    title: 'Limits over several GPUs',
    says: 'Power, a quota, a pool: what each GPU uses of it, and how much there is.',
    row: 'limit',
    columns: [
      text('name', 'Name'),
      text('unit', 'Unit'),
      { key: ['perGpu'], heading: 'Use of each GPU', unit: 'GPU: amount, ...', kind: 'amounts' },
      amount('most', 'At most', 'in that unit'),
    ],
    newRow: (data) => ({
      name: newName(data, list, 'limit'),
      perGpu: Object.fromEntries(tierNames(data).map((name) => [name, 1])),
      most: 8,
    }),
  });

const fleetSections: readonly Section[] = [
  listSection('queryTypes', {
    title: 'Query types',
    says: 'Your traffic: one row for each kind of query, as in the busiest hour.',
    row: 'query type',
    columns: [
      text('name', 'Name'),
      amount('rate', 'Rate', '/h'),
      amount('inputTokens', 'Input', 'tokens'),
      amount('outputTokens', 'Output', 'tokens'),
      amount('cachedShare', 'Cached', 'of 1, or %'),
      amount('ttft', 'First token', 'ms, at most'),
      amount('tpot', 'Each token', 'ms, at most'),
      amount('latency', 'Whole query', 'ms, at most'),
      amount('maxError', 'Bad answers', 'of 1, at most'),
      amount('dropPenalty', 'A dropped one costs', '$'),
      amount('mayDrop', 'May be dropped', 'of 1, or %'),
      amount('latencyPenalty', 'Waiting costs', '$ per ms', rare),
      amount('storedPerToken', 'Stored', 'GB per token', rare),
    ],
    newRow: (data) => ({
      name: newName(data, 'queryTypes', 'query'),
      rate: '1 /s',
      inputTokens: 1000,
      outputTokens: 200,
    }),
  }),
  listSection('models', {
    title: 'Models',
    says: 'What may serve them. The catalogue fills in weights, cache and degrees.',
    row: 'model',
    columns: [
      text('name', 'Name'),
      text('catalogue', 'From the catalogue', { choices: () => catalogueModels.map(({ id }) => id), empty: 'none' }),
      { key: ['weights'], heading: 'Weights', unit: 'GB, or FP8: 8 GB, ...', kind: 'sizes' },
      { key: ['cachePerToken'], heading: 'Cache', unit: 'GB per token', kind: 'sizes' },
      { key: ['tpDegrees'], heading: 'TP degrees', kind: 'degrees' },
      amount('minReplicas', 'Replicas, least', 'each'),
      amount('maxReplicas', 'Replicas, most', 'each, or none'),
    ],
    newRow: (data) => ({ name: newName(data, 'models', 'model'), catalogue: 'llama-3.1-8b' }),
  }),
  listSection('gpus', {
    title: 'GPUs',
    says: 'What can be rented. The catalogue fills in memory, price and GPUs of a node.',
    row: 'GPU',
    columns: [
      text('name', 'Name'),
      text('catalogue', 'From the catalogue', { choices: () => catalogueGpus.map(({ id }) => id), empty: 'none' }),
      text('precision', 'Precision', { choices: () => ['BF16', 'FP8', 'FP4', 'INT8', 'INT4'], empty: 'none' }),
      amount('price', 'Price', '$/h'),
      amount('available', 'Available', 'GPUs'),
      amount('memory', 'Memory', 'GB'),
      amount('reserve', 'Kept free', 'GB'),
      amount('committed', 'Paid for anyway', 'GPUs', rare),
      amount('gpusPerNode', 'In a node', 'GPUs', rare),
      amount('utilization', 'Busy at most', 'of 1, or %', rare),
    ],
    newRow: (data) => ({ name: newName(data, 'gpus', 'GPU'), catalogue: 'h100-sxm', precision: 'FP8' }),
  }),
  listSection('profiles', {
    title: 'Profiles',
    says: 'How fast a model is on a GPU. "all" takes every measured profile of the catalogue that fits.',
    row: 'profile',
    columns: [
      { ...modelOf, empty: 'all' },
      { ...gpuOf, empty: 'all' },
      amount('tp', 'TP', 'GPUs'),
      text('catalogue', 'From the catalogue', {
        choices: () => ['all', ...catalogueProfiles.map(({ id }) => id)],
        empty: 'none',
      }),
      amount('secondsPerInputToken', 'Input token', 's'),
      amount('secondsPerOutputToken', 'Output token', 's'),
      amount('secondsPerContextToken', 'Context token', 's'),
      amount('latency.firstToken', 'To the first token', 'ms'),
      amount('latency.perInputToken', 'and an input token', 'ms'),
      amount('latency.perOutputToken', 'Each further token', 'ms'),
      amount('latency.deviation', 'Deviation', 'of 1, or %'),
      amount('pipeline', 'Pipeline', 'GPUs', rare),
    ],
    newRow: (data) => ({
      model: first(namesOf(data, 'models')),
      gpu: first(namesOf(data, 'gpus')),
      tp: 1,
      catalogue: 'all',
    }),
  }),
  {
    title: 'Measured throughput',
    says: 'One replica under full load, by the shape of the query; rows belong to the profiles above.',
    row: 'measurement',
    columns: [
      amount('inputTokens', 'Input', 'tokens'),
      amount('outputTokens', 'Output', 'tokens'),
      amount('tokens', 'Throughput', 'output tokens/s'),
    ],
    rows: profileRows('throughput'),
    list: lastProfile('throughput'),
    newRow: () => ({ inputTokens: 1000, outputTokens: 200, tokens: 1000 }),
    isRare: true,
  },
  {
    title: 'Measured queries',
    says: 'Queries that one busy replica completes; rows belong to the profiles above.',
    row: 'measurement',
    columns: [
      queryTypeOf,
      amount('rate', 'Completed', '/h'),
      amount('ttft', 'First token', 'ms'),
      amount('tpot', 'Each token', 'ms'),
    ],
    rows: profileRows('measured'),
    list: lastProfile('measured'),
    newRow: (data) => ({ queryType: first(namesOf(data, 'queryTypes')), rate: 1000 }),
    isRare: true,
  },
  listSection('errors', {
    title: 'Bad answers',
    says: 'By your own evaluation: usual, and how much worse it may be. Later rows win.',
    row: 'error',
    columns: [
      { ...queryTypeOf, empty: 'all' },
      { ...modelOf, empty: 'all' },
      { ...gpuOf, empty: 'all' },
      text('precision', 'Precision', { empty: 'all' }),
      amount('nominal', 'Usual', 'of 1, or %'),
      amount('deviation', 'Worse by', 'of 1, or %'),
    ],
    newRow: (data) => ({ model: first(namesOf(data, 'models')), nominal: '5 %', deviation: '1 %' }),
  }),
  limits('limits'),
  pairings('allowed', gpuOf),
  pairings('forbidden', gpuOf),
];

const instanceSections: readonly Section[] = [
  listSection('queryTypes', {
    title: 'Query types',
    says: 'The traffic: one row for each kind of query.',
    row: 'query type',
    columns: [
      text('name', 'Name'),
      amount('arrivalRate', 'Rate', '/h'),
      amount('inputTokens', 'Input', 'tokens'),
      amount('outputTokens', 'Output', 'tokens'),
      amount('delayThreshold', 'Whole query', 'ms, at most'),
      amount('errorThreshold', 'Bad answers', 'of 1, at most'),
      amount('unmetPenalty', 'A dropped one costs', '$'),
      amount('unmetCap', 'May be dropped', 'of 1'),
      amount('delayPenalty', 'Waiting costs', '$ per ms'),
      amount('computePerToken', 'Compute', 'TFLOP/token'),
      amount('tokenSize', 'Stored', 'GB per token'),
      amount('ttftThreshold', 'First token', 'ms, at most', rare),
      amount('tpotThreshold', 'Each token', 'ms, at most', rare),
      amount('cachedShare', 'Cached', 'of 1', rare),
      amount('minimumServed', 'Served at least', 'of 1', rare),
    ],
    newRow: (data) => ({
      ...asRecord(asList(data.queryTypes).at(-1)),
      name: newName(data, 'queryTypes', 'query'),
    }),
  }),
  listSection('models', {
    title: 'Models',
    says: 'What may serve them.',
    row: 'model',
    columns: [
      text('name', 'Name'),
      { key: ['weightSize'], heading: 'Weights', unit: 'GB, or FP8: 8, ...', kind: 'sizes' },
      { key: ['kvCachePerToken'], heading: 'Cache', unit: 'GB per token', kind: 'sizes' },
      { key: ['tpDegrees'], heading: 'TP degrees', kind: 'degrees' },
      amount('minReplicas', 'Replicas, least', 'each'),
      amount('maxReplicas', 'Replicas, most', 'each, or none'),
    ],
    newRow: (data) => ({ ...asRecord(asList(data.models).at(-1)), name: newName(data, 'models', 'model') }),
  }),
  listSection('tiers', {
    title: 'GPU tiers',
    says: 'What can be rented.',
    row: 'tier',
    columns: [
      text('name', 'Name'),
      amount('price', 'Price', '$/h'),
      amount('memory', 'Memory', 'GB'),
      amount('compute', 'Compute', 'TFLOP/s'),
      amount('available', 'Available', 'GPUs'),
      { key: ['tpDegrees'], heading: 'TP degrees', kind: 'degrees' },
      text('precision', 'Precision', rare),
      amount('memoryReserve', 'Kept free', 'GB', rare),
      amount('gpusPerNode', 'In a node', 'GPUs', rare),
      { key: ['pipelineDegrees'], heading: 'Pipeline degrees', kind: 'degrees', isRare: true },
      amount('utilization', 'Busy at most', 'of 1', rare),
      amount('committed', 'Paid for anyway', 'GPUs', rare),
    ],
    newRow: (data) => ({ ...asRecord(asList(data.tiers).at(-1)), name: newName(data, 'tiers', 'tier') }),
  }),
  listSection('profiles', {
    title: 'Profiles',
    says: 'How fast a replica serves.',
    row: 'profile',
    columns: [
      modelOf,
      tierOf,
      amount('tpDegree', 'TP', 'GPUs'),
      amount('pipelineDegree', 'Pipeline', 'GPUs', rare),
      amount('secondsPerInputToken', 'Input token', 's'),
      amount('secondsPerOutputToken', 'Output token', 's'),
      amount('secondsPerContextToken', 'Context token', 's'),
      amount('latency.firstToken', 'To the first token', 'ms'),
      amount('latency.perInputToken', 'and an input token', 'ms'),
      amount('latency.perOutputToken', 'Each further token', 'ms'),
      amount('latency.deviation', 'Deviation', 'of 1'),
    ],
    newRow: (data) => ({ ...asRecord(asList(data.profiles).at(-1)) }),
    isRare: true,
  }),
  {
    title: 'Measured queries',
    says: 'Queries that one busy replica completes; rows belong to the profiles above.',
    row: 'measurement',
    columns: [
      queryTypeOf,
      amount('queriesPerHour', 'Completed', '/h'),
      amount('ttft', 'First token', 'ms'),
      amount('tpot', 'Each token', 'ms'),
    ],
    rows: profileRows('measured'),
    list: lastProfile('measured'),
    newRow: (data) => ({ queryType: first(namesOf(data, 'queryTypes')), queriesPerHour: 1000 }),
    isRare: true,
  },
  limits('fleetLimits'),
  pairings('allowed', tierOf),
  pairings('forbidden', tierOf),
];

export function sectionsOf(data: LooseRecord): readonly Section[] {
  return isFleet(data) ? fleetSections : instanceSections;
}

/** The fields of the whole, outside of tables. */
export function generalColumns(data: LooseRecord): readonly Column[] {
  if (isFleet(data)) {
    return [
      text('name', 'Name'),
      amount('period', 'Rented for', 'h'),
      amount('budget', 'Budget', '$ in that time', { empty: 'no limit' }),
      amount('utilization', 'Replicas busy at most', 'of 1, or %', { empty: '0.8' }),
      amount('gamma.delay', 'Latencies at their worst together', 'query types', { empty: '0' }),
      amount('gamma.error', 'Errors at their worst together', 'query types', { empty: '0' }),
      amount('storageCapacity', 'Storage', 'GB', { ...rare, empty: 'no limit' }),
      amount('storagePrice', 'Storage costs', '$ per GB and h', { ...rare, empty: '0' }),
      amount('switchingCost.added', 'Adding a GPU costs', '$ once', rare),
      amount('switchingCost.removed', 'Removing a GPU costs', '$ once', rare),
    ];
  }
  return [
    text('name', 'Name'),
    amount('rentalPeriod', 'Rented for', 'h'),
    amount('budget', 'Budget', '$ in that time', { empty: 'no limit' }),
    amount('utilization', 'Replicas busy at most', 'of 1', { ...rare, empty: '0.8' }),
    amount('uncertaintyBudget.delay', 'Delays at their worst together', 'entries', { empty: '0' }),
    amount('uncertaintyBudget.error', 'Errors at their worst together', 'entries', { empty: '0' }),
    amount('storageCapacity', 'Storage', 'GB', { empty: 'no limit' }),
    amount('storagePrice', 'Storage costs', '$ per GB and h', { empty: '0' }),
    amount('switchingCost.added', 'Adding a GPU costs', '$ once', rare),
    amount('switchingCost.removed', 'Removing a GPU costs', '$ once', rare),
  ];
}

/** Columns of a table that are shown: all, or without the rare ones that no row has. */
export function shownColumns(
  data: LooseRecord,
  columns: readonly Column[],
  rows: readonly Path[],
  isAll: boolean,
): readonly Column[] {
  return columns.filter(
    ({ isRare, key }) => isAll || !isRare || rows.some((row) => valueAt(data, [...row, ...key]) !== undefined),
  );
}
