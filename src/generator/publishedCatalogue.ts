/** The published catalogue: six query types, six models, ten GPU tiers, and the ranges of their random parameters. */

export type Range = readonly [low: number, high: number];
/** How demanding a model is; with the power of a tier it decides the relief of decision-dependent uncertainty. */
export type Complexity = 'low' | 'medium' | 'high' | 'luxury';
export type Precision = 'FP16' | 'INT8' | 'INT4';

interface CatalogueQueryType {
  readonly name: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** ms. */
  readonly delayThreshold: number;
  readonly errorThreshold: number;
  /** Queries per hour; integers of [low, high). */
  readonly arrivalRate: Range;
  /** TFLOP per token. */
  readonly computePerToken: Range;
  /** GB per token. */
  readonly tokenSize: Range;
  /** $ per ms per query. */
  readonly delayPenalty: Range;
  /** $ per dropped query, before `unmetPenaltyScale`. */
  readonly unmetPenalty: Range;
  /** ms per token of a model with multiplier 1 on the first tier. */
  readonly baseDelay: Range;
  /** Fraction, of a model with capacity 1 at FP16. */
  readonly baseError: Range;
}

export interface CatalogueModel {
  readonly name: string;
  /** GB. */
  readonly weightSize: number;
  /** GB per token. */
  readonly kvCachePerToken: number;
  /** Delay per token against a model with multiplier 1. */
  readonly delayMultiplier: number;
  /** Divides the base error. */
  readonly capacity: number;
  readonly complexity: Complexity;
}

export interface CatalogueTier {
  readonly name: string;
  /** GB per GPU. */
  readonly memory: number;
  /** TFLOPs per GPU. */
  readonly compute: number;
  /** $ per GPU-hour, before the random factor. */
  readonly price: number;
  readonly precision: Precision;
}

/** What quantisation does to the error. */
export const precisionErrorFactor: Readonly<Record<Precision, number>> = { FP16: 1.0, INT8: 1.15, INT4: 1.35 };

/** Price factors of tiers; storage price in $ per GB-hour; deviation as a share of the nominal value. */
export const priceFactorRange: Range = [0.8, 1.2];
export const storagePriceRange: Range = [0.001, 0.005];
export const deviationRange: Range = [0.1, 0.25];

export const publishedTpDegrees: readonly number[] = [1, 2, 4, 8];

export const publishedModels: readonly CatalogueModel[] = [
  model('Llama-3.2-1B', 2, 0.02, 0.3, 0.5, 'low'),
  model('Llama-3.2-3B', 6, 0.05, 0.5, 1.5, 'low'),
  model('Llama-3.1-8B', 16, 0.15, 1.5, 3, 'medium'),
  model('Llama-3.1-70B', 140, 1.4, 5, 8, 'high'),
  model('Llama-3.2-31B', 810, 8.0, 3.5, 5, 'high'),
  model('Llama-3.2-11B-Vision', 22, 0.25, 2.5, 2.5, 'medium'),
];

/** As published, although several entries do not fit their tier's name. */
export const publishedTiers: readonly CatalogueTier[] = [
  tier('A6000_FP16', 48, 40.7, 0.65, 'FP16'),
  tier('A6000_INT8', 48, 58.1, 0.65, 'INT8'),
  tier('A6000_INT4', 80, 67, 2.5, 'INT4'),
  tier('RTX_4090_FP16', 48, 77.4, 0.65, 'FP16'),
  tier('RTX_4090_INT8', 24, 82.6, 0.35, 'INT8'),
  tier('RTX_4090_INT4', 24, 123.9, 0.35, 'INT4'),
  tier('A100_40GB_FP16', 24, 165.2, 1.2, 'FP16'),
  tier('A100_40GB_INT8', 40, 468, 1.2, 'INT8'),
  tier('H100_80GB_FP16', 80, 989, 2.0, 'FP16'),
  tier('H100_80GB_INT8', 80, 1483.5, 2.5, 'INT8'),
];

export interface ParameterSet {
  readonly queryTypes: readonly CatalogueQueryType[];
  /** Multiplies the drawn unmet penalties. */
  readonly unmetPenaltyScale: number;
  /** $. */
  readonly budget: number;
  /** Gamma_d and Gamma_e. */
  readonly uncertaintyBudget: number;
}

const publishedQueryTypes: readonly CatalogueQueryType[] = [
  {
    name: 'Summarization',
    inputTokens: 512,
    outputTokens: 256,
    delayThreshold: 1000,
    errorThreshold: 0.04,
    arrivalRate: [80, 120],
    computePerToken: [0.3, 0.7],
    tokenSize: [0.0008, 0.0012],
    delayPenalty: [0.005, 0.01],
    unmetPenalty: [30, 50],
    baseDelay: [0.4, 0.6],
    baseError: [0.03, 0.05],
  },
  {
    name: 'Code_Gen',
    inputTokens: 256,
    outputTokens: 512,
    delayThreshold: 1200,
    errorThreshold: 0.08,
    arrivalRate: [60, 100],
    computePerToken: [0.6, 1.0],
    tokenSize: [0.0008, 0.0012],
    delayPenalty: [0.015, 0.025],
    unmetPenalty: [80, 100],
    baseDelay: [0.7, 0.9],
    baseError: [0.02, 0.03],
  },
  {
    name: 'Translation',
    inputTokens: 128,
    outputTokens: 128,
    delayThreshold: 800,
    errorThreshold: 0.03,
    arrivalRate: [100, 140],
    computePerToken: [0.2, 0.4],
    tokenSize: [0.0008, 0.0012],
    delayPenalty: [0.005, 0.01],
    unmetPenalty: [20, 40],
    baseDelay: [0.3, 0.4],
    baseError: [0.02, 0.03],
  },
  {
    name: 'Math_Solving',
    inputTokens: 64,
    outputTokens: 256,
    delayThreshold: 1500,
    errorThreshold: 0.1,
    arrivalRate: [40, 80],
    computePerToken: [1.0, 1.5],
    tokenSize: [0.0008, 0.0012],
    delayPenalty: [0.01, 0.02],
    unmetPenalty: [80, 100],
    baseDelay: [1.0, 1.2],
    baseError: [0.05, 0.07],
  },
  {
    name: 'Image_Gen',
    inputTokens: 32,
    outputTokens: 1024,
    delayThreshold: 4000,
    errorThreshold: 0.12,
    arrivalRate: [20, 60],
    computePerToken: [2.0, 3.0],
    tokenSize: [0.004, 0.006],
    delayPenalty: [0.02, 0.03],
    unmetPenalty: [150, 200],
    baseDelay: [2.0, 2.5],
    baseError: [0.06, 0.08],
  },
  {
    name: 'Video_Gen',
    inputTokens: 48,
    outputTokens: 2048,
    delayThreshold: 5000,
    errorThreshold: 0.15,
    arrivalRate: [10, 30],
    computePerToken: [3.5, 4.5],
    tokenSize: [0.008, 0.012],
    delayPenalty: [0.03, 0.05],
    unmetPenalty: [150, 200],
    baseDelay: [3.5, 4.0],
    baseError: [0.08, 0.1],
  },
];

/** Where the article's parameters differ from the published code's. */
const articleDelayThresholds = [1000, 1500, 800, 2000, 4000, 5000];
const articleErrorThresholds = [0.08, 0.1, 0.08, 0.1, 0.15, 0.25];
const articleDelayPenalties: Readonly<Record<string, Range>> = { Image_Gen: [0.025, 0.035], Video_Gen: [0.04, 0.06] };

/**
 * `published`: the parameters of the published code, with which the reference instance is drawn. `article`: those of
 * the article.
 */
export const parameterSets: Readonly<Record<'published' | 'article', ParameterSet>> = {
  published: { queryTypes: publishedQueryTypes, unmetPenaltyScale: 0.1, budget: 3000, uncertaintyBudget: 50 },
  article: {
    queryTypes: publishedQueryTypes.map((query, i) => ({
      ...query,
      delayThreshold: articleDelayThresholds[i],
      errorThreshold: articleErrorThresholds[i],
      delayPenalty: articleDelayPenalties[query.name] ?? query.delayPenalty,
    })),
    unmetPenaltyScale: 1,
    budget: 5000,
    uncertaintyBudget: 10,
  },
};

function model(
  name: string,
  weightSize: number,
  kvCachePerToken: number,
  delayMultiplier: number,
  capacity: number,
  complexity: Complexity,
): CatalogueModel {
  return { name, weightSize, kvCachePerToken, delayMultiplier, capacity, complexity };
}

function tier(name: string, memory: number, compute: number, price: number, precision: Precision): CatalogueTier {
  return { name, memory, compute, price, precision };
}
