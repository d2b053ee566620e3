/** Where a command reads and prints: the process's streams, or a test's strings. */
import { fault } from '../input/inputError.ts';
import { visible, visibleLines } from '../model/visibleText.ts';

export interface Streams {
  /** Results. */
  out(text: string): void;
  /** Messages, logs and progress. */
  err(text: string): void;
  readStdin(): Promise<Uint8Array>;
  /** Whether stderr is a terminal that can redraw a line. */
  readonly errIsTerminal: boolean;
}

/** What commands print to: nothing of it but line breaks and tabs moves the cursor or colours the terminal. */
export interface Terminal extends Streams {
  /** Draws a line over the one that was drawn before; an empty one leaves nothing. */
  redraw(line: string): void;
}

/** Names and paths come from strangers. Where they are joined to text, `visible` keeps them on their line. */
export function printableTerminal({ out, err, readStdin, errIsTerminal }: Streams): Terminal {
  let isStdinRead = false;
  return {
    out: (text) => out(visibleLines(text)),
    err: (text) => err(visibleLines(text)),
    redraw: (line) => err(`\r\x1b[K${visible(line)}`),
    readStdin: async () => {
      // Once: there is nothing left of it for a second input.
      if (isStdinRead) throw fault('stdin', 'a second input from it', 'a file for all inputs but one');
      isStdinRead = true;
      return readStdin();
    },
    errIsTerminal,
  };
}

/** What a command is given beside its own arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Sets the exit code of the run; without it the code is 0. */
  finish(code: import('./exitCodes.ts').ExitCode): void;
}
