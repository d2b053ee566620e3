/**
 * `rolla-proof/1`: what a proof file holds (docs/proofs.md). Everything is named by position: query types, models and
 * tiers as the instance lists them, pair = model * number of tiers + tier, configurations of a pair by TP degree and
 * then pipeline degree among those that can be rented. Numbers are the exact rationals that their doubles are.
 */
import * as z from 'zod/mini';
import { refuse } from '../../input/inputError.ts';
import type { presets } from '../../model/options.ts';
import {
  anyNumber,
  atLeastZero,
  choice,
  either,
  exactly,
  list,
  nameField,
  nullable,
  optional,
  record,
  text,
  trueOrFalse,
  wholeNumber,
} from '../../model/schemaFields.ts';
import { toInputIssues } from '../../model/schemaIssues.ts';
import { type Rational, exactly as rationalOf, readRational } from './rational.ts';

/** A proof that does not show what it claims; `path` says where in the file. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** Levels of objects and lists in a proof: a tree has two for each of its own. */
export const deepestProof = 1000;

/** Throws InputError: whoever walks a deeper one may run out of stack, which depends on where it is done. */
export function refuseDeeper(data: unknown): void {
  if (isDeeper(data, deepestProof))
    refuse([{ path: '', value: 'a deeper one', expected: `at most ${deepestProof} levels of objects and arrays` }]);
}

export function isDeeper(data: unknown, levels: number): boolean {
  if (typeof data !== 'object' || data === null) return false;
  return levels === 0 || Object.values(data).some((value) => isDeeper(value, levels - 1));
}

/** A decimal or a fraction, as text. */
export const rationalText = (expected: string) =>
  z.pipe(
    z.custom<string>((value) => typeof value === 'string' && readRational(value) !== null, { error: expected }),
    z.transform((value): Rational => readRational(value)!),
  );

/** The same, or a number, whose value `ofNumber` says. */
export const rational = (ofNumber: (value: number) => Rational) =>
  either('a number, or a text such as "1/3"', [
    z.pipe(anyNumber('a value'), z.transform(ofNumber)),
    rationalText('a rational'),
  ]);

/** By position, which is written one way: `__proto__`, which objects lose on the way, is none. */
export function table<Output, Input>(value: z.core.$ZodType<Output, Input>, of: string) {
  type Table = z.ZodMiniType<Record<string, Output>, Record<string, Input>>;
  const error = `an object by position: ${of}`;
  const hasPositions = (given: unknown) =>
    typeof given === 'object' && given !== null && Object.keys(given).every((key) => /^(0|[1-9]\d*)$/.test(key));
  return z.pipe(z.custom(hasPositions, { error }), z.record(z.string(), value, { error })) as unknown as Table;
}

const position = (of: string) => wholeNumber(0, `position of ${of}`);
const positions = (of: string) => list(of, position(of));
const prices = (of: string, unit: string) => optional(table(atLeastZero(unit), `prices (${unit}) of ${of}`));

const share = atLeastZero('share');
const xiByPair = table(share, 'shares of pairs');
/** Rows with a worst case, and the xi by pair (single placement: none, each is at its worst alone). */
const worstRows = (unit: string) =>
  optional(
    table(record('a price and shares', { price: atLeastZero(unit), xi: optional(xiByPair) }), 'prices of query types'),
  );

/** Multipliers of the rows of the pattern master, and what they leave of the pairs. Absent: 0. */
const leaf = record('a leaf of prices', {
  kind: exactly('prices'),
  /** 0: costs do not count, and a bound above 0 says that nothing is feasible here. */
  cost: optional(z.literal(0, { error: '0, or left out' })),
  /** (i): price of placing it, under single placement. */
  place: optional(list('prices of query types', anyNumber('$'))),
  /** (i): price of serving all of it. */
  serve: optional(list('prices of fractions', anyNumber('$'))),
  budget: optional(atLeastZero('$ per $')),
  storage: optional(atLeastZero('$ per GB')),
  /** By tier: price of a GPU that is limited. */
  gpus: prices('tiers', '$ per GPU'),
  fleetLimits: prices('fleet limits', '$ per unit'),
  /** By tier with commitments: rental of a GPU that is counted for those used, the rest for those committed. */
  committed: prices('tiers', '$ per GPU'),
  /** (i): xi of the delay cost; by pair under split placement. */
  scenario: optional(list('shares of deviations', either('a share, or shares by pair', [share, xiByPair]))),
  delay: worstRows('$ per ms'),
  error: worstRows('$'),
  /** Of the counts above this leaf, from the root down. */
  counts: optional(list('prices of counts', atLeastZero('$'))),
  /** Of each `without` above whose second child this is below, from the root down. */
  some: optional(list('prices of what is rented', atLeastZero('$'))),
  /** By pair: what every pattern costs at least at these prices. */
  least: optional(table(anyNumber('$'), 'the least cost of a pattern of the pair')),
});

export type PricesLeaf = z.core.output<typeof leaf>;
export type RowPrice = NonNullable<PricesLeaf['delay']>[string];

const pair = position('a pair');

/** Each splits the plans below it in two, of which the first child has those that it describes. */
const splits = {
  /** Of these pairs at most `most` are rented. */
  count: { kind: exactly('count'), pairs: positions('a pair'), most: wholeNumber(0, 'rented pairs') },
  /** The pair has one of these configurations, or with `none` is not rented. */
  configuration: {
    kind: exactly('configuration'),
    pair,
    configurations: positions('a configuration'),
    none: trueOrFalse('whether not renting the pair is with these'),
  },
  /** None of these configurations, by pair, is rented. */
  without: {
    kind: exactly('without'),
    configurations: table(positions('a configuration'), 'configurations'),
  },
  /** The pair does not have this configuration with more than `most` replicas. */
  replicas: {
    kind: exactly('replicas'),
    pair,
    configuration: position('a configuration'),
    most: wholeNumber(0, 'replicas'),
  },
  /** The query type is placed on one of these pairs (not on another or nowhere). */
  place: { kind: exactly('place'), queryType: position('a query type'), pairs: positions('a pair') },
};

type Splits = typeof splits;
export type Split = { [Kind in keyof Splits]: Fields<Splits[Kind]> }[keyof Splits] & {
  readonly children: readonly [ProofNode, ProofNode];
};
type Fields<Shape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends z.core.$ZodType<infer Value> ? Readonly<Value> : never;
};
export type ProofNode = Split | PricesLeaf;

const children = z.lazy(() => z.tuple([node, node], { error: 'two nodes' }));

const node: z.ZodMiniType<ProofNode, ProofNode> = z.lazy(() =>
  z.discriminatedUnion(
    'kind',
    [
      leaf,
      record('a count', { ...splits.count, children }),
      record('a choice of configurations', { ...splits.configuration, children }),
      record('configurations left out', { ...splits.without, children }),
      record('a choice of replicas', { ...splits.replicas, children }),
      record('a placement', { ...splits.place, children }),
    ],
    { error: 'a node: an object whose "kind" is prices, count, configuration, without, replicas or place' },
  ),
) as unknown as z.ZodMiniType<ProofNode, ProofNode>;

const options = record('the variant of the problem', {
  placement: choice(['single', 'split'], 'placement'),
  uncertainty: choice(['none', 'budgeted', 'decision-dependent'], 'uncertainty'),
  delayRule: choice(['per-deployment', 'pooled', 'last-deployment'], 'delay rule'),
  delayCost: choice(['total', 'deviation'], 'delay cost'),
  delayCostBudget: choice(['joint', 'per-query'], 'budget of the delay cost'),
  rentalInBudget: choice(['once', 'per-query-type'], 'rental in the budget'),
  weightStorage: choice(['per-placement', 'per-deployment'], 'stored weights'),
  maxReplicas: either('a whole number >= 1 or "none"', [wholeNumber(1, 'replicas'), exactly('none')]),
  dropped: choice(['placed', 'unplaced'], 'dropped query types'),
  penalties: choice(['per-hour', 'per-period'], 'penalties'),
} satisfies Record<keyof typeof presets.reference, unknown>);

const plan = record('a plan', {
  deployments: list(
    'rented deployments',
    record('a rented deployment', {
      model: nameField('a model'),
      tier: nameField('a tier'),
      tpDegree: wholeNumber(1, 'tensor-parallel degree'),
      pipelineDegree: optional(wholeNumber(1, 'pipeline degree')),
      replicas: wholeNumber(1, 'replicas'),
    }),
  ),
  routing: list(
    'routes',
    record('a route', {
      queryType: nameField('a query type'),
      model: nameField('a model'),
      tier: nameField('a tier'),
      fraction: rational(rationalOf),
    }),
  ),
});

export type ClaimedPlan = z.core.output<typeof plan>;

const proofSchema = record('a rolla-proof/1', {
  format: exactly('rolla-proof/1'),
  instance: text('fingerprint of the instance'),
  options,
  /** Null: none is claimed. */
  plan: nullable(plan),
  /** $; null: nothing is feasible. */
  bound: nullable(rationalText('a decimal number as text ($), or null for: nothing is feasible')),
  /** Money is rounded outwards to multiples of 2^-resolution $ in the bounds of leaves. */
  resolution: z.custom<number>((value) => Number.isSafeInteger(value) && Math.abs(value as number) <= 1200, {
    error: 'a whole number from -1200 to 1200 (binary digits of money after the point)',
  }),
  tree: node,
});

export type Proof = z.core.output<typeof proofSchema>;
/** A proof as it stands in a file. */
export type ProofData = z.core.input<typeof proofSchema>;

/** Throws InputError if `data` is not a `rolla-proof/1`; whether it proves anything is another question. */
export function readProof(data: unknown): Proof {
  refuseDeeper(data);
  const parsed = proofSchema.safeParse(data);
  if (!parsed.success) refuse(toInputIssues(parsed.error, data));
  return parsed.data!;
}
