/** The parts that `generateFleet` draws: GPU tiers, models, and profiles by what arithmetic and bandwidth allow. */

import type { Profile } from '../model/instance.ts';
import { type CataloguePrecision, catalogueGpus } from './catalogue/gpus.ts';
import { bytesPerCacheEntry, bytesPerWeight } from './catalogue/models.ts';
import type { ServiceTimes } from './fleet/fitServiceTimes.ts';

type Uniform = (low: number, high: number) => number;

interface TierDraw {
  readonly name: string;
  /** GB per GPU, and what of it is not usable. */
  readonly memory: number;
  readonly reserve: number;
  /** GB/s and dense TFLOPS in its precision. */
  readonly bandwidth: number;
  readonly compute: number;
  readonly price: number;
  readonly precision: CataloguePrecision;
  readonly kilowatts: number;
  /** What the precision does to errors. */
  readonly errorFactor: number;
}

interface ModelDraw {
  readonly name: string;
  /** In 1e9. */
  readonly parameters: number;
  /** Numbers kept for each token. */
  readonly cacheEntries: number;
  /** Share of bad answers of a usual query type in 16 bits. */
  readonly error: number;
  readonly minReplicas: number;
}

export interface FleetDraw {
  readonly tier: TierDraw;
  readonly model: ModelDraw;
}

export interface ProfileDraw {
  readonly j: number;
  readonly k: number;
  readonly tpDegree: number;
  readonly pipelineDegree: number;
  /** GPUs of a replica. */
  readonly gpus: number;
  readonly times: ServiceTimes;
  readonly latency: Required<NonNullable<Profile['latency']>>;
}

const regions = ['east', 'west', 'north', 'south'];
const errorFactors: Readonly<Record<CataloguePrecision, number>> = { BF16: 1, FP8: 1.03, FP4: 1.1 };
/** Parameters of the ladder, in 1e9; further models are larger relatives of them. */
const modelSizes = [8, 70, 3, 14, 32, 1.5, 110, 24, 235, 7, 50, 405];

/** Each GPU of the catalogue in each of its precisions, then again in other regions at other prices. */
export function drawFleetTiers(uniform: Uniform, count: number): TierDraw[] {
  const cards = catalogueGpus.flatMap((gpu) =>
    Object.entries(gpu.compute).map(([precision, compute]) => ({
      gpu,
      precision: precision as CataloguePrecision,
      compute,
    })),
  );
  // Precisions of one card are neighbours in the list: a stride spreads cards over small fleets.
  return Array.from({ length: count }, (_, t) => {
    const { gpu, precision, compute } = cards[(t * 5) % cards.length];
    const round = Math.floor(t / cards.length);
    const region = round < regions.length ? regions[round] : `${regions[round % regions.length]}-${round}`;
    return {
      name: `${gpu.id}-${precision.toLowerCase()}-${region}`,
      memory: gpu.memory,
      reserve: Math.ceil(gpu.memory * 0.07),
      bandwidth: gpu.bandwidth,
      compute,
      price: Number((gpu.price.perHour * uniform(0.75, 1.25)).toFixed(2)),
      precision,
      kilowatts: gpu.power / 1000,
      errorFactor: errorFactors[precision],
    };
  });
}

export function drawFleetModels(uniform: Uniform, count: number): ModelDraw[] {
  return Array.from({ length: count }, (_, t) => {
    const parameters = Number((modelSizes[t % modelSizes.length] * uniform(0.85, 1.15)).toPrecision(3));
    return {
      name: `model-${t + 1}-${parameters}b`,
      parameters,
      // 65,536 entries of an 8B model, 163,840 of a 70B one.
      cacheEntries: Math.round(65_536 * (parameters / 8) ** 0.42),
      error: 0.13 * parameters ** -0.3 * uniform(0.9, 1.1),
      minReplicas: uniform(0, 1) < 0.25 ? 2 : 1,
    };
  });
}

/**
 * One record for each configuration that holds the weights with room for cache, save gaps; at least one for each model.
 * Prefill and decoding reach a share of the arithmetic, the cache is read at a share of the bandwidth, and every
 * further GPU of a replica loses some.
 */
export function drawFleetProfiles(
  uniform: Uniform,
  models: readonly ModelDraw[],
  tiers: readonly TierDraw[],
  gaps: number,
): ProfileDraw[] {
  return models.flatMap((model, j) => {
    const possible = tiers.flatMap((tier, k) =>
      degreesOf(model, tier).map(([tpDegree, pipelineDegree]) =>
        drawProfile(uniform, model, tier, { j, k, tpDegree, pipelineDegree }),
      ),
    );
    const kept = possible.filter(() => uniform(0, 1) >= gaps);
    return kept.length > 0 ? kept : possible.slice(0, 1);
  });
}

const degreeChoices = [1, 2, 4, 8];
/** Weights may take this share of what is usable. */
const largestWeightShare = 0.75;

/** The three smallest degrees that leave room for cache; nodes beyond one by pipeline stages. */
function degreesOf(model: ModelDraw, tier: TierDraw): (readonly [tp: number, pipeline: number])[] {
  const weights = model.parameters * bytesPerWeight[tier.precision];
  const gpusNeeded = weights / (largestWeightShare * (tier.memory - tier.reserve));
  const fitting = degreeChoices.filter((degree) => degree >= gpusNeeded).slice(0, 3);
  return fitting.length > 0 ? fitting.map((degree) => [degree, 1]) : [[8, Math.ceil(gpusNeeded / 8)]];
}

function drawProfile(
  uniform: Uniform,
  model: ModelDraw,
  tier: TierDraw,
  place: Pick<ProfileDraw, 'j' | 'k' | 'tpDegree' | 'pipelineDegree'>,
): ProfileDraw {
  const gpus = place.tpDegree * place.pipelineDegree;
  const efficiency = uniform(0.4, 0.6) * 0.93 ** Math.log2(gpus);
  const perToken = (2 * model.parameters * 1e9) / (gpus * tier.compute * 1e12 * efficiency);
  const cacheBytes = model.cacheEntries * bytesPerCacheEntry[tier.precision];
  const times = {
    secondsPerInputToken: significant(perToken),
    secondsPerOutputToken: significant(perToken * uniform(1, 1.5)),
    secondsPerContextToken: significant(cacheBytes / (gpus * tier.bandwidth * 1e9 * uniform(0.5, 0.8))),
  };
  const step = significant(((1000 * tier.memory) / tier.bandwidth) * place.pipelineDegree * uniform(0.7, 1));
  const latency = {
    firstToken: step,
    perInputToken: significant(1000 * times.secondsPerInputToken),
    perOutputToken: step,
    deviation: Number(uniform(0.1, 0.25).toFixed(3)),
  };
  return { ...place, gpus, times, latency };
}

const significant = (value: number) => Number(value.toPrecision(4));
