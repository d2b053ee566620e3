/** Questions about an instance that need no search; they enter by the same door as a solve. */
import { checkPlan, type Verification } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { type Warning, warningsOf } from '../model/lintInstance.ts';
import { validatePlan } from '../model/validatePlan.ts';
import { resolveSolve } from './resolveSolve.ts';
import type { SolveOptions } from './solveOptions.ts';

/**
 * Recomputes the cost of `plan` and every constraint from instance and options alone; `options` as in `optimize`, so a
 * preset with changes, or the `options` of a result. Throws InputError on bad data of any of the three.
 */
export function verifyPlan(instance: Instance, options: SolveOptions, plan: Plan): Verification {
  const { instance: valid, planning } = resolveSolve(instance, options);
  return checkPlan(valid, planning, validatePlan(plan, valid));
}

/**
 * What of an instance is probably a slip of units or data, and what can have no effect under `options` (as in
 * `optimize`). Throws InputError on bad data or options.
 */
export function lintInstance(instance: Instance, options: SolveOptions = {}): readonly Warning[] {
  const { instance: valid, planning } = resolveSolve(instance, options);
  return warningsOf(valid, planning);
}
