/**
 * The published and the strengthened program against enumeration of rentals, placements and scenarios on tiny
 * instances.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { bruteForceOptimum } from '../../oracle/bruteForce.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const sizes = [
  { queryTypes: 3, models: 1, tiers: 1 },
  { queryTypes: 2, models: 2, tiers: 1 },
  { queryTypes: 3, models: 1, tiers: 2 },
  { queryTypes: 1, models: 3, tiers: 1 },
];

describe('the optimum by enumeration', () => {
  for (const placement of ['single', 'split'] as const) {
    it(`${placement} placement, every other option`, async () => {
      let feasible = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(...sizes.map(arbitraryInstance)),
          arbitraryOptions({ placement }),
          async (instance, options) => {
            const optimum = await bruteForceOptimum(instance, options);
            const strengthened = await optimumOf(buildStrengthened(compileProblem(instance, options)));
            const published = await optimumOf(buildPublished(instance, options));
            expect(relativeDifference(strengthened, optimum)).toBeLessThan(optimumTolerance);
            expect(relativeDifference(published, optimum)).toBeLessThan(optimumTolerance);
            if (optimum < Infinity) feasible += 1;
          },
        ),
        { numRuns: draws(120), seed: 11 },
      );
      expect(feasible).toBeGreaterThan(draws(40));
    });
  }
});
