/** What is shown while many scenarios are solved: how many are done, their rate, the time left, failures. */
import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two lines where no line can be redrawn. */
const lineInterval = 5000;

export interface ScenarioProgress {
  /**
   * One more is done; `isNew` if it has been solved just now. With `text` each such one has its own line where there is
   * no bar.
   */
  step(outcome: { readonly failed: boolean; readonly isNew: boolean; readonly text?: string }): void;
  /** What is known from elsewhere, of a queue. */
  set(done: number, failed: number): void;
  end(): void;
}

/**
 * A bar on a terminal; elsewhere a line for the first that is solved, then one every few seconds, or the lines that
 * steps bring.
 */
export function showScenarioProgress(total: number, terminal: Terminal, what = 'scenarios'): ScenarioProgress {
  const began = performance.now();
  let told = -Infinity;
  let done = 0;
  let solved = 0;
  let failed = 0;
  const bar = terminal.errIsTerminal
    ? new SingleBar({
        format: `{bar} {value}/{total} ${what} | {rate}/s | {left} left | {failed} failed`,
        hideCursor: true,
      })
    : null;
  const words = () => {
    const rate = (1000 * solved) / (performance.now() - began);
    const left = solved === 0 ? '?' : duration((total - done) / rate);
    return { rate: rate.toFixed(1), left, failed };
  };
  bar?.start(total, 0, words());
  const line = () => {
    const { rate, left } = words();
    terminal.err(`${done}/${total} ${what} | ${rate}/s | ${left} left | ${failed} failed\n`);
  };
  let hasOwnLines = false;
  const show = (text?: string) => {
    if (bar !== null) bar.update(done, words());
    else if (text !== undefined) {
      hasOwnLines = true;
      terminal.err(`${done}/${total}  ${text}\n`);
    } else if (performance.now() - told >= lineInterval) {
      told = performance.now();
      line();
    }
  };
  return {
    step: (outcome) => {
      done++;
      if (outcome.isNew) solved++;
      if (outcome.failed) failed++;
      if (outcome.isNew || bar !== null) show(outcome.text);
    },
    set: (nowDone, nowFailed) => {
      solved += Math.max(0, nowDone - done);
      done = nowDone;
      failed = nowFailed;
      show();
    },
    end: () => {
      if (bar !== null) bar.stop();
      else if (total > 0 && !hasOwnLines) line();
    },
  };
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
