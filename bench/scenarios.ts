/**
 * What describing the work costs: processor time of a run of tiny scenarios beyond that of solving them in one loop,
 * by `rolla run` and by a queue with one process (where Redis is installed); memory over 10,000 scenarios.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { generateInstance } from '../src/generator/generateInstance.ts';
import { generateReference } from '../src/generator/generateReference.ts';
import type { Instance } from '../src/model/instance.ts';
import { usageOf } from './processUsage.ts';
import type { Section } from './resultFiles.ts';
import { markdownTable, numberText } from './tables.ts';
import { bundleCli, bundleScript, metered } from './wholeProcesses.ts';

const tinyScenarios = 2000;
const manyScenarios = 10_000;
/** Samples of memory that the table shows. */
const samplesShown = 10;
const port = 7399;

interface Work {
  readonly folder: string;
  readonly command: string;
  readonly instance: string;
  readonly scenarios: string;
}

export async function benchScenarios(): Promise<Section> {
  const out = fileURLToPath(new URL('../out/', import.meta.url));
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(out, 'scenarios-'));
  try {
    bundleCli(folder);
    const command = join(folder, 'cli', 'main.js');
    const tiny = writeWork(folder, command, 'tiny', tinyInstance(), tinyScenarios);
    const loop = metered([await bundleScript('scenarioLoop', folder), tiny.instance, tiny.scenarios]).seconds;
    const local = metered([command, 'run', tiny.scenarios, '--results', join(folder, 'local'), '--threads', '1']);
    const queued = spawnSync('redis-server', ['--version']).status === 0 ? await queuedSeconds(tiny) : null;
    const each = (seconds: number) => (1000 * seconds) / tinyScenarios;
    const ways = [
      { way: 'one loop', milliseconds: each(loop) },
      { way: 'rolla run, one thread', milliseconds: each(local.seconds) },
      ...(queued === null ? [] : [{ way: 'queue, one process, its server included', milliseconds: each(queued) }]),
    ];
    const many = writeWork(folder, command, 'many', generateReference(), manyScenarios);
    const memory = await memoryOf(many);
    return {
      title: 'Suite scenarios: what describing the work costs',
      body: [
        `CPU time of each of ${tinyScenarios} scenarios of 2x2x2, whole processes.`,
        markdownTable({
          head: ['way', 'ms each', 'more than the loop'],
          rows: ways.map(({ way, milliseconds }) => [
            way,
            numberText(milliseconds, 3),
            numberText(milliseconds - each(loop), 3),
          ]),
        }),
        `Memory (MB) of \`rolla run\` over ${manyScenarios} scenarios of the reference instance, at ${samplesShown} moments: ` +
          `${memory.map((megabytes) => Math.round(megabytes)).join(', ')}.`,
      ].join('\n\n'),
      measurements: [
        ...ways,
        ...memory.map((megabytes, sample) => ({ way: `memory ${sample + 1}/${samplesShown}`, megabytes })),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tinyInstance = () => generateInstance({ queryTypes: 2, models: 2, tiers: 2, seed: 1 });

/** A file of scenarios that differ in their arrival rates. */
function writeWork(folder: string, command: string, name: string, instance: Instance, count: number): Work {
  const files = { instance: join(folder, `${name}.json`), scenarios: join(folder, `${name}.jsonl`) };
  writeFileSync(files.instance, JSON.stringify(instance));
  const lines = Array.from({ length: count }, (_, at) => ({
    patch: { factors: [['rate', 1 + at / count]] },
    options: { nodeLimit: 100 },
  }));
  const head = { format: 'rolla-scenarios/1', title: name, instance: `${name}.json` };
  writeFileSync(files.scenarios, [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { folder, command, ...files };
}

/** CPU seconds of pushing, solving and draining, with those of the server. */
async function queuedSeconds({ folder, command, scenarios }: Work): Promise<number> {
  const flags = [
    '--port',
    String(port),
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
  ];
  const server = spawn('redis-server', flags, { stdio: 'ignore' });
  try {
    while (spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout !== 'PONG\n')
      await pause(50);
    const where = ['--url', `redis://localhost:${port}`];
    const results = ['--results', join(folder, 'queued')];
    const push = metered([command, 'queue', 'push', scenarios, ...results, ...where]);
    const worker = spawn(process.execPath, [command, 'queue', 'work', '--processes', '1', ...where], {
      stdio: 'ignore',
    });
    try {
      const drain = metered([command, 'queue', 'drain', '--wait', ...results, ...where]);
      const others = [server.pid!, worker.pid!, ...childrenOf(worker)].map((pid) => usageOf(pid)?.cpuSeconds ?? 0);
      return others.reduce((sum, seconds) => sum + seconds, push.seconds + drain.seconds);
    } finally {
      await ended(worker);
    }
  } finally {
    await ended(server);
  }
}

function childrenOf({ pid }: ChildProcess): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

/** Resident megabytes of a run at moments that lie apart evenly. */
async function memoryOf({ folder, command, scenarios }: Work): Promise<number[]> {
  const args = [command, 'run', scenarios, '--results', join(folder, 'many')];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(usageOf(child.pid)?.megabytes ?? 0), 500);
  try {
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`rolla run ended with ${code}`);
  } finally {
    clearInterval(timer);
  }
  return Array.from({ length: samplesShown }, (_, at) => samples[Math.floor((at * samples.length) / samplesShown)]);
}
