/** The middle: Solve and Stop, the options, and what the search tells on the way. */
import { useEffect, useRef } from 'preact/hooks';
import { focusFirstFault } from '../parts/focusFault.ts';
import { usePlanner } from '../state/planner.ts';
import { OptionFields } from './OptionFields.tsx';
import { SearchCurve } from './SearchCurve.tsx';

export function SolvePanel() {
  const { planner, state } = usePlanner('checks', 'isSolving', 'isStale', 'solved', 'failure', 'live', 'log', 'curve');
  const { checks, isSolving, isStale, solved } = state;
  const canSolve = checks.instance !== null && checks.optionIssues.length === 0;
  return (
    <section class="panel solve" aria-labelledby="solve-heading">
      <h2 id="solve-heading">Solve</h2>
      <div class="go">
        {isSolving ? (
          <button type="button" class="main stop" onClick={() => planner.stop()}>
            Stop
          </button>
        ) : (
          <button type="button" class="main" disabled={!canSolve} onClick={() => void planner.solve()}>
            Solve
          </button>
        )}
        <p class="status" role="status">
          {isSolving
            ? (state.live ?? 'Searching…')
            : !canSolve
              ? 'Mend what is marked first.'
              : isStale
                ? 'The problem has changed since.'
                : solved === null
                  ? 'Ready.'
                  : ''}
        </p>
        {checks.issues.length > 0 && (
          <button type="button" onClick={focusFirstFault}>
            Show the first
          </button>
        )}
      </div>
      {state.failure !== null && (
        <p class="fault" role="alert">
          {state.failure}
        </p>
      )}
      <SearchCurve points={state.curve} />
      <SearchLog lines={state.log} />
      <OptionFields />
    </section>
  );
}

function SearchLog({ lines }: { readonly lines: readonly string[] }) {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  if (lines.length === 0) return null;
  return (
    <details class="more">
      <summary>Log of the search</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <pre class="log" ref={box} tabIndex={0} role="log" aria-live="off" aria-label="Log of the search">
        {lines.join('\n')}
      </pre>
    </details>
  );
}
