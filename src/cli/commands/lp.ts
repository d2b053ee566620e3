/** `rolla lp`: solves a linear or mixed-integer program from an MPS file. */
import type { Command } from 'commander';
import type { ProgressEvent } from '../../bnb/progress.ts';
import { type MpsModel, readMpsModel } from '../../lp/files/mpsReader.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { absent, counted, percent, seconds } from '../../report/numberText.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { checkWritable, readFileAs, writeText } from '../files.ts';
import { numberFrom, wholeNumber } from '../optionFlags.ts';
import { watchProgress } from '../progressOutput.ts';
import type { CommandContext, Terminal } from '../terminal.ts';

interface LpFlags {
  readonly timeLimit?: number;
  readonly nodeLimit?: number;
  readonly gap?: number;
  readonly relax?: boolean;
  readonly presolve: boolean;
  readonly log?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly output?: string;
  readonly force?: boolean;
}

/** `rolla-lp-result/1`; what does not exist is null. Objective and bound are in the sense of the file. */
interface LpAnswer {
  readonly format: 'rolla-lp-result/1';
  readonly program: string;
  readonly status: string;
  readonly objective: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  readonly nodes: number;
  readonly simplexIterations: number;
  readonly seconds: number;
  /** Largest violations of an optimal LP answer on the program as read. */
  readonly violations: { readonly primal: number; readonly dual: number; readonly gap: number } | null;
  /** Columns that are not zero. */
  readonly columns: Readonly<Record<string, number>> | null;
}

const examples = `
Examples:
  rolla lp model.mps
  rolla lp model.mps.gz --relax --json
  rolla export reference.json | rolla lp - --log

Exit code 0: optimal; 3: infeasible or unbounded; 4: a limit struck before any solution was found; 5: with a solution; 2: bad input.`;

export function addLpCommand(program: Command, context: CommandContext): void {
  program
    .command('lp')
    .summary('solve a linear or mixed-integer program from an MPS file')
    .description(
      'Solve a linear program, or a small mixed-integer program, from an MPS file (fixed or free form, also gzipped).',
    )
    .argument('<file>', 'MPS file; - reads stdin')
    .option('--time-limit <s>', 'seconds of wall time', numberFrom(0))
    .option('--node-limit <n>', 'nodes of the tree', wholeNumber(0))
    .option('--gap <fraction>', 'relative gap at which a solution counts as proven (default: 1e-6)', numberFrom(0, 1))
    .option('--relax', 'let integer columns be continuous')
    .option('--no-presolve', 'give a linear program to the simplex as it is')
    .option('--log', 'print the search log to stderr')
    .option('--json', 'print the answer as JSON with the columns that are not zero')
    .option('-o, --output <file>', 'also write the answer as JSON to a file')
    .option('--force', 'replace a file that exists')
    .option('--quiet', 'no progress line on a terminal')
    .addHelpText('after', examples)
    .action((path: string, flags: LpFlags) => solveFile(path, flags, context));
}

async function solveFile(path: string, flags: LpFlags, { terminal, finish }: CommandContext): Promise<void> {
  if (flags.output !== undefined) checkWritable(flags.output, flags);
  const model = await readFileAs(path, terminal, readMpsModel);
  for (const warning of model.warnings) terminal.err(`rolla: ${path}: warning: ${warning}\n`);
  const isInteger = !flags.relax && model.program.integrality.includes(1);
  const answer = isInteger ? await solveInteger(model, flags, terminal) : await solveContinuous(model, flags);
  const json = `${JSON.stringify(answer, null, 1)}\n`;
  if (flags.output !== undefined) writeText(flags.output, json, terminal, flags);
  if (flags.output !== '-') terminal.out(flags.json ? json : answerText(model, answer));
  finish(exitCodeOf(answer));
}

async function solveContinuous(model: MpsModel, flags: LpFlags): Promise<LpAnswer> {
  const { solveLinearProgram } = await import('../../lp/solveLinearProgram.ts');
  const began = performance.now();
  const { timeLimit, presolve } = flags;
  const solution = solveLinearProgram(model.program, { presolve, ...(timeLimit !== undefined && { timeLimit }) });
  const objective = inSense(model, solution.objective);
  return {
    format: 'rolla-lp-result/1',
    program: model.program.name,
    status: solution.status,
    objective,
    bound: objective,
    gap: objective === null ? null : 0,
    nodes: 0,
    simplexIterations: solution.iterations,
    seconds: (performance.now() - began) / 1000,
    violations: solution.violations,
    columns: solution.primal === null ? null : nonZeros(model.program, solution.primal),
  };
}

async function solveInteger(model: MpsModel, flags: LpFlags, terminal: Terminal): Promise<LpAnswer> {
  const { solveMixedIntegerProgramAsync } = await import('../../bnb/solveMixedIntegerProgram.ts');
  const watch = watchProgress(flags, terminal);
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
  };
  process.once('SIGINT', interrupt);
  const { timeLimit, nodeLimit, gap } = flags;
  try {
    const result = await solveMixedIntegerProgramAsync(model.program, {
      isInterrupted: () => isInterrupted,
      onProgress: (event: ProgressEvent) => watch.onProgress(event),
      ...(timeLimit !== undefined && { timeLimit }),
      ...(nodeLimit !== undefined && { nodeLimit }),
      ...(gap !== undefined && { relativeGap: gap }),
    });
    return {
      format: 'rolla-lp-result/1',
      program: model.program.name,
      status: result.status,
      objective: inSense(model, result.cost),
      bound: inSense(model, result.bound),
      gap: result.gap,
      nodes: result.nodes,
      simplexIterations: result.simplexIterations,
      seconds: result.seconds,
      violations: null,
      columns: result.solution === null ? null : nonZeros(model.program, result.solution),
    };
  } finally {
    process.off('SIGINT', interrupt);
    watch.end();
  }
}

/** The reader turns maximisations round; answers are turned back. */
function inSense({ sense }: MpsModel, value: number | null): number | null {
  return value === null || sense === 'minimise' ? value : -value;
}

function nonZeros({ columnNames }: MixedIntegerProgram, point: Float64Array): Readonly<Record<string, number>> {
  const entries: [string, number][] = [];
  columnNames.forEach((name, column) => {
    if (point[column] !== 0) entries.push([name, point[column]]);
  });
  return Object.fromEntries(entries);
}

function answerText({ program, sense }: MpsModel, answer: LpAnswer): string {
  const integers = program.integrality.reduce((sum, flag) => sum + flag, 0);
  const sizes = [
    counted(program.numRows, 'row'),
    `${counted(program.numColumns, 'column')}${integers > 0 ? ` (${integers} integer)` : ''}`,
    counted(program.values.length, 'non-zero'),
  ];
  const lines = [
    `Program     ${program.name === '' ? 'unnamed' : program.name}: ${sizes.join(', ')}, ${sense}`,
    `Status      ${answer.status}`,
    `Objective   ${answer.objective ?? absent}`,
  ];
  if (answer.gap !== null && answer.gap > 0)
    lines.push(`Bound       ${answer.bound ?? absent}, gap ${percent(answer.gap)}`);
  if (answer.nodes > 0) lines.push(`Nodes       ${answer.nodes}`);
  lines.push(`Iterations  ${answer.simplexIterations}`, `Time        ${seconds(answer.seconds)}`);
  if (answer.violations !== null) {
    const { primal, dual, gap } = answer.violations;
    const digits = (value: number) => value.toExponential(1);
    lines.push(`Violations  primal ${digits(primal)}, dual ${digits(dual)}, gap ${digits(gap)}`);
  }
  return `${lines.join('\n')}\n`;
}

function exitCodeOf({ status, columns }: LpAnswer): ExitCode {
  if (status === 'optimal') return exitCodes.ok;
  if (status === 'infeasible' || status === 'unbounded') return exitCodes.infeasible;
  return columns === null ? exitCodes.limitWithoutPlan : exitCodes.limitWithPlan;
}
