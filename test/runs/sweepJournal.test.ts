/** Journals against every way that a file can be cut, altered or mistaken for another. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVary } from '../../src/analysis/grids.ts';
import type { Sweep } from '../../src/analysis/sweep.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import { InputError } from '../../src/input/inputError.ts';
import { openSweepJournal } from '../../src/runs/sweepJournal.ts';
import { alteration } from '../arbitrary/alteration.ts';

const instance = generateReference();

describe('the journal', () => {
  const grid = { name: 'own', title: 'own', axes: [parseVary('price=0.9,1.1')] };
  const sweep: Sweep = { instance, grid, options: {} };
  const record = (cell: number) => ({ cell, row: { status: 'optimal' }, plan: null });

  it('keeps whole lines and cuts a torn last one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rolla-journal-'));
    const path = join(folder, 'a.journal.jsonl');
    openSweepJournal(path, sweep, false).append(record(0));
    appendFileSync(path, '{"cell":1,"row":{"sta');
    const journal = openSweepJournal(path, sweep, true);
    expect([...journal.finished.keys()]).toEqual([0]);
    journal.append(record(1));
    expect([...openSweepJournal(path, sweep, true).finished.keys()]).toEqual([0, 1]);
    rmSync(folder, { recursive: true });
  });

  it('refuses the journal of another sweep, and a new journal over an old one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rolla-journal-'));
    const path = join(folder, 'a.journal.jsonl');
    openSweepJournal(path, sweep, false);
    expect(() => openSweepJournal(path, sweep, false)).toThrow(InputError);
    const other = { ...sweep, options: { gap: 0.1 }, grid: { ...grid, axes: [parseVary('price=0.9,1.2')] } };
    expect(() => openSweepJournal(path, other, true)).toThrow(
      /grid axes: found .*\n.*: gap: found 0\.1, expected miss/,
    );
    rmSync(folder, { recursive: true });
  });

  it('refuses journals of other versions, naming them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rolla-journal-'));
    const path = join(folder, 'a.journal.jsonl');
    const head = (fields: object) => {
      writeFileSync(path, `${JSON.stringify(fields)}\n`);
      return () => openSweepJournal(path, sweep, true);
    };
    const old = head({ format: 'rolla-sweep-journal/1', sweep: '0123456789abcdef' });
    expect(old).toThrow(/format: found "rolla-sweep-journal\/1", of another version of rolla, expected "rolla-sweep-/);
    const newer = head({ checksum: '', content: { format: 'rolla-sweep-journal/2', version: '99.0.0' } });
    expect(newer).toThrow(/version: found "99\.0\.0", expected "/);
    rmSync(folder, { recursive: true });
  });

  it('refuses lines that were changed, removed, doubled, moved or taken from another journal', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rolla-journal-'));
    const path = join(folder, 'a.journal.jsonl');
    const other = join(folder, 'b.journal.jsonl');
    const journal = openSweepJournal(path, sweep, false);
    for (const cell of [0, 1, 2]) journal.append(record(cell));
    openSweepJournal(other, { ...sweep, options: { gap: 0.1 } }, false).append(record(0));
    const [head, zero, one, two] = readFileSync(path, 'utf8').split('\n');
    const [, foreign] = readFileSync(other, 'utf8').split('\n');
    const refused = (...lines: string[]) => {
      writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
      expect(() => openSweepJournal(path, sweep, true)).toThrow(InputError);
    };
    refused(head, zero, two);
    refused(head, zero, zero, one);
    refused(head, one, zero, two);
    refused(head, foreign);
    refused(head, zero, one, two, foreign);
    refused(head, '', zero);
    refused(zero);
    const whole = [head, zero, one, two].map((line) => `${line}\n`).join('');
    const texts = fc.sample(alteration(whole), { seed: 15, numRuns: 300 });
    const outcome = (text: string): unknown => {
      writeFileSync(path, text);
      try {
        return [...openSweepJournal(path, sweep, true).finished.keys()];
      } catch (error) {
        return error instanceof InputError ? 'refused' : error;
      }
    };
    // Whole lines from the beginning on are the journal of a sweep that was killed there.
    const expected = (text: string): unknown => {
      const kept = text.slice(0, text.lastIndexOf('\n') + 1);
      return whole.startsWith(kept) ? [0, 1, 2].slice(0, Math.max(0, kept.split('\n').length - 2)) : 'refused';
    };
    expect(texts.map(outcome)).toEqual(texts.map(expected));
    rmSync(folder, { recursive: true });
  });
});
