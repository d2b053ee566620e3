/**
 * Work that needs solves, as a generator that yields each solve it needs and is given its result, so that one body
 * serves those who wait and those who let an event loop run meanwhile.
 */
import type { Instance } from '../model/instance.ts';
import { optimize, optimizeAsync } from './optimize.ts';
import type { SolveOptions } from './solveOptions.ts';
import type { SolveResult } from './solveResult.ts';

interface SolveRequest {
  readonly instance: Instance;
  readonly options: SolveOptions;
}

export type Solving<Result> = Generator<SolveRequest, Result, SolveResult>;

export function* solved(instance: Instance, options: SolveOptions): Solving<SolveResult> {
  return yield { instance, options };
}

/** Does the work without a pause. */
export function solveAll<Result>(work: Solving<Result>): Result {
  let step = work.next();
  while (!step.done) step = work.next(optimize(step.value.instance, step.value.options));
  return step.value;
}

/** Does the work, letting the event loop run during the solves. */
export async function solveAllAsync<Result>(work: Solving<Result>): Promise<Result> {
  let step = work.next();
  while (!step.done) step = work.next(await optimizeAsync(step.value.instance, step.value.options));
  return step.value;
}
