/**
 * `optimize` in a worker thread of Node: the caller's event loop stays free, and an AbortSignal stops even work that
 * never yields, because the thread reads a shared flag wherever the search looks at its limits.
 */
import { Worker } from 'node:worker_threads';
import type { Instance } from '../model/instance.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import {
  awaitSolve,
  checkedTask,
  type SolveTask,
  type WorkerControl,
  type WorkerOptions,
} from './solveConversation.ts';

/** What crosses to the thread. */
export interface ThreadTask extends SolveTask {
  /** An Int32Array of one entry: not 0 means stop. */
  readonly stop: SharedArrayBuffer;
}

/**
 * As `optimize`, in a thread of its own that ends with the solve; same result. Rejects with InputError on bad data or
 * options, and with the reason of `signal` if the worker does not answer an abort within the grace period.
 */
export async function solveInWorker(
  instance: Instance,
  options: WorkerOptions = {},
  control: WorkerControl = {},
): Promise<SolveResult> {
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const workerData: ThreadTask = { ...checkedTask(instance, options, control), stop };
  // Run from source, the thread needs a loader for .ts of their own.
  const file = import.meta.url.endsWith('.ts') ? './solveWorker.source.mjs' : './solveWorker.js';
  return awaitSolve(({ onMessage, onFailure }) => {
    const worker = new Worker(new URL(file, import.meta.url), { workerData });
    worker.on('message', onMessage);
    worker.on('error', onFailure);
    worker.on('exit', (code) => onFailure(new Error(`the worker ended with code ${code} before the solve did`)));
    return {
      stop: () => Atomics.store(new Int32Array(stop), 0, 1),
      terminate: () => void worker.terminate(),
    };
  }, control);
}
