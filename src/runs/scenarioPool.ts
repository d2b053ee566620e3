/** A pool of worker threads that solve scenarios, those of sweeps and of files. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { ScenarioTask, SolvedScenario } from '../analysis/scenario.ts';
import type { ScenarioSolver } from '../analysis/sweep.ts';
import { checkThreads, mostThreads } from '../analysis/threadCount.ts';

export interface ScenarioPool {
  readonly threads: number;
  readonly solve: ScenarioSolver;
  /** Ends the threads, at once: scenarios under way are dropped. */
  close(): Promise<void>;
}

/** One for each core. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), mostThreads);
}

/**
 * Starts `threads` workers (default: one for each core). Throws InputError unless it is a whole number from 1 to 256.
 */
export function startScenarioPool(threads = defaultThreads()): ScenarioPool {
  checkThreads(threads);
  // Run from source, threads need a loader for .ts of their own.
  const worker = import.meta.url.endsWith('.ts') ? './scenarioWorker.source.mjs' : './scenarioWorker.js';
  const pool = new Piscina<ScenarioTask, SolvedScenario>({
    filename: fileURLToPath(new URL(worker, import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
  });
  return { threads, solve: (task) => pool.run(task), close: () => pool.destroy() };
}
