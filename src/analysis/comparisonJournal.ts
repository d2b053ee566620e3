/**
 * The runs of a comparison in a file, one JSON line for the comparison, then one for each run as it ends: a process
 * that is killed loses the run under way.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { refuse } from '../input/inputError.ts';
import type { ComparisonRun } from './comparison/comparison.ts';

export interface ComparisonJournal {
  /** Those of before. */
  readonly runs: readonly ComparisonRun[];
  append(run: ComparisonRun): void;
}

/**
 * Opens a journal: a new one, or with `resume` one that exists, whose torn last line is cut off. `head` is all that the
 * runs hang on.
 * @throws InputError if it exists without `resume`, does not exist with it, or is of another comparison.
 */
export function openComparisonJournal(path: string, head: unknown, resume: boolean): ComparisonJournal {
  const isThere = existsSync(path);
  if (isThere && !resume)
    refuse([{ path, value: 'the runs of a comparison', expected: 'no such file, or --resume to go on with them' }]);
  if (!isThere && resume)
    refuse([{ path, value: 'nothing', expected: 'the runs of an interrupted comparison, for --resume' }]);
  const first = JSON.stringify(head);
  const lines = isThere ? wholeLines(readFileSync(path, 'utf8')) : [];
  if (isThere && lines[0] !== first)
    refuse([{ path, value: 'the runs of another comparison', expected: 'those of this one' }]);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${[first, ...lines.slice(1)].join('\n')}\n`, { flag: isThere ? 'w' : 'wx' });
  return {
    runs: lines.slice(1).map((line) => JSON.parse(line) as ComparisonRun),
    append: (run) => appendFileSync(path, `${JSON.stringify(run)}\n`),
  };
}

function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}
