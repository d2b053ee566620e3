/**
 * The strengthened program against the dynamic program over subsets of query types, on instances larger than
 * enumeration can take.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { PublishedInstance } from '../../../src/model/instance.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { cheapestFractions } from '../../oracle/boxKnapsack.ts';
import { isAtLeast, optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';
import { subsetOptimum } from '../../oracle/subsetDynamicProgram.ts';

const sizes = [
  { queryTypes: 5, models: 3, tiers: 3 },
  { queryTypes: 4, models: 2, tiers: 5 },
  { queryTypes: 6, models: 2, tiers: 2 },
];

/** A joint Gamma_d below I couples the query types; I and more does not. */
function withSeparableDelayCost(instance: PublishedInstance): PublishedInstance {
  const delay = Math.max(instance.uncertaintyBudget.delay, instance.queryTypes.length);
  return { ...instance, uncertaintyBudget: { ...instance.uncertaintyBudget, delay } };
}

for (const delayCostBudget of ['per-query', 'joint'] as const) {
  it(`agrees with the dynamic program over subsets, ${delayCostBudget} delay cost budget`, async () => {
    let exact = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(...sizes.map(arbitraryInstance)),
        arbitraryOptions({ placement: 'single', delayCostBudget }),
        async (drawn, options) => {
          const instance = delayCostBudget === 'joint' ? withSeparableDelayCost(drawn) : drawn;
          const { cost, isExact } = subsetOptimum(instance, options);
          const optimum = await optimumOf(buildStrengthened(compileProblem(instance, options)));
          expect(isAtLeast(optimum, cost)).toBe(true);
          expect(isExact ? relativeDifference(optimum, cost) : 0).toBeLessThan(optimumTolerance);
          if (isExact && cost < Infinity) exact += 1;
        },
      ),
      { numRuns: draws(75), seed: 5 },
    );
    expect(exact).toBeGreaterThan(draws(6));
  });
}

it('lets a query type be served whose largest fraction is the least one but for rounding', () => {
  const item = { cost: -1, lower: 0.9, upper: 0.8999999999999999, use: [0.5, 0] } as const;
  expect(cheapestFractions([item], [1, 1])).not.toBeNull();
  expect(cheapestFractions([{ ...item, upper: 0.8999 }], [1, 1])).toBeNull();
});
