/** Where a command reads and prints: the process's streams, or a test's strings. */

export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Messages, logs and progress. */
  err(text: string): void;
  readStdin(): Promise<string>;
  /** Whether stderr is a terminal that can redraw a line. */
  readonly errIsTerminal: boolean;
}

/** What a command is given beside its own arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Sets the exit code of the run; without it the code is 0. */
  finish(code: import('./exitCodes.ts').ExitCode): void;
}
