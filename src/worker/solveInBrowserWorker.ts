/** `optimize` in a worker of a browser, which is the package's own unless the caller makes one. */
import type { Instance } from '../model/instance.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import type { WorkerControl, WorkerOptions } from './solveConversation.ts';
import { type BrowserWorker, solveInGivenWorker } from './solveInGivenWorker.ts';

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
  control: BrowserWorkerControl = {},
): Promise<SolveResult> {
  const ownWorker = () => new Worker(new URL('./browserThread.js', import.meta.url), { type: 'module' });
  return solveInGivenWorker(instance, options, control, ownWorker);
}
