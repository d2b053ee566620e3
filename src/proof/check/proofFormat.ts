/**
 * `rolla-proof/1`: what a proof file holds (docs/proofs.md). Everything is named by position: query types, models and
 * tiers as the instance lists them, pair = model * number of tiers + tier, configurations of a pair by TP degree and
 * then pipeline degree among those that can be rented. Numbers are the exact rationals that their doubles are.
 */
import * as z from 'zod/mini';
import { refuse } from '../../input/inputError.ts';
import type { PlanningOptions, presets } from '../../model/options.ts';
import {
  amountsByName,
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

export interface ClaimedPlan {
  readonly deployments: readonly {
    readonly model: string;
    readonly tier: string;
    readonly tpDegree: number;
    readonly pipelineDegree?: number | undefined;
    readonly replicas: number;
  }[];
  readonly routing: readonly {
    readonly queryType: string;
    readonly model: string;
    readonly tier: string;
    readonly fraction: Rational;
  }[];
}

/** Multiplier of a row with a worst case, and the xi by pair (single placement: none, each is at its worst alone). */
export interface RowPrice {
  readonly price: number;
  readonly xi?: Readonly<Record<string, number>> | undefined;
}

/** Multipliers of the rows of the pattern master, and what they leave of the pairs. Absent: 0. */
export interface PricesLeaf {
  readonly kind: 'prices';
  /** 0: costs do not count, and a bound above 0 says that nothing is feasible here. */
  readonly cost?: 0 | undefined;
  /** (i): price of placing it, under single placement. */
  readonly place?: readonly number[] | undefined;
  /** (i): price of serving all of it. */
  readonly serve?: readonly number[] | undefined;
  readonly budget?: number | undefined;
  readonly storage?: number | undefined;
  /** By tier: price of a GPU that is limited. */
  readonly gpus?: Readonly<Record<string, number>> | undefined;
  readonly fleetLimits?: Readonly<Record<string, number>> | undefined;
  /** By tier with commitments: rental of a GPU that is counted for those used, the rest for those committed. */
  readonly committed?: Readonly<Record<string, number>> | undefined;
  /** (i): xi of the delay cost; by pair under split placement. */
  readonly scenario?: readonly (number | Readonly<Record<string, number>>)[] | undefined;
  /** By query type: price of its limit of delay, of error. */
  readonly delay?: Readonly<Record<string, RowPrice>> | undefined;
  readonly error?: Readonly<Record<string, RowPrice>> | undefined;
  /** By position in `subsets`. */
  readonly subsets?: Readonly<Record<string, number>> | undefined;
  /** Of the counts above this leaf, from the root down. */
  readonly counts?: readonly number[] | undefined;
  /** By pair: what every pattern costs at least at these prices. */
  readonly least?: Readonly<Record<string, number>> | undefined;
}

type Children = readonly [ProofNode, ProofNode];

/** Of these pairs at most `most` are rented, or more. */
interface CountSplit {
  readonly kind: 'count';
  readonly pairs: readonly number[];
  readonly most: number;
  readonly children: Children;
}

/** The pair has one of these configurations (or, with `none`, is not rented), or not. */
interface ConfigurationSplit {
  readonly kind: 'configuration';
  readonly pair: number;
  readonly configurations: readonly number[];
  readonly none: boolean;
  readonly children: Children;
}

/** The pair does not have this configuration with more than `most` replicas, or it does. */
interface ReplicaSplit {
  readonly kind: 'replicas';
  readonly pair: number;
  readonly configuration: number;
  readonly most: number;
  readonly children: Children;
}

/** The query type is placed on one of these pairs, or on another or nowhere. */
interface PlaceSplit {
  readonly kind: 'place';
  readonly queryType: number;
  readonly pairs: readonly number[];
  readonly children: Children;
}

export type Split = CountSplit | ConfigurationSplit | ReplicaSplit | PlaceSplit;
export type ProofNode = Split | PricesLeaf;

export interface Proof {
  readonly format: 'rolla-proof/1';
  /** Fingerprint of the instance. */
  readonly instance: string;
  readonly options: PlanningOptions;
  /** Null: none is claimed. */
  readonly plan: ClaimedPlan | null;
  /** Decimal text, $; null: nothing is feasible. */
  readonly bound: string | null;
  /** Money is rounded outwards to multiples of 2^-resolution $ in the bounds of leaves. */
  readonly resolution: number;
  readonly subsets?: readonly (readonly [number, number, number])[] | undefined;
  readonly tree: ProofNode;
}

const position = (of: string) => wholeNumber(0, `position of ${of}`);
const positions = (of: string) => list(of, position(of));
const price = (unit: string) => atLeastZero(unit);
const prices = (of: string, unit: string) => optional(amountsByName(of, unit));

const xiByPair = z.record(z.string(), price('share'), { error: 'an object of shares by pair' });
const rowPrices = (unit: string) =>
  optional(
    z.record(z.string(), record('a price and shares', { price: price(unit), xi: optional(xiByPair) }), {
      error: 'an object of prices by query type',
    }),
  );

const leaf = record('a leaf of prices', {
  kind: exactly('prices'),
  cost: optional(z.literal(0, { error: '0, or left out' })),
  place: optional(list('prices of query types', anyNumber('$'))),
  serve: optional(list('prices of fractions', anyNumber('$'))),
  budget: optional(price('$ per $')),
  storage: optional(price('$ per GB')),
  gpus: prices('a tier, by position', '$ per GPU'),
  fleetLimits: prices('a fleet limit, by position', '$ per unit'),
  committed: prices('a tier, by position', '$ per GPU'),
  scenario: optional(list('shares of deviations', either('a share, or shares by pair', [price('share'), xiByPair]))),
  delay: rowPrices('$ per ms'),
  error: rowPrices('$'),
  subsets: prices('a subset row, by position', '$'),
  counts: optional(list('prices of counts', price('$'))),
  least: optional(
    z.record(z.string(), anyNumber('$'), { error: 'an object of numbers by pair: the least cost of a pattern there' }),
  ),
});

const children = z.lazy(() => z.tuple([node, node], { error: 'two nodes' }));
const pair = position('a pair');

const node: z.ZodMiniType<ProofNode> = z.lazy(() =>
  z.discriminatedUnion(
    'kind',
    [
      leaf,
      record('a count', {
        kind: exactly('count'),
        pairs: positions('a pair'),
        most: wholeNumber(0, 'rented pairs'),
        children,
      }),
      record('a choice of configurations', {
        kind: exactly('configuration'),
        pair,
        configurations: positions('a configuration'),
        none: trueOrFalse('whether not renting the pair is with these'),
        children,
      }),
      record('a choice of replicas', {
        kind: exactly('replicas'),
        pair,
        configuration: position('a configuration'),
        most: wholeNumber(0, 'replicas'),
        children,
      }),
      record('a placement', {
        kind: exactly('place'),
        queryType: position('a query type'),
        pairs: positions('a pair'),
        children,
      }),
    ],
    { error: 'a node: an object whose "kind" is prices, count, configuration, replicas or place' },
  ),
) as unknown as z.ZodMiniType<ProofNode>;

const rationalField = either('a number, or a text such as "1/3"', [
  anyNumber('fraction served there'),
  z.custom<string>((value) => typeof value === 'string' && readRational(value) !== null, { error: 'a rational' }),
]);

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

const proofSchema = record('a rolla-proof/1', {
  format: exactly('rolla-proof/1'),
  instance: text('fingerprint of the instance'),
  options,
  plan: nullable(
    record('a plan', {
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
          fraction: rationalField,
        }),
      ),
    }),
  ),
  bound: nullable(
    z.custom<string>((value) => typeof value === 'string' && readRational(value) !== null, {
      error: 'a decimal number as text ($), or null for: nothing is feasible',
    }),
  ),
  resolution: z.custom<number>((value) => Number.isSafeInteger(value) && Math.abs(value as number) <= 1200, {
    error: 'a whole number from -1200 to 1200 (binary digits of money after the point)',
  }),
  subsets: optional(
    list('subset rows', z.custom<readonly [number, number, number]>(isTriple, { error: 'three different positions' })),
  ),
  tree: node,
});

function isTriple(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  return value.every((each) => Number.isSafeInteger(each) && each >= 0) && new Set(value).size === 3;
}

/** Throws InputError if `data` is not a `rolla-proof/1`; whether it proves anything is another question. */
export function readProof(data: unknown): Proof {
  const parsed = proofSchema.safeParse(data);
  if (!parsed.success) refuse(toInputIssues(parsed.error, data));
  const { plan, ...proof } = parsed.data as unknown as Omit<Proof, 'plan'> & { readonly plan: PlanText | null };
  if (plan === null) return { ...proof, plan };
  const routing = plan.routing.map(({ fraction, ...route }) => ({
    ...route,
    fraction: typeof fraction === 'number' ? rationalOf(fraction) : readRational(fraction)!,
  }));
  return { ...proof, plan: { ...plan, routing } };
}

interface PlanText {
  readonly deployments: ClaimedPlan['deployments'];
  readonly routing: readonly (Omit<ClaimedPlan['routing'][number], 'fraction'> & {
    readonly fraction: number | string;
  })[];
}
