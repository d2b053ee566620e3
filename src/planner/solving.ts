/**
 * Work that needs solves, as a generator that yields each solve it needs and is given its result, so that one body
 * serves those who wait and those who let an event loop run meanwhile.
 */
import type { Instance } from '../model/instance.ts';
import type { ResolvedSolve } from './resolvedSolve.ts';
import { resolveSolve } from './resolveSolve.ts';
import type { SolveOptions } from './solveOptions.ts';
import type { SolveResult } from './solveResult.ts';
import { SolveRun } from './solveRun.ts';

interface SolveRequest {
  readonly instance: Instance;
  readonly options: SolveOptions;
  readonly known: Known;
}

/** What is known of a problem from solves before. */
type Known = Partial<Pick<ResolvedSolve, 'knownBound' | 'furtherStarts'>>;

export type Solving<Result> = Generator<SolveRequest, Result, SolveResult>;

export function* solved(instance: Instance, options: SolveOptions, known: Known = {}): Solving<SolveResult> {
  return yield { instance, options, known };
}

function runOf({ instance, options, known }: SolveRequest): SolveRun {
  const began = performance.now();
  return new SolveRun({ ...resolveSolve(instance, options), ...known }, began);
}

/** Does the work without a pause. */
export function solveAll<Result>(work: Solving<Result>): Result {
  let step = work.next();
  while (!step.done) step = work.next(runOf(step.value).run());
  return step.value;
}

/** Does the work, letting the event loop run during the solves. */
export async function solveAllAsync<Result>(work: Solving<Result>): Promise<Result> {
  let step = work.next();
  while (!step.done) step = work.next(await runOf(step.value).runAsync());
  return step.value;
}
