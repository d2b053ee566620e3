/**
 * The catalogue behind `generateInstance`, of any length: the published models and tiers first, then further ladders of
 * model sizes and GPU generations, then variants of all of them (fine-tuned models, tiers in other regions, query types
 * of other trades).
 */
import {
  type CatalogueModel,
  type CatalogueTier,
  type Complexity,
  type Precision,
  publishedModels,
  publishedTiers,
} from './publishedCatalogue.ts';

/** Weights at 2 bytes per parameter; cache, delay and capacity continue the published ladder. */
const furtherModels: readonly CatalogueModel[] = [
  model('Qwen2.5-7B', 14, 0.14, 1.3, 2.8, 'medium'),
  model('Gemma-2-2B', 5.2, 0.045, 0.45, 1.3, 'low'),
  model('Mixtral-8x7B', 93, 0.9, 2.4, 5.6, 'high'),
  model('Qwen2.5-72B', 144, 1.44, 5, 8.1, 'high'),
  model('Phi-3-mini', 7.6, 0.07, 0.7, 1.9, 'low'),
  model('Gemma-2-9B', 18, 0.17, 1.6, 3.1, 'medium'),
  model('Qwen2.5-1.5B', 3, 0.03, 0.35, 0.8, 'low'),
  model('Qwen2.5-32B', 64, 0.64, 3.2, 5.2, 'high'),
  model('Mistral-7B', 14, 0.15, 1.25, 2.7, 'medium'),
  model('Gemma-2-27B', 54, 0.54, 2.9, 4.9, 'high'),
  model('Phi-4', 28, 0.28, 2, 3.8, 'medium'),
  model('Qwen2.5-0.5B', 1, 0.01, 0.2, 0.35, 'low'),
  model('Mistral-Small-24B', 48, 0.48, 2.7, 4.6, 'high'),
  model('Qwen2.5-14B', 28, 0.28, 2, 3.6, 'medium'),
];

/** Dense tensor throughput per precision and community rental prices. */
const furtherTiers: readonly CatalogueTier[] = [
  tier('L4_FP16', 24, 121, 0.45, 'FP16'),
  tier('L40S_FP16', 48, 362, 0.9, 'FP16'),
  tier('A100_80GB_FP16', 80, 312, 1.5, 'FP16'),
  tier('H200_141GB_FP16', 141, 989, 3.0, 'FP16'),
  tier('L4_INT8', 24, 242, 0.45, 'INT8'),
  tier('A10G_FP16', 24, 70, 0.4, 'FP16'),
  tier('MI300X_192GB_FP16', 192, 1307, 2.9, 'FP16'),
  tier('V100_32GB_FP16', 32, 125, 0.4, 'FP16'),
  tier('L40S_INT8', 48, 733, 0.9, 'INT8'),
  tier('T4_INT8', 16, 130, 0.2, 'INT8'),
  tier('A100_80GB_INT8', 80, 624, 1.5, 'INT8'),
  tier('B200_192GB_FP16', 192, 2250, 4.8, 'FP16'),
  tier('A10G_INT4', 24, 280, 0.4, 'INT4'),
  tier('H200_141GB_INT8', 141, 1979, 3.0, 'INT8'),
];

const trades = ['legal', 'medical', 'retail', 'finance', 'support', 'education', 'media', 'travel', 'public', 'games'];
const regions = ['us-east', 'eu-west', 'ap-south', 'us-west', 'eu-north', 'ap-east', 'sa-east'];

/** The j-th model of an endless catalogue; repeats are fine-tuned variants. */
export function catalogueModel(j: number): CatalogueModel {
  const ladder = [...publishedModels, ...furtherModels];
  const round = Math.floor(j / ladder.length);
  const entry = ladder[j % ladder.length];
  return round === 0 ? entry : { ...entry, name: `${entry.name}-tuned${round}` };
}

/** The k-th tier of an endless catalogue; repeats are the same cards in other regions. */
export function catalogueTier(k: number): CatalogueTier {
  const ladder = [...publishedTiers, ...furtherTiers];
  const round = Math.floor(k / ladder.length);
  const entry = ladder[k % ladder.length];
  return round === 0 ? entry : { ...entry, name: `${entry.name}@${numbered(regions, round - 1)}` };
}

/** The name of a query type: the published ones first, then the same kinds for other trades. */
export function queryTypeName(kind: string, round: number): string {
  return round === 0 ? kind : `${kind}/${numbered(trades, round - 1)}`;
}

function numbered(words: readonly string[], position: number): string {
  const round = Math.floor(position / words.length);
  return words[position % words.length] + (round === 0 ? '' : `-${round + 1}`);
}

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
