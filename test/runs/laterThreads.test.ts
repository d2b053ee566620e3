import { afterEach, describe, expect, it } from 'vitest';
import { parseVary } from '../../src/analysis/grids.ts';
import { cellTask, runSweep, type Sweep, type SweepRun } from '../../src/analysis/sweep.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import { InputError } from '../../src/input/inputError.ts';
import { LaterThreads, usualThreadRule } from '../../src/runs/laterThreads.ts';

const grid = { name: 'own', title: 'own', axes: [parseVary('price=0.9,1.1'), parseVary('error=0.9,1,1.1')] };
const sweep: Sweep = { instance: generateReference(), grid, options: { preset: 'reference' } };
const numCells = 6;
const atOnce = { firstLook: 0, leastLeft: 0, period: 10 };
const never = { ...usualThreadRule, leastLeft: Infinity };

const opened: LaterThreads[] = [];
const threadsOf = (...args: ConstructorParameters<typeof LaterThreads>): LaterThreads => {
  const threads = new LaterThreads(...args);
  opened.push(threads);
  return threads;
};
afterEach(async () => {
  for (const threads of opened.splice(0)) await threads.close();
});

const rowsOf = async (run: SweepRun) =>
  (await runSweep(sweep, run)).map(({ cell, row, plan }) => ({ cell, row: { ...row, solve_time: 0 }, plan }));

describe('threads that start later', () => {
  it('give the rows and plans of one thread, bit for bit, started or not', async () => {
    const alone = await rowsOf({});
    for (const [most, rule, areStarted] of [
      [1, atOnce, false],
      [2, never, false],
      [2, atOnce, true],
    ] as const) {
      const threads = threadsOf(most, numCells, undefined, rule);
      expect(await rowsOf({ concurrency: most, solve: (task) => threads.solve(task) })).toEqual(alone);
      expect(threads.areStarted).toBe(areStarted);
    }
  });

  it('are not started for work that is nearly done', async () => {
    // One scenario is left of the one that there was: nothing.
    const threads = threadsOf(2, 1, undefined, { ...atOnce, leastLeft: 1e-9 });
    const records = await runSweep(sweep, { solve: (task) => threads.solve(task), finished: await allButTheLast() });
    expect(records).toHaveLength(numCells);
    expect(threads.areStarted).toBe(false);
  });

  it('leave what is under way where they are aborted', async () => {
    const controller = new AbortController();
    const threads = threadsOf(2, numCells, controller.signal, never);
    const records = await runSweep(sweep, {
      concurrency: 2,
      signal: controller.signal,
      solve: (task) => threads.solve(task),
      onRecord: () => controller.abort(),
    });
    expect(records).toHaveLength(1);
  });

  it('end what is under way and begin nothing more once they are closed', async () => {
    const threads = threadsOf(2, numCells, undefined, { ...atOnce, firstLook: 1e-9, leastLeft: 1e-9 });
    const longer: Sweep = { ...sweep, options: { preset: 'reference', relaxation: 'compact' } };
    const task = cellTask(longer, 5, null);
    const outcomes = Promise.allSettled([threads.solve(task), threads.solve(task)]);
    await threads.close();
    const [underWay, waiting] = await outcomes;
    expect(underWay).toMatchObject({ value: { row: { status: 'interrupted' } } });
    expect(waiting).toMatchObject({ reason: { message: 'the threads are closed' } });
    await expect(threads.solve(task)).rejects.toThrow('closed');
    expect(threads.areStarted).toBe(false);
  });

  it('are refused beyond their number', () => {
    expect(() => new LaterThreads(0, 1)).toThrow(InputError);
  });
});

async function allButTheLast() {
  const records = await runSweep(sweep);
  return new Map(records.slice(0, -1).map((record) => [record.cell, record]));
}
