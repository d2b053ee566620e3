/**
 * Random small fleets with every optional field on and off: both formulations by HiGHS, our search in four ways, plans
 * by both verifiers; the smallest also by enumeration.
 */
import fc from 'fast-check';
import { profilesTellLatency } from '../../src/model/serviceTimes.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { arbitraryFleet } from '../arbitrary/fleets.ts';
import { arbitraryOptions } from '../arbitrary/instances.ts';
import { bruteForceOptimum } from '../oracle/bruteForce.ts';
import { fleetFaults } from '../oracle/fleetAgreement.ts';
import { optimumTolerance, relativeDifference } from '../oracle/optimum.ts';
import type { Fuzzer, FuzzOutcome } from './fuzzer.ts';

const replicas = [1, 2, 3, 'none'] as const;
const sizes = [
  [2, 1, 2],
  [3, 2, 2],
  [2, 2, 1],
  [4, 2, 2],
] as const;
/** Sizes at which everything can be gone through. */
const isEnumerable = ([I, J, K]: readonly [number, number, number]) => I * J * K <= 4;

async function judge(seed: number): Promise<FuzzOutcome> {
  const size = sizes[seed % sizes.length];
  const [I, J, K] = size;
  const [data] = fc.sample(arbitraryFleet(I, J, K), { seed, numRuns: 1 });
  const [drawn] = fc.sample(arbitraryOptions(), { seed, numRuns: 1 });
  const instance = validateInstance(data);
  // Latency takes the place of the rules that stretch limits.
  const delayRule = profilesTellLatency(instance) ? 'per-deployment' : drawn.delayRule;
  const options = { ...drawn, delayRule, maxReplicas: replicas[Math.floor(seed / sizes.length) % replicas.length] };
  const { optimum, faults, highsErrs } = await fleetFaults(instance, options);
  if (isEnumerable(size)) {
    const enumerated = await bruteForceOptimum(instance, options);
    if (!(relativeDifference(optimum, enumerated) < 2 * optimumTolerance))
      faults.push(`enumeration: ${enumerated}, published program ${optimum}`);
  }
  return { solves: isEnumerable(size) ? 10 : 9, faults, otherSolverErrs: highsErrs ? 1 : 0 };
}

export const fleetFuzzers: readonly Fuzzer[] = [{ name: 'fleets', run: judge }];
