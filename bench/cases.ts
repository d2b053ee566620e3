/** What the suites solve: cases as plain data, so that a solver's own process can build the instance by itself. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import seedrandom from 'seedrandom';
import { withUnmetCapPerRate } from '../src/analysis/factors.ts';
import { generateFleet } from '../src/generator/generateFleet.ts';
import { generateInstance } from '../src/generator/generateInstance.ts';
import type { Instance, PublishedInstance, Tensor, UncertainTensor } from '../src/model/instance.ts';
import type { PlanningOptions, PresetName } from '../src/model/options.ts';
import { parseInstance } from '../src/model/validateInstance.ts';
import { type KindMember, type KindName, kindInstance, kindNames } from './kinds.ts';

export interface InstanceChanges {
  readonly unmetCapPerRate?: number;
  readonly delayScale?: number;
  readonly errorScale?: number;
  readonly priceScale?: number;
  readonly budgetScale?: number;
  readonly memoryScale?: number;
  readonly gammaDelay?: number;
  readonly gammaError?: number;
}

export type InstanceSource =
  | { readonly kind: 'file'; readonly name: string; readonly changes?: InstanceChanges }
  | ({ readonly kind: 'family' } & FamilyMember)
  | ({ readonly kind: 'fleet' } & FamilyMember)
  | ({ readonly kind: 'kind' } & KindMember);

interface FamilyMember {
  readonly queryTypes: number;
  readonly models: number;
  readonly tiers: number;
  readonly seed: number;
}

export interface BenchCase {
  readonly name: string;
  readonly source: InstanceSource;
  /** Shuffles query types, models and tiers; 0 or absent: as they are. */
  readonly permutation?: number;
  /** Seed of the solver's own randomness; absent: its default. */
  readonly seed?: number;
  /** Cases with the same word here are one instance in several orders: their optima must be equal. */
  readonly sameOptimumAs?: string;
  readonly options: Partial<PlanningOptions> & { readonly preset?: PresetName };
  readonly gap: number;
  /** Cost known from elsewhere, or 'infeasible'; a proven answer that differs is an error of the bench. */
  readonly known?: number | 'infeasible';
  /** I x J x K, for charts over size. */
  readonly size: number;
  /** The options of a case that belongs to a series of growing sizes. */
  readonly variant?: OptionVariant;
}

/** Options of the issues' scale and split figures: published costs, one delay rule per deployment. */
export const separableOptions = {
  placement: 'single',
  uncertainty: 'budgeted',
  delayRule: 'per-deployment',
  delayCost: 'deviation',
  delayCostBudget: 'per-query',
  rentalInBudget: 'once',
  weightStorage: 'per-placement',
  maxReplicas: 1,
  dropped: 'placed',
  penalties: 'per-hour',
} as const satisfies PlanningOptions;

const dataFolder = new URL('./data/', import.meta.url);

/** The files of the bench are published data. */
function publishedFile(name: string): PublishedInstance {
  return parseInstance(readFileSync(new URL(`${name}.json`, dataFolder), 'utf8')) as PublishedInstance;
}

/** Builds the instance of a case. */
export function caseInstance({ source, permutation = 0 }: BenchCase): Instance {
  // Fleets are told in their own order only.
  if (source.kind === 'kind') return kindInstance(source);
  if (source.kind === 'file') return inOrder(changed(publishedFile(source.name), source.changes ?? {}), permutation);
  const { kind, ...size } = source;
  if (kind === 'fleet') return generateFleet({ ...size, replicas: fleetReplicas });
  return inOrder(generateInstance({ ...size, unmetCap: 1 }), permutation);
}

function inOrder(instance: PublishedInstance, permutation: number): PublishedInstance {
  return permutation === 0 ? instance : permuted(instance, permutation);
}

/** Replicas that a query type of a fleet needs at home: from a fraction of one to hundreds. */
const fleetReplicas = [0.2, 500] as const;

function changed(instance: PublishedInstance, changes: InstanceChanges): PublishedInstance {
  const { delayScale = 1, errorScale = 1, priceScale = 1, budgetScale = 1, memoryScale = 1 } = changes;
  const { gammaDelay = instance.uncertaintyBudget.delay, gammaError = instance.uncertaintyBudget.error } = changes;
  const capped =
    changes.unmetCapPerRate === undefined ? instance : withUnmetCapPerRate(instance, changes.unmetCapPerRate);
  return {
    ...capped,
    ...(instance.budget === undefined ? {} : { budget: instance.budget * budgetScale }),
    uncertaintyBudget: { delay: gammaDelay, error: gammaError },
    queryTypes: capped.queryTypes.map((query) => ({
      ...query,
      delayThreshold: query.delayThreshold * delayScale,
      errorThreshold: query.errorThreshold * errorScale,
    })),
    tiers: instance.tiers.map((tier) => ({
      ...tier,
      price: tier.price * priceScale,
      memory: tier.memory * memoryScale,
    })),
  };
}

/** The same instance with its query types, models and tiers in another order. */
export function permuted(instance: PublishedInstance, seed: number): PublishedInstance {
  const random = seedrandom(`permutation:${seed}`);
  const shuffled = (length: number): number[] => {
    const order = Array.from({ length }, (_, t) => t);
    for (let t = length - 1; t > 0; t--) {
      const other = Math.floor(random() * (t + 1));
      [order[t], order[other]] = [order[other], order[t]];
    }
    return order;
  };
  const i = shuffled(instance.queryTypes.length);
  const j = shuffled(instance.models.length);
  const k = shuffled(instance.tiers.length);
  const tensor = (t: Tensor): Tensor => i.map((a) => j.map((b) => k.map((c) => t[a][b][c])));
  const uncertain = ({ nominal, deviation, relief }: UncertainTensor): UncertainTensor => ({
    nominal: tensor(nominal),
    deviation: tensor(deviation),
    ...(relief === undefined ? {} : { relief: j.map((b) => k.map((c) => relief[b][c])) }),
  });
  return {
    ...instance,
    queryTypes: i.map((a) => instance.queryTypes[a]),
    models: j.map((b) => instance.models[b]),
    tiers: k.map((c) => instance.tiers[c]),
    delay: uncertain(instance.delay),
    error: uncertain(instance.error),
    residency: typeof instance.residency === 'number' ? instance.residency : tensor(instance.residency),
  };
}

/** Every preset, and every option alone, on the reference instance. */
export function referenceCases(): BenchCase[] {
  const source = { kind: 'file', name: 'reference-seed42' } as const;
  const hard = { ...source, changes: { unmetCapPerRate: 0.01 } } as const;
  const base = { source, gap: 1e-6, size: 360 };
  const variants: [string, BenchCase['options']][] = [
    ['uncertainty none', { uncertainty: 'none' }],
    ['pooled', { delayRule: 'pooled' }],
    ['deviation', { delayCost: 'deviation' }],
    ['per-query', { delayCostBudget: 'per-query' }],
    ['per-query-type rental', { rentalInBudget: 'per-query-type' }],
    ['per-placement', { weightStorage: 'per-placement' }],
    ['two replicas', { maxReplicas: 2 }],
  ];
  return [
    { ...base, name: 'corrected', options: { preset: 'corrected' }, known: 633.4639515 },
    { ...base, name: 'paper', options: { preset: 'paper' }, known: 634.537222 },
    { ...base, name: 'reference', options: { preset: 'reference' }, known: 553.4433449 },
    { ...base, source: hard, name: 'corrected, wide caps', options: { preset: 'corrected' }, known: 612.671574 },
    { ...base, source: hard, name: 'paper, wide caps', options: { preset: 'paper' } },
    { ...base, source: hard, name: 'reference, wide caps', options: { preset: 'reference' }, known: 494.9981076 },
    ...variants.map(([name, options]): BenchCase => ({ ...base, name, options: { preset: 'corrected', ...options } })),
  ];
}

/** The published rows, every `step`-th of them. */
export function publishedCases(step = 1): BenchCase[] {
  const rows: Record<string, string>[] = parse(readFileSync(new URL('published-sample.csv', dataFolder)), {
    columns: true,
  });
  return rows
    .filter((_, t) => t % step === 0)
    .map((row): BenchCase => {
      const number = (column: string) => Number(row[column]);
      return {
        // The date stays: two of the published files are of the same grid.
        name: `${row.source!.replace(/(_\d{6})?\.csv$/, '').replace('sensitivity_', '')} ${row.row}`,
        source: {
          kind: 'file',
          name: 'reference-seed42',
          changes: {
            unmetCapPerRate: number('unmetCapPerRate'),
            delayScale: number('delayScale'),
            errorScale: number('errorScale'),
            priceScale: number('priceScale'),
            budgetScale: number('budgetScale'),
            memoryScale: number('memoryScale'),
            gammaDelay: number('gammaDelay'),
            gammaError: number('gammaError'),
          },
        },
        options: { preset: 'reference' },
        gap: 1e-6,
        known: row.status === 'INFEASIBLE' ? 'infeasible' : number('optimum'),
        size: 360,
      };
    });
}

/** Split placement of the reference instance, where Gamma matters. */
export function splitCases(gammas: readonly number[] = [1, 2, 5, 10, 50]): BenchCase[] {
  return gammas.map((gamma) => ({
    name: `split, Gamma ${gamma}`,
    source: { kind: 'file', name: 'reference-seed42', changes: { gammaDelay: gamma, gammaError: gamma } },
    options: { ...separableOptions, placement: 'split' },
    gap: 1e-4,
    ...(gamma === 50 ? { known: 350.0855 } : {}),
    size: 360,
  }));
}

const familySizes: readonly (readonly [number, number, number])[] = [
  [12, 6, 10],
  [24, 10, 20],
  [48, 12, 20],
  [100, 20, 40],
  [200, 20, 40],
];

export interface FamilyChoice {
  /** Largest number of query types. Default: no limit. */
  readonly largest?: number;
  /** How many seeds of each size, from 1 on. Default 3. */
  readonly seeds?: number;
  readonly variants?: readonly OptionVariant[];
}

/** The options of `separableOptions`, or the preset `corrected`. */
export type OptionVariant = 'separable' | 'corrected';

function variantOptions(variant: OptionVariant): BenchCase['options'] {
  return variant === 'separable' ? separableOptions : { preset: 'corrected' };
}

/** Families by size with `unmetCap` 1, and the two family files, largest sizes last. */
export function scaleCases({
  largest = Infinity,
  seeds = 3,
  variants = ['separable', 'corrected'],
}: FamilyChoice = {}): BenchCase[] {
  return familySizes
    .filter(([queryTypes]) => queryTypes <= largest)
    .flatMap((size) =>
      variants.flatMap((variant) =>
        familySources(size, seeds).map(({ name, source }) => ({
          ...familyCase(`${name}, ${variant}`, source, size, variant),
          variant,
        })),
      ),
    );
}

/**
 * Fleets by size: profiles, latency, limits over tiers and loads of up to 500 replicas, under the preset `recommended`.
 */
export function fleetCases({ largest = Infinity, seeds = 3 }: FamilyChoice = {}): BenchCase[] {
  return familySizes
    .filter(([queryTypes]) => queryTypes <= Math.min(largest, largestFleet))
    .flatMap(([queryTypes, models, tiers]) =>
      Array.from(
        { length: seeds },
        (_, t): BenchCase => ({
          name: `fleet ${queryTypes}x${models}x${tiers} seed ${t + 1}`,
          source: { kind: 'fleet', queryTypes, models, tiers, seed: t + 1 },
          options: { preset: 'recommended' },
          gap: 1e-4,
          size: queryTypes * models * tiers,
        }),
      ),
    );
}

/** Sizes of the kinds: small and large, or one. */
const kindSizes: Partial<Record<KindName, readonly (readonly [number, number, number])[]>> = {
  'alike tiers': [
    [12, 2, 10],
    [24, 2, 16],
  ],
  'alike query types': [
    [12, 4, 6],
    [24, 4, 10],
  ],
  'bin packing': [
    [12, 1, 12],
    [24, 1, 16],
  ],
  replicas: [
    [12, 4, 5],
    [24, 5, 8],
  ],
  'many TP degrees': [[24, 4, 8]],
  'pooled limits': [[12, 6, 10]],
  'joint Gamma 1': [[24, 8, 12]],
  'joint Gamma 3': [[24, 8, 12]],
  'joint Gamma 3 in a budget': [[24, 8, 12]],
};

const usualKindSizes = [
  [12, 6, 10],
  [24, 8, 12],
] as const;

/** Fifteen kinds of instances, 25 of each seed. */
export function kindCases({ largest = Infinity, seeds = 3 }: FamilyChoice = {}): BenchCase[] {
  return kindNames.flatMap((of) =>
    (kindSizes[of] ?? usualKindSizes)
      .filter(([queryTypes]) => queryTypes <= largest)
      .flatMap(([queryTypes, models, tiers]) =>
        Array.from(
          { length: seeds },
          (_, t): BenchCase => ({
            name: `${of} ${queryTypes}x${models}x${tiers} seed ${t + 1}`,
            source: { kind: 'kind', of, queryTypes, models, tiers, seed: t + 1 },
            options: {
              preset: of === 'pooled limits' ? 'paper' : 'corrected',
              ...(of === 'replicas' ? { maxReplicas: 16 } : {}),
            },
            gap: 1e-4,
            size: queryTypes * models * tiers,
          }),
        ),
      ),
  );
}

/** Query types of the largest fleets that are measured. */
const largestFleet = 48;

/**
 * Each family instance in three orders, and in its own order under three seeds of the solver: what is the same problem,
 * told otherwise.
 */
export function variabilityCases({ largest = Infinity, seeds = 3 }: FamilyChoice = {}): BenchCase[] {
  return familySizes
    .filter(([queryTypes]) => queryTypes <= largest)
    .flatMap((size) =>
      familySources(size, seeds).flatMap(({ name, source }) => {
        const told = (how: string, change: Partial<BenchCase>): BenchCase => ({
          ...familyCase(`${name}, ${how}`, source, size, 'separable'),
          sameOptimumAs: name,
          ...change,
        });
        return [
          ...[1, 2, 3].map((seed) => told(`solver seed ${seed}`, { seed })),
          ...[1, 2, 3].map((permutation) => told(`permutation ${permutation}`, { permutation })),
        ];
      }),
    );
}

type FamilySize = (typeof familySizes)[number];

/** The family file of a size, where there is one, and the generator's members. */
function familySources(
  [queryTypes, models, tiers]: FamilySize,
  seeds: number,
): { readonly name: string; readonly source: InstanceSource }[] {
  const size = `${queryTypes}x${models}x${tiers}`;
  const file = { name: `family-${size}`, source: { kind: 'file', name: `family-${size}` } } as const;
  const members = Array.from({ length: seeds }, (_, t) => ({
    name: `${size} seed ${t + 1}`,
    source: { kind: 'family', queryTypes, models, tiers, seed: t + 1 } as const,
  }));
  return queryTypes <= largestFamilyFile ? [file, ...members] : members;
}

/** Query types of the largest family file in `data/`. */
const largestFamilyFile = 24;

function familyCase(name: string, source: InstanceSource, size: FamilySize, variant: OptionVariant): BenchCase {
  const [queryTypes, models, tiers] = size;
  const known = source.kind === 'file' && variant === 'separable' ? familyOptima[source.name] : undefined;
  return {
    name,
    source,
    options: variantOptions(variant),
    gap: 1e-4,
    size: queryTypes * models * tiers,
    ...(known === undefined ? {} : { known }),
  };
}

/** Costs of the family files under `separableOptions`, by native HiGHS: the first proven, the second to 1e-4. */
const familyOptima: Readonly<Record<string, number>> = { 'family-12x6x10': 774.673617, 'family-24x10x20': 1395.253 };
