/** `rolla bench`: strategies compared on instances of one's own, paired by instance and seed. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ComparisonRun, compareRuns, type Measure, measures } from '../../analysis/comparison/comparison.ts';
import {
  type ComparedInstance,
  type ComparedStrategy,
  runComparison,
  runKey,
} from '../../analysis/comparison/runComparison.ts';
import { programStrategy } from '../../bnb/solveMixedIntegerProgram.ts';
import type { StrategyInput } from '../../bnb/strategy.ts';
import { attempt, fault, type InputIssue, refuse } from '../../input/inputError.ts';
import { readProgram } from '../../lp/files/readProgram.ts';
import { fingerprintOf } from '../../model/fingerprint.ts';
import { sha256 } from '../../model/sha256.ts';
import { ownPlugins } from '../../planner/ownPlugins.ts';
import { resolveSolve } from '../../planner/resolveSolve.ts';
import type { SolveOptions } from '../../planner/solveOptions.ts';
import { comparisonPage, comparisonReport, runsCsv } from '../../report/comparisonReport.ts';
import { markdownLayout } from '../../report/layout.ts';
import { openComparisonJournal } from '../../runs/comparisonJournal.ts';
import { version } from '../../version.ts';
import { exitCodes } from '../exitCodes.ts';
import { checkOutputs, makeFolder, OutputFiles, readFileAs, readInstance } from '../files.ts';
import { type CliCommand, forceFlag } from '../flags.ts';
import { withInterruption } from '../interruption.ts';
import { addOptionFlags, checkSetOnce, givenOptions, inFlags, problemOptions, strategyOf } from '../optionFlags.ts';
import type { CommandContext, Terminal } from '../terminal.ts';
import { countText } from '../textRules.ts';

interface BenchFlags {
  readonly compare: string;
  readonly instances: readonly string[];
  readonly seeds: number;
  readonly output: string;
  readonly resume?: boolean;
  readonly force?: boolean;
}

const benchOptions = [...problemOptions, 'timeLimit', 'nodeLimit', 'memoryLimit', 'gap', 'relaxation'] as const;

const examples = `
Examples:
  rolla bench --compare default,best-bound,depth-first --instances 'families/*.json' --seeds 5 --time-limit 20
  rolla bench --compare default:compact,default:compact+./rule.mjs --instances 'families/*.json' -o rule
  rolla bench --compare default,default+patterns.smoothing=0.4 --instances one.json two.json --seeds 3
  rolla bench --compare default,no-cuts,default+rins --instances 'miplib/*.mps.gz' --node-limit 1000

A strategy is a preset, then perhaps :relaxation, then perhaps + and a module of plugins or the name of one of ours, or +
and path=value (robust=dual and formulation=published too), as often as wanted. The first is the one that the others are compared with. The folder gets the runs (runs.jsonl, runs.csv) and the
comparison as JSON, Markdown and a page; --resume goes on where it was interrupted.
Exit code 0: done, whatever the single solves ended with; 4: interrupted; 2: bad input.`;

export function addBenchCommand(program: CliCommand, context: CommandContext): void {
  const command = program
    .command('bench')
    .summary('compare strategies on instances of your own')
    .description('Compare strategies on the same instances and seeds, with intervals and tests.')
    .addFlags({
      compare: { argument: '<list>', does: 'strategies, separated by commas', isRequired: true },
      instances: {
        argument: '<file...>',
        does: 'rolla-instance/1 or rolla-fleet/1 files, or programs as .mps or .lp; * stands for any text of a name',
        isRequired: true,
      },
    });
  addOptionFlags(command, benchOptions, {
    timeLimit: { does: 'seconds for each solve' },
    nodeLimit: { does: 'nodes for each solve' },
  })
    .addFlags({
      seeds: { argument: '<n>', does: 'seeds 1 to n', value: countText(1, 'seeds', 1000), default: 1 },
      output: { letter: 'o', argument: '<folder>', does: 'where the files go', default: 'comparison' },
      resume: { does: 'go on with the runs of the folder' },
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action((flags: BenchFlags & Readonly<Record<string, unknown>>) => bench(flags, context));
}

async function bench(
  flags: BenchFlags & Readonly<Record<string, unknown>>,
  { terminal, finish }: CommandContext,
): Promise<void> {
  const paths = flags.instances.flatMap(filesNamed);
  const instances: (ComparedInstance & { readonly fingerprint: string })[] = [];
  for (const path of paths) instances.push(await readCompared(path, terminal));
  const strategies = await Promise.all(flags.compare.split(',').map(strategyNamed));
  const twice = strategies.find(({ name }, at) => strategies.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) throw fault('--compare', `${twice.name} twice`, 'different strategies');
  const options = givenOptions(flags, benchOptions);
  const issues: InputIssue[] = [];
  for (const strategy of strategies)
    for (const compared of instances) attempt(() => checkStrategy(strategy, compared, options), issues);
  refuse(issues);
  const seeds = Array.from({ length: flags.seeds }, (_, at) => at + 1);
  // Each by a name of its own, so that what differs is named.
  const settings = {
    ...options,
    ...Object.fromEntries(strategies.map(({ name }) => [`strategy ${name}`, modulesOf(name).map(textOf)])),
    ...Object.fromEntries(instances.map(({ name, fingerprint }) => [`instance ${name}`, fingerprint])),
  };
  const isResumed = flags.resume === true;
  // A comparison that is taken up again replaces what it wrote when it was interrupted.
  const output = { force: flags.force === true || isResumed };
  const journalPath = join(flags.output, 'runs.jsonl');
  if (!output.force && existsSync(journalPath))
    throw fault(journalPath, 'the runs of a comparison', '--resume to go on with them or --force to begin anew');
  if (!isResumed) makeFolder(flags.output);
  checkOutputs(
    reports.map((name) => join(flags.output, name)),
    output,
  );
  if (!isResumed) rmSync(journalPath, { force: true });
  const journal = openComparisonJournal(journalPath, settings, isResumed);
  const runs = [...journal.runs];
  const total = strategies.length * instances.length * seeds.length;
  let isWhole = false;
  await withInterruption(async (signal) => {
    const plan = { strategies, instances, seeds, options: { ...options, signal } };
    for await (const run of runComparison(plan, new Set(runs.map(runKey)))) {
      runs.push(run);
      journal.append(run);
      terminal.err(`rolla: ${runs.length}/${total} ${run.strategy} ${run.instance} ${run.seed}: ${run.status}\n`);
    }
    isWhole = runs.length >= total;
  });
  const files = new OutputFiles(terminal, output);
  tell(runs, strategies, flags.output, terminal, files);
  if (!files.isComplete) finish(exitCodes.badInput);
  else finish(isWhole ? exitCodes.ok : exitCodes.limitWithoutPlan);
}

async function readCompared(path: string, terminal: Terminal): Promise<ComparedInstance & { fingerprint: string }> {
  if (!/\.(mps|lp)(\.gz)?$/i.test(path)) {
    const instance = await readInstance(path, terminal);
    return { name: path, instance, fingerprint: fingerprintOf(instance) };
  }
  const read = (text: string) => ({ name: path, program: readProgram(text).program, fingerprint: sha256(text) });
  return readFileAs(path, terminal, read, { takesAnyByte: true });
}

/** Throws InputError where a strategy does not go with an instance: before the first of many solves. */
function checkStrategy({ name, options: own }: ComparedStrategy, compared: ComparedInstance, options: SolveOptions) {
  const asked = { ...options, ...own };
  if ('instance' in compared) {
    inFlags(() => resolveSolve(compared.instance, asked));
    return;
  }
  const ofPlans = Object.keys(asked).filter((option) => !ofPrograms.includes(option));
  if (ofPlans.length > 0)
    throw fault(compared.name, `${ofPlans.join(', ')} in ${name}`, 'no option of plans: it is a program');
  const issues: InputIssue[] = [];
  attempt(() => programStrategy(asked.strategy as StrategyInput), issues);
  refuse(issues.map((issue) => ({ ...issue, path: `--compare ${name}: ${issue.path}` })));
}

const ofPrograms = ['timeLimit', 'nodeLimit', 'memoryLimit', 'gap', 'strategy'];

/** What is written at the end. */
const reports = ['runs.csv', 'comparison.json', 'comparison.md', 'comparison.html'] as const;
type Report = (typeof reports)[number];

function tell(
  runs: readonly ComparisonRun[],
  strategies: readonly ComparedStrategy[],
  folder: string,
  terminal: Terminal,
  files: OutputFiles,
): void {
  // In the order of the command, whatever came first.
  const rank = new Map(strategies.map(({ name }, at) => [name, at]));
  const ordered = [...runs].sort((a, b) => rank.get(a.strategy)! - rank.get(b.strategy)!);
  const comparisons = (Object.keys(measures) as Measure[]).map((measure) => compareRuns(ordered, measure));
  terminal.out(comparisonReport(comparisons));
  const write = (name: Report, text: string) => files.write(join(folder, name), text);
  write('runs.csv', runsCsv(ordered));
  write('comparison.json', `${JSON.stringify({ format: 'rolla-comparison/1', version, comparisons }, null, 1)}\n`);
  write('comparison.md', comparisonReport(comparisons, markdownLayout));
  write('comparison.html', comparisonPage('Comparison of strategies', comparisons));
}

/** Files of a name in which * stands for any text. */
function filesNamed(pattern: string): string[] {
  const name = basename(pattern);
  if (!name.includes('*')) return [pattern];
  const folder = dirname(pattern);
  const parts = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const fits = new RegExp(`^${parts.join('.*')}$`);
  const found = readdirSync(folder)
    .filter((file) => fits.test(file))
    .sort();
  if (found.length === 0) throw fault('--instances', `no file for ${pattern}`, 'at least one');
  return found.map((file) => join(folder, file));
}

const isModule = (part: string) => /\.[cm]?js$/.test(part);
const modulesOf = (name: string) => name.split('+').filter(isModule);
/** Of a module: a comparison goes on only with the rule that it began with. */
const textOf = (path: string) => sha256(readFileSync(path, 'utf8'));

/** `preset:relaxation+module+path=value`. */
async function strategyNamed(text: string): Promise<ComparedStrategy> {
  const [first, ...others] = text.split('+');
  const isPart = (part: string) => part.includes('=') || isModule(part) || ownPlugins.some(({ name }) => name === part);
  const [preset, relaxation] = isPart(first) ? [] : first.split(':');
  const parts = isPart(first) ? [first, ...others] : others;
  const plugin = parts.filter((part) => !part.includes('='));
  const assigned = parts.filter((part) => part.includes('='));
  const isOfSolve = (part: string) => /^(robust|formulation)=/.test(part);
  const set = assigned.filter((part) => !isOfSolve(part));
  checkSetOnce(set, '--compare');
  const options = {
    ...(await strategyOf(preset as SolveOptions['strategy'], { plugin, set })),
    ...(relaxation === undefined ? {} : { relaxation }),
    ...Object.fromEntries(assigned.filter(isOfSolve).map((part) => part.split('='))),
  };
  return { name: text, options: options as SolveOptions };
}
