/**
 * The schema of `rolla-fleet/1`: the compact way to write an instance by hand, with units where a unit is usual.
 * `compileFleet` makes the instance; what a field means is in docs/units.md and docs/from-traffic-to-plan.md.
 */
import * as z from 'zod/mini';
import type { Plan } from '../../model/instance.ts';
import { planSchema } from '../../model/planSchema.ts';
import { remarks } from '../../model/remarksSchema.ts';
import {
  aboveZero,
  atLeastZero,
  degreeList,
  exactly,
  list,
  listOfSome,
  nameField,
  optional,
  record,
  text,
  wholeNumber,
  withMeta,
} from '../../model/schemaFields.ts';
import {
  expectedQuantity,
  type Quantity,
  type QuantityName,
  quantityKinds,
  quantityPattern,
  readQuantity,
} from './units.ts';

export interface FleetQueryType {
  readonly name: string;
  /** Queries per hour, or with a unit: `12 /s`. */
  readonly rate: Quantity;
  /** Tokens per query. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Share of the input tokens that a prefix cache holds, in [0, 1). Default 0. */
  readonly cachedShare?: Quantity;
  /** Limit on the time to the first token, ms. */
  readonly ttft?: Quantity;
  /** Limit on the time of each further token, ms. */
  readonly tpot?: Quantity;
  /** Limit on the time of a whole query, ms. */
  readonly latency?: Quantity;
  /** $ per ms that a query takes. Default 0. */
  readonly latencyPenalty?: Quantity;
  /** Limit on the share of bad answers. Needs `errors`. */
  readonly maxError?: Quantity;
  /** $ for each query that is dropped. */
  readonly dropPenalty?: Quantity;
  /** The largest share that may be dropped. Default 0. Needs `dropPenalty`. */
  readonly mayDrop?: Quantity;
  /** Data stored for each token of a query. Default 0. */
  readonly storedPerToken?: Quantity;
}

/** A size, or one for each precision. */
export type SizeByPrecision = Quantity | Readonly<Record<string, Quantity>>;

export interface FleetModel {
  readonly name: string;
  /** Id of a model of the catalogue: what is not written is taken from there. */
  readonly catalogue?: string;
  readonly weights?: SizeByPrecision;
  readonly cachePerToken?: SizeByPrecision;
  /** TP degrees that the model's heads allow. */
  readonly tpDegrees?: readonly number[];
  readonly minReplicas?: number;
  readonly maxReplicas?: number | 'none';
}

export interface FleetGpu {
  readonly name: string;
  /** Id of a GPU of the catalogue: memory, price and GPUs of a node are taken from there unless written. */
  readonly catalogue?: string;
  /** What weights and cache are kept in: chooses among sizes by precision. */
  readonly precision?: string;
  readonly memory?: Quantity;
  /** Memory of each GPU that is not usable. Default 0. */
  readonly reserve?: Quantity;
  readonly price?: Quantity;
  readonly available?: number;
  readonly committed?: number;
  readonly gpusPerNode?: number;
  /** Largest share of the time that a replica may be busy. Default: the fleet's. */
  readonly utilization?: Quantity;
}

export interface FleetProfile {
  /** Needed unless `catalogue` is `all`, which they narrow. */
  readonly model?: string;
  readonly gpu?: string;
  /** TP degree. Default 1. */
  readonly tp?: number;
  /** Pipeline degree. Default 1. */
  readonly pipeline?: number;
  /**
   * Id of a profile of the catalogue: degrees, service times and latency are taken from there. `all`: every profile of
   * the catalogue for a model, a GPU and a precision of the fleet, except configurations that have an entry of their
   * own.
   */
  readonly catalogue?: string;
  readonly secondsPerInputToken?: Quantity;
  readonly secondsPerOutputToken?: Quantity;
  readonly secondsPerContextToken?: Quantity;
  /** Throughput of one replica under full load by shape of the query: service times are fitted to it. */
  readonly throughput?: readonly {
    readonly inputTokens: number;
    readonly outputTokens: number;
    /** Output tokens per second. */
    readonly tokens: Quantity;
  }[];
  /** Queries per hour of one replica under full load, for single query types: goes before the service times. */
  readonly measured?: readonly {
    readonly queryType: string;
    readonly rate: Quantity;
    readonly ttft?: Quantity;
    readonly tpot?: Quantity;
  }[];
  readonly latency?: {
    readonly firstToken: Quantity;
    readonly perInputToken: Quantity;
    readonly perOutputToken: Quantity;
    readonly deviation?: Quantity;
  };
}

/** Error of what the entry names; what is not named matches everything. Later entries win. */
export interface FleetError {
  readonly queryType?: string;
  readonly model?: string;
  readonly gpu?: string;
  readonly precision?: string;
  readonly nominal: Quantity;
  /** Default 0. */
  readonly deviation?: Quantity;
}

interface FleetLimitEntry {
  readonly name: string;
  readonly unit?: string;
  readonly perGpu: Readonly<Record<string, number>>;
  readonly most: number;
}

export interface FleetPairing {
  readonly queryType?: string;
  readonly model?: string;
  readonly gpu?: string;
}

export interface Fleet {
  readonly format: 'rolla-fleet/1';
  readonly name?: string;
  /** How long GPUs are rented, h. */
  readonly period: Quantity;
  /** $ for the period. Default: no limit. */
  readonly budget?: Quantity;
  /** Largest share of the time that a replica may be busy, in (0, 1]. Default 0.8. */
  readonly utilization?: Quantity;
  readonly queryTypes: readonly FleetQueryType[];
  readonly models: readonly FleetModel[];
  readonly gpus: readonly FleetGpu[];
  readonly profiles: readonly FleetProfile[];
  readonly errors?: readonly FleetError[];
  readonly limits?: readonly FleetLimitEntry[];
  readonly gamma?: { readonly delay?: number; readonly error?: number };
  readonly storageCapacity?: Quantity;
  readonly storagePrice?: Quantity;
  readonly allowed?: readonly FleetPairing[];
  readonly forbidden?: readonly FleetPairing[];
  readonly currentPlan?: Plan;
  readonly switchingCost?: { readonly added: Quantity; readonly removed: Quantity };
  /** Address of the JSON schema, for editors; not read. */
  readonly $schema?: string;
  /** Anything worth saying; not read. */
  readonly notes?: string | readonly string[];
}

/** Ends of the numbers that a quantity may have, in its plain unit. */
interface QuantityRange {
  readonly words: string;
  readonly accepts: (value: number) => boolean;
  /** The same as JSON schema, for plain numbers. */
  readonly schema: object;
}

const fromZeroOn: QuantityRange = { words: '>= 0', accepts: (value) => value >= 0, schema: { minimum: 0 } };
const aboveZeroOnly: QuantityRange = { words: '> 0', accepts: (value) => value > 0, schema: { exclusiveMinimum: 0 } };

function quantityJson(kind: QuantityName, { schema }: QuantityRange, meaning?: string) {
  return {
    description: `${meaning === undefined ? '' : `${meaning}: `}${quantityKinds[kind].what} (${quantityKinds[kind].plain})`,
    anyOf: [
      { type: 'number' as const, ...schema },
      { type: 'string' as const, pattern: quantityPattern(kind) },
    ],
  };
}

function quantity(kind: QuantityName, range: QuantityRange, meaning?: string) {
  return withMeta(
    z.custom<Quantity>(
      (value) => {
        const read = readQuantity(value, kind);
        return read !== null && range.accepts(read);
      },
      { error: expectedQuantity(kind, range.words) },
    ),
    quantityJson(kind, range, meaning),
  );
}

const fromZero = (kind: QuantityName, meaning?: string) => quantity(kind, fromZeroOn, meaning);
const positive = (kind: QuantityName, meaning?: string) => quantity(kind, aboveZeroOnly, meaning);
const fromZeroToOne: QuantityRange = {
  words: 'from 0 to 1',
  accepts: (value) => value >= 0 && value <= 1,
  schema: { minimum: 0, maximum: 1 },
};
const fromZeroBelowOne: QuantityRange = {
  words: 'from 0 to less than 1',
  accepts: (value) => value >= 0 && value < 1,
  schema: { minimum: 0, exclusiveMaximum: 1 },
};
const aboveZeroToOne: QuantityRange = {
  words: 'above 0, at most 1',
  accepts: (value) => value > 0 && value <= 1,
  schema: { exclusiveMinimum: 0, maximum: 1 },
};
const utilization = () => quantity('share', aboveZeroToOne, 'How busy a replica may be');

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sizeByPrecision = (meaning: string) =>
  withMeta(
    z.custom<SizeByPrecision>(
      (value) => {
        const sizes = isPlainObject(value) ? Object.values(value) : [value];
        return sizes.length > 0 && sizes.every((size) => (readQuantity(size, 'size') ?? -1) >= 0);
      },
      { error: `${expectedQuantity('size', '>= 0')}, or an object of them by precision` },
    ),
    {
      description: `${meaning} (GB), one or by precision`,
      anyOf: [
        ...quantityJson('size', fromZeroOn).anyOf,
        {
          type: 'object' as const,
          minProperties: 1,
          additionalProperties: { anyOf: quantityJson('size', fromZeroOn).anyOf },
        },
      ],
    },
  );

const queryType = record('a query type', {
  name: nameField('the query type'),
  rate: fromZero('rate'),
  inputTokens: atLeastZero('tokens per query'),
  outputTokens: atLeastZero('tokens per query'),
  cachedShare: optional(quantity('share', fromZeroBelowOne, 'Share of the input in a prefix cache')),
  ttft: optional(positive('milliseconds')),
  tpot: optional(positive('milliseconds')),
  latency: optional(positive('milliseconds')),
  latencyPenalty: optional(fromZero('delayPrice')),
  maxError: optional(quantity('share', fromZeroToOne, 'Largest error')),
  dropPenalty: optional(fromZero('money')),
  mayDrop: optional(quantity('share', fromZeroToOne, 'Largest share that may be dropped')),
  storedPerToken: optional(fromZero('size')),
});

const model = record('a model', {
  name: nameField('the model'),
  catalogue: optional(nameField('a model of the catalogue')),
  weights: optional(sizeByPrecision('Size of the weights')),
  cachePerToken: optional(sizeByPrecision('Cache of keys and values of a token')),
  tpDegrees: optional(degreeList('TP degrees', 'TP degrees that the heads allow')),
  minReplicas: optional(wholeNumber(1, 'replicas of a deployment that is rented')),
  maxReplicas: optional(
    withMeta(
      z.custom<number | 'none'>(
        (value) => value === 'none' || (Number.isSafeInteger(value) && (value as number) >= 1),
        {
          error: 'a whole number >= 1 (replicas), or "none" for no limit',
        },
      ),
      {
        description: 'Largest number of replicas of a deployment',
        anyOf: [{ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, { const: 'none' }],
      },
    ),
  ),
});

const gpu = record('a GPU tier', {
  name: nameField('the GPU tier'),
  catalogue: optional(nameField('a GPU of the catalogue')),
  precision: optional(text('such as FP8')),
  memory: optional(positive('size')),
  reserve: optional(fromZero('size')),
  price: optional(fromZero('hourlyPrice')),
  available: optional(wholeNumber(0, 'GPUs; leave it out for no cap')),
  committed: optional(wholeNumber(0, 'GPUs that are paid for anyway')),
  gpusPerNode: optional(wholeNumber(1, 'GPUs of a node')),
  utilization: optional(utilization()),
});

const profile = record('a profile', {
  model: optional(nameField('a model')),
  gpu: optional(nameField('a GPU tier')),
  tp: optional(wholeNumber(1, 'TP degree')),
  pipeline: optional(wholeNumber(1, 'pipeline degree')),
  catalogue: optional(nameField('a profile of the catalogue, or all')),
  secondsPerInputToken: optional(fromZero('seconds')),
  secondsPerOutputToken: optional(fromZero('seconds')),
  secondsPerContextToken: optional(fromZero('seconds')),
  throughput: optional(
    listOfSome(
      'measured throughputs',
      'measured throughput',
      record('a measured throughput', {
        inputTokens: atLeastZero('tokens per query'),
        outputTokens: aboveZero('tokens per query'),
        tokens: positive('tokenRate'),
      }),
    ),
  ),
  measured: optional(
    list(
      'measured query types',
      record('a measured query type', {
        queryType: nameField('a query type'),
        rate: fromZero('rate'),
        ttft: optional(fromZero('milliseconds')),
        tpot: optional(fromZero('milliseconds')),
      }),
    ),
  ),
  latency: optional(
    record('latency times', {
      firstToken: fromZero('milliseconds'),
      perInputToken: fromZero('milliseconds'),
      perOutputToken: fromZero('milliseconds'),
      deviation: optional(fromZero('share')),
    }),
  ),
});

const errorEntry = record('an error', {
  queryType: optional(nameField('a query type')),
  model: optional(nameField('a model')),
  gpu: optional(nameField('a GPU tier')),
  precision: optional(nameField('a precision')),
  nominal: quantity('share', fromZeroToOne, 'Error'),
  deviation: optional(quantity('share', fromZeroToOne, 'How much worse it may be')),
});

const perGpu = withMeta(
  z.custom<Record<string, number>>(
    (value) =>
      isPlainObject(value) &&
      Object.keys(value).length > 0 &&
      Object.values(value).every((use) => typeof use === 'number' && Number.isFinite(use) && use >= 0),
    { error: 'an object of numbers >= 0 by the name of a GPU tier' },
  ),
  {
    description: 'What one GPU uses, by GPU tier',
    type: 'object',
    minProperties: 1,
    additionalProperties: { type: 'number', minimum: 0 },
  },
);

const pairing = record('a pairing', {
  queryType: optional(nameField('a query type')),
  model: optional(nameField('a model')),
  gpu: optional(nameField('a GPU tier')),
});

export const fleetSchema = record('a rolla-fleet/1', {
  format: exactly('rolla-fleet/1'),
  name: optional(nameField('the fleet')),
  period: positive('hours'),
  budget: optional(fromZero('money')),
  utilization: optional(utilization()),
  queryTypes: listOfSome('query types', 'query type', queryType),
  models: listOfSome('models', 'model', model),
  gpus: listOfSome('GPU tiers', 'GPU tier', gpu),
  profiles: listOfSome('profiles', 'profile', profile),
  errors: optional(list('errors', errorEntry)),
  limits: optional(
    list(
      'limits',
      record('a limit', {
        name: nameField('the limit'),
        unit: optional(text('the unit of perGpu and most')),
        perGpu,
        most: atLeastZero('in the unit of the limit'),
      }),
    ),
  ),
  gamma: optional(
    record('the uncertainty budgets', {
      delay: optional(atLeastZero('latencies at their worst together')),
      error: optional(atLeastZero('errors at their worst together')),
    }),
  ),
  storageCapacity: optional(fromZero('size')),
  storagePrice: optional(fromZero('storagePrice')),
  allowed: optional(list('pairings', pairing)),
  forbidden: optional(list('pairings', pairing)),
  currentPlan: optional(planSchema),
  switchingCost: optional(
    record('costs of switching', {
      added: fromZero('money'),
      removed: fromZero('money'),
    }),
  ),
  ...remarks,
});
