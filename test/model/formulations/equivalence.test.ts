/**
 * On random small instances under every option: published, strengthened with duals, projected and adversarial agree in
 * their optimum, decoded plans pass the verifier at that cost, and the strengthened LP bound is at least the published
 * one.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../../arbitrary/instances.ts';
import { compareFormulations } from '../../oracle/agreement.ts';

describe('formulations agree on random instances', () => {
  for (const placement of ['single', 'split'] as const) {
    it(`${placement} placement, every other option`, async () => {
      let feasible = 0;
      let infeasible = 0;
      await fc.assert(
        fc.asyncProperty(
          arbitraryInstanceUpTo({ queryTypes: 3, models: 2, tiers: 2 }),
          arbitraryOptions({ placement }),
          async (instance, options) => {
            const { optimum, faults } = await compareFormulations(instance, options);
            expect(faults).toEqual([]);
            if (optimum < Infinity) feasible += 1;
            else infeasible += 1;
          },
        ),
        { numRuns: draws(150), seed: 4 },
      );
      // The instances are worth something only if many are feasible and some are not.
      expect(feasible).toBeGreaterThan(draws(40));
      expect(infeasible).toBeGreaterThan(draws(20));
    });
  }
});
