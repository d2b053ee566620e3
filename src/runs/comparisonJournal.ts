/** The journal of a comparison: a line for the comparison, then one for each run as it ends (checkedJournal.ts). */

import type { ComparisonRun } from '../analysis/comparison/comparison.ts';
import { version } from '../version.ts';
import { openCheckedJournal } from './checkedJournal.ts';

export interface ComparisonJournal {
  /** Those of before. */
  readonly runs: readonly ComparisonRun[];
  /** Throws InputError if the run cannot be written; the runs before it stay. */
  append(run: ComparisonRun): void;
}

/**
 * Opens a journal: a new one, or with `resume` one that exists. `settings` is all that the runs hang on, as plain data
 * by name. Throws InputError if the journal exists without `resume`, does not exist with it, belongs to another
 * comparison or another version of the program, or was changed.
 */
export function openComparisonJournal(
  path: string,
  settings: Readonly<Record<string, unknown>>,
  resume: boolean,
): ComparisonJournal {
  const head = { format: 'rolla-comparison-journal/1', version, settings };
  const owner = { work: 'comparison', head, settingsOf: (began: typeof head) => began.settings };
  const { lines, append } = openCheckedJournal<typeof head, ComparisonRun>(path, owner, resume);
  return { runs: lines, append };
}
