import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSweep, type ScenarioSolver } from '../../src/analysis/sweep.ts';
import type { SweepRow } from '../../src/analysis/sweepRow.ts';
import { mergeResults } from '../../src/scenarios/mergeResults.ts';
import { openResultStore, scenarioResult } from '../../src/scenarios/resultStore.ts';
import { runScenarios } from '../../src/scenarios/runScenarios.ts';
import { scenarioLines } from '../../src/scenarios/scenarioDesign.ts';
import { readScenarioChains, type ScenarioChain } from '../../src/scenarios/scenarioFile.ts';
import { isInShard, parseShard, shardOfEnvironment } from '../../src/scenarios/shards.ts';
import {
  chainsOf,
  complaintOf,
  everyCell,
  readInstanceFile,
  scenarioFolder,
  smallInstance,
  smallSweep,
  solveHere,
  timeless,
} from './smallScenarios.ts';

const { at, write } = scenarioFolder();
const sweep = smallSweep();
const file = write('scenarios.jsonl', scenarioLines(sweep, everyCell));
const read = (path = file) => readScenarioChains(path, readInstanceFile);

async function* only(wanted: (chain: ScenarioChain) => boolean) {
  for await (const chain of read()) if (wanted(chain)) yield chain;
}

const merged = async (folders: readonly string[], path = file) =>
  mergeResults(
    read(path),
    folders.map((folder) => openResultStore(folder)),
  );

/** The columns of a row that a sweep has too. */
const ofSweep = ({ scenario: _id, name: _name, instance: _instance, ...row }: SweepRow) => timeless(row);

describe('a run', () => {
  it('has the rows of the sweep that wrote the file, however it is cut, interrupted and repeated', async () => {
    const expected = (await runSweep(sweep)).map(({ row }) => timeless(row));
    const folders = [at('one'), at('two')];
    for (const number of [1, 2, 3]) {
      const store = openResultStore(folders[number % 2]);
      let left = 1;
      const stop = new AbortController();
      const stopping: ScenarioSolver = async (task) => {
        if (left-- === 0) stop.abort();
        return solveHere(task);
      };
      const shard = { number, count: 3 };
      const run = { store, concurrency: 2, solve: stopping, signal: stop.signal };
      await runScenarios(
        only((chain) => isInShard(chain, shard)),
        run,
      );
      await runScenarios(
        only((chain) => isInShard(chain, shard)),
        { store, concurrency: 2, solve: solveHere },
      );
      const solvedAgain: ScenarioSolver = () => Promise.reject(new Error('solved twice'));
      await runScenarios(
        only((chain) => isInShard(chain, shard)),
        { store, concurrency: 1, solve: solvedAgain },
      );
    }
    const { rows, missing, axes } = await merged(folders);
    expect(missing).toEqual([]);
    expect(rows.map(ofSweep)).toEqual(expected);
    expect(axes.map(({ values }) => values)).toEqual(sweep.grid.axes.map(({ values }) => values));
  });

  it('gives a scenario that cannot be solved a row that says why, and goes on', async () => {
    const lines = [
      { format: 'rolla-scenarios/1', instance: smallInstance },
      { patch: { merge: { budget: 'much' } }, name: 'wrong' },
      { patch: { factors: [['price', 1]] }, name: 'right', after: 'previous' },
    ];
    const path = write(
      'wrong.jsonl',
      lines.map((line) => `${JSON.stringify(line)}\n`),
    );
    await runScenarios(read(path), { store: openResultStore(at('wrong')), concurrency: 1, solve: solveHere });
    const { rows, columns } = await merged([at('wrong')], path);
    expect(rows.map(({ name, status }) => [name, status])).toEqual([
      ['wrong', 'failed'],
      ['right', 'optimal'],
    ]);
    expect(rows[0].reason).toContain('budget: found "much"');
    expect(columns).toContain('reason');
  });
});

describe('results', () => {
  const idOf = async () => (await chainsOf(file))[0].scenarios[0].id;
  const pathOf = (folder: string, id: string) => join(folder, id.slice(0, 2), `${id}.json`);

  it.each([
    ['cut', (text: string) => text.slice(0, 40), 'line of JSON'],
    ['empty', () => '', 'line of JSON'],
    ['altered', (text: string) => text.replace('"gap":', '"gpa":'), 'a torn or altered file'],
    ['of another scenario', null, 'the result of'],
  ])('that are %s are named and left as they are', async (name, alter, words) => {
    const folder = at(`bad-${name.replaceAll(' ', '-')}`);
    const store = openResultStore(folder);
    const id = await idOf();
    await runScenarios(
      only(({ index }) => index === 0),
      { store, concurrency: 1, solve: solveHere },
    );
    const path = pathOf(folder, id);
    const other = pathOf(folder, (await chainsOf(file))[0].scenarios[1].id);
    const spoilt = alter === null ? readFileSync(other, 'utf8') : alter(readFileSync(path, 'utf8'));
    writeFileSync(path, spoilt);
    const faults = await runScenarios(read(), { store, concurrency: 1, solve: solveHere });
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(`${faults[0].value}, ${faults[0].expected}`).toContain(words);
    expect(readFileSync(path, 'utf8')).toBe(spoilt);
    expect(await complaintOf(() => merged([folder]))).toContain(path);
  });

  it('of two folders that differ in more than times are refused', async () => {
    const id = await idOf();
    const row = { status: 'optimal', total_cost: 1, solve_time: 1 };
    openResultStore(at('left')).write(scenarioResult(id, { row, plan: null }));
    openResultStore(at('right')).write(scenarioResult(id, { row: { ...row, solve_time: 2 }, plan: null }));
    openResultStore(at('wrong-right')).write(scenarioResult(id, { row: { ...row, total_cost: 2 }, plan: null }));
    expect((await merged([at('left'), at('right')])).rows.length).toBe(1);
    expect(await complaintOf(() => merged([at('left'), at('wrong-right')]))).toContain(`scenario ${id}`);
  });

  it('of scenarios with different options are refused, with different seeds not', async () => {
    const mixture = (options: readonly object[]) =>
      write('mixture.jsonl', [
        `${JSON.stringify({ format: 'rolla-scenarios/1', instance: smallInstance })}\n`,
        ...options.map((each) => `${JSON.stringify({ options: each })}\n`),
      ]);
    const complaint = await complaintOf(() => merged([at('none')], mixture([{ gap: 0.1 }, { gap: 0.2 }])));
    expect(complaint).toContain('options.gap: found 0.2, expected 0.1');
    expect((await merged([at('none')], mixture([{ seed: 1 }, { seed: 2 }]))).missing.length).toBe(2);
  });
});

describe('shards', () => {
  it('are read from flags and from what schedulers set', () => {
    expect(parseShard('3/16')).toEqual({ number: 3, count: 16 });
    for (const bad of ['0/3', '4/3', '1/0', '3', 'a/b', '1/3/5']) expect(() => parseShard(bad)).toThrow('shard');
    expect(shardOfEnvironment({})).toBeNull();
    expect(shardOfEnvironment({ JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '4' })).toEqual({ number: 1, count: 4 });
    const slurm = (id: string, count: string, least: string, step?: string) =>
      shardOfEnvironment({
        SLURM_ARRAY_TASK_ID: id,
        SLURM_ARRAY_TASK_COUNT: count,
        SLURM_ARRAY_TASK_MIN: least,
        SLURM_ARRAY_TASK_STEP: step,
      });
    expect(slurm('0', '16', '0')).toEqual({ number: 1, count: 16 });
    expect(slurm('16', '16', '1')).toEqual({ number: 16, count: 16 });
    expect(slurm('9', '3', '1', '4')).toEqual({ number: 3, count: 3 });
    expect(() => slurm('7', '2', '3')).toThrow('SLURM_ARRAY_TASK_ID: found 7');
    expect(() => shardOfEnvironment({ JOB_COMPLETION_INDEX: '2' })).toThrow('JOB_COMPLETIONS: found missing');
    expect(() => shardOfEnvironment({ JOB_COMPLETION_INDEX: '4', JOB_COMPLETIONS: '4' })).toThrow('below');
  });
});
