/**
 * Long commands in processes of their own that a signal meets at work: what they print and leave behind. Nothing may be
 * lost but the last interval, and no temporary file may stay.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parseInstance, resumeSolve, type SavedSolve } from '../../src/index.ts';
import { builtCli } from '../builtPackage.ts';
import { runCaptured } from './capturedCli.ts';

export const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
export type SignalName = (typeof signals)[number];

const large = fileURLToPath(new URL('../data/instances/family-24x10x20.json', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface LongCommand {
  /** `folder` is empty and for this run alone. */
  readonly args: (folder: string) => Promise<readonly string[]>;
  /** Whether it is so far at work that the signal should come. */
  readonly isUnderWay: (err: string, folder: string, process: number) => boolean;
  /** What must be there; `isKilled`: by SIGKILL, so that it printed nothing. */
  readonly check: (ended: Ended, folder: string, isKilled: boolean) => Promise<void>;
  /** Whether it prints its answer before what the signal meets. */
  readonly answersFirst?: boolean;
}

const state = 'family.search';
const journalIn = (folder: string) => readdirSync(folder).find((name) => name.endsWith('.journal.jsonl'));

/** Of cells of some milliseconds: enough of them that the signal comes before the last. */
const factors = { price: 12, error: 20 };
const numCells = factors.price * factors.error;
const values = (count: number) => Array.from({ length: count }, (_, k) => (0.9 + k / 50).toFixed(2)).join(',');

const sweepArgs = (folder: string) => [
  ...`sweep --preset reference --no-charts --output-dir ${folder}`.split(' '),
  ...Object.entries(factors).flatMap(([name, count]) => ['--vary', `${name}=${values(count)}`]),
];

async function checkSolve({ code, out }: Ended, folder: string, isKilled: boolean): Promise<void> {
  const saved = JSON.parse(readFileSync(join(folder, state), 'utf8')) as SavedSolve;
  const taken = resumeSolve(saved, parseInstance(readFileSync(large, 'utf8')), { nodeLimit: 0 }).run();
  expect(taken.status).toBe('node-limit');
  if (isKilled) return;
  expect(code).toBe(5);
  const { status, cost } = JSON.parse(out);
  expect({ status, cost }).toEqual({ status: 'interrupted', cost: taken.cost });
}

async function checkLp({ code, out }: Ended, folder: string, isKilled: boolean): Promise<void> {
  expect(existsSync(join(folder, 'answer.json'))).toBe(!isKilled);
  if (isKilled) return;
  const { status, columns } = JSON.parse(out);
  expect({ status, code }).toEqual({ status: 'interrupted', code: columns === null ? 4 : 5 });
}

/** The answer is there, and no part of a proof. */
async function checkProof({ code, out, err }: Ended, folder: string, isKilled: boolean): Promise<void> {
  expect(readdirSync(folder)).toEqual(['result.json']);
  if (isKilled) return;
  expect(JSON.parse(out)).toMatchObject({ status: 'optimal' });
  expect(err).toMatch(
    /^rolla: no proof is written: interrupted with \d+ leaves written and \d+ nodes open, some \d+ % of the tree done$/m,
  );
  expect(code).toBe(5);
}

async function checkSweep({ code, err }: Ended, folder: string, isKilled: boolean): Promise<void> {
  expect(code).toBe(isKilled ? null : 5);
  const journal = join(folder, journalIn(folder)!);
  const told = err.match(/^\d+\/\d+ /gm)!.length;
  const kept = readFileSync(journal, 'utf8').trimEnd().split('\n').length - 1;
  expect(kept).toBeGreaterThanOrEqual(told);
  const resumed = await runCaptured([...sweepArgs(folder), '--resume', journal]);
  expect(resumed).toMatchObject({ exitCode: 0, out: expect.stringContaining(`${numCells} scenarios`) });
  expect(resumed.err.match(/^\d+\/\d+ /gm)).toHaveLength(numCells - kept);
}

async function checkCompare({ code, out }: Ended, _folder: string, isKilled: boolean): Promise<void> {
  if (isKilled) return;
  expect(code).toBe(5);
  const points = JSON.parse(out) as unknown[];
  expect(points[0]).toMatchObject({ gamma: null, result: { status: 'optimal' } });
  expect(points.length).toBeLessThan(5);
}

async function checkExplain({ code, out }: Ended, _folder: string, isKilled: boolean): Promise<void> {
  if (isKilled) return;
  const { status, isComplete } = JSON.parse(out);
  expect(['interrupted', 'feasible']).toContain(status);
  expect(isComplete ?? false).toBe(false);
  expect(code).toBe(status === 'feasible' ? 5 : 4);
}

const longCommands = {
  solve: {
    args: async (folder) =>
      `solve ${large} --preset paper --relaxation compact --log --json --save-state ${join(folder, state)} --save-interval 0.05`.split(
        ' ',
      ),
    // A line with a letter brings an incumbent; the search is far from done.
    isUnderWay: (err, folder) => err.includes('\nL') && existsSync(join(folder, state)),
    check: checkSolve,
  },
  lp: {
    args: async (folder) => {
      const model = join(folder, 'model.mps');
      await runCaptured(['export', large, '-o', model]);
      return ['lp', model, '--log', '--json', '-o', join(folder, 'answer.json')];
    },
    isUnderWay: (err) => err.split('\n').length > 3,
    check: checkLp,
  },
  proof: {
    args: async (folder) =>
      `solve ${large} --preset corrected --gap 1e-6 --json -o ${join(folder, 'result.json')} --proof ${join(folder, 'proof.json')}`.split(
        ' ',
      ),
    isUnderWay: (_err, folder) => existsSync(join(folder, 'result.json')),
    check: checkProof,
    answersFirst: true,
  },
  sweep: {
    args: async (folder) => [...sweepArgs(folder), '--threads', '2'],
    isUnderWay: (err) => /^\d+\/\d+ /m.test(err),
    check: checkSweep,
  },
  compare: {
    args: async () => ['compare', large, '--gamma', '0,1,2,4', '--draws', '10', '--json'],
    isUnderWay: (err) => err.includes('Gamma none'),
    check: checkCompare,
  },
  explain: {
    args: async () => ['explain', large, '--json'],
    isUnderWay: (_err, _folder, process) => catchesSignals(process),
    check: checkExplain,
  },
} satisfies Record<string, LongCommand>;

export type LongCommandName = keyof typeof longCommands;
export const longCommandNames = Object.keys(longCommands) as LongCommandName[];

/**
 * Whether SIGHUP would be caught, as Linux tells it, by a command that prints nothing until its end. (Node itself
 * catches SIGINT and SIGTERM, to leave the terminal as it was.)
 */
function catchesSignals(process: number): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${process}/status`, 'utf8'))![1];
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}

/** Runs the command, sends the signal once it is at work, and checks what it leaves. */
export async function expectNothingLost(name: LongCommandName, signal: SignalName): Promise<void> {
  const command: LongCommand = longCommands[name];
  const folder = mkdtempSync(join(tmpdir(), 'rolla-signal-'));
  try {
    const args = await command.args(folder);
    const ended = await runUntil(args, signal, (err, pid) => command.isUnderWay(err, folder, pid));
    const isKilled = signal === 'SIGKILL';
    if (isKilled) expect(ended.code).toBe(null);
    if (isKilled && command.answersFirst !== true) expect(ended.out).toBe('');
    expect(ended.err).not.toMatch(/internal error|\n {4}at /);
    await command.check(ended, folder, isKilled);
    if (!isKilled) expect(readdirSync(folder).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runUntil(
  args: readonly string[],
  signal: SignalName,
  isUnderWay: (err: string, process: number) => boolean,
): Promise<Ended> {
  const child = spawn(process.execPath, [builtCli(), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      if (child.exitCode !== null || !isUnderWay(err, child.pid!)) return;
      clearInterval(watch);
      child.kill(signal);
    }, 20);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, out, err });
    });
  });
}
