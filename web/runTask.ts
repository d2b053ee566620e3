/** A task of the page in a worker of its own, which ends with it. */
import { InputError, type InputIssue } from '../src/input/inputError.ts';
import { startThread } from './startThread.ts';
import type { TaskKinds, TaskName, ThreadMessage, ThreadTask } from './threadTasks.ts';

export interface TaskControl<Name extends TaskName> {
  /** Asks for what is known by then; a worker that does not answer in time is ended. */
  readonly signal: AbortSignal;
  readonly onPoint?: (point: TaskKinds[Name]['point']) => void;
}

/** Milliseconds that a worker has to answer a stop. */
const gracePeriod = 300;

/** Rejects with InputError, with the reason of a stop that was not answered, or with what failed. */
export function runTask<Name extends TaskName>(
  name: Name,
  input: TaskKinds[Name]['input'],
  { signal, onPoint }: TaskControl<Name>,
): Promise<TaskKinds[Name]['answer']> {
  return new Promise((resolve, reject) => {
    const worker = startThread();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      worker.terminate();
      settle();
    };
    const stop = () => {
      worker.postMessage({ kind: 'stop' });
      timer = setTimeout(() => end(() => reject(signal.reason)), gracePeriod);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<ThreadMessage>) => {
      if (data.kind === 'point') onPoint?.(data.point as TaskKinds[Name]['point']);
      else if (data.kind === 'answer') end(() => resolve(data.answer as TaskKinds[Name]['answer']));
      else if (data.kind === 'failure') end(() => reject(new Error(data.message)));
      else end(() => reject(new InputError(data.issues as [InputIssue, ...InputIssue[]])));
    });
    worker.addEventListener('error', ({ message }) => end(() => reject(new Error(message || 'the worker failed'))));
    signal.addEventListener('abort', stop, { once: true });
    const task: ThreadTask<Name> = { kind: 'task', name, input };
    worker.postMessage(task);
    if (signal.aborted) stop();
  });
}
