import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateReference } from '../../src/generator/generateReference.ts';
import { delayReliefClass, errorReliefClass } from '../../src/generator/relief.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';

const published: PublishedInstance = JSON.parse(
  readFileSync(new URL('../data/instances/reference-seed42.json', import.meta.url), 'utf8'),
);

describe('generateReference', () => {
  it('draws the published instance to the last bit', () => {
    expect(generateReference()).toStrictEqual(published);
  });

  it('draws another instance from another seed', () => {
    expect(generateReference({ seed: 43 }).queryTypes[0].computePerToken).not.toBe(
      published.queryTypes[0].computePerToken,
    );
  });

  it('changes only the caps with unmetCapPerRate', () => {
    const scaled = generateReference({ unmetCapPerRate: 0.01 });
    // Arrival rates 118, 88, 114, 47, 40, 16 of the published instance, times 0.01, at most 1.
    expect(scaled.queryTypes.map((query) => query.unmetCap)).toEqual([1, 0.88, 1, 0.47000000000000003, 0.4, 0.16]);
    expect({ ...scaled, queryTypes: [] }).toStrictEqual({ ...published, queryTypes: [] });
  });

  it('draws relief after everything else, in the range of its class', () => {
    const { delay, error, ...rest } = generateReference({ relief: true });
    const { relief: delayRelief, ...delayArrays } = delay;
    const { relief: errorRelief, ...errorArrays } = error;
    expect({ ...rest, delay: delayArrays, error: errorArrays }).toStrictEqual(published);
    const classOf = (value: number) => (value - 0.2) / 0.2;
    // Llama-3.2-1B (low) on A6000_FP16 (40.7 TFLOPs, low): margin 0, medium delay relief; the last tier (1483.5) is
    // luxury.
    expect(Math.floor(classOf(delayRelief![0][0]))).toBe(1);
    expect(Math.floor(classOf(delayRelief![0][9]))).toBe(3);
    // Llama-3.1-70B (high) on A6000_FP16: margin -2, low; precision level 0 + 1, error score (4 + 1) / 3 = 1.67, high.
    expect(Math.floor(classOf(delayRelief![3][0]))).toBe(0);
    expect(Math.floor(classOf(errorRelief![3][0]))).toBe(2);
    for (const value of [...delayRelief!, ...errorRelief!].flat()) {
      expect(classOf(value) - Math.floor(classOf(value))).toBeLessThanOrEqual(0.25);
    }
  });

  it('classifies relief by power, complexity and precision', () => {
    expect(delayReliefClass('low', 149)).toBe('medium');
    expect(delayReliefClass('low', 150)).toBe('high');
    expect(delayReliefClass('low', 400)).toBe('luxury');
    expect(delayReliefClass('luxury', 900)).toBe('medium');
    expect(errorReliefClass('low', 100, 'INT4')).toBe('low');
    expect(errorReliefClass('medium', 900, 'FP16')).toBe('high');
    expect(errorReliefClass('luxury', 900, 'INT8')).toBe('luxury');
    expect(errorReliefClass('high', 100, 'INT4')).toBe('medium');
  });

  it('has the article set: other penalties, limits, budget and Gamma, the same stream', () => {
    const article = generateReference({ parameterSet: 'article' });
    expect(article.budget).toBe(5000);
    expect(article.uncertaintyBudget).toEqual({ delay: 10, error: 10 });
    expect(article.queryTypes.map((query) => query.delayThreshold)).toEqual([1000, 1500, 800, 2000, 4000, 5000]);
    expect(article.queryTypes.map((query) => query.errorThreshold)).toEqual([0.08, 0.1, 0.08, 0.1, 0.15, 0.25]);
    article.queryTypes.forEach((query, i) => {
      expect(query.unmetPenalty).toBeCloseTo(10 * published.queryTypes[i].unmetPenalty, 10);
    });
    const shift = (i: number) => article.queryTypes[i].delayPenalty - published.queryTypes[i].delayPenalty;
    expect(shift(3)).toBe(0);
    expect(shift(4)).toBeCloseTo(0.005, 12);
    expect(article.queryTypes[5].delayPenalty).toBeGreaterThanOrEqual(0.04);
    expect(article.delay).toStrictEqual(published.delay);
  });

  it('refuses caps outside [0, 1] and two rules at once', () => {
    expect(() => generateReference({ unmetCap: 1.5 })).toThrow(/unmetCap: found 1.5, expected/);
    expect(() => generateReference({ unmetCap: 0.5, unmetCapPerRate: 0.1 })).toThrow(/nothing beside unmetCapPerRate/);
  });
});
