import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellValues, gridSize, parseVary, publishedGrids } from '../../src/analysis/grids.ts';
import { patchedScenario } from '../../src/analysis/scenario.ts';
import { cellTask, runSweep, type Sweep } from '../../src/analysis/sweep.ts';
import { openSweepJournal } from '../../src/analysis/sweepJournal.ts';
import { type SweepRow, sweepColumns } from '../../src/analysis/sweepRow.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import { InputError } from '../../src/model/inputError.ts';
import { presets } from '../../src/model/options.ts';
import { alteration } from '../arbitrary/alteration.ts';
import { solveWithHighs } from '../oracle/highs.ts';
import { publishedRows as published } from '../oracle/publishedRows.ts';

const instance = generateReference();

/** What is wrong with a cell: parts that do not add up, or an answer other than the published cell's. */
function cellFaults(row: SweepRow, publishedRow: Record<string, string> | undefined): string[] {
  const number = (column: string) => row[column] as number;
  const faults: string[] = [];
  const check = (fault: string, holds: boolean) => holds || faults.push(`${fault}: ${JSON.stringify(row)}`);
  check('not proven', row.status === 'optimal' || row.status === 'infeasible');
  const cost = number('total_cost');
  if (row.status === 'optimal') {
    const parts = ['C1_rental', 'C2_storage', 'C3_robust_delay', 'C4_unmet'].map(number);
    check('parts of the cost', Math.abs(parts.reduce((sum, part) => sum + part, 0) - cost) < 1e-8);
    check('parts of the storage', Math.abs(number('C2_model') + number('C2_data') - number('C2_storage')) < 1e-10);
  }
  if (publishedRow === undefined) return faults;
  const { status, optimum, publishedCost } = publishedRow;
  check('status', row.status === status!.toLowerCase());
  if (status !== 'OPTIMAL') return faults;
  check('optimum', Math.abs(cost - Number(optimum)) <= 1e-6 * Number(optimum));
  const relative = Number(publishedCost) / Number(optimum);
  check('published cost', publishedCost === '' || (relative >= 1 - 1e-4 && relative <= 1.01));
  return faults;
}

describe('the published grids', () => {
  it.each([
    ['cost-budget', 'sensitivity_cost_budget_20251106'],
    ['delay-error', 'sensitivity_delay_error_threshold'],
    ['gpu-cost-error', 'sensitivity_gpu_cost_error'],
    ['memory-error', 'sensitivity_memory_error'],
  ] as const)('%s: every cell proven, every known cell at its optimum, parts adding up', async (name, source) => {
    const sweep: Sweep = { instance, grid: publishedGrids[name], options: { preset: 'reference' } };
    const records = await runSweep(sweep);
    const known = new Map(
      published.filter((row) => row.source!.startsWith(source)).map((row) => [Number(row.row), row]),
    );
    expect(records.flatMap(({ cell, row }) => cellFaults(row, known.get(cell)))).toEqual([]);
    expect(records.length).toBe(gridSize(publishedGrids[name]));
    expect([...known.keys()].every((cell) => records[cell]?.cell === cell)).toBe(true);
  });

  it.each([
    ['gpu-cost-error', 50],
    ['gpu-cost-error', 91],
    ['memory-error', 21],
    ['memory-error', 45],
  ] as const)('%s, cell %i, which is not published, agrees with HiGHS', async (name, cell) => {
    const sweep: Sweep = { instance, grid: publishedGrids[name], options: { preset: 'reference' } };
    const scenario = patchedScenario(cellTask(sweep, cell, null));
    const { program } = buildStrengthened(compileProblem(scenario.instance, presets.reference));
    const oracle = await solveWithHighs(program, { gap: 1e-7 });
    const [axisA, axisB] = sweep.grid.axes;
    const [a, b] = cellValues(sweep.grid, cell);
    const one = { factor: axisA!.factor, values: [a!] };
    const [record] = await runSweep({
      ...sweep,
      grid: { ...sweep.grid, axes: [one, { factor: axisB!.factor, values: [b!] }] },
    });
    const cost = (record!.row.total_cost as number | null) ?? Infinity;
    expect(record!.row.status).toBe(oracle.status);
    expect(oracle.status === 'infeasible' || Math.abs(cost - oracle.objective) < 1e-6 * oracle.objective).toBe(true);
  });
});

describe('runSweep', () => {
  const grid = { name: 'own', title: 'own', axes: [parseVary('price=0.9,1.1'), parseVary('gamma=0,1')] };
  const sweep: Sweep = { instance, grid, options: {} };

  it('gives the same rows whatever the concurrency, and from any cells finished before', async () => {
    const strip = (records: Awaited<ReturnType<typeof runSweep>>) =>
      records.map(({ cell, row }) => ({ cell, row: { ...row, solve_time: 0 } }));
    const whole = await runSweep(sweep);
    expect(strip(await runSweep(sweep, { concurrency: 3 }))).toEqual(strip(whole));
    const finished = new Map(
      whole.filter(({ cell }) => cell === 0 || cell === 3).map((record) => [record.cell, record]),
    );
    expect(strip(await runSweep(sweep, { finished }))).toEqual(strip(whole));
  });

  it('stops before the next cell when aborted', async () => {
    const controller = new AbortController();
    const records = await runSweep(sweep, { signal: controller.signal, onRecord: () => controller.abort() });
    expect(records).toHaveLength(1);
  });

  it('has every column of its table in every row', async () => {
    const records = await runSweep(sweep);
    const columns = sweepColumns(sweep);
    expect(records.map(({ row }) => columns.filter((column) => !(column in row)))).toEqual(records.map(() => []));
  });

  it('counts the deployments at each TP degree that some tier allows', async () => {
    const tiers = instance.tiers.map((tier, k) => ({ ...tier, tpDegrees: k === 0 ? [3] : [6, 12] }));
    const odd: Sweep = { ...sweep, instance: { ...instance, tiers } };
    const counted = ['tp_3_count', 'tp_6_count', 'tp_12_count'];
    expect(sweepColumns(odd).filter((column) => /^tp_\d/.test(column))).toEqual(counted);
    const rows = (await runSweep(odd)).map(({ row }) => row);
    const counts = rows.map((row) => counted.reduce((sum, column) => sum + Number(row[column]), 0));
    expect(counts).toEqual(rows.map((row) => Number(row.num_gpu_configs)));
    expect(Math.max(...counts)).toBeGreaterThan(0);
  });
});

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
