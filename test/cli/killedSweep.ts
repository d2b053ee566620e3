/** Sweeps in processes of their own that are killed, and taken up again from their journals. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import { builtCli } from '../builtPackage.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rolla-sweep-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const grid = ['--vary', 'price=0.8,1,1.2', '--vary', 'error=0.9,1,1.1,1.2', '--preset', 'reference'];

/** Runs `rolla sweep`; with `killAfter`, SIGKILL so many milliseconds after its first finished cell. Null: killed. */
function sweep(folder: string, more: readonly string[], killAfter?: number): Promise<number | null> {
  const args = [builtCli(), 'sweep', ...grid, '--output-dir', folder, '--no-charts', ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    child.stderr.on('data', (chunk: Buffer) => {
      if (killAfter !== undefined && /^\d+\/\d+ /m.test(chunk.toString())) {
        timer ??= setTimeout(() => child.kill('SIGKILL'), killAfter);
      }
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}

const journalIn = (folder: string) => readdirSync(folder).find((name) => name.endsWith('.journal.jsonl'));

/** The rows without the one column that no two runs share. */
function table(folder: string): Record<string, string>[] {
  const name = readdirSync(folder).find((file) => file.endsWith('.csv'))!;
  const rows: Record<string, string>[] = parse(readFileSync(join(folder, name)), { columns: true });
  return rows.map((row) => ({ ...row, solve_time: '' }));
}

const continuation = (folder: string): string[] => {
  const journal = journalIn(folder);
  return journal === undefined ? ['--threads', '2'] : ['--resume', join(folder, journal)];
};

/** Whole lines of the journal after its head; zero before the journal began. */
function journaledCells(folder: string): number {
  const journal = journalIn(folder);
  return journal === undefined ? 0 : Math.max(0, readFileSync(join(folder, journal), 'utf8').split('\n').length - 2);
}

/**
 * The journal goes last: with files but no journal the sweep is done, even if the kill came before the process ended.
 */
const isDone = (folder: string): boolean => journalIn(folder) === undefined && readdirSync(folder).length > 0;

function expectSameTable(folder: string, expected: readonly Record<string, string>[]): void {
  expect(table(folder)).toEqual(expected);
  expect(journalIn(folder)).toBeUndefined();
}

/** Kills a sweep at `kills` random points, one after the other, and expects the table of an uninterrupted one. */
export async function expectKilledSweepsToEnd(kills: number): Promise<void> {
  const whole = newFolder();
  expect(await sweep(whole, ['--threads', '2'])).toBe(0);
  const expected = table(whole);
  expect(expected).toHaveLength(12);
  expect(expected.every(({ status }) => status === 'optimal' || status === 'infeasible')).toBe(true);

  const moments = fc.sample(fc.integer({ min: 0, max: 400 }), { numRuns: kills, seed: 42 });
  let folder = newFolder();
  let journaled = 0;
  const codes: (number | null)[] = [];
  for (const moment of moments) {
    codes.push(await sweep(folder, continuation(folder), moment));
    if (isDone(folder)) {
      expectSameTable(folder, expected);
      folder = newFolder();
      journaled = 0;
      continue;
    }
    // No finished cell is lost from one kill to the next.
    const before = journaled;
    journaled = journaledCells(folder);
    expect(journaled).toBeGreaterThanOrEqual(before);
  }
  expect(codes.filter((code) => code !== 0 && code !== null)).toEqual([]);
  expect(await sweep(folder, continuation(folder))).toBe(0);
  expectSameTable(folder, expected);
}
