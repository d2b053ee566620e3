/**
 * Where Gamma matters (issue of specification 5): under split placement cost is non-decreasing in Gamma and constant
 * once Gamma reaches the number of used pairs (per query type; over all for `joint`); under single placement Gamma >= 1
 * is inert (`joint`: Gamma_d >= I).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { PublishedInstance } from '../../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../../src/model/options.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../../arbitrary/instances.ts';
import { solveWithHighs } from '../../oracle/highs.ts';
import { isAtLeast, optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';
import { referenceInstance, withGamma } from '../../oracle/testInstances.ts';

const sizes = { queryTypes: 3, models: 2, tiers: 2 };

function costAt(instance: PublishedInstance, options: PlanningOptions, delay: number, error = delay): Promise<number> {
  return optimumOf(buildStrengthened(compileProblem(withGamma(instance, delay, error), options)));
}

/** Optimum and the entries that can deviate in its plan: the most pairs of one query type, and all together. */
async function usedPairs(instance: PublishedInstance, options: PlanningOptions, gamma: number) {
  const formulation = buildStrengthened(compileProblem(withGamma(instance, gamma, gamma), options));
  const solution = await solveWithHighs(formulation.program);
  if (solution.status !== 'optimal') return { cost: Infinity, mostOfOne: 0, total: 0 };
  const { routing } = formulation.decode(solution.point);
  const counts = instance.queryTypes.map((_, i) => routing.filter((route) => route.queryType === i).length);
  return { cost: solution.objective, mostOfOne: Math.max(0, ...counts), total: routing.length };
}

describe('split placement', () => {
  it('cost is non-decreasing in Gamma', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryInstanceUpTo(sizes),
        arbitraryOptions({ placement: 'split' }),
        fc.tuple(fc.constantFrom(0, 0.3, 0.7, 1), fc.constantFrom(1, 1.5, 2, 3)),
        async (instance, options, [smaller, larger]) => {
          expect(isAtLeast(await costAt(instance, options, larger), await costAt(instance, options, smaller))).toBe(
            true,
          );
        },
      ),
      { numRuns: draws(80), seed: 31 },
    );
  });

  it('cost is constant once Gamma reaches the number of used pairs of the plan that is best there', async () => {
    let feasible = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryInstanceUpTo(sizes),
        arbitraryOptions({ placement: 'split' }),
        fc.integer({ min: 1, max: 4 }),
        async (instance, options, gamma) => {
          const { cost, mostOfOne, total } = await usedPairs(instance, options, gamma);
          fc.pre(cost < Infinity && gamma >= (options.delayCostBudget === 'joint' ? total : mostOfOne));
          feasible += 1;
          expect(relativeDifference(await costAt(instance, options, gamma + 10), cost)).toBeLessThan(optimumTolerance);
        },
      ),
      { numRuns: draws(60), seed: 32 },
    );
    expect(feasible).toBe(draws(60));
  });

  it('Gamma raises the cost of the reference instance until it no longer can', async () => {
    const options: PlanningOptions = {
      ...presets.reference,
      placement: 'split',
      delayRule: 'per-deployment',
      rentalInBudget: 'once',
    };
    // LP bounds: their optima take HiGHS minutes; the pattern in Gamma is the same, the LP being a robust problem
    // itself.
    const bounds: number[] = [];
    for (const gamma of [0, 1, 2, 5, 50, 60]) {
      const problem = compileProblem(withGamma(referenceInstance(), gamma, gamma), options);
      bounds.push(await optimumOf(buildStrengthened(problem), true));
    }
    for (let t = 1; t < bounds.length; t++) expect(bounds[t]).toBeGreaterThanOrEqual(bounds[t - 1] - 1e-6);
    expect(bounds[2] - bounds[1]).toBeGreaterThan(1);
    expect(Math.abs(bounds[5] - bounds[4])).toBeLessThan(1e-6);
  });
});

describe('single placement', () => {
  it('Gamma >= 1 is inert, and for the joint delay cost Gamma_d >= I', async () => {
    let feasible = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryInstanceUpTo(sizes),
        arbitraryOptions({ placement: 'single' }),
        async (instance, options) => {
          const least = options.delayCostBudget === 'joint' ? instance.queryTypes.length : 1;
          const cost = await costAt(instance, options, least, 1);
          if (cost < Infinity) feasible += 1;
          expect(relativeDifference(await costAt(instance, options, least + 0.5, 1.5), cost)).toBeLessThan(
            optimumTolerance,
          );
          expect(relativeDifference(await costAt(instance, options, 50, 50), cost)).toBeLessThan(optimumTolerance);
        },
      ),
      { numRuns: draws(80), seed: 33 },
    );
    expect(feasible).toBeGreaterThan(draws(20));
  });

  it('the joint delay cost of the reference instance rises with Gamma_d up to I', async () => {
    const costs: number[] = [];
    for (const gamma of [0, 1, 3, 6, 7]) costs.push(await costAt(referenceInstance(), presets.corrected, gamma, 50));
    expect(costs[1]).toBeGreaterThan(costs[0] + 0.1);
    expect(costs[2]).toBeGreaterThan(costs[1] + 0.1);
    expect(costs[3]).toBeGreaterThan(costs[2] + 0.1);
    expect(relativeDifference(costs[4], costs[3])).toBeLessThan(1e-9);
  });
});
