/**
 * `optimize` in a worker thread of Node: the caller's event loop stays free, and an AbortSignal stops even work that
 * never yields, because the thread reads a shared flag wherever the search looks at its limits.
 */
import { Worker } from 'node:worker_threads';
import type { ProgressEvent } from '../bnb/progress.ts';
import { InputError, type InputIssue } from '../model/inputError.ts';
import type { Instance } from '../model/instance.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import type { SolveResult } from '../planner/solveResult.ts';

/**
 * Milliseconds after an abort in which the worker should answer; only a long piece of work that asks for no limits
 * takes more.
 */
const defaultGracePeriod = 5000;

export interface WorkerOptions extends Omit<SolveOptions, 'signal' | 'onProgress' | 'team'> {
  /**
   * Threads that work on the solve, at least 1. Default 1. Only the pattern relaxation has work for more than one; the
   * result is the same for any number, bit for bit.
   */
  readonly threads?: number;
}

export interface WorkerControl {
  /** Stops the solve; the result has status `interrupted` and the best plan so far. */
  readonly signal?: AbortSignal;
  /** Called in this thread with each progress event. */
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Milliseconds that the worker has to answer an abort before it is terminated. Default 5000. */
  readonly gracePeriod?: number;
}

/** What crosses to the thread. */
export interface WorkerTask {
  readonly instance: Instance;
  readonly options: WorkerOptions;
  /** An Int32Array of one entry: not 0 means stop. */
  readonly stop: SharedArrayBuffer;
  readonly wantsProgress: boolean;
}

/** What comes back. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'result'; readonly result: SolveResult }
  | { readonly kind: 'bad input'; readonly issues: InputError['issues'] };

/**
 * As `optimize`, in a thread of its own that ends with the solve, as do the threads that help it; same result. Rejects
 * with InputError on bad options, and with the reason of `signal` if the worker does not answer an abort within the
 * grace period.
 */
export function solveInWorker(
  instance: Instance,
  options: WorkerOptions = {},
  { signal, onProgress, gracePeriod = defaultGracePeriod }: WorkerControl = {},
): Promise<SolveResult> {
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const workerData: WorkerTask = { instance, options, stop, wantsProgress: onProgress !== undefined };
  // Run from source, threads need a loader for .ts of their own.
  const file = import.meta.url.endsWith('.ts') ? './solveWorker.source.mjs' : './solveWorker.js';
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(file, import.meta.url), { workerData });
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      Atomics.store(new Int32Array(stop), 0, 1);
      timer = setTimeout(() => end(() => reject(signal?.reason)), gracePeriod);
    };
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      void worker.terminate();
      settle();
    };
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') onProgress?.(message.event);
      else if (message.kind === 'result') end(() => resolve(message.result));
      else end(() => reject(new InputError(message.issues as [InputIssue, ...InputIssue[]])));
    });
    worker.on('error', (error) => end(() => reject(error)));
    worker.on('exit', (code) =>
      end(() => reject(new Error(`the worker ended with code ${code} before the solve did`))),
    );
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
