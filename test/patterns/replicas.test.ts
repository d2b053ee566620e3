/**
 * Fleets with several replicas by the pattern relaxation alone, against HiGHS on the strengthened program: every
 * optional field on and off, limits on replicas from one to none.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { supportsPatterns } from '../../src/patterns/supportsPatterns.ts';
import { draws } from '../arbitrary/draws.ts';
import { arbitraryFleet } from '../arbitrary/fleets.ts';
import { arbitraryInstance, arbitraryOptions } from '../arbitrary/instances.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../oracle/optimum.ts';
import { solveByPatterns } from './solveByPatterns.ts';

const replicas = fc.constantFrom<PlanningOptions['maxReplicas']>(1, 2, 3, 4, 6, 'none');

/** What is wrong with the pattern solve; whether its plan has a deployment of several replicas. */
async function solveAndCompare(instance: Instance, options: PlanningOptions, cuts: boolean) {
  const problem = compileProblem(instance, options);
  if (!supportsPatterns(problem).supported) return { faults: [], isFleet: false };
  const optimum = await optimumOf(buildStrengthened(problem));
  const { result, refused } = solveByPatterns(instance, options, { cuts });
  const faults: string[] = [];
  if (refused > 0) faults.push(`${refused} plans refused by the verifier`);
  const expected = optimum === Infinity ? 'infeasible' : 'optimal';
  if (result.status !== expected) faults.push(`status ${result.status}, not ${expected}`);
  const cost = result.cost ?? Infinity;
  if (!(relativeDifference(cost, optimum) < optimumTolerance)) faults.push(`cost ${cost}, not ${optimum}`);
  return { faults, isFleet: result.solution?.deployments.some((rented) => rented.replicas > 1) === true };
}

describe('patterns with replicas', () => {
  it('agree with HiGHS on fleets, every field on and off', async () => {
    let fleets = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(arbitraryFleet(3, 2, 1), arbitraryFleet(4, 2, 2), arbitraryFleet(5, 2, 2)),
        arbitraryOptions({ placement: 'single', delayRule: 'per-deployment', uncertainty: 'budgeted' }),
        replicas,
        fc.boolean(),
        async (instance, options, maxReplicas, cuts) => {
          const { faults, isFleet } = await solveAndCompare(instance, { ...options, maxReplicas }, cuts);
          expect(faults).toEqual([]);
          if (isFleet) fleets++;
        },
      ),
      { numRuns: draws(160), seed: 16 },
    );
    expect(fleets).toBeGreaterThan(draws(10));
  });

  it('agree with HiGHS on instances whose loads are several times those of one replica, under every option', async () => {
    let fleets = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          arbitraryInstance({ queryTypes: 4, models: 2, tiers: 1, globalLimits: false }),
          arbitraryInstance({ queryTypes: 5, models: 2, tiers: 2 }),
        ),
        arbitraryOptions({ placement: 'single' }),
        replicas,
        fc.constantFrom(1, 3, 8),
        fc.boolean(),
        async (instance, options, maxReplicas, load, cuts) => {
          const queryTypes = instance.queryTypes.map((query) => ({
            ...query,
            computePerToken: (query.computePerToken ?? 0) * load,
          }));
          const heavy = { ...instance, queryTypes };
          const { faults, isFleet } = await solveAndCompare(heavy, { ...options, maxReplicas }, cuts);
          expect(faults).toEqual([]);
          if (isFleet) fleets++;
        },
      ),
      { numRuns: draws(120), seed: 17 },
    );
    expect(fleets).toBeGreaterThan(draws(10));
  });
});
