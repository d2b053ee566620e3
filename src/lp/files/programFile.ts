/** What the readers of program files have in common: what they give, and the error they throw. */
import type { MixedIntegerProgram } from '../linearProgram.ts';

/** What a file holds beyond the program itself. */
export interface FileModel {
  /** Always a minimisation: of a maximisation cost and offset are negated, so the optimum's sign is reversed. */
  readonly program: MixedIntegerProgram;
  readonly sense: 'minimise' | 'maximise';
  /** Name of the objective, null if the file has none. */
  readonly objectiveName: string | null;
  /** Plain sentences on what was ignored or reinterpreted. */
  readonly warnings: readonly string[];
}

/** A text that cannot be read. The message names the line, the text found and what was expected instead. */
export class ProgramFileError extends Error {
  override readonly name: string = 'ProgramFileError';
  /** Line of the file, counted from 1; the last line for a truncated file. */
  readonly line: number;
  readonly format: string;
  readonly found: string;
  readonly expected: string;

  constructor(format: string, line: number, found: string, expected: string) {
    super(`${format} line ${line}: found ${JSON.stringify(abbreviate(found))}, expected ${expected}`);
    this.format = format;
    this.line = line;
    this.found = found;
    this.expected = expected;
  }
}

function abbreviate(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
