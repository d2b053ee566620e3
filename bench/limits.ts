/**
 * How soon limits strike: `npx tsx bench/limits.ts [largest]` solves instances of growing size under time limits and
 * aborts, in this thread and in a worker, and prints by how many seconds each answer came late. `largest` bounds the
 * query types (default 200). Wall time: to be run on a machine that has nothing else to do.
 */
import { generateInstance } from '../src/generator/generateInstance.ts';
import type { Instance } from '../src/model/instance.ts';
import { optimize, optimizeAsync } from '../src/planner/optimize.ts';
import type { SolveOptions } from '../src/planner/solveOptions.ts';
import type { SolveResult } from '../src/planner/solveResult.ts';
import { solveInWorker } from '../src/worker/index.ts';
import { plainTable } from './tables.ts';

const sizes = [
  { queryTypes: 12, models: 6, tiers: 10 },
  { queryTypes: 24, models: 8, tiers: 12 },
  { queryTypes: 48, models: 12, tiers: 20 },
  { queryTypes: 100, models: 20, tiers: 40 },
  { queryTypes: 200, models: 20, tiers: 40 },
];
const kinds: Readonly<Record<string, SolveOptions>> = {
  single: {},
  compact: { relaxation: 'compact' },
  split: { placement: 'split' },
};
const timeLimits = [0, 0.1, 1, 5];
/** Seconds after which a solve is aborted. */
const abortAfter = 1;

type Way = (instance: Instance, options: SolveOptions) => SolveResult | Promise<SolveResult>;

async function aborted(solve: (signal: AbortSignal) => Promise<SolveResult>): Promise<SolveResult> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 1000 * abortAfter);
  try {
    return await solve(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

const columns: readonly { readonly name: string; readonly seconds: number; readonly run: Way }[] = [
  ...timeLimits.map((timeLimit) => ({
    name: `${timeLimit} s`,
    seconds: timeLimit,
    run: (instance: Instance, options: SolveOptions) => optimize(instance, { ...options, timeLimit }),
  })),
  {
    name: `abort ${abortAfter} s`,
    seconds: abortAfter,
    run: (instance, options) => aborted((signal) => optimizeAsync(instance, { ...options, signal })),
  },
  {
    name: 'worker 1 s',
    seconds: 1,
    run: (instance, options) => solveInWorker(instance, { ...options, timeLimit: 1 }),
  },
  {
    name: `worker abort ${abortAfter} s`,
    seconds: abortAfter,
    run: (instance, options) => aborted((signal) => solveInWorker(instance, options, { signal, gracePeriod: 120_000 })),
  },
];

/** Seconds late, then a plan (+) or none (-); the status alone where the solve ended before the limit. */
async function cell(instance: Instance, options: SolveOptions, seconds: number, run: Way): Promise<string> {
  const began = performance.now();
  const { status, plan } = await run(instance, options);
  const late = (performance.now() - began) / 1000 - seconds;
  if (status === 'optimal' || status === 'infeasible') return status;
  return `${late.toFixed(2)} ${plan === null ? '-' : '+'}`;
}

const largest = Number(process.argv[2] ?? 200);
const rows: string[][] = [];
for (const size of sizes.filter(({ queryTypes }) => queryTypes <= largest)) {
  const instance = generateInstance({ ...size, seed: 1 });
  for (const [kind, options] of Object.entries(kinds)) {
    const row = [`${size.queryTypes}x${size.models}x${size.tiers} ${kind}`];
    for (const { seconds, run } of columns) row.push(await cell(instance, options, seconds, run));
    rows.push(row);
    process.stderr.write(`${row.join('  ')}\n`);
  }
}
process.stdout.write(`${plainTable({ head: ['instance', ...columns.map(({ name }) => name)], rows })}\n`);
