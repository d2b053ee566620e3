import { describe, expect, it } from 'vitest';
import { parseVary } from '../../src/analysis/grids.ts';
import { runSweep, type Sweep } from '../../src/analysis/sweep.ts';
import { sweepColumns } from '../../src/analysis/sweepRow.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import { publishedGridFaults } from './publishedGrid.ts';

const instance = generateReference();

it('proves every cell of a published grid, every known one at its optimum, parts adding up', async () => {
  expect(await publishedGridFaults('memory-error', 'sensitivity_memory_error')).toEqual([]);
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

  it('hears of an abort that comes from the event loop, however short its cells are', async () => {
    const controller = new AbortController();
    const prices = Array.from({ length: 120 }, (_, k) => (0.8 + k / 300).toFixed(4));
    const long = { ...grid, axes: [parseVary(`price=${prices}`)] };
    // Cells are short once the engine is warm.
    expect(await runSweep({ ...sweep, grid: long })).toHaveLength(prices.length);
    const toldFirst = () => void setTimeout(() => controller.abort());
    const records = await runSweep({ ...sweep, grid: long }, { signal: controller.signal, onRecord: toldFirst });
    expect(records.length).toBeLessThan(prices.length / 2);
  });

  it('asks for no more cells and tells of none once a cell of another chain has failed', async () => {
    const asked: unknown[] = [];
    const told: number[] = [];
    const [solved] = await runSweep({ ...sweep, grid: { ...grid, axes: [parseVary('price=1')] } });
    let answer: (() => void) | null = null;
    const failed = runSweep(sweep, {
      concurrency: 2,
      onRecord: ({ cell }) => told.push(cell),
      solve: async ({ patch }) => {
        asked.push(patch);
        if (asked.length === 2) throw new Error('cell 2 fails');
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return solved;
      },
    });
    await expect(failed).rejects.toThrow('cell 2 fails');
    answer!();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toHaveLength(2);
    expect(told).toEqual([]);
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
