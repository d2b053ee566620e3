import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../src/model/instance.ts';
import type { PlanningOptions } from '../../../src/model/options.ts';
import { profilesTellLatency } from '../../../src/model/serviceTimes.ts';
import { validateInstance } from '../../../src/model/validateInstance.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryFleet } from '../../arbitrary/fleets.ts';
import { arbitraryOptions } from '../../arbitrary/instances.ts';
import { bruteForceOptimum } from '../../oracle/bruteForce.ts';
import { fleetFaults } from '../../oracle/fleetAgreement.ts';
import { optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const replicas = fc.constantFrom<PlanningOptions['maxReplicas']>(1, 2, 3, 'none');

/** Latency takes the place of the rules that stretch limits. */
function fitting(instance: Instance, options: PlanningOptions, maxReplicas: PlanningOptions['maxReplicas']) {
  const delayRule = profilesTellLatency(instance) ? 'per-deployment' : options.delayRule;
  return { ...options, delayRule, maxReplicas };
}

describe('small fleets of every kind', () => {
  it('have one optimum, by both formulations, our search in four ways, and plans that two verifiers accept', async () => {
    let feasible = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryFleet(3, 2, 2), arbitraryOptions(), replicas, async (data, options, most) => {
        const instance = validateInstance(data);
        const { optimum, faults } = await fleetFaults(instance, fitting(instance, options, most));
        expect(faults).toEqual([]);
        if (optimum < Infinity) feasible += 1;
      }),
      { numRuns: draws(50), seed: 1 },
    );
    expect(feasible).toBeGreaterThan(draws(15));
  });

  it('have the optimum that enumeration finds', async () => {
    let feasible = 0;
    const oneAndTwo = fc.oneof(arbitraryFleet(2, 1, 2), arbitraryFleet(2, 2, 1));
    await fc.assert(
      fc.asyncProperty(oneAndTwo, arbitraryOptions(), replicas, async (data, options, most) => {
        const instance = validateInstance(data);
        const planning = fitting(instance, options, most);
        const { status, cost } = optimize(instance, planning);
        const found = status === 'infeasible' ? Infinity : (cost?.total ?? Number.NaN);
        const expected = await bruteForceOptimum(instance, planning);
        expect(relativeDifference(found, expected)).toBeLessThan(2 * optimumTolerance);
        if (expected < Infinity) feasible += 1;
      }),
      { numRuns: draws(60), seed: 2 },
    );
    expect(feasible).toBeGreaterThan(draws(15));
  });
});
