/**
 * Two thousand scenarios of small families, solved by one process, in seven shards, and over a queue whose workers are
 * killed at random and whose server is restarted: the same rows, nothing lost, nothing twice.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { parseVary } from '../../../src/analysis/grids.ts';
import { generateInstance } from '../../../src/generator/generateInstance.ts';
import { SeededRandom } from '../../../src/heuristics/seededRandom.ts';
import { hasRedis, type QueueServer, rolla, startQueueServer, startRolla } from '../../scenarios/queueServer.ts';
import { scenarioFolder, timelessCsvRows } from '../../scenarios/smallScenarios.ts';

const { at, write } = scenarioFolder();
const chains = 400;
const chainLength = 5;

/** Families of 2 to 4 query types, prices along each chain. */
function* lines(): Generator<string> {
  yield `${JSON.stringify({ format: 'rolla-scenarios/1', title: 'Families' })}\n`;
  const rates = parseVary('rate=0.5:1.49:0.01').values;
  for (let chain = 0; chain < chains; chain++) {
    for (let link = 0; link < chainLength; link++) {
      const factors = [
        ['rate', rates[chain % rates.length]],
        ['price', 0.5 + 0.25 * link],
      ];
      const instance = `family-${Math.floor(chain / rates.length)}.json`;
      yield `${JSON.stringify({ instance, patch: { factors }, options: { nodeLimit: 20 }, ...(link > 0 && { after: 'previous' }) })}\n`;
    }
  }
}

/** Rows of a merge but for times. */
function rowsOf(scenarios: string, folder: string): Record<string, string>[] {
  rolla(
    'merge',
    scenarios,
    '--results',
    at(folder),
    '--output-dir',
    at('reports'),
    '--name',
    folder,
    '--no-charts',
    '--force',
  );
  return timelessCsvRows(at(`reports/${folder}.csv`));
}

const filesIn = (folder: string) =>
  readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json')).length;

describe('two thousand scenarios', () => {
  let server: QueueServer | undefined;
  afterAll(() => server?.stop());
  for (let family = 0; family < 4; family++) {
    const instance = generateInstance({ queryTypes: 2 + (family % 3), models: 2, tiers: 3, seed: family + 1 });
    writeFileSync(at(`family-${family}.json`), JSON.stringify(instance));
  }
  const scenarios = write('scenarios.jsonl', lines());
  const total = chains * chainLength;

  it('in one process and in seven shards have the same rows', () => {
    rolla('run', scenarios, '--results', at('local'));
    for (let shard = 1; shard <= 7; shard++)
      rolla('run', scenarios, '--results', at('shards'), '--threads', '1', '--shard', `${shard}/7`);
    const rows = rowsOf(scenarios, 'local');
    expect(rows.length).toBe(total);
    expect(rowsOf(scenarios, 'shards')).toEqual(rows);
  });

  it.skipIf(!hasRedis)(
    'over a queue whose workers are killed and whose server is restarted have them too',
    async () => {
      mkdirSync(at('redis'));
      server = await startQueueServer(at('redis'));
      const { url } = server;
      rolla('queue', 'push', scenarios, '--results', at('queued'), '--url', url);
      const start = () => startRolla('queue', 'work', '--url', url);
      const workers = [start(), start(), start()];
      const random = new SeededRandom(11);
      for (let kill = 0; kill < 10; kill++) {
        await pause(300 + 1500 * random.next());
        // The first one always lives.
        const victim = 1 + random.below(2);
        workers[victim].kill('SIGKILL');
        workers[victim] = start();
        if (kill === 4) await server.restart();
        rolla('queue', 'drain', '--results', at('queued'), '--url', url);
      }
      rolla('queue', 'drain', '--results', at('queued'), '--url', url, '--wait');
      for (const worker of workers) worker.kill('SIGTERM');
      expect(rowsOf(scenarios, 'queued')).toEqual(rowsOf(scenarios, 'local'));
      expect(filesIn('queued')).toBe(total);
    },
  );
});
