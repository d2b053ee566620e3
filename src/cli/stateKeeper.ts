/**
 * Keeps a search in a file while it goes, so that a process that is killed loses the last interval at most. The file is
 * whole at any moment; once the plan is proven it goes away.
 */
import { rmSync } from 'node:fs';
import { InputError } from '../input/inputError.ts';
import { visible } from '../model/visibleText.ts';
import type { SavedSolve } from '../planner/savedSolve.ts';
import { type OutputOptions, writeText } from './files.ts';
import type { Terminal } from './terminal.ts';

/** Saving may take this share of the time: a large search is saved less often. */
const savingShare = 0.05;

export class StateKeeper {
  readonly #path: string;
  readonly #options: OutputOptions;
  readonly #terminal: Terminal;
  #timer: NodeJS.Timeout | undefined;
  #hasWritten = false;
  #hasWarned = false;

  constructor(path: string, options: OutputOptions, terminal: Terminal) {
    this.#path = path;
    this.#options = options;
    this.#terminal = terminal;
  }

  /**
   * Saves every `interval` seconds until `end`, unless to standard output. What cannot be written is said once and
   * tried again.
   */
  begin(interval: number, save: () => SavedSolve): void {
    if (this.#path === '-') return;
    const wait = (milliseconds: number): void => {
      this.#timer = setTimeout(() => {
        const began = performance.now();
        try {
          this.#write(save());
        } catch (error) {
          this.#warn(error);
        }
        wait(Math.max(1000 * interval, (performance.now() - began) / savingShare));
      }, milliseconds);
    };
    wait(1000 * interval);
  }

  /** `saved`: the search as it was stopped; null: it is settled. Gives the reason if it cannot be written. */
  end(saved: SavedSolve | null): unknown {
    this.cancel();
    try {
      if (saved !== null) {
        this.#write(saved);
        this.#terminal.err(`${visible(this.#path)} written\n`);
      } else if (this.#hasWritten) rmSync(this.#path, { force: true });
      return null;
    } catch (error) {
      return error;
    }
  }

  /** Saves no more. */
  cancel(): void {
    clearTimeout(this.#timer);
  }

  #write(saved: SavedSolve): void {
    // Once it is ours, the file may be replaced.
    const force = this.#options.force === true || this.#hasWritten;
    writeText(this.#path, `${JSON.stringify(saved)}\n`, this.#terminal, { force });
    this.#hasWritten = true;
  }

  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const reason = error instanceof InputError ? error.message : String(error);
    this.#terminal.err(`rolla: warning: the search could not be saved: ${visible(reason)}\n`);
  }
}
