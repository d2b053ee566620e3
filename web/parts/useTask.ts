/** A task of the worker as a component sees it: what came so far, and how to start and stop it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { runTask } from '../runTask.ts';
import { failureText } from '../state/planner.ts';
import type { TaskKinds, TaskName } from '../threadTasks.ts';

interface TaskState<Name extends TaskName> {
  readonly isRunning: boolean;
  readonly points: readonly TaskKinds[Name]['point'][];
  readonly answer: TaskKinds[Name]['answer'] | null;
  readonly failure: string | null;
}

/** `subject`: what the answer is about; another subject ends the task and forgets the answer. */
export function useTask<Name extends TaskName>(name: Name, subject: unknown) {
  const nothing: TaskState<Name> = { isRunning: false, points: [], answer: null, failure: null };
  const [state, setState] = useState<TaskState<Name>>(nothing);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    setState(nothing);
    return () => {
      controller.current?.abort();
      controller.current = null;
    };
  }, [subject]);
  const start = async (input: TaskKinds[Name]['input']) => {
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    const isCurrent = () => controller.current === own;
    setState({ ...nothing, isRunning: true });
    try {
      const answer = await runTask(name, input, {
        signal: own.signal,
        onPoint: (point) => isCurrent() && setState((old) => ({ ...old, points: [...old.points, point] })),
      });
      if (isCurrent()) setState((old) => ({ ...old, isRunning: false, answer }));
    } catch (error) {
      const failure = own.signal.aborted ? 'Stopped.' : failureText(error);
      if (isCurrent()) setState((old) => ({ ...old, isRunning: false, failure }));
    }
  };
  return { ...state, start, stop: () => controller.current?.abort() };
}
