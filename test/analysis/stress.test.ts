import { describe, expect, it } from 'vitest';
import { type DrawDistribution, drawDistributions, stressPlan, wilsonInterval } from '../../src/analysis/stress.ts';
import type { Instance, Plan } from '../../src/model/instance.ts';
import { presets } from '../../src/model/options.ts';

/** One query type of 100 tokens on one deployment of TP degree 2: delay (1 + xi) * 100 / 2 ms, error 0.1 + 0.1 xi. */
function instanceWith(delayThreshold: number, errorThreshold: number): Instance {
  return {
    format: 'rolla-instance/1',
    queryTypes: [
      {
        name: 'chat',
        inputTokens: 60,
        outputTokens: 40,
        arrivalRate: 10,
        computePerToken: 0.1,
        tokenSize: 0.001,
        delayPenalty: 0.01,
        unmetPenalty: 1,
        delayThreshold,
        errorThreshold,
      },
    ],
    models: [{ name: 'small', weightSize: 2, kvCachePerToken: 0.01 }],
    tiers: [{ name: 'gpu', memory: 24, compute: 100, price: 1 }],
    delay: { nominal: [[[1]]], deviation: [[[1]]] },
    error: { nominal: [[[0.1]]], deviation: [[[0.1]]] },
    residency: 0.1,
    uncertaintyBudget: { delay: 1, error: 1 },
    rentalPeriod: 1,
    storagePrice: 0,
  };
}

const plan: Plan = {
  format: 'rolla-plan/1',
  deployments: [{ model: 'small', tier: 'gpu', tpDegree: 2, replicas: 1, gpus: 2 }],
  routing: [{ queryType: 'chat', model: 'small', tier: 'gpu', fraction: 1 }],
  unmet: [{ queryType: 'chat', fraction: 0 }],
};

describe('wilsonInterval', () => {
  it('agrees with the textbook value for 5 of 100', () => {
    // Newcombe (1998), method 3: 5/100 gives 0.0215 to 0.1118.
    const { rate, low, high } = wilsonInterval(5, 100);
    expect(rate).toBe(0.05);
    expect(low).toBeCloseTo(0.0215, 4);
    expect(high).toBeCloseTo(0.1118, 4);
  });
  it('stays within [0, 1] at the ends', () => {
    expect(wilsonInterval(0, 10).low).toBe(0);
    expect(wilsonInterval(10, 10).high).toBe(1);
  });
});

describe('stressPlan', () => {
  it('never breaks a limit set at the worst case, but for draws beyond it', () => {
    const instance = instanceWith(100, 0.2);
    const rateOf = (distribution: DrawDistribution) =>
      stressPlan(instance, presets.corrected, plan, { distribution, draws: 4000 }).anyViolation.rate;
    expect(rateOf('heavy-tail')).toBeGreaterThan(0.05);
    expect(drawDistributions.filter((name) => name !== 'heavy-tail').map(rateOf)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    // P(xi > 1/2): delay limit at (1 + 1/2) * 100 / 2 = 75 ms.
    ['uniform', 0.5],
    ['triangular', 0.25],
    ['two-point', 0.1],
    ['symmetric', 0.25],
    ['heavy-tail', Math.exp(-1.5)],
  ] as const)('estimates the violation probability of %s draws', (distribution, probability) => {
    const report = stressPlan(instanceWith(75, 1), presets.corrected, plan, { distribution, draws: 20_000, seed: 3 });
    // Five standard errors of 20,000 draws.
    expect(Math.abs(report.delayViolation.rate - probability)).toBeLessThan(5 * Math.sqrt(0.25 / 20_000));
    expect(report.errorViolation.rate).toBe(0);
    expect(report.byQueryType[0].delay).toEqual(report.delayViolation);
  });

  it('gives the mean delay cost of the draws', () => {
    // rho * lambda * tokens * (1 + E xi) = 0.01 * 10 * 100 * 1.5
    const { delayCost } = stressPlan(instanceWith(1000, 1), presets.corrected, plan, { draws: 20_000 });
    expect(delayCost.mean).toBeCloseTo(15, 0);
    expect(delayCost.max).toBeLessThanOrEqual(20);
  });

  it('gives the same report for the same seed and another for another', () => {
    const run = (seed: number) => stressPlan(instanceWith(75, 0.15), presets.corrected, plan, { seed });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });
});
