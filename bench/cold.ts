/**
 * What one solve costs who starts a process for it: published rows, each in a process of its own, by its solve alone
 * and as a whole process, HiGHS (WASM) beside us row by row; and `rolla solve` as it is in the package. Processor time
 * of all threads, since compiling and collecting garbage have threads of their own.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchCase, caseInstance, publishedCases, referenceCases } from './cases.ts';
import type { Section } from './resultFiles.ts';
import { median, shiftedGeometricMean } from './statistics.ts';
import { markdownTable, numberText, secondsText } from './tables.ts';
import { bundleCli, bundleScript, metered } from './wholeProcesses.ts';

const ours = 'rolla';
const theirs = 'highs-wasm:strengthened';

type Measured = 'solve' | 'process';

type ColdRun = {
  readonly case: string;
  readonly solver: string;
  readonly status: string;
  readonly cost: number | null;
  /** CPU seconds; of the process from its start to its end. */
  readonly solve: number | null;
  readonly process: number;
};

export async function benchCold({
  cases,
  timeLimit = 60,
  repeats = 3,
}: {
  readonly cases?: readonly string[];
  readonly timeLimit?: number;
  readonly repeats?: number;
}): Promise<Section> {
  const out = fileURLToPath(new URL('../out/', import.meta.url));
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(out, 'cold-'));
  try {
    bundleCli(folder);
    const script = await bundleScript('coldProcess', folder);
    cpSync(fileURLToPath(new URL('./data', import.meta.url)), join(folder, 'data'), { recursive: true });
    const rows = publishedCases(6).filter(
      ({ name }) => cases === undefined || cases.some((part) => name.includes(part)),
    );
    const runs: ColdRun[] = [];
    for (const benchCase of rows)
      for (const solver of [ours, theirs])
        for (let repeat = 0; repeat < repeats; repeat++) runs.push(coldRun(script, benchCase, solver, timeLimit));
    if (rows.length === 0) throw new Error('no case is left by --cases');
    const commands = commandRuns(folder, script, repeats, timeLimit);
    return {
      title: 'Suite cold',
      body: [preface, rowTable(runs), ...disagreementsOf(runs), commandTable(commands)].join('\n\n'),
      measurements: [...runs, ...commands],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function coldRun(script: string, benchCase: BenchCase, solver: string, timeLimit: number): ColdRun {
  const { out, seconds } = metered([script, JSON.stringify({ solver, case: benchCase, timeLimit })]);
  const { status, cost, cpuSeconds } = JSON.parse(out);
  return { case: benchCase.name, solver, status, cost, solve: cpuSeconds, process: seconds };
}

/** The reference instance under its own preset: the command line, both solvers, and a process that does nothing. */
function commandRuns(folder: string, script: string, repeats: number, timeLimit: number): ColdRun[] {
  const reference = referenceCases().find(({ name }) => name === 'reference');
  if (reference === undefined) throw new Error('no case reference');
  const file = join(folder, 'reference.json');
  writeFileSync(file, JSON.stringify(caseInstance(reference)));
  const nothing = join(folder, 'nothing.js');
  writeFileSync(nothing, '');
  const command = [join(folder, 'cli', 'main.js'), 'solve', file, '--preset', 'reference', '--json'];
  const commandRun = (solver: string): ColdRun => {
    const { out, seconds } = metered(command);
    const { status, cost } = JSON.parse(out);
    return { case: 'reference', solver, status, cost: cost.total, solve: null, process: seconds };
  };
  // It leaves its bytecode to the others.
  const first = commandRun('rolla solve, first time');
  const others = Array.from({ length: repeats }).flatMap((): ColdRun[] => {
    return [
      commandRun('rolla solve'),
      coldRun(script, reference, ours, timeLimit),
      coldRun(script, reference, theirs, timeLimit),
      {
        case: 'none',
        solver: 'node alone',
        status: 'none',
        cost: null,
        solve: null,
        process: metered([nothing]).seconds,
      },
    ];
  });
  return [first, ...others];
}

const preface =
  'CPU seconds of all threads, median of the repeats of each case, every run in a new process. `solve` is what a caller waits for once ' +
  'modules are loaded (ours with checks and compiling the problem, HiGHS from the finished program); `process` is everything from start to end.';

/** (case): the median over its repeats. */
function mediansOf(runs: readonly ColdRun[], solver: string, what: Measured): Map<string, number> {
  const names = [...new Set(runs.map((run) => run.case))];
  const values = (name: string) =>
    runs.flatMap((run) => (run.case === name && run.solver === solver ? (run[what] ?? []) : []));
  return new Map(names.map((name) => [name, median(values(name))]));
}

function rowTable(runs: readonly ColdRun[]): string {
  const head = [
    'published rows',
    'cases',
    'median',
    'largest',
    'HiGHS: median',
    'largest',
    'ratio, geo. mean',
    'faster on',
  ];
  const rows = (['solve', 'process'] as const).map((what) => {
    const own = mediansOf(runs, ours, what);
    const other = mediansOf(runs, theirs, what);
    const ratios = [...own].map(([name, seconds]) => other.get(name)! / seconds);
    const [mine, its] = [[...own.values()], [...other.values()]];
    return [
      what,
      String(own.size),
      ...[median(mine), Math.max(...mine), median(its), Math.max(...its)].map(secondsText),
      numberText(shiftedGeometricMean(ratios, 0), 3),
      `${ratios.filter((ratio) => ratio > 1).length}`,
    ];
  });
  return markdownTable({ head, rows });
}

function commandTable(runs: readonly ColdRun[]): string {
  const head = ['whole processes, reference instance', 'median', 'least'];
  const rows = [...new Set(runs.map(({ solver }) => solver))].map((solver) => {
    const seconds = runs.filter((run) => run.solver === solver).map((run) => run.process);
    return [solver, secondsText(median(seconds)), secondsText(Math.min(...seconds))];
  });
  return markdownTable({ head, rows });
}

/** A line for each case on which the proven answers differ. */
function disagreementsOf(runs: readonly ColdRun[]): string[] {
  const names = [...new Set(runs.map((run) => run.case))];
  const differing = names.filter((name) => {
    const proven = runs.filter((run) => run.case === name && run.status !== 'limit');
    const costs = proven.map(({ status, cost }) => (status === 'infeasible' ? Infinity : (cost ?? Infinity)));
    return costs.some((cost) => Math.abs(cost - costs[0]) > 1e-5 * Math.abs(costs[0]));
  });
  return differing.map((name) => `Answers differ on ${name}.`);
}
