/** The button that starts a task and the one that stops it, and what became of it. */
import type { ComponentChildren } from 'preact';

interface TaskLineProps {
  readonly does: string;
  readonly isRunning: boolean;
  readonly failure: string | null;
  readonly onStart: () => void;
  readonly onStop: () => void;
  readonly children?: ComponentChildren;
}

export function TaskLine({ does, isRunning, failure, onStart, onStop, children }: TaskLineProps) {
  return (
    <>
      <p class="actions">
        {children}
        {isRunning ? (
          <>
            <button type="button" onClick={onStop}>
              Stop
            </button>
            <span class="working" role="status">
              Working…
            </span>
          </>
        ) : (
          <button type="button" onClick={onStart}>
            {does}
          </button>
        )}
      </p>
      {failure !== null && (
        <p class="fault" role="alert">
          {failure}
        </p>
      )}
    </>
  );
}
