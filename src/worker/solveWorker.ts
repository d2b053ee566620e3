/** The thread side of `solveInWorker`: one solve, its events and its result as messages. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ProgressEvent } from '../bnb/progress.ts';
import { InputError } from '../input/inputError.ts';
import { Solve } from '../planner/solve.ts';
import type { StopSignal } from '../planner/solveOptions.ts';
import { optionsLeft, type WorkerMessage } from './solveConversation.ts';
import type { ThreadTask } from './solveInWorker.ts';

const task = workerData as ThreadTask;
const { instance, stop, wantsProgress } = task;
const flag = new Int32Array(stop);
const post = (message: WorkerMessage) => parentPort?.postMessage(message);

/** As a shared flag an abort is seen without the event loop running. */
const signal: StopSignal = {
  get aborted() {
    return Atomics.load(flag, 0) !== 0;
  },
};

try {
  const progress = wantsProgress ? { onProgress: (event: ProgressEvent) => post({ kind: 'progress', event }) } : {};
  post({ kind: 'result', result: new Solve(instance, { ...(await optionsLeft(task)), ...progress, signal }).run() });
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  post({ kind: 'bad input', issues: error.issues });
}
