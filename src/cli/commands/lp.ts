/** `rolla lp`: solves a linear or mixed-integer program from an MPS or CPLEX-LP file. */
import { basename } from 'node:path';
import type { ProgressEvent } from '../../bnb/progress.ts';
import type { SearchStrategy, StrategyInput, strategyPresets } from '../../bnb/strategy.ts';
import { type InputIssue, refuse, showValue } from '../../input/inputError.ts';
import type { FileModel } from '../../lp/files/programFile.ts';
import { readProgram } from '../../lp/files/readProgram.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { type DualPricingName, dualPricings } from '../../lp/simplex/dualPricing.ts';
import type { LinearProgramSolution } from '../../lp/solveLinearProgram.ts';
import { drainAsync } from '../../lp/steps.ts';
import { shortened, visible } from '../../model/visibleText.ts';
import { absent, counted, percent, seconds } from '../../report/numberText.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { OutputFiles, readFileAs } from '../files.ts';
import { type CliCommand, fileOutput, flagName, forceFlag, jsonFlag, outputFlag } from '../flags.ts';
import { hearingInterval, withInterruption } from '../interruption.ts';
import { addOptionFlags, addStrategyFlags, inFlags, type StrategyFlags, strategyOf } from '../optionFlags.ts';
import { watchProgress, writeTree } from '../progressOutput.ts';
import { type ProvenResult, withProof, writeProgramProofs } from '../proofFiles.ts';
import type { CommandContext, Terminal } from '../terminal.ts';
import { choiceText } from '../textRules.ts';

interface LpFlags extends StrategyFlags {
  readonly strategy?: keyof typeof strategyPresets;
  readonly timeLimit?: number;
  readonly nodeLimit?: number;
  readonly gap?: number;
  readonly relax?: boolean;
  readonly presolve: boolean;
  readonly pricing?: DualPricingName;
  readonly log?: boolean;
  readonly logJson?: string;
  readonly tree?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly output?: string;
  readonly proof?: string;
  readonly vipr?: string;
  readonly force?: boolean;
}

/** `rolla-lp-result/1`; what does not exist is null. Objective and bound are in the sense of the file. */
interface LpAnswer {
  readonly format: 'rolla-lp-result/1';
  /** The name that the file gives, else the file's. */
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
  /** Of a linear program, by name, what is not zero: row duals y, reduced costs c - A'y, row activities A x. */
  readonly duals: Readonly<Record<string, number>> | null;
  readonly reducedCosts: Readonly<Record<string, number>> | null;
  readonly activities: Readonly<Record<string, number>> | null;
  /** Of a linear program: row multipliers that prove it infeasible, the direction in which it is unbounded. */
  readonly farkasRay: Readonly<Record<string, number>> | null;
  readonly unboundedRay: Readonly<Record<string, number>> | null;
}

/** Lines of columns that are printed; all of them are in JSON and in a .sol file, with all digits. */
const mostPrinted = 40;

/** Loaded where it is needed, so that help and usage errors come at once. */
const loadSearch = () => import('../../bnb/solveMixedIntegerProgram.ts');

const programOptions = ['timeLimit', 'nodeLimit', 'gap', 'strategy'] as const;

const examples = `
Examples:
  rolla lp model.mps
  rolla lp model.mps.gz --relax --json
  rolla lp model.lp -o model.sol
  rolla lp model.mps --strategy no-cuts --plugin ./rule.mjs --set search.branching.lookahead=8
  rolla lp model.mps --proof model.proof.json && rolla check model.mps model.proof.json
  rolla export reference.json | rolla lp - --log

Exit code 0: optimal; 3: infeasible or unbounded; 4: a limit struck before any solution was found; 5: with a solution;
6: numerical trouble; 2: bad input.`;

export function addLpCommand(program: CliCommand, context: CommandContext): void {
  const command = program
    .command('lp')
    .summary('solve a linear or mixed-integer program from an MPS or LP file')
    .description(
      'Solve a linear program, or a small mixed-integer program, from an MPS file (fixed or free form) or one in CPLEX-LP format, also gzipped.',
    )
    .argument('<file>', 'MPS or LP file; - reads stdin');
  addOptionFlags(command, programOptions, {
    nodeLimit: { does: 'nodes of the tree' },
    gap: { does: 'relative gap at which a solution counts as proven; below 1e-9: 1e-9' },
  }).addFlags({
    relax: { does: 'let integer columns be continuous', excludes: { proof: true, vipr: true } },
    noPresolve: { does: 'give a linear program to the simplex as it is' },
    pricing: {
      argument: '<rule>',
      does: 'pricing rule of the dual simplex',
      value: choiceText(Object.keys(dualPricings)),
    },
  });
  command.checking(({ pricing, gap, set = [] }) => {
    const sets = (path: RegExp) => (set as readonly string[]).some((text) => path.test(text));
    const issues: InputIssue[] = [];
    if (pricing !== undefined && sets(/^lpPricing=/))
      issues.push({ path: '--pricing', value: showValue(pricing), expected: 'none beside --set lpPricing' });
    if (gap !== undefined && sets(/^search\.(gaps\.)?relative=/))
      issues.push({ path: '--gap', value: showValue(gap), expected: 'none beside --set search.gaps.relative' });
    refuse(issues);
  });
  addStrategyFlags(command, async (strategy) =>
    (await loadSearch()).programStrategy(strategy as StrategyInput | undefined),
  )
    .addFlags({
      log: { does: 'print the search log to stderr' },
      logJson: fileOutput('write progress events of a mixed-integer program as JSON lines to a file'),
      tree: fileOutput('also write a picture of the search tree of a mixed-integer program'),
      ...jsonFlag('print the answer as JSON with columns, duals, reduced costs, activities and rays that are not zero'),
      ...outputFlag('also write the answer to a file: .sol has the values of the columns, any other name JSON'),
      proof: fileOutput('write a proof of the answer, for rolla check'),
      vipr: fileOutput('write a proof of the answer as a VIPR 1.0 certificate'),
      ...forceFlag,
      quiet: { does: 'no progress line on a terminal' },
    })
    .addHelpText('after', examples)
    .action((path: string, flags: LpFlags) => solveFile(path, flags, context));
}

async function solveFile(path: string, flags: LpFlags, { terminal, finish }: CommandContext): Promise<void> {
  const model = await readFileAs(path, terminal, readProgram, { takesAnyByte: true });
  for (const warning of model.warnings) terminal.err(`rolla: ${shortened(visible(`${path}: warning: ${warning}`))}\n`);
  const isInteger = !flags.relax && model.program.integrality.includes(1);
  const strategy = await strategyFor(isInteger, flags);
  for (const notice of noticesOf(isInteger, flags)) terminal.err(`rolla: note: ${notice}\n`);
  const run = { model, name: programName(model, path), flags, strategy, terminal };
  await withInterruption(async (signal) => {
    const solved = await (isInteger ? solveInteger : solveContinuous)(run, signal);
    finish(await tell(run, solved, signal));
  });
}

/** What is solved and how. */
interface Run {
  readonly model: FileModel;
  readonly name: string;
  readonly flags: LpFlags;
  readonly strategy: SearchStrategy;
  readonly terminal: Terminal;
}

/** Flags without effect on a program of this kind. */
function noticesOf(isInteger: boolean, { nodeLimit, gap, presolve, proof, vipr }: LpFlags): string[] {
  if (isInteger)
    return presolve ? [] : ['--no-presolve has no effect: the program has integer columns, whose search has its own'];
  const isAsked = { nodeLimit: nodeLimit !== undefined, gap: gap !== undefined && (proof ?? vipr) === undefined };
  return (['nodeLimit', 'gap'] as const)
    .filter((name) => isAsked[name])
    .map((name) => `${flagName(name)} has no effect: there are no integer columns, and so no tree`);
}

/** The name that the file gives, else the file's own: CPLEX-LP has none. */
function programName({ program }: FileModel, path: string): string {
  return program.name || (path === '-' ? 'stdin' : basename(path));
}

/** Throws InputError where the flags need a tree and there is none. */
async function strategyFor(isInteger: boolean, flags: LpFlags): Promise<SearchStrategy> {
  const { strategy: named, pricing } = flags;
  const { programStrategy } = await loadSearch();
  const given = await strategyOf(named, flags);
  const chosen = inFlags(() => programStrategy(given.strategy as StrategyInput | undefined));
  const ofTree = ['tree', 'logJson', 'strategy', 'set'] as const;
  const needless = isInteger ? [] : ofTree.filter((name) => flags[name] !== undefined).map((name) => flagName(name));
  const plugins = isInteger ? [] : chosen.plugins.filter(({ kind }) => kind !== 'lp-pricing');
  const value = 'a program without integer columns';
  refuse([
    ...needless.map((path) => ({ path, value, expected: 'a mixed-integer program: there is no tree' })),
    ...plugins.map(({ name, kind }) => ({
      path: '--plugin',
      value,
      expected: `a mixed-integer program for the ${kind} ${showValue(name)}: there is no tree`,
    })),
  ]);
  return pricing === undefined ? chosen : { ...chosen, lpPricing: pricing };
}

/** An answer in the sense of the file, and what a proof is made of. */
interface Solved {
  readonly answer: LpAnswer;
  readonly proven: ProvenResult;
  /** Of its search, where a picture is asked for. */
  readonly events: readonly ProgressEvent[];
}

/** What is printed is safe, whatever happens to the files. */
async function tell(
  { model, name, flags, terminal }: Run,
  { answer, proven, events }: Solved,
  signal: AbortSignal,
): Promise<ExitCode> {
  const json = `${JSON.stringify(answer, null, 1)}\n`;
  if (flags.output !== '-') terminal.out(flags.json ? json : answerText(model, answer));
  const files = new OutputFiles(terminal, flags);
  if (flags.output !== undefined)
    files.write(flags.output, flags.output.endsWith('.sol') ? solText(model, answer) : json);
  if (flags.tree !== undefined) await writeTree(name, events, flags.tree, files);
  const desk = { files, terminal, signal, quiet: flags.quiet === true };
  const isAsked = flags.proof !== undefined || flags.vipr !== undefined;
  const proof = isAsked ? await writeProgramProofs(model.program, proven, flags, desk) : 'complete';
  return files.isComplete ? withProof(proof, exitCodeOf(answer), proven.solution !== null) : exitCodes.badInput;
}

async function solveContinuous({ model, name, flags, strategy, terminal }: Run, signal: AbortSignal): Promise<Solved> {
  const { solveLinearProgramInSteps } = await import('../../lp/solveLinearProgram.ts');
  const { pricingOf } = await import('../../bnb/plugins/linearHooks.ts');
  const began = performance.now();
  const { timeLimit, presolve } = flags;
  const work = solveLinearProgramInSteps(model.program, {
    presolve,
    pricing: pricingOf(strategy.lpPricing, strategy.plugins),
    shouldStop: () => signal.aborted,
    ...(timeLimit !== undefined && { timeLimit }),
  });
  const solution = await drainAsync(work, hearingInterval);
  const seconds = (performance.now() - began) / 1000;
  if (flags.log) terminal.err(logText(model.program, solution, seconds));
  const objective = inSense(model, solution.objective);
  const { columnNames, rowNames } = model.program;
  /** Duals have the sense of the file, as the objective. */
  const inFile = (values: Float64Array | null) =>
    model.sense === 'minimise' || values === null ? values : values.map((value) => -value);
  const bound = 'bound' in solution ? solution.bound : solution.objective;
  const answer: LpAnswer = {
    format: 'rolla-lp-result/1',
    program: name,
    status: solution.status,
    objective,
    bound: inSense(model, bound),
    gap: objective === null ? null : 0,
    nodes: 0,
    simplexIterations: solution.iterations,
    seconds,
    violations: solution.violations,
    columns: nonZeros(columnNames, solution.primal),
    duals: nonZeros(rowNames, inFile(solution.duals)),
    reducedCosts: nonZeros(columnNames, inFile(solution.reducedCosts)),
    activities: nonZeros(rowNames, solution.rowActivity),
    farkasRay: nonZeros(rowNames, solution.farkasRay),
    unboundedRay: nonZeros(columnNames, solution.unboundedRay),
  };
  const proven = { status: solution.status, solution: solution.primal, bound, gap: answer.gap };
  return { answer, proven, events: [] };
}

async function solveInteger({ model, name, flags, strategy, terminal }: Run, signal: AbortSignal): Promise<Solved> {
  const { solveMixedIntegerProgramAsync } = await loadSearch();
  const watch = watchProgress(flags, terminal);
  const { timeLimit, nodeLimit, gap } = flags;
  try {
    const result = await solveMixedIntegerProgramAsync(model.program, {
      isInterrupted: () => signal.aborted,
      onProgress: (event: ProgressEvent) => watch.onProgress(event),
      ...(timeLimit !== undefined && { timeLimit }),
      ...(nodeLimit !== undefined && { nodeLimit }),
      ...(gap !== undefined && { relativeGap: gap }),
      strategy,
    });
    const answer: LpAnswer = {
      format: 'rolla-lp-result/1',
      program: name,
      status: result.status,
      objective: inSense(model, result.cost),
      bound: inSense(model, result.bound),
      gap: result.gap,
      nodes: result.nodes,
      simplexIterations: result.simplexIterations,
      seconds: result.seconds,
      violations: null,
      columns: nonZeros(model.program.columnNames, result.solution),
      duals: null,
      reducedCosts: null,
      activities: null,
      farkasRay: null,
      unboundedRay: null,
    };
    return { answer, proven: result, events: watch.events };
  } finally {
    watch.end();
  }
}

/** The reader turns maximisations round; answers are turned back. */
function inSense({ sense }: FileModel, value: number | null): number | null {
  return value === null || sense === 'minimise' ? value : -value;
}

/** What is not zero, by name; null stays null. */
function nonZeros(names: readonly string[], values: Float64Array | null): Readonly<Record<string, number>> | null {
  if (values === null) return null;
  return Object.fromEntries(names.flatMap((name, at) => (values[at] === 0 ? [] : [[name, values[at]]])));
}

/** What a linear program was after presolve, and how it ended. */
function logText(program: MixedIntegerProgram, solution: LinearProgramSolution, time: number): string {
  const { presolved, iterations, status } = solution;
  const size = (rows: number, columns: number, entries: number) =>
    `${counted(rows, 'row')}, ${counted(columns, 'column')}, ${counted(entries, 'non-zero')}`;
  const lines = [`read      ${size(program.numRows, program.numColumns, program.values.length)}`];
  if (presolved !== null) {
    lines.push(`presolve  ${size(presolved.rows, presolved.columns, presolved.nonzeros)}`);
    for (const [kind, count] of Object.entries(presolved.reductions))
      if (count > 0) lines.push(`          ${count} ${kind}`);
  }
  lines.push(`simplex   ${counted(iterations, 'iteration')}, ${seconds(time)}: ${status}`);
  return `${lines.join('\n')}\n`;
}

/**
 * A solution file as MIPLIB has them: the objective, then a line for each column; a word where there is no solution.
 */
function solText({ program }: FileModel, { status, objective, columns }: LpAnswer): string {
  if (columns === null)
    return status === 'infeasible' ? '=infeas=\n' : status === 'unbounded' ? '=unbd=\n' : '=unkn=\n';
  const lines = program.columnNames.map((name) => `${name} ${columns[name] ?? 0}`);
  return `${[`=obj= ${objective}`, ...lines].join('\n')}\n`;
}

/** Ten significant digits: what tolerances leave behind them is no part of the answer. */
const digits = (value: number | null): string => (value === null ? absent : String(Number(value.toPrecision(10))));

function answerText({ program, sense }: FileModel, answer: LpAnswer): string {
  const integers = program.integrality.reduce((sum, flag) => sum + flag, 0);
  const sizes = [
    counted(program.numRows, 'row'),
    `${counted(program.numColumns, 'column')}${integers > 0 ? ` (${integers} integer)` : ''}`,
    counted(program.values.length, 'non-zero'),
  ];
  const lines = [
    `Program     ${visible(answer.program)}: ${sizes.join(', ')}, ${sense}`,
    `Status      ${answer.status}`,
    `Objective   ${digits(answer.objective)}`,
  ];
  if (answer.gap !== null && answer.gap > 0)
    lines.push(`Bound       ${digits(answer.bound)}, gap ${percent(answer.gap)}`);
  else if (answer.objective === null && answer.bound !== null) lines.push(`Bound       ${digits(answer.bound)}`);
  if (answer.nodes > 0) lines.push(`Nodes       ${answer.nodes}`);
  lines.push(`Iterations  ${answer.simplexIterations}`, `Time        ${seconds(answer.seconds)}`);
  if (answer.violations !== null) {
    const { primal, dual, gap } = answer.violations;
    const size = (value: number) => value.toExponential(1);
    lines.push(`Violations  primal ${size(primal)}, dual ${size(dual)}, gap ${size(gap)}`);
  }
  const columns = Object.entries(answer.columns ?? {});
  if (columns.length > 0) lines.push('Columns     those that are not zero');
  for (const [name, value] of columns.slice(0, mostPrinted)) lines.push(`  ${visible(name)}  ${digits(value)}`);
  if (columns.length > mostPrinted)
    lines.push(`  and ${columns.length - mostPrinted} more: --json prints them, -o FILE.sol writes them`);
  return `${lines.join('\n')}\n`;
}

function exitCodeOf({ status, columns }: LpAnswer): ExitCode {
  if (status === 'optimal') return exitCodes.ok;
  if (status === 'infeasible' || status === 'unbounded') return exitCodes.infeasible;
  if (status === 'numerical-trouble') return exitCodes.numericalTrouble;
  return columns === null ? exitCodes.limitWithoutPlan : exitCodes.limitWithPlan;
}
