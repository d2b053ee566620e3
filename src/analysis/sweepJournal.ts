/**
 * The journal of a sweep: one JSON line for the sweep, then one for each finished cell, appended as it finishes. A
 * process killed at any moment loses no finished cell: at most the last line is torn, and it is cut off when the
 * journal is reopened.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { InputError, refuse, showValue } from '../model/inputError.ts';
import type { Sweep, SweepRecord } from './sweep.ts';

interface JournalHead {
  readonly format: 'rolla-sweep-journal/1';
  /** Fingerprint of instance, grid and options; a journal continues only the sweep that began it. */
  readonly sweep: string;
}

export interface SweepJournal {
  readonly path: string;
  /** Cells finished before this run, by index. */
  readonly finished: ReadonlyMap<number, SweepRecord>;
  append(record: SweepRecord): void;
}

/**
 * Opens a journal: a new one, or with `resume` one that exists. Throws InputError if it exists without `resume`, does
 * not exist with it, or belongs to another sweep.
 */
export function openSweepJournal(path: string, sweep: string, resume: boolean): SweepJournal {
  const finished = new Map<number, SweepRecord>();
  if (existsSync(path)) {
    if (!resume) refuse([{ path, value: 'a journal that exists', expected: 'no such file, or resume' }]);
    for (const record of readJournal(path, sweep)) finished.set(record.cell, record);
  } else {
    if (resume) refuse([{ path, value: 'nothing', expected: 'the journal of an interrupted sweep' }]);
    const head: JournalHead = { format: 'rolla-sweep-journal/1', sweep };
    writeFileSync(path, `${JSON.stringify(head)}\n`, { flag: 'wx' });
  }
  return {
    path,
    finished,
    append: (record) => appendFileSync(path, `${JSON.stringify(record)}\n`),
  };
}

/** The records of a journal; cuts a torn last line off the file. */
function readJournal(path: string, sweep: string): SweepRecord[] {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  const [first, ...rest] = bytes
    .subarray(0, end)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  if (first === undefined) {
    const head: JournalHead = { format: 'rolla-sweep-journal/1', sweep };
    writeFileSync(path, `${JSON.stringify(head)}\n`);
    return [];
  }
  const head = parseLine<JournalHead>(path, 1, first);
  if (head.format !== 'rolla-sweep-journal/1') {
    refuse([{ path, value: showValue(head.format), expected: 'format rolla-sweep-journal/1' }]);
  }
  if (head.sweep !== sweep) {
    refuse([{ path, value: `the journal of sweep ${head.sweep}`, expected: `that of this sweep, ${sweep}` }]);
  }
  return rest.map((line, t) => parseLine<SweepRecord>(path, t + 2, line));
}

function parseLine<T>(path: string, line: number, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new InputError([{ path: `${path}, line ${line}`, value: showValue(text), expected: 'a line of JSON' }]);
  }
}

/** Names a sweep by its content: the same instance, grid and options give the same fingerprint. */
export function sweepFingerprint({ instance, grid, options }: Sweep): string {
  const axes = grid.axes.map(({ factor, values }) => [factor.name, values]);
  const content = JSON.stringify([instance, grid.name, axes, grid.unmetCapPerRate ?? null, options]);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
