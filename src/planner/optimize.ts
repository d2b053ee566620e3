/** The library's main call: from an instance to a proven plan. */
import { fault, showValue } from '../input/inputError.ts';
import type { Instance } from '../model/instance.ts';
import { resolveSolve } from './resolveSolve.ts';
import type { SavedSolve } from './savedSolve.ts';
import { Solve } from './solve.ts';
import type { SolveOptions } from './solveOptions.ts';
import type { SolveResult } from './solveResult.ts';
import { SolveRun } from './solveRun.ts';

/**
 * Finds a plan of least total cost and proves it, or says why not: see `SolveResult.status`. Limits are statuses, not
 * errors. Throws InputError with every fault of the instance, and of bad or contradictory options.
 *
 * The deterministic baseline is `uncertainty: 'none'`. Formulas: specification 3-5 (robust counterparts after Bertsimas
 * and Sim, Operations Research 52 (2004) 35-53).
 */
export function optimize(instance: Instance, options: SolveOptions = {}): SolveResult {
  const began = performance.now();
  return new SolveRun(resolveSolve(instance, options), began).run();
}

/**
 * As `optimize`, letting the event loop run about every 20 ms, so that `options.signal` stops the work. Same result.
 */
export async function optimizeAsync(instance: Instance, options: SolveOptions = {}): Promise<SolveResult> {
  const began = performance.now();
  return new SolveRun(resolveSolve(instance, options), began).runAsync();
}

/**
 * Takes up a saved solve; `run` or `runAsync` goes on. The result equals that of the uninterrupted solve. Options not
 * given are those of the saved solve. `timeLimit` counts from here, `nodeLimit` all nodes from the beginning.
 *
 * ```ts
 * const solve = new Solve(instance, { nodeLimit: 1000 });
 * const first = solve.run();
 * const text = JSON.stringify(solve.save());
 * const result = resumeSolve(JSON.parse(text), instance).run();
 * ```
 *
 * Throws InputError if `saved` is no saved solve, or of another instance or of options that contradict `options`.
 */
export function resumeSolve(saved: SavedSolve, instance: Instance, options: SolveOptions = {}): Solve {
  if (saved === undefined) throw fault('saved', showValue(saved), 'a saved solve (Solve.save)');
  return new Solve(instance, options, saved);
}
