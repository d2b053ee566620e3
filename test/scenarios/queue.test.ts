import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { loweredLimits } from '../../src/scenarios/queue/jobs.ts';
import { scenarioLines } from '../../src/scenarios/scenarioDesign.ts';
import { hasRedis, type QueueServer, rolla, startQueueServer, startRolla } from './queueServer.ts';
import { everyCell, scenarioFolder, smallSweep } from './smallScenarios.ts';

describe.skipIf(!hasRedis)('a queue', () => {
  const { at, write } = scenarioFolder();
  let server: QueueServer | undefined;
  afterAll(() => server?.stop());

  it('gives the results of a local run, each once, pushed twice and after a restart of the server', async () => {
    mkdirSync(at('redis'));
    server = await startQueueServer(at('redis'));
    const { url } = server;
    const scenarios = write('scenarios.jsonl', scenarioLines(smallSweep(), everyCell));
    rolla('run', scenarios, '--results', at('local'), '--threads', '1');
    const push = () => rolla('queue', 'push', scenarios, '--results', at('queued'), '--url', url);
    expect(push()).toBe('3 chains are in the queue rolla\n');
    push();
    await server.restart();
    expect(rolla('queue', 'drain', '--results', at('queued'), '--url', url)).toContain('0 results written');
    const worker = startRolla('queue', 'work', '--url', url);
    expect(rolla('queue', 'watch', '--url', url)).toContain('0 chains wait, 0 under way, 3 done, 0 failed');
    expect(rolla('queue', 'drain', '--results', at('queued'), '--url', url, '--wait')).toContain('6 results written');
    worker.kill('SIGTERM');
    expect(await once(worker, 'exit')).toEqual([0, null]);
    expect(push()).toBe('0 chains are in the queue rolla\n');
    // A merge refuses folders that disagree.
    const both = ['--results', at('local'), '--results', at('queued')];
    rolla('merge', scenarios, ...both, '--output-dir', at('report'), '--no-charts');
  });

  it('without a server says so', () => {
    expect(() => rolla('queue', 'watch', '--url', 'redis://localhost:1')).toThrow('found no server');
  });
});

it('an attempt after a breakdown has half of every limit, and sets none of its own', () => {
  const options = { timeLimit: 8, nodeLimit: 5, gap: 0.1 };
  expect(loweredLimits(options, 0.5)).toEqual({ timeLimit: 4, nodeLimit: 2, gap: 0.1 });
  expect(loweredLimits(options, 1)).toBe(options);
  expect(loweredLimits({ seed: 3 }, 0.25)).toEqual({ seed: 3 });
});

it('without its packages the queue says what to install', async () => {
  vi.doMock('bullmq', () => {
    throw new Error('not installed');
  });
  const { loadQueuePackages } = await import('../../src/scenarios/queue/loadQueue.ts');
  await expect(loadQueuePackages()).rejects.toThrow('npm install bullmq ioredis');
  vi.doUnmock('bullmq');
});
