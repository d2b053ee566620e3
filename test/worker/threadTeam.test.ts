/**
 * Threads that solve nodes before their turn: the result is that of one thread, and they end with the solve however it
 * ends.
 */
import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { generateInstance, optimize, Solve, type SolveResult } from '../../src/index.ts';
import { presets } from '../../src/model/options.ts';
import type { NodeJob, PatternTeam, TeamContext } from '../../src/patterns/patternTeam.ts';
import type { ThreadTeam } from '../../src/worker/index.ts';
import { builtCli, importBuilt } from '../builtPackage.ts';

type Core = typeof import('../../src/index.ts');
const { solveInWorker, startThreadTeam } = (await importBuilt(
  'worker/index.js',
)) as typeof import('../../src/worker/index.ts');
/** Errors of the built package are of its own class. */
const { InputError } = (await importBuilt('index.js')) as Core;

/** Without settling nodes at once there are trees to spread. */
const branching = { ...presets.corrected, strategy: 'no-enumeration' } as const;
const separable = { ...branching, delayCost: 'deviation', delayCostBudget: 'per-query' } as const;
/** Searches over pools; the first long enough for threads to start. */
const cases = [
  { queryTypes: 24, models: 10, tiers: 20, seed: 1, options: branching },
  { queryTypes: 20, models: 8, tiers: 12, seed: 4, options: branching },
  { queryTypes: 16, models: 8, tiers: 12, seed: 4, options: separable },
];
const prepared = cases.map(({ options, ...size }) => {
  const instance = generateInstance({ ...size, unmetCap: 1 });
  return { instance, options, alone: timeless(optimize(instance, options)) };
});
const large = generateInstance({ seed: 1, queryTypes: 48, models: 12, tiers: 20, unmetCap: 1 });

function timeless({ seconds: _seconds, incumbents, ...rest }: SolveResult) {
  return { ...rest, incumbents: incumbents.map(({ seconds: _s, ...record }) => record) };
}

describe('a team of threads', () => {
  let team: ThreadTeam | null = null;
  afterEach(() => team?.close());

  const started = (threads: number): ThreadTeam => {
    team = startThreadTeam(threads);
    if (team === null) throw new Error('no team');
    return team;
  };

  /** Solves with the team; also how many outcomes of the threads the search has used. */
  async function solvedWith(helpers: ThreadTeam, { options, instance }: (typeof prepared)[number]) {
    let found = 0;
    const counting: PatternTeam = {
      room: helpers.room,
      begin: (context) => helpers.begin(context),
      offer: (jobs) => helpers.offer(jobs),
      wait: (id) => helpers.wait(id),
      withdraw: () => helpers.withdraw(),
      take: (id) => {
        const outcome = helpers.take(id);
        if (typeof outcome !== 'string') found++;
        return outcome;
      },
    };
    const result = await new Solve(instance, { ...options, team: counting }).runAsync();
    return { result: timeless(result), found };
  }

  it.each([2, 3])('changes nothing of the result, and takes part (%d threads)', async (threads) => {
    const helpers = started(threads);
    let used = 0;
    for (const one of prepared) {
      const { result, found } = await solvedWith(helpers, one);
      expect(result).toEqual(one.alone);
      used += found;
    }
    expect(used).toBeGreaterThan(0);
  });

  const job = {
    kind: 'node',
    id: 7,
    decisions: [],
    warmStart: null,
    parentBound: 0,
    depth: 1,
    cutoff: 1,
    relativeGap: 1e-6,
  } satisfies NodeJob;

  it('leaves a job that throws to the solving thread, and goes on', async () => {
    const helpers = started(2);
    // Starts the threads.
    await solvedWith(helpers, prepared[0]);
    // There is no problem in it.
    helpers.begin({} as TeamContext);
    helpers.offer([job]);
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
    expect(helpers.take(job.id)).toBe('mine');
    const { result, found } = await solvedWith(helpers, prepared[0]);
    expect(result).toEqual(prepared[0].alone);
    expect(found).toBeGreaterThan(0);
  });

  it('has only work for the solving thread once it is closed', async () => {
    const helpers = started(3);
    helpers.offer([job]);
    await helpers.close();
    expect(helpers.take(job.id)).toBe('mine');
  });

  it.each([0, 1.5, Number.NaN, 257, '2' as never])('refuses %s threads', (threads) => {
    expect(() => startThreadTeam(threads)).toThrow(InputError);
    expect(() => startThreadTeam(threads)).toThrow(/^threads: found .*, expected a whole number from 1 to 256/);
  });
});

describe('solveInWorker with threads', () => {
  it('gives the result of optimize', async () => {
    const { instance, options } = prepared[0];
    const limited = { ...options, nodeLimit: 20 };
    const alone = timeless(optimize(instance, limited));
    for (const threads of [1, 2, 3])
      expect(timeless(await solveInWorker(instance, { ...limited, threads }))).toEqual(alone);
  });

  it('is stopped by a signal', async () => {
    const controller = new AbortController();
    const result = await solveInWorker(
      large,
      { preset: 'corrected', threads: 3 },
      {
        signal: controller.signal,
        gracePeriod: 60_000,
        onProgress: ({ kind }) => kind === 'incumbent' && controller.abort(),
      },
    );
    expect(result).toMatchObject({ status: 'interrupted', plan: { format: 'rolla-plan/1' } });
  });

  it('refuses a number of threads that is none', async () => {
    await expect(solveInWorker(large, { threads: 0 })).rejects.toThrow(/^threads: found 0, expected a whole number/);
  });

  it('is the only place for them: the core says where', () => {
    const options = { threads: 2 } as object;
    expect(() => optimize(large, options)).toThrow(/threads: found 2, expected no such option here: .*solveInWorker/);
  });
});

describe('rolla solve --threads', () => {
  const instance = JSON.stringify(generateInstance({ seed: 1, queryTypes: 24, models: 10, tiers: 20, unmetCap: 1 }));
  const run = (...flags: string[]) =>
    spawnSync(
      process.execPath,
      [builtCli(), 'solve', '-', '--json', '--preset', 'corrected', '--strategy', 'no-enumeration', ...flags],
      {
        input: instance,
        encoding: 'utf8',
      },
    );

  it('ends with its threads, at a limit too', () => {
    const whole = run('--node-limit', '20', '--threads', '3');
    const alone = run('--node-limit', '20');
    const figures = (text: string) => timeless(JSON.parse(text) as SolveResult);
    expect([whole.status, whole.signal]).toEqual([5, null]);
    expect(figures(whole.stdout)).toEqual(figures(alone.stdout));
    const stopped = run('--time-limit', '1', '--threads', '2');
    expect([stopped.status, stopped.signal]).toEqual([5, null]);
    const refused = run('--threads', '0');
    expect([refused.status, refused.signal]).toEqual([2, null]);
  });
});
