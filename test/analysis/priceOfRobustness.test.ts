import { describe, expect, it } from 'vitest';
import { priceOfRobustness } from '../../src/analysis/priceOfRobustness.ts';
import { stressPlan } from '../../src/analysis/stress.ts';
import { buildPublished } from '../../src/model/formulations/published.ts';
import type { Plan } from '../../src/model/instance.ts';
import { presets } from '../../src/model/options.ts';
import { robustnessRows, robustnessTable } from '../../src/report/robustnessReport.ts';
import { tinyInstance, tinyPlan } from '../model/tinyInstance.ts';
import { solveWithHighs } from '../oracle/highs.ts';

const gammas = [0, 0.25, 0.5, 1, 2, 5];

describe('priceOfRobustness', () => {
  it('never falls with Gamma, costs nothing at Gamma 0, and is flat beyond what can matter', () => {
    const points = priceOfRobustness(tinyInstance(), { gammas, draws: 10 });
    expect(points.map(({ gamma }) => gamma)).toEqual([null, ...gammas]);
    const prices = points.map(({ price }) => price!);
    expect(prices[0]).toBe(0);
    expect(prices[1]).toBeCloseTo(0, 9);
    for (let t = 1; t < prices.length; t++) expect(prices[t]).toBeGreaterThanOrEqual(prices[t - 1] - 1e-9);
    // Two query types, single placement: the joint delay cost has two entries, the limits one each.
    expect(prices.at(-1)).toBeCloseTo(prices.at(-2)!, 9);
    expect(prices.at(-1)).toBeGreaterThan(0.001);
  });

  it('agrees with HiGHS on the published program', async () => {
    const [deterministic, robust] = priceOfRobustness(tinyInstance(), { preset: 'corrected', gammas: [1], draws: 10 });
    const nominal = await solveWithHighs(
      buildPublished(tinyInstance(), { ...presets.corrected, uncertainty: 'none' }).program,
    );
    const guarded = await solveWithHighs(buildPublished(tinyInstance(), presets.corrected).program);
    expect(deterministic!.result.cost!.total).toBeCloseTo(nominal.objective, 6);
    expect(robust!.price).toBeCloseTo((guarded.objective - nominal.objective) / nominal.objective, 6);
  });

  it('has no price and no stress where there is no plan', () => {
    const instance = tinyInstance();
    instance.budget = 1;
    const points = priceOfRobustness(instance, { gammas: [1], draws: 10 });
    expect(points.map(({ result, price, stress }) => [result.status, price, stress])).toEqual([
      ['infeasible', null, []],
      ['infeasible', null, []],
    ]);
    expect(robustnessTable(points)).toMatch(/deterministic +infeasible +- +- +-/);
    expect(robustnessRows(points)).toEqual(
      ['deterministic', 1].map((gamma) => ({
        gamma,
        status: 'infeasible',
        total_cost: null,
        price_of_robustness: null,
        C3_robust_delay: null,
        distribution: null,
      })),
    );
  });

  it('guards against every draw within the deviations once Gamma covers them', () => {
    const points = priceOfRobustness(tinyInstance(), {
      gammas: [2],
      draws: 500,
      distributions: ['uniform', 'two-point'],
    });
    expect(points.at(-1)!.stress.map(({ anyViolation }) => anyViolation.rate)).toEqual([0, 0]);
  });
});

it('plans that use the same entries meet the same draws, whatever else they use and in whatever order', () => {
  const instance = tinyInstance();
  instance.queryTypes[0].delayThreshold = 225; // 100 tokens * 0.9 * (2 + xi) ms: broken for xi > 1/2
  const reversed: Plan = { ...tinyPlan(), routing: tinyPlan().routing.toReversed() };
  const without: Plan = { ...tinyPlan(), routing: tinyPlan().routing.slice(0, 1) };
  const [all, turned, alone] = [tinyPlan(), reversed, without].map(
    (plan) => stressPlan(instance, presets.corrected, plan, { draws: 300 }).byQueryType[0].delay.rate,
  );
  expect(all).toBeGreaterThan(0.3);
  expect(turned).toBe(all);
  expect(alone).toBe(all);
});
