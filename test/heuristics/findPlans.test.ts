/**
 * Plans found without proof: feasible by the verifier for every option, at their stated cost, near or at known optima.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPlans, improvePlan, planCost, roundPoint } from '../../src/heuristics/index.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../src/model/compiled/indexedPlan.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../src/model/options.ts';
import { draws } from '../arbitrary/draws.ts';
import { anyInstance, anyOptions, drawInstance } from './randomInstance.ts';

const load = (name: string): PublishedInstance =>
  JSON.parse(readFileSync(new URL(`../data/instances/${name}.json`, import.meta.url), 'utf8'));
const reference = load('reference-seed42');
const cappedByRate: PublishedInstance = {
  ...reference,
  queryTypes: reference.queryTypes.map((query) => ({ ...query, unmetCap: Math.min(1, 0.01 * query.arrivalRate) })),
};
const separable: PlanningOptions = {
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
};

describe('findPlans on instances whose optimum is known', () => {
  it.each([
    ['corrected', reference, presets.corrected, 633.4639515],
    ['corrected, caps by rate', cappedByRate, presets.corrected, 612.671574],
    ['paper', reference, presets.paper, 634.537222],
    ['reference', reference, presets.reference, 553.4433449],
    ['reference, caps by rate', cappedByRate, presets.reference, 494.9981076],
  ])('finds the optimum: %s', (_, instance, options, optimum) => {
    const problem = compileProblem(instance, options);
    const plans = findPlans(problem);
    expect(checkPlan(instance, options, toPlan(problem, plans[0])).ok).toBe(true);
    expect(planCost(problem, plans[0])).toBeCloseTo(optimum, 4);
  });

  it.each([
    ['family-12x6x10', 774.673617],
    ['family-24x10x20', 1395.114],
  ])('is within 1 %% of %s', (name, optimum) => {
    const instance = load(name);
    const problem = compileProblem(instance, separable);
    const plans = findPlans(problem, { effort: 4 });
    expect(checkPlan(instance, separable, toPlan(problem, plans[0])).ok).toBe(true);
    const cost = planCost(problem, plans[0]);
    expect(cost).toBeGreaterThan(optimum - 1e-3);
    expect(cost).toBeLessThan(1.01 * optimum);
  });
});

describe('every plan found', () => {
  it('passes the verifier at the stated cost, under all options', () => {
    let found = 0;
    fc.assert(
      fc.property(anyInstance(), anyOptions(['single', 'split']), (instance, options) => {
        const problem = compileProblem(instance, options);
        let previous = -Infinity;
        for (const plan of findPlans(problem, { effort: 0.25 })) {
          found++;
          const verdict = checkPlan(instance, options, toPlan(problem, plan));
          expect(verdict.violations).toEqual([]);
          const cost = planCost(problem, plan);
          expect(Math.abs(cost - verdict.cost.total)).toBeLessThan(1e-7 * Math.max(1, Math.abs(cost)));
          expect(cost).toBeGreaterThanOrEqual(previous);
          previous = cost;
        }
      }),
      { numRuns: draws(400), seed: 5 },
    );
    expect(found).toBeGreaterThan(draws(200));
  });

  it('is the same for the same seed', () => {
    const problem = compileProblem(drawInstance(11, 5, 3, 3), presets.corrected);
    const plans = findPlans(problem, { effort: 2, seed: 3 });
    expect(plans.length).toBeGreaterThan(0);
    expect(findPlans(problem, { effort: 2, seed: 3 })).toEqual(plans);
  });
});

describe('improvePlan', () => {
  it('never makes a plan dearer and keeps it feasible', () => {
    fc.assert(
      fc.property(anyInstance(), anyOptions(), (instance, options) => {
        const problem = compileProblem(instance, options);
        for (const plan of findPlans(problem, { effort: 0 })) {
          const better = improvePlan(problem, plan, { effort: 0.2 });
          expect(planCost(problem, better)).toBeLessThanOrEqual(planCost(problem, plan));
          expect(checkPlan(instance, options, toPlan(problem, better)).violations).toEqual([]);
        }
      }),
      { numRuns: draws(150), seed: 6 },
    );
  });

  it('leaves a poor start behind', () => {
    const problem = compileProblem(reference, presets.corrected);
    const [best] = findPlans(problem);
    const wasteful = {
      deployments: best!.deployments,
      routing: best!.routing.map((route) => ({ ...route, fraction: 0.99 * route.fraction })),
    };
    expect(planCost(problem, wasteful)).toBeGreaterThan(planCost(problem, best!) + 1);
    expect(planCost(problem, improvePlan(problem, wasteful, { effort: 0 }))).toBeCloseTo(planCost(problem, best!), 6);
  });
});

describe('roundPoint', () => {
  it('returns to the plan whose placement it is given', () => {
    const problem = compileProblem(reference, presets.corrected);
    const [best] = findPlans(problem);
    const weight = (i: number, d: number) =>
      best!.routing.some((route) => route.queryType === i && route.deployment === d) ? 0.6 : 0.4 / 200;
    const rounded = roundPoint(problem, weight);
    expect(planCost(problem, rounded!)).toBeCloseTo(planCost(problem, best!), 6);
  });

  it('gives a feasible plan or null for any point', () => {
    let plans = 0;
    fc.assert(
      fc.property(anyInstance(), anyOptions(), fc.integer({ min: 1, max: 1000 }), (instance, options, salt) => {
        const problem = compileProblem(instance, options);
        const weight = (i: number, d: number) => ((i * 7919 + d * 104729) % (salt + 7)) / (salt + 7);
        const plan = roundPoint(problem, weight, { openness: (d) => weight(0, d) });
        if (plan === null) return;
        plans++;
        expect(checkPlan(instance, options, toPlan(problem, plan)).violations).toEqual([]);
      }),
      { numRuns: draws(150), seed: 7 },
    );
    expect(plans).toBeGreaterThan(draws(50));
  });
});
