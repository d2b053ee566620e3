/**
 * Open models, as their published configurations have them. Weights, cache per token and allowed degrees are computed
 * from these figures: no number here is an estimate.
 */
import type { CataloguePrecision } from './gpus.ts';

export interface CatalogueModelCard {
  readonly id: string;
  readonly product: string;
  /** Parameters in 1e9, all experts included. */
  readonly parameters: number;
  readonly layers: number;
  readonly heads: number;
  /** Key and value heads (grouped-query attention). */
  readonly kvHeads: number;
  readonly headDimension: number;
}

/** 4-bit weights carry a scale of 8 bits for every 16 of them. */
export const bytesPerWeight: Readonly<Record<CataloguePrecision, number>> = { BF16: 2, FP8: 1, FP4: 0.5625 };
/** With 4-bit weights the cache is kept in 8 bits. */
export const bytesPerCacheEntry: Readonly<Record<CataloguePrecision, number>> = { BF16: 2, FP8: 1, FP4: 1 };

const largestDegree = 8;

export const catalogueModels: readonly CatalogueModelCard[] = [
  card('llama-3.1-8b', 'Llama 3.1 8B', 8.03, 32, 32, 8),
  card('mistral-7b', 'Mistral 7B', 7.25, 32, 32, 8),
  card('qwen3-30b-a3b', 'Qwen3 30B-A3B', 30.5, 48, 32, 4),
  card('mixtral-8x7b', 'Mixtral 8x7B', 46.7, 32, 32, 8),
  card('llama-3.1-70b', 'Llama 3.1 70B (and 3.3 70B)', 70.6, 80, 64, 8),
  card('mixtral-8x22b', 'Mixtral 8x22B', 140.6, 56, 48, 8),
  card('qwen3-235b-a22b', 'Qwen3 235B-A22B', 235.1, 94, 64, 4),
  card('llama-3.1-405b', 'Llama 3.1 405B', 405.9, 126, 128, 8),
];

/** GB. */
export function weightsOf({ parameters }: CatalogueModelCard): Readonly<Record<CataloguePrecision, number>> {
  return byPrecision((precision) => parameters * bytesPerWeight[precision]);
}

/** GB per token: a key and a value of every layer and KV head. */
export function cachePerTokenOf(model: CatalogueModelCard): Readonly<Record<CataloguePrecision, number>> {
  const entries = 2 * model.layers * model.kvHeads * model.headDimension;
  return byPrecision((precision) => (entries * bytesPerCacheEntry[precision]) / 1e9);
}

/** Degrees up to 8 that divide the heads, and that share out the KV heads or copy them whole. */
export function tpDegreesOfHeads({ heads, kvHeads }: CatalogueModelCard): readonly number[] {
  const degrees = Array.from({ length: largestDegree }, (_, t) => t + 1);
  return degrees.filter((n) => heads % n === 0 && (kvHeads % n === 0 || n % kvHeads === 0));
}

function byPrecision(value: (precision: CataloguePrecision) => number): Readonly<Record<CataloguePrecision, number>> {
  // Nine digits hide that a product of decimals is not exact.
  const rounded = (precision: CataloguePrecision) => Number(value(precision).toPrecision(9));
  return { BF16: rounded('BF16'), FP8: rounded('FP8'), FP4: rounded('FP4') };
}

function card(
  id: string,
  product: string,
  parameters: number,
  layers: number,
  heads: number,
  kvHeads: number,
  headDimension = 128,
): CatalogueModelCard {
  return { id, product, parameters, layers, heads, kvHeads, headDimension };
}
