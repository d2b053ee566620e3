/**
 * First plans: feasible by the verifier, each cheaper than the one before, near known optima, and there where only
 * prices keep the budget.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constructPlans, planCost } from '../../src/heuristics/index.ts';
import { Inserter } from '../../src/heuristics/insertion.ts';
import { PlacementState } from '../../src/heuristics/placementState.ts';
import { drain } from '../../src/lp/steps.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../src/model/compiled/indexedPlan.ts';
import type { Instance } from '../../src/model/instance.ts';
import { presets } from '../../src/model/options.ts';
import { reduceProblem } from '../../src/model/reductions/reduceProblem.ts';
import { referenceInstance, withUnmetCapPerRate } from '../oracle/testInstances.ts';
import { anyInstance, anyOptions, drawInstance } from './randomInstance.ts';

const scaled = (instance: Instance, price: number, budget: number): Instance => ({
  ...instance,
  budget: instance.budget! * budget,
  tiers: instance.tiers.map((tier) => ({ ...tier, price: tier.price * price })),
});

describe('plans of construction', () => {
  it('pass the verifier, each cheaper than the one before, under all options', () => {
    let found = 0;
    fc.assert(
      fc.property(anyInstance(), anyOptions(['single', 'split']), (instance, options) => {
        const problem = compileProblem(instance, options);
        let previous = Infinity;
        for (const plan of constructPlans(problem)) {
          found++;
          expect(checkPlan(instance, options, toPlan(problem, plan)).violations).toEqual([]);
          expect(planCost(problem, plan)).toBeLessThan(previous);
          previous = planCost(problem, plan);
        }
      }),
      { numRuns: 300, seed: 8 },
    );
    expect(found).toBeGreaterThan(200);
  });

  // Optima: HiGHS on the published program.
  it.each([
    ['a budget of 30 % at 40 % of the prices', 0.4, 0.3, 306.0046004],
    ['a budget of 30 % at half the prices', 0.5, 0.3, 497.0757707],
  ])('keep a budget that the cheapest insertions break: %s', (_, price, budget, optimum) => {
    const instance = scaled(withUnmetCapPerRate(referenceInstance(), 0.01), price, budget);
    const problem = compileProblem(instance, presets.reference);
    const costs = [...constructPlans(problem)].map((plan) => {
      expect(checkPlan(instance, presets.reference, toPlan(problem, plan)).ok).toBe(true);
      return planCost(problem, plan);
    });
    expect(costs.at(-1)).toBeLessThan(1.05 * optimum);
  });

  it('come up quickly, if dearer, once time is up', () => {
    let stopped = 0;
    let found = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const instance = drawInstance(seed, 12, 4, 5);
      const problem = compileProblem(instance, presets.recommended);
      const [best] = constructPlans(problem);
      if (best === undefined) continue;
      stopped++;
      const [hurried] = constructPlans(problem, { shouldStop: () => true });
      if (hurried === undefined) continue;
      found++;
      expect(checkPlan(instance, presets.recommended, toPlan(problem, hurried)).violations).toEqual([]);
    }
    expect(stopped).toBeGreaterThan(10);
    expect(found).toBeGreaterThan(0.7 * stopped);
  });

  it('are about as good without the reductions', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const problem = compileProblem(drawInstance(seed, 6, 3, 4), presets.corrected);
      const best = (of: typeof problem) => Math.min(...[...constructPlans(of)].map((plan) => planCost(of, plan)));
      expect(best(problem)).toBeLessThanOrEqual(1.1 * best(reduceProblem(problem).problem));
    }
  });

  it('are the same for the same seed', () => {
    const instance = scaled(withUnmetCapPerRate(referenceInstance(), 0.01), 0.4, 0.3);
    const problem = compileProblem(instance, presets.reference);
    expect([...constructPlans(problem, { seed: 3 })]).toEqual([...constructPlans(problem, { seed: 3 })]);
  });

  it('end after the first when told to stop', () => {
    const instance = scaled(withUnmetCapPerRate(referenceInstance(), 0.01), 0.4, 0.3);
    const problem = compileProblem(instance, presets.reference);
    let plans = 0;
    for (const _ of constructPlans(problem, { shouldStop: () => plans > 0 })) plans++;
    expect(plans).toBe(1);
  });
});

describe('a group for a pair', () => {
  it('is the same whatever it must beat, and none if it cannot', () => {
    let beaten = 0;
    fc.assert(
      fc.property(
        anyInstance(),
        anyOptions(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (instance, options, share) => {
          const problem = compileProblem(instance, options);
          if (problem.switchingAdded > 0 || problem.switchingRemoved > 0) return;
          const state = new PlacementState(problem);
          state.clear();
          const inserter = new Inserter(state);
          drain(inserter.prepare());
          const pool = [...state.pairOf.keys()];
          const worth = Float64Array.from(pool, (i) => Math.min(inserter.aloneCost[i], state.unplacedCost[i]));
          for (let pair = 0; pair < problem.numPairs; pair++) {
            if (problem.deploymentsOfPair[pair].length === 0) continue;
            const group: number[] = [];
            const saving = inserter.attract(pair, pool, worth, group);
            const pruned: number[] = [];
            const atLeast = share * 2 * saving;
            const found = inserter.attract(pair, pool, worth, pruned, false, null, atLeast);
            const beats = saving > atLeast;
            if (beats) beaten++;
            expect(beats ? [saving] : [saving, 0]).toContain(found);
            expect(beats ? pruned : group).toEqual(group);
          }
        },
      ),
      { numRuns: 150, seed: 9 },
    );
    expect(beaten).toBeGreaterThan(20);
  });
});
