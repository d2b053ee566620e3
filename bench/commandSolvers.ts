/** Solvers found on the PATH, run on a free-form MPS file in a folder of their own: HiGHS, CBC, SCIP, glpsol. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMps } from '../src/lp/mpsWriter.ts';
import { type PlanProgram, type SolveRequest, verifiedCost } from './planProgram.ts';
import type { RunStatus, SolverAnswer } from './runRecord.ts';

interface CommandDialect {
  readonly argumentsFor: (model: string, solution: string, request: SolveRequest) => string[];
  /** Values by column name in the solution file; columns left out are 0. */
  readonly readValues: (text: string) => Map<string, number>;
  readonly statusOf: (output: string, solution: string) => RunStatus;
  /** The proven bound in the output, if it is told. */
  readonly boundOf: (output: string) => number | null;
}

const lastNumber = (pattern: RegExp) => (text: string) => {
  const match = [...text.matchAll(pattern)].at(-1)?.[1];
  return match === undefined || !Number.isFinite(Number(match)) ? null : Number(match);
};

/** Lines `name value ...` (HiGHS, SCIP) or `index name value ...` (CBC). */
function namedValues(text: string, nameAt: number): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const words = line.trim().replace(/^\*\*/, '').trim().split(/\s+/);
    const value = Number(words[nameAt + 1]);
    if (words.length > nameAt + 1 && Number.isFinite(value)) values.set(words[nameAt]!, value);
  }
  return values;
}

const dialects: Readonly<Record<string, CommandDialect>> = {
  highs: {
    argumentsFor: (model, solution, { gap, timeLimit }) => {
      const options = `${model}.options`;
      const tolerances = 'primal_feasibility_tolerance = 1e-9\nmip_feasibility_tolerance = 1e-9\n';
      writeFileSync(options, `mip_rel_gap = ${gap}\nmip_abs_gap = 1e-9\nthreads = 1\n${tolerances}`);
      return [model, '--options_file', options, '--time_limit', String(timeLimit), '--solution_file', solution];
    },
    readValues: (text) => namedValues(text.slice(text.indexOf('# Columns')), 0),
    statusOf: (output) =>
      /Status\s+Optimal/.test(output) ? 'optimal' : /Status\s+Infeasible/.test(output) ? 'infeasible' : 'limit',
    boundOf: lastNumber(/Dual bound\s+(\S+)/g),
  },
  cbc: {
    argumentsFor: (model, solution, { gap, timeLimit }) => [
      model,
      '-seconds',
      String(timeLimit),
      '-ratioGap',
      String(gap),
      '-threads',
      '0',
      '-solve',
      '-solution',
      solution,
    ],
    readValues: (text) => namedValues(text, 1),
    statusOf: (_, solution) =>
      solution.startsWith('Optimal')
        ? 'optimal'
        : /^(Infeasible|Integer infeasible)/.test(solution)
          ? 'infeasible'
          : 'limit',
    boundOf: lastNumber(/Lower bound:\s+(\S+)/g),
  },
  scip: {
    argumentsFor: (model, solution, { gap, timeLimit }) => [
      '-c',
      `set limits time ${timeLimit} set limits gap ${gap} read ${model} optimize write solution ${solution} display statistics quit`,
    ],
    readValues: (text) => namedValues(text, 0),
    statusOf: (output) =>
      /problem is solved \[(optimal|gap)/.test(output) || /\[gap limit reached\]/.test(output)
        ? 'optimal'
        : /\[infeasible\]/.test(output)
          ? 'infeasible'
          : 'limit',
    boundOf: lastNumber(/Dual Bound\s+:\s+(\S+)/g),
  },
  glpsol: {
    argumentsFor: (model, solution, { gap, timeLimit }) => [
      '--freemps',
      model,
      '--tmlim',
      String(Math.ceil(timeLimit)),
      '--mipgap',
      String(gap),
      '--cuts',
      '-o',
      solution,
    ],
    readValues: (text) => namedValues(text.slice(text.indexOf('Column name')).replaceAll('*', ' '), 1),
    statusOf: (output) =>
      /INTEGER OPTIMAL SOLUTION FOUND|RELATIVE MIP GAP TOLERANCE REACHED/.test(output)
        ? 'optimal'
        : /NO (PRIMAL|INTEGER) FEASIBLE SOLUTION/.test(output)
          ? 'infeasible'
          : 'limit',
    boundOf: () => null,
  },
};

/** The known commands that are on the PATH, with the first line that they print of their version. */
export function commandsFound(): { readonly name: string; readonly version: string }[] {
  return Object.keys(dialects).flatMap((name) => {
    const { error, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8', timeout: 10_000, input: '' });
    return error === undefined ? [{ name, version: stdout.split('\n')[0] ?? '' }] : [];
  });
}

/** Writes the program, runs the command on it, and verifies what it answers. Reading the file is part of its time. */
export async function solveWithCommand(name: string, request: SolveRequest, plan: PlanProgram): Promise<SolverAnswer> {
  const dialect = dialects[name];
  if (dialect === undefined)
    throw new RangeError(`solver ${name}: expected one of ${Object.keys(dialects).join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'rolla-bench-'));
  try {
    const model = join(folder, 'model.mps');
    const solutionPath = join(folder, 'solution.txt');
    // Names without characters that any reader could take amiss.
    const columnNames = plan.program.columnNames.map((_, column) => `C${column}`);
    writeFileSync(model, writeMps({ ...plan.program, columnNames }, { format: 'free' }));
    const began = performance.now();
    const cpuBefore = process.resourceUsage();
    const output = await runCommand(name, dialect.argumentsFor(model, solutionPath, request), request.timeLimit);
    const wallSeconds = (performance.now() - began) / 1000;
    const cpuAfter = process.resourceUsage();
    const solution = readIfThere(solutionPath);
    const status = dialect.statusOf(output, solution);
    const values =
      solution === '' || status === 'infeasible' ? new Map<string, number>() : dialect.readValues(solution);
    const point = Float64Array.from(columnNames, (column) => values.get(column) ?? 0);
    const checked = values.size === 0 ? { cost: null, message: '' } : verifiedCost(plan, point);
    const bound = dialect.boundOf(output) ?? (status === 'optimal' ? checked.cost : null);
    return {
      status: checked.message !== '' ? 'failed' : status,
      cost: checked.cost,
      bound: status === 'infeasible' ? null : bound,
      nodes: null,
      simplexIterations: null,
      wallSeconds,
      // The child's time is not told apart by Node; a one-thread solver's wall time stands in where it is larger.
      cpuSeconds: Math.max(wallSeconds, (cpuAfter.userCPUTime - cpuBefore.userCPUTime) / 1e6),
      peakMegabytes: 0,
      rootBound: null,
      trace: [{ seconds: wallSeconds, cost: checked.cost, bound }],
      message: checked.message,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function runCommand(name: string, args: readonly string[], timeLimit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, [...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: (timeLimit * 1.5 + 20) * 1000 });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
