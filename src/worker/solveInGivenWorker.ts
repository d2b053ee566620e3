/**
 * `optimize` in a worker of a browser that the caller makes: the page stays responsive; an abort crosses as a message,
 * for which the solve pauses every few milliseconds.
 */
import { functionRule } from '../input/optionRules.ts';
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

export interface GivenWorkerControl extends WorkerControl {
  /** Makes the worker, which must run `rolla/worker/thread`. Default: `ownWorker`. */
  readonly createWorker?: () => BrowserWorker;
}

/** As `solveInWorker`; without `ownWorker` the caller must make the worker. */
export async function solveInGivenWorker(
  instance: Instance,
  options: WorkerOptions,
  control: GivenWorkerControl,
  ownWorker?: () => BrowserWorker,
): Promise<SolveResult> {
  const createRule = { createWorker: { ...functionRule, isRequired: ownWorker === undefined } };
  const task = checkedTask(instance, options, control, createRule);
  const createWorker = control.createWorker ?? ownWorker!;
  return awaitSolve(({ onMessage, onFailure }) => {
    const worker = createWorker();
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
