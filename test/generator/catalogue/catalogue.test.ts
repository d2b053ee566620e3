import { describe, expect, it } from 'vitest';
import { catalogueGpus } from '../../../src/generator/catalogue/gpus.ts';
import {
  cachePerTokenOf,
  catalogueModels,
  tpDegreesOfHeads,
  weightsOf,
} from '../../../src/generator/catalogue/models.ts';
import { estimatedLatency, serviceTimesOf } from '../../../src/generator/catalogue/profiles.ts';
import { catalogueProfiles } from '../../../src/generator/catalogue/throughputTables.ts';
import { secondsOfShape } from '../fleet/secondsOfShape.ts';

const modelById = (id: string) => catalogueModels.find((model) => model.id === id)!;
const gpuById = (id: string) => catalogueGpus.find((gpu) => gpu.id === id)!;
const profileById = (id: string) => catalogueProfiles.find((profile) => profile.id === id)!;

describe('GPUs of the catalogue', () => {
  it.each(catalogueGpus)('$id has figures of its kind, and a price with source and date', (gpu) => {
    expect(gpu.price.source).toMatch(/^https:/);
    expect(gpu.price.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    // $ an hour for 100 dense TFLOPS of 16 bits: rented cards lie between 0.2 and 0.8.
    const perHundred = (100 * gpu.price.perHour) / gpu.compute.BF16!;
    expect(perHundred).toBeGreaterThan(0.2);
    expect(perHundred).toBeLessThan(0.8);
    // Half the bits, twice the speed.
    const speeds = [gpu.compute.BF16, gpu.compute.FP8, gpu.compute.FP4].filter((speed) => speed !== undefined);
    speeds.slice(1).forEach((speed, step) => {
      expect(speed / speeds[step]).toBeCloseTo(2, 1);
    });
    // Reading the whole memory takes 20 to 80 ms on every card made for this.
    expect(gpu.memory / gpu.bandwidth).toBeGreaterThan(0.02);
    expect(gpu.memory / gpu.bandwidth).toBeLessThan(0.08);
  });
});

describe('models of the catalogue', () => {
  it.each([
    // Published: 131,072 bytes per token at 16 bits of Llama 3.1 8B, 327,680 of 70B; checkpoints of 16.06 and 141 GB.
    ['llama-3.1-8b', 131_072, 16.06],
    ['llama-3.1-70b', 327_680, 141.2],
    ['llama-3.1-405b', 516_096, 811.8],
    ['qwen3-30b-a3b', 98_304, 61],
  ])('%s has %d bytes of cache per token and %d GB of weights at 16 bits', (id, bytes, gigabytes) => {
    expect(cachePerTokenOf(modelById(id)).BF16 * 1e9).toBeCloseTo(bytes, 3);
    expect(weightsOf(modelById(id)).BF16).toBeCloseTo(gigabytes, 1);
  });

  it.each(catalogueModels)('$id: names its size, halves with half the bits', (model) => {
    const billions = /(\d+x)?(\d+)b/.exec(model.id)!;
    const named = Number(billions[2]) * (billions[1] === undefined ? 1 : Number.parseInt(billions[1], 10));
    // Experts share what is no expert: 8x7B has 46.7, 8x22B 140.6.
    expect(model.parameters / named).toBeGreaterThan(0.75);
    expect(model.parameters / named).toBeLessThan(1.05);
    const weights = weightsOf(model);
    expect(weights.BF16 / weights.FP8).toBeCloseTo(2, 6);
    expect(weights.FP4 / weights.FP8).toBeCloseTo(0.5625, 6);
    expect(cachePerTokenOf(model).BF16 / cachePerTokenOf(model).FP8).toBeCloseTo(2, 6);
  });

  it('degrees divide the heads', () => {
    expect(tpDegreesOfHeads(modelById('llama-3.1-70b'))).toEqual([1, 2, 4, 8]);
    // 48 heads could be cut in 3 or 6, their 8 KV heads cannot.
    expect(tpDegreesOfHeads(modelById('mixtral-8x22b'))).toEqual([1, 2, 4, 8]);
    expect(tpDegreesOfHeads({ ...modelById('llama-3.1-8b'), heads: 12, kvHeads: 6 })).toEqual([1, 2, 3, 6]);
  });
});

describe('profiles of the catalogue', () => {
  it.each([
    ['trtllm-70b-fp8-2xh100', [6.86e-5, 7.1e-5, 6.84e-8]],
    ['trtllm-8b-fp8-1xh100', [1.43e-5, 1.47e-5, 2.55e-8]],
  ])('%s has the fit found independently, to three digits', (id, fit) => {
    const times = serviceTimesOf(profileById(id));
    const found = [times.secondsPerInputToken, times.secondsPerOutputToken, times.secondsPerContextToken];
    expect(found.map((value) => Number(value.toPrecision(3)))).toEqual(fit);
  });

  it.each(catalogueProfiles)('$id: fits in memory, is allowed by the heads, and reproduces its table', (profile) => {
    const model = modelById(profile.model);
    const gpu = gpuById(profile.gpu);
    expect(profile.source).toMatch(/^https:/);
    expect(profile.date).toMatch(/^20\d\d-\d\d/);
    expect(gpu.compute[profile.precision]).toBeGreaterThan(0);
    expect(tpDegreesOfHeads(model)).toContain(profile.tpDegree);
    const gpus = profile.tpDegree * profile.pipelineDegree;
    expect(weightsOf(model)[profile.precision] / gpus).toBeLessThan(gpu.memory);
    const times = serviceTimesOf(profile);
    const errors = profile.throughput.map(({ inputTokens, outputTokens, tokensPerSecond }) =>
      Math.abs(secondsOfShape(times, inputTokens, outputTokens) / (outputTokens / tokensPerSecond) - 1),
    );
    expect(errors.length).toBeGreaterThanOrEqual(7);
    expect(Math.max(...errors)).toBeLessThan(0.25);
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.1);
    // Prefill cannot beat the arithmetic: 2 operations per active parameter and token (an eighth at most is active of
    // the mixtures here).
    const active = /mixtral|qwen/.test(model.id) ? model.parameters / 11 : model.parameters;
    const { [profile.precision]: compute = Number.NaN } = gpu.compute;
    const leastSeconds = (2 * active * 1e9) / (gpus * compute * 1e12);
    expect(times.secondsPerInputToken).toBeGreaterThan(leastSeconds);
    const latency = estimatedLatency(profile);
    expect(latency.perOutputToken).toBeGreaterThan(15);
    expect(latency.perOutputToken).toBeLessThan(250);
  });

  it('have ids of their own, and a member for every model', () => {
    expect(new Set(catalogueProfiles.map(({ id }) => id)).size).toBe(catalogueProfiles.length);
    expect(new Set(catalogueProfiles.map(({ model }) => model))).toEqual(new Set(catalogueModels.map(({ id }) => id)));
  });
});
