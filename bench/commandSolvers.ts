/**
 * Solvers found on the PATH (commandDialects.ts), run on a free-form MPS file in a folder of their own. Columns are C0,
 * C1, ...; the constant of the objective is the cost of one more column fixed at 1, since solvers disagree on the sign
 * of a constant in MPS, and a relative gap must be relative to the cost.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMps } from '../src/lp/files/mpsWriter.ts';
import type { MixedIntegerProgram } from '../src/lp/linearProgram.ts';
import { commandDialects, type LogLine } from './commandDialects.ts';
import { type PlanProgram, type SolveRequest, verifiedCost } from './planProgram.ts';
import { type ProcessUsage, usageOf } from './processUsage.ts';
import { checkedAnswer, failedAnswer, type SolverAnswer } from './runRecord.ts';

export interface CommandFound {
  readonly name: string;
  readonly version: string;
}

/** The known commands that are on the PATH. */
export function commandsFound(): CommandFound[] {
  return Object.entries(commandDialects).flatMap(([name, { versionArguments }]) => {
    const { error, stdout } = spawnSync(name, versionArguments, { encoding: 'utf8', timeout: 10_000, input: '' });
    return error === undefined ? [{ name, version: /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? 'unknown' }] : [];
  });
}

/**
 * A command that overruns its limit by this factor plus `graceSeconds` is ended: well before the harness would end its
 * process.
 */
const overrunFactor = 1.2;

/**
 * Writes the program, runs the command on it, and verifies what it answers. Starting it and reading the file are part
 * of its time.
 */
export async function solveWithCommand(
  name: string,
  request: SolveRequest,
  plan: PlanProgram,
  graceSeconds = 10,
): Promise<SolverAnswer> {
  const dialect = commandDialects[name];
  if (dialect === undefined)
    throw new RangeError(`solver ${name}: expected one of ${Object.keys(commandDialects).join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'rolla-bench-'));
  const files = { model: 'model.mps', solution: 'solution.txt', options: 'options.txt' };
  try {
    writeFileSync(join(folder, files.model), mpsForAll(plan.program));
    const optionsText = dialect.optionsFile(request);
    if (optionsText !== '') writeFileSync(join(folder, files.options), optionsText);
    const args = dialect.argumentsFor(files, request);
    const run = await runCommand(name, args, folder, request.timeLimit * overrunFactor + graceSeconds);
    const { wallSeconds, cpuSeconds, peakMegabytes } = run;
    if (run.wasEnded) return failedAnswer('overran its time limit and was ended', wallSeconds, peakMegabytes);
    const { values, ...reading } = dialect.read(run.log, readIfThere(join(folder, files.solution)));
    const { bound, trace, ...figures } = reading;
    // CBC says infeasible when its preprocessing is cut off: past the limit that is no proof.
    const isTooLate = reading.status === 'infeasible' && wallSeconds >= request.timeLimit;
    const status = isTooLate ? 'limit' : reading.status;
    const hasPlan = values !== null && reading.status !== 'infeasible';
    const point = Float64Array.from(plan.program.columnNames, (_, column) => values?.get(`C${column}`) ?? 0);
    const { cost, message } = hasPlan ? verifiedCost(plan, point) : { cost: null, message: lackOfPlan(reading, run) };
    // A proof without a told bound claims no more than the gap asked.
    const claimed = bound ?? (status === 'optimal' && cost !== null ? cost - request.gap * Math.abs(cost) : null);
    return checkedAnswer({
      ...figures,
      status,
      cost,
      bound: status === 'infeasible' ? null : claimed,
      wallSeconds,
      cpuSeconds,
      peakMegabytes,
      trace: [...trace, { seconds: wallSeconds, cost, bound: claimed }],
      message,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The program in the words that all readers share. */
function mpsForAll(program: MixedIntegerProgram): string {
  const { numColumns } = program;
  const appended = (values: Float64Array, value: number) => Float64Array.from([...values.slice(0, numColumns), value]);
  const withConstant: MixedIntegerProgram = {
    ...program,
    name: 'plan',
    numColumns: numColumns + 1,
    offset: 0,
    cost: appended(program.cost, program.offset),
    columnLower: appended(program.columnLower, 1),
    columnUpper: appended(program.columnUpper, 1),
    columnStarts: Int32Array.from([...program.columnStarts, program.columnStarts[numColumns]]),
    integrality: Uint8Array.from([...program.integrality, 0]),
    columnNames: Array.from({ length: numColumns + 1 }, (_, column) => `C${column}`),
    rowNames: Array.from({ length: program.numRows }, (_, row) => `R${row}`),
  };
  return writeMps(withConstant, { format: 'free' });
}

/** Without a plan a claimed optimum is no answer, and neither is a command that fell over before it had any bound. */
function lackOfPlan({ status, bound }: Pick<SolverAnswer, 'status' | 'bound'>, { exitCode, log }: CommandRun): string {
  if (status === 'optimal') return 'claims an optimum and gives no solution';
  if (status === 'limit' && bound === null && exitCode !== 0)
    return `exit code ${exitCode}: ${log.findLast(({ text }) => text.trim() !== '')?.text.trim() ?? 'no output'}`;
  return '';
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

interface CommandRun {
  readonly log: readonly LogLine[];
  readonly exitCode: number | null;
  readonly wasEnded: boolean;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number | null;
}

/** How often CPU time and memory are read, in milliseconds: the end of a run after the last reading is not seen. */
const samplePeriod = 10;

function runCommand(name: string, args: readonly string[], cwd: string, limit: number): Promise<CommandRun> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const elapsed = () => (performance.now() - began) / 1000;
    const child = spawn(name, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const log: LogLine[] = [];
    let unfinished = '';
    let usage: ProcessUsage | null = null;
    let wasEnded = false;
    const take = (chunk: Buffer) => {
      const lines = (unfinished + chunk.toString('utf8')).split('\n');
      unfinished = lines.pop() ?? '';
      for (const text of lines) log.push({ seconds: elapsed(), text });
    };
    const sampler = setInterval(() => {
      usage = usageOf(child.pid) ?? usage;
    }, samplePeriod);
    const killer = setTimeout(() => {
      wasEnded = true;
      child.kill('SIGKILL');
      // A script's own children may keep the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    }, limit * 1000);
    const stop = () => {
      clearInterval(sampler);
      clearTimeout(killer);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      stop();
      reject(error);
    });
    child.on('close', (exitCode) => {
      const wallSeconds = elapsed();
      stop();
      if (unfinished !== '') log.push({ seconds: wallSeconds, text: unfinished });
      const { cpuSeconds = wallSeconds, peakMegabytes = null } = usage ?? {};
      resolve({ log, exitCode, wasEnded, wallSeconds, cpuSeconds, peakMegabytes });
    });
  });
}
