/** The journal of a sweep: a line for the sweep, then one for each finished cell (checkedJournal.ts). */

import type { Sweep, SweepRecord } from '../analysis/sweep.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import { version } from '../version.ts';
import { openCheckedJournal } from './checkedJournal.ts';

export interface SweepJournal {
  readonly path: string;
  /** Cells finished before this run, by index. */
  readonly finished: ReadonlyMap<number, SweepRecord>;
  /** Throws InputError if the record cannot be written; the records before it stay. */
  append(record: SweepRecord): void;
}

/**
 * Opens a journal: a new one, or with `resume` one that exists. Throws InputError if it exists without `resume`, does
 * not exist with it, belongs to another sweep or another version of the program, or was changed.
 */
export function openSweepJournal(path: string, sweep: Sweep, resume: boolean): SweepJournal {
  const { lines, append } = openCheckedJournal<ReturnType<typeof headOf>, SweepRecord>(
    path,
    {
      work: 'sweep',
      head: headOf(sweep),
      settingsOf: ({ instance, grid, options }) => ({
        instance,
        'grid name': grid.name,
        'grid axes': grid.axes,
        'grid unmetCapPerRate': grid.unmetCapPerRate,
        ...options,
      }),
    },
    resume,
  );
  return { path, finished: new Map(lines.map((record) => [record.cell, record])), append };
}

function headOf({ instance, grid, options }: Sweep) {
  return {
    format: 'rolla-sweep-journal/2',
    version,
    instance: `${instance.name ?? 'without a name'} (${fingerprintOf(instance)})`,
    grid: {
      name: grid.name,
      axes: grid.axes.map(({ factor, values }) => [factor.name, values] as const),
      unmetCapPerRate: grid.unmetCapPerRate ?? null,
    },
    options: { ...options } as Readonly<Record<string, unknown>>,
  };
}
