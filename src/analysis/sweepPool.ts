/** A pool of worker threads that solve sweep cells; the sweep itself crosses to each thread once. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Plan } from '../model/instance.ts';
import type { CellSolver, Sweep, SweepRecord, SweepSolveOptions } from './sweep.ts';
import { checkThreads, mostThreads } from './threadCount.ts';

export interface SerializedSweep {
  readonly instance: Sweep['instance'];
  readonly name: string;
  readonly title: string;
  readonly axes: readonly { readonly factor: string; readonly values: readonly (number | string)[] }[];
  readonly unmetCapPerRate: number | null;
  readonly options: SweepSolveOptions;
}

export interface CellTask {
  readonly cell: number;
  readonly startPlan: Plan | null;
}

export interface SweepPool {
  readonly threads: number;
  readonly solveCell: CellSolver;
  /** Ends the threads, at once: cells under way are dropped. */
  close(): Promise<void>;
}

/** One for each core. */
function defaultThreads(): number {
  return Math.min(availableParallelism(), mostThreads);
}

/**
 * Starts `threads` workers (default: one for each core). Throws InputError unless it is a whole number from 1 to 256.
 */
export function startSweepPool({ instance, grid, options }: Sweep, threads = defaultThreads()): SweepPool {
  checkThreads(threads);
  const workerData: SerializedSweep = {
    instance,
    name: grid.name,
    title: grid.title,
    axes: grid.axes.map(({ factor, values }) => ({ factor: factor.name, values })),
    unmetCapPerRate: grid.unmetCapPerRate ?? null,
    options,
  };
  // Run from source, threads need a loader for .ts of their own.
  const fromSource = import.meta.url.endsWith('.ts');
  const pool = new Piscina<CellTask, SweepRecord>({
    filename: fileURLToPath(new URL(fromSource ? './sweepWorker.source.mjs' : './sweepWorker.js', import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    workerData,
  });
  return {
    threads,
    solveCell: (cell, startPlan) => pool.run({ cell, startPlan }),
    close: () => pool.destroy(),
  };
}
