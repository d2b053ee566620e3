/**
 * A journal: one JSON line that says what the others belong to, then one for each piece of finished work, appended as
 * it finishes. A process killed at any moment loses no finished piece: at most the last line is torn, and it is cut off
 * when the journal is reopened. Each line carries a checksum of itself and of all lines before it, so that a journal is
 * known to be, to the last bit, what was written; whatever else is in it is bad input.
 */
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { checkedLine, contentOf } from '../analysis/checkedLine.ts';
import { InputError, type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { version } from '../version.ts';

interface JournalHead {
  /** `rolla-<work>-journal/<number>`. */
  readonly format: string;
  /** Of the program that began it. */
  readonly version: string;
}

/** What a journal belongs to; it continues only the work that began it. */
export interface JournalOwner<Head extends JournalHead> {
  /** What it is the journal of, in messages: "sweep". */
  readonly work: string;
  readonly head: Head;
  /** What of a head must be the same, by name. */
  readonly settingsOf: (head: Head) => Readonly<Record<string, unknown>>;
}

export interface CheckedJournal<Line> {
  readonly path: string;
  /** Those of before. */
  readonly lines: readonly Line[];
  /** Throws InputError if the line cannot be written; the lines before it stay. */
  append(line: Line): void;
}

/**
 * Opens a journal: a new one, or with `resume` one that exists. Throws InputError if it exists without `resume`, does
 * not exist with it, belongs to other work or another version of the program, or was changed.
 */
export function openCheckedJournal<Head extends JournalHead, Line>(
  path: string,
  owner: JournalOwner<Head>,
  resume: boolean,
): CheckedJournal<Line> {
  const isThere = existsSync(path);
  if (isThere && !resume) refuse([{ path, value: 'a journal that exists', expected: 'no such file, or resume' }]);
  if (!isThere && resume) refuse([{ path, value: 'nothing', expected: `the journal of an interrupted ${owner.work}` }]);
  const { lines, checksum: before } = isThere ? readJournal(path, owner) : { lines: [], checksum: '' };
  let checksum = before;
  const add = (content: unknown, put: (text: string) => void): void => {
    const line = checkedLine(checksum, content);
    write(path, () => put(line.text));
    checksum = line.checksum;
  };
  if (checksum === '') add(owner.head, (text) => writeFileSync(path, text, { flag: isThere ? 'w' : 'wx' }));
  return {
    path,
    lines: lines as Line[],
    append: (content) => {
      const { size } = statSync(path);
      try {
        add(content, (text) => appendFileSync(path, text));
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

/** The lines after the first; cuts a torn last line off the file. */
function readJournal<Head extends JournalHead>(
  path: string,
  owner: JournalOwner<Head>,
): { readonly lines: readonly unknown[]; readonly checksum: string } {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  let checksum = '';
  const lines: unknown[] = [];
  const texts = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  for (const [index, text] of texts.entries()) {
    const at = `${path}, line ${index + 1}`;
    const content = contentOf(at, text);
    if (index === 0) checkFormat(path, content, owner.head.format);
    const line = checkedLine(checksum, content);
    if (line.text !== `${text}\n`)
      refuse([
        { path: at, value: showValue(text), expected: `a line as the ${owner.work} wrote it, after all before it` },
      ]);
    checksum = line.checksum;
    if (index === 0) checkSettings(path, owner.settingsOf(content as Head), owner.settingsOf(owner.head));
    else lines.push(content);
  }
  return { lines, checksum };
}

/** Another format or version is named before anything else is looked at. */
function checkFormat(path: string, content: unknown, expectedFormat: string): void {
  const { format, version: writtenBy } = (content ?? {}) as Partial<Record<keyof JournalHead, unknown>>;
  if (format !== expectedFormat) {
    const [name] = expectedFormat.split('/');
    const isOther = typeof format === 'string' && new RegExp(`^${name}/\\d+$`).test(format);
    const value = `${showValue(format)}${isOther ? ', of another version of rolla' : ''}`;
    refuse([{ path: `${path}: format`, value, expected: `"${expectedFormat}"` }]);
  }
  if (writtenBy !== version) {
    const expected = `"${version}", the version that goes on with it`;
    refuse([{ path: `${path}: version`, value: showValue(writtenBy), expected }]);
  }
}

/** Names all that differs between the work that began the journal and the one that is asked for. */
function checkSettings(
  path: string,
  began: Readonly<Record<string, unknown>>,
  asked: Readonly<Record<string, unknown>>,
): void {
  const issues: InputIssue[] = [];
  for (const name of new Set([...Object.keys(began), ...Object.keys(asked)])) {
    if (JSON.stringify(began[name]) === JSON.stringify(asked[name])) continue;
    const expected = `${showValue(began[name])}, as in the journal`;
    issues.push({ path: `${path}: ${name}`, value: showValue(asked[name]), expected });
  }
  refuse(issues);
}
