/**
 * The journal of a sweep: one JSON line for the sweep, then one for each finished cell, appended as it finishes. A
 * process killed at any moment loses no finished cell: at most the last line is torn, and it is cut off when the
 * journal is reopened. Each line carries a checksum of itself and of all lines before it, so that a journal is known to
 * be, to the last bit, what a sweep wrote; whatever else is in it is bad input.
 */
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { InputError, type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import { version } from '../version.ts';
import { checkedLine, contentOf } from './checkedLine.ts';
import type { Sweep, SweepRecord } from './sweep.ts';

const journalFormat = 'rolla-sweep-journal/2';

/** What a journal belongs to; it continues only the sweep that began it. */
interface JournalHead {
  readonly format: typeof journalFormat;
  /** Of the program that began it. */
  readonly version: string;
  readonly instance: string;
  readonly grid: {
    readonly name: string;
    readonly axes: readonly (readonly [string, readonly (string | number)[]])[];
    readonly unmetCapPerRate: number | null;
  };
  readonly options: Readonly<Record<string, unknown>>;
}

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
  const head = headOf(sweep);
  const isThere = existsSync(path);
  if (isThere && !resume) refuse([{ path, value: 'a journal that exists', expected: 'no such file, or resume' }]);
  if (!isThere && resume) refuse([{ path, value: 'nothing', expected: 'the journal of an interrupted sweep' }]);
  const { finished, checksum: before } = isThere ? readJournal(path, head) : { finished: [], checksum: '' };
  let checksum = before;
  const add = (content: unknown, put: (text: string) => void): void => {
    const line = checkedLine(checksum, content);
    write(path, () => put(line.text));
    checksum = line.checksum;
  };
  if (checksum === '') add(head, (text) => writeFileSync(path, text, { flag: isThere ? 'w' : 'wx' }));
  return {
    path,
    finished: new Map(finished.map((record) => [record.cell, record])),
    append: (record) => {
      const { size } = statSync(path);
      try {
        add(record, (text) => appendFileSync(path, text));
      } catch (error) {
        // What of the line has reached a full disk would spoil the lines after it.
        truncateSync(path, size);
        throw error;
      }
    },
  };
}

function write(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError([{ path, value: code ?? String(error), expected: 'a place to write' }]);
  }
}

/** The records of a journal; cuts a torn last line off the file. */
function readJournal(path: string, head: JournalHead): { finished: SweepRecord[]; checksum: string } {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  let checksum = '';
  const finished: SweepRecord[] = [];
  const texts = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  for (const [index, text] of texts.entries()) {
    const at = `${path}, line ${index + 1}`;
    const content = contentOf(at, text);
    if (index === 0) checkFormat(path, content);
    const line = checkedLine(checksum, content);
    if (line.text !== `${text}\n`)
      refuse([{ path: at, value: showValue(text), expected: 'a line as the sweep wrote it, after all before it' }]);
    checksum = line.checksum;
    if (index === 0) checkHead(path, content as JournalHead, head);
    else finished.push(content as SweepRecord);
  }
  return { finished, checksum };
}

/** Another format or version is named before anything else is looked at. */
function checkFormat(path: string, content: unknown): void {
  const { format, version: writtenBy } = (content ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== journalFormat) {
    const isOther = typeof format === 'string' && /^rolla-sweep-journal\/\d+$/.test(format);
    const value = `${showValue(format)}${isOther ? ', of another version of rolla' : ''}`;
    refuse([{ path: `${path}: format`, value, expected: `"${journalFormat}"` }]);
  }
  if (writtenBy !== version) {
    const expected = `"${version}", the version that goes on with it`;
    refuse([{ path: `${path}: version`, value: showValue(writtenBy), expected }]);
  }
}

/** Names all that differs between the sweep that began the journal and the one that is asked for. */
function checkHead(path: string, began: JournalHead, asked: JournalHead): void {
  const issues: InputIssue[] = [];
  const compare = (name: string, before: unknown, now: unknown) => {
    if (JSON.stringify(before) === JSON.stringify(now)) return;
    const expected = `${showValue(before)}, as in the journal`;
    issues.push({ path: `${path}: ${name}`, value: showValue(now), expected });
  };
  compare('instance', began.instance, asked.instance);
  for (const key of ['name', 'axes', 'unmetCapPerRate'] as const)
    compare(`grid ${key}`, began.grid[key], asked.grid[key]);
  const names = new Set([...Object.keys(began.options), ...Object.keys(asked.options)]);
  for (const name of names) compare(name, began.options[name], asked.options[name]);
  refuse(issues);
}

function headOf({ instance, grid, options }: Sweep): JournalHead {
  return {
    format: journalFormat,
    version,
    instance: `${instance.name ?? 'without a name'} (${fingerprintOf(instance)})`,
    grid: {
      name: grid.name,
      axes: grid.axes.map(({ factor, values }) => [factor.name, values] as const),
      unmetCapPerRate: grid.unmetCapPerRate ?? null,
    },
    options: { ...options },
  };
}
