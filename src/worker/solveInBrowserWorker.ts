/**
 * `optimize` in a worker of a browser: the page stays responsive; an abort crosses as a message, for which the solve
 * pauses every few milliseconds.
 */
import type { Instance } from '../model/instance.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import {
  awaitSolve,
  checkedTask,
  type SolveTask,
  type WorkerControl,
  type WorkerMessage,
  type WorkerOptions,
} from './solveConversation.ts';

/** What crosses to the worker. */
export type BrowserMessage = ({ readonly kind: 'solve' } & SolveTask) | { readonly kind: 'stop' };

/** What is used of a `Worker`: the compiler of a Node package knows no browser. */
export interface BrowserWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(
    type: string,
    listener: (event: { readonly data?: unknown; readonly message?: string }) => void,
  ): void;
}

declare const Worker: new (url: URL, options: { readonly type: 'module' }) => BrowserWorker;

export interface BrowserWorkerControl extends WorkerControl {
  /**
   * Makes the worker, which must run `rolla/worker/thread`. Default: that file beside this one, as bundlers understand
   * it that know `new Worker(new URL(...))`; with others, bundle it as an entry of its own and start it here.
   */
  readonly createWorker?: () => BrowserWorker;
}

/**
 * As `optimize`, in a worker of its own that ends with the solve; same result. Rejects with InputError on bad data or
 * options, with an Error if the worker cannot be started or fails, and with the reason of `signal` if it does not
 * answer an abort within the grace period.
 */
export async function solveInWorker(
  instance: Instance,
  options: WorkerOptions = {},
  { createWorker, ...control }: BrowserWorkerControl = {},
): Promise<SolveResult> {
  const task = checkedTask(instance, options, control);
  return awaitSolve(({ onMessage, onFailure }) => {
    const worker = createWorker?.() ?? new Worker(new URL('./browserThread.js', import.meta.url), { type: 'module' });
    const send = (message: BrowserMessage) => worker.postMessage(message);
    worker.addEventListener('message', ({ data }) => onMessage(data as WorkerMessage));
    worker.addEventListener('error', ({ message }) =>
      onFailure(new Error(message ?? 'the worker could not be started')),
    );
    worker.addEventListener('messageerror', () => onFailure(new Error('an answer of the worker could not be read')));
    send({ kind: 'solve', ...task });
    return { stop: () => send({ kind: 'stop' }), terminate: () => worker.terminate() };
  }, control);
}
