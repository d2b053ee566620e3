/** How many pairs a cheaper plan rents at most: the sum by hand, and against plans and the optimum by HiGHS. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateInstance } from '../../../src/generator/generateInstance.ts';
import { findPlans } from '../../../src/heuristics/index.ts';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import type { IndexedPlan } from '../../../src/model/compiled/indexedPlan.ts';
import { planCost } from '../../../src/model/compiled/indexedPlanCheck.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { mostPairsBelow, pairsWithinGamma } from '../../../src/planner/relaxations/pairCount.ts';
import { resolveOptions, resolveSolve } from '../../../src/planner/resolveSolve.ts';
import { drawn, draws } from '../../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { largestViolation, objectiveAt } from '../../oracle/agreement.ts';
import { solveWithHighs } from '../../oracle/highs.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const size = { queryTypes: 3, models: 3, tiers: 3 };
const split = arbitraryOptions({ placement: 'split', maxReplicas: 1 });
const strategy = { parameters: { 'compact.sets.countedPairs': 0, 'compact.sets.mostAtTheirWorst': 0 } };
const variants = [
  { preset: 'corrected', placement: 'split' },
  { preset: 'reference', placement: 'split', maxReplicas: 1 },
  { preset: 'corrected', placement: 'split', weightStorage: 'per-placement', delayRule: 'per-deployment' },
] as const;
const pairsOf = ({ deployments }: IndexedPlan) => deployments.length;

describe('the most pairs below a cost', () => {
  it('counts the cheapest of each pair, what costs nothing more for free', () => {
    const deploymentsOfPair = [[0, 1], [2], [3], [], [4]];
    // 10 in all; the pairs add 1, 0 (less than nothing), 4, and one that cannot be rented.
    const prices = { bound: 10, leastWith: Float64Array.of(13, 11, 9.5, 14, Infinity) };
    expect(mostPairsBelow({ deploymentsOfPair }, prices, 15)).toBe(3);
    expect(mostPairsBelow({ deploymentsOfPair }, prices, 14.9)).toBe(2);
    expect(mostPairsBelow({ deploymentsOfPair }, prices, 10.9)).toBe(1);
    expect(mostPairsBelow({ deploymentsOfPair }, prices, 9.9)).toBe(0);
  });
});

describe('linear worst cases for few pairs', () => {
  it('hold for every plan of at most so many pairs, at no more than its cost, and exactly within Gamma', () => {
    let few = 0;
    let exact = 0;
    const numbers = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }));
    fc.assert(
      fc.property(arbitraryInstance(size), split, numbers, (drawn, options, [mostPairs, gamma]) => {
        const instance = { ...drawn, uncertaintyBudget: { delay: gamma, error: gamma } };
        const problem = compileProblem(instance, options);
        const formulation = buildStrengthened(problem, { mostPairs, scenariosUpTo: 0 });
        const reaches = gamma >= mostPairs;
        for (const plan of findPlans(problem, { effort: 0.2 })) {
          if (pairsOf(plan) > mostPairs) continue;
          const point = formulation.encode(plan);
          expect(largestViolation(formulation.program, point)).toBeLessThan(1e-6);
          const value = objectiveAt(formulation.program, point);
          expect(value).toBeLessThan(planCost(problem, plan) + 1e-6);
          few += 1;
          if (!reaches) continue;
          expect(relativeDifference(value, planCost(problem, plan))).toBeLessThan(1e-6);
          exact += 1;
        }
      }),
      { numRuns: draws(120), seed: 3 },
    );
    expect(few).toBeGreaterThan(draws(60));
    expect(exact).toBeGreaterThan(draws(15));
  });

  it('are said only where no cheaper plan has more pairs, and then leave the optimum', async () => {
    let said = 0;
    for (const seed of drawn(Array.from({ length: 18 }, (_, at) => at))) {
      const gamma = 4 + (seed % 4);
      const made = generateInstance({ queryTypes: 2, models: 3, tiers: 3, seed, unmetCap: 1 });
      const instance = { ...made, uncertaintyBudget: { delay: gamma, error: gamma } };
      const options = resolveOptions(variants[seed % variants.length]);
      const { settings } = resolveSolve(instance, { ...options, strategy });
      const optimum = await optimumOf(buildPublished(instance, options));
      const result = optimize(instance, { ...options, strategy, gap: 1e-8 });
      expect(result.status).toBe('optimal');
      expect(relativeDifference(result.cost!.total, optimum)).toBeLessThan(optimumTolerance);
      const problem = compileProblem(instance, options);
      let incumbentCost = 1.05 * optimum;
      const offer = (plan: IndexedPlan) => {
        incumbentCost = Math.min(incumbentCost, planCost(problem, plan));
        return { cutoff: incumbentCost, incumbentCost, incumbent: plan };
      };
      const request = { incumbentCost, offer, shouldStop: () => false, depth: 0 };
      const counted = drain(pairsWithinGamma(problem, settings, request));
      if (counted === null) continue;
      const { most } = counted;
      said += 1;
      expect(most).toBeLessThanOrEqual(gamma);
      const { program } = buildPublished(instance, options);
      const indices = [...program.columnNames.keys()].filter((column) => program.columnNames[column].startsWith('w_'));
      const rows = [{ lower: most + 1, upper: Infinity, indices, values: indices.map(() => 1) }];
      const { objective } = await solveWithHighs(program, { rows });
      expect(objective).toBeGreaterThan(incumbentCost * (1 - 1e-6));
    }
    expect(said).toBeGreaterThan(draws(5));
  });
});
