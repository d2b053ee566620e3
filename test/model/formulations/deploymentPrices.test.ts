/** Prices of deployments before the root of the tree over rented sets: bounds against HiGHS with each one rented. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { deploymentPrices, ruledOut } from '../../../src/model/formulations/deploymentPrices.ts';
import { strengthenedInSteps } from '../../../src/model/formulations/strengthened.ts';
import { withoutPlacements } from '../../../src/model/formulations/withoutPlacements.ts';
import { LpBeforeRoot } from '../../../src/planner/relaxations/lpBeforeRoot.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { isAtLeast, optimumOf } from '../../oracle/optimum.ts';

const size = { queryTypes: 4, models: 2, tiers: 3 };
const split = arbitraryOptions({ placement: 'split', maxReplicas: 1 });

it.each([0, 3])(
  'bounds every plan, and every plan that rents a deployment, with scenario rows up to Gamma %i',
  async (scenariosUpTo) => {
    let ruled = 0;
    let priced = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryInstance(size), split, fc.nat(3), async (instance, options, first) => {
        const problem = compileProblem(instance, options);
        const formulation = drain(strengthenedInSteps(problem, { scenariosUpTo }));
        const lp = new LpBeforeRoot(formulation, withoutPlacements(formulation));
        if (!drain(lp.solve())) return;
        const prices = deploymentPrices(formulation, lp.program, lp.rows, lp.duals!);
        // Worst cases by duals throughout: the program alone is then the whole problem.
        const whole = drain(strengthenedInSteps(problem, { robust: 'dual' }));
        const optimum = await optimumOf(whole);
        expect(isAtLeast(optimum, prices.bound)).toBe(true);
        if (optimum === Infinity) return;
        const out = new Set(ruledOut(prices, optimum));
        ruled += out.size;
        for (const [d, column] of whole.columns.w.entries()) {
          if (column < 0 || d % 4 !== first) continue;
          const columnLower = whole.program.columnLower.slice();
          columnLower[column] = 1;
          const withIt = await optimumOf({ program: { ...whole.program, columnLower } });
          expect(isAtLeast(withIt, prices.leastWith[d])).toBe(true);
          expect(out.has(d) && !isAtLeast(withIt, optimum)).toBe(false);
          priced += 1;
        }
      }),
      { numRuns: draws(10), seed: 10 },
    );
    expect(priced).toBeGreaterThan(draws(5));
    expect(ruled).toBeGreaterThan(draws(5));
  },
);
