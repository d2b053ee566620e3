/**
 * What the caller of a solve in a worker and the worker say to each other, and the caller's side of it, the same for
 * threads of Node and for workers of browsers: one task goes out, events come back, one answer ends it.
 */
import * as z from 'zod/mini';
import type { ProgressEvent } from '../bnb/progress.ts';
import { InputError, type InputIssue } from '../model/inputError.ts';
import type { Instance } from '../model/instance.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import type { SolveResult } from '../planner/solveResult.ts';

/**
 * Milliseconds after an abort in which the worker should answer; only a long piece of work that asks for no limits
 * takes more.
 */
const defaultGracePeriod = 5000;

/** Options of a solve but those that belong to the third argument. */
export type WorkerOptions = Omit<SolveOptions, 'signal' | 'onProgress'>;

export interface WorkerControl {
  /** Stops the solve; the result has status `interrupted` and the best plan so far. */
  readonly signal?: AbortSignal;
  /** Called in this thread with each progress event. */
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Milliseconds that the worker has to answer an abort before it is terminated. Default 5000. */
  readonly gracePeriod?: number;
}

export interface SolveTask {
  readonly instance: Instance;
  readonly options: WorkerOptions;
  readonly wantsProgress: boolean;
  /** When the call came: milliseconds of the clock that threads share. */
  readonly began: number;
}

const belongsToControl = { field: z.never({ error: 'nothing here: it belongs to the third argument' }) };
const furtherOptions = {
  signal: belongsToControl,
  onProgress: belongsToControl,
};

/** The task of a worker, checked before one starts. Throws InputError with every fault of instance and options. */
export function checkedTask(instance: Instance, options: WorkerOptions, control: WorkerControl): SolveTask {
  const began = sharedNow();
  const valid = resolveSolve(instance, options, furtherOptions).instance;
  return { instance: valid, options, wantsProgress: control.onProgress !== undefined, began };
}

/** The options as they are once the worker has started: the time that this took counts. */
export function optionsLeft({ options, began }: SolveTask): WorkerOptions {
  const { timeLimit } = options;
  if (timeLimit === undefined) return options;
  return { ...options, timeLimit: Math.max(0, timeLimit - (sharedNow() - began) / 1000) };
}

/** Each thread counts from its own origin. */
function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}

/** What comes back. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'result'; readonly result: SolveResult }
  | { readonly kind: 'bad input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'failure'; readonly message: string };

/** A worker that has its task. */
export interface StartedWorker {
  /** Asks it to answer with what it has. */
  readonly stop: () => void;
  readonly terminate: () => void;
}

export interface WorkerAnswers {
  readonly onMessage: (message: WorkerMessage) => void;
  /** Of the worker itself: it could not start, or died. */
  readonly onFailure: (error: unknown) => void;
}

/** The result of the worker that `start` starts, which is terminated when the promise settles. */
export function awaitSolve(
  start: (answers: WorkerAnswers) => StartedWorker,
  { signal, onProgress, gracePeriod = defaultGracePeriod }: WorkerControl,
): Promise<SolveResult> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      worker.terminate();
      settle();
    };
    const worker = start({
      onMessage: (message) => {
        if (message.kind === 'progress') onProgress?.(message.event);
        else if (message.kind === 'result') end(() => resolve(message.result));
        else if (message.kind === 'failure') end(() => reject(new Error(message.message)));
        else end(() => reject(new InputError(message.issues as [InputIssue, ...InputIssue[]])));
      },
      onFailure: (error) => end(() => reject(error)),
    });
    const abort = () => {
      worker.stop();
      timer = setTimeout(() => end(() => reject(signal?.reason)), gracePeriod);
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
