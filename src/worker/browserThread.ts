/**
 * The worker side of `solveInBrowserWorker.ts`: one solve, its events and its result as messages. Importing it in a
 * worker is all that it takes.
 */
import type { ProgressEvent } from '../bnb/progress.ts';
import { InputError } from '../input/inputError.ts';
import { Solve } from '../planner/solve.ts';
import { optionsLeft, type SolveTask, type WorkerMessage } from './solveConversation.ts';
import type { BrowserMessage } from './solveInGivenWorker.ts';

/** What is used of a worker's global scope: the compiler of a Node package knows no browser. */
interface WorkerScope {
  postMessage(message: WorkerMessage): void;
  addEventListener(type: 'message', listener: (event: { readonly data: BrowserMessage }) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const controller = new AbortController();

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'stop') controller.abort();
  else if (data.kind === 'solve') void solve(data).then((message) => scope.postMessage(message));
});

async function solve(task: SolveTask): Promise<WorkerMessage> {
  const progress = task.wantsProgress
    ? { onProgress: (event: ProgressEvent) => scope.postMessage({ kind: 'progress', event }) }
    : {};
  try {
    const solve = new Solve(task.instance, { ...(await optionsLeft(task)), ...progress, signal: controller.signal });
    return { kind: 'result', result: await solve.runAsync() };
  } catch (error) {
    if (error instanceof InputError) return { kind: 'bad input', issues: error.issues };
    // A rejection nobody handles is no event for the page.
    return { kind: 'failure', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
