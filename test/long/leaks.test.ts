/**
 * Memory that stays after solves: the heap after a collection, early and late in a process that solves again and again,
 * in its own thread and in workers.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const megabyte = 2 ** 20;

/** Bytes on the heap after a collection, each time `rounds` runs of `work` have passed. */
function heapsAfter(work: string, rounds: number, times: number): number[] {
  const source = pathToFileURL('src').href;
  const program = `
    import { generateInstance, optimize, Solve, resumeSolve } from '${source}/index.ts';
    import { solveInWorker } from '${source}/worker/index.ts';
    const instance = generateInstance({ seed: 1, queryTypes: 6, models: 3, tiers: 4, unmetCap: 1 });
    const work = ${work};
    const settle = async () => {
      for (let t = 0; t < 3; t++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        globalThis.gc();
      }
      return process.memoryUsage().heapUsed + process.memoryUsage().external;
    };
    const heaps = [];
    for (let t = 0; t < ${times}; t++) {
      for (let round = 0; round < ${rounds}; round++) await work(t * ${rounds} + round);
      heaps.push(await settle());
    }
    process.stdout.write(JSON.stringify(heaps));
  `;
  const folder = mkdtempSync(join(tmpdir(), 'rolla-leaks-'));
  const file = join(folder, 'work.mts');
  writeFileSync(file, program);
  const run = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout) as number[];
}

const works = {
  'solves by patterns': { rounds: 500, work: '() => optimize(instance, {})' },
  'solves by the compact relaxation': { rounds: 40, work: "() => optimize(instance, { relaxation: 'compact' })" },
  'solves under split placement': {
    rounds: 20,
    work: "() => optimize(instance, { placement: 'split', nodeLimit: 3 })",
  },
  'solves that are saved and resumed': {
    rounds: 100,
    work: `() => {
      const solve = new Solve(instance, { nodeLimit: 0 });
      solve.run();
      resumeSolve(JSON.parse(JSON.stringify(solve.save())), instance).run();
    }`,
  },
  'solves that end by an error': {
    rounds: 300,
    work: `() => {
      try {
        optimize(instance, { onProgress: () => { throw new Error('no'); } });
      } catch {}
    }`,
  },
  'solves in workers': { rounds: 6, work: '() => solveInWorker(instance, {})' },
  'aborted solves in workers': {
    rounds: 4,
    work: `() => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);
      return solveInWorker(instance, { relaxation: 'compact', gap: 0 }, { signal: controller.signal });
    }`,
  },
};

it.each(Object.entries(works))('%s leave nothing behind', (_, { work, rounds }) => {
  const heaps = heapsAfter(work, rounds, 5);
  // Caches fill and code is compiled in the first rounds.
  expect((heaps[4] - heaps[1]) / megabyte).toBeLessThan(2);
});
