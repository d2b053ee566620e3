/** `npm run bench`: compares time and gap with HiGHS, and strategies among themselves. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { commandsFound } from './commandSolvers.ts';
import { disagreements } from './disagreements.ts';
import { numberOfRuns, runSuite, type SuitePlan } from './harness.ts';
import { machineFacts } from './machine.ts';
import { writeResults } from './resultFiles.ts';
import { sectionSuites } from './sectionSuites.ts';
import { type SuiteChoice, suites } from './suites.ts';
import { ratioTable, solverTable, summarize } from './summary.ts';
import { plainTable, secondsText } from './tables.ts';

// Strategies on instances of one's own: what `rolla bench` does in the package.
if (process.argv.includes('--compare')) {
  const cli = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const args = [...process.execArgv, cli, 'bench', ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
}

const suiteNames = [...Object.keys(suites), ...Object.keys(sectionSuites)];

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number > 0.');
  return value;
};

const positiveWhole = (text: string): number => {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('Expected a whole number >= 1.');
  return value;
};

const partName = (text: string): string => {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError('Expected letters, digits, - and _.');
  return text;
};

const program = new Command('bench')
  .description('Compare rolla with HiGHS and with itself. Without arguments: the suite quick, about three minutes.')
  .argument('[suite...]', `suites to run: ${suiteNames.join(', ')}, all`)
  .addOption(new Option('--suite <name...>', 'the same').choices([...suiteNames, 'all']))
  .option('--time-limit <seconds>', 'for each run (each suite has its own default)', positive)
  .option('--repeats <n>', 'runs of each case (each suite has its own default)', positiveWhole)
  .option('--step <n>', 'every n-th published row (suites published, strategies, ablation)', positiveWhole)
  .option(
    '--largest <n>',
    'largest number of query types of the families (suites scale, fleets, variability)',
    positiveWhole,
  )
  .option('--others-largest <n>', 'the same for solvers other than rolla', positiveWhole)
  .option('--seeds <n>', 'seeds of each family (default: 3)', positiveWhole)
  .option('--cases <text...>', 'only cases (suite lp: programs) whose name contains one of these')
  .option('--solvers <name...>', "instead of the suite's own: rolla[/strategy][:relaxation], highs-wasm:<program>, ...")
  .option('--no-commands', 'leave out solvers found on the PATH')
  .option('--part <name>', 'write <suite>.<name>.json, to be read together with the other parts of the suite', partName)
  .option('--results <folder>', 'where the files go, and RESULTS.md beside it (default: bench/results)')
  .option('--report', 'rewrite RESULTS.md from the files of earlier runs, after the suites given')
  .addHelpText('after', '\nExit codes: 0 done, 1 answers disagree or an internal error, 2 bad usage.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

interface Flags extends Omit<SuiteChoice, 'commands'> {
  readonly suite?: readonly string[];
  readonly commands: boolean;
  readonly part?: string;
  readonly results?: string;
  readonly report?: boolean;
}

const flags = program.opts<Flags>();
const asked = [...program.args, ...(flags.suite ?? [])];
const unknown = asked.find((name) => name !== 'all' && !suiteNames.includes(name));
if (unknown !== undefined)
  program.error(`suite: found ${unknown}, expected one of ${suiteNames.join(', ')}, all`, { exitCode: 2 });
const chosen = asked.includes('all') ? suiteNames : asked.length === 0 && !flags.report ? ['quick'] : asked;

const found = flags.commands ? commandsFound() : [];
const machine = machineFacts(found);
const folder =
  flags.results === undefined ? new URL('./results/', import.meta.url) : pathToFileURL(`${resolve(flags.results)}/`);
const { suite: _suite, commands: _commands, report: _report, part = null, results: _results, ...choice } = flags;
let trouble = 0;

for (const name of chosen) {
  const sectionSuite = sectionSuites[name];
  if (sectionSuite === undefined) {
    trouble += await benchSuite(suites[name]({ ...choice, commands: found.map((command) => command.name) }));
    continue;
  }
  const section = await sectionSuite(choice, folder);
  process.stdout.write(`\n${section.title}\n\n${section.body}\n`);
  writeResults(folder, { format: 'rolla-bench-section/2', suite: name, machine, section });
}
if (flags.report) {
  // Only here: the charts' renderer takes longer to load than everything else.
  const { writeReport } = await import('./report.ts');
  const disagreeing = await writeReport(folder);
  process.stdout.write(`RESULTS.md written${disagreeing > 0 ? `; it lists ${disagreeing} DISAGREEMENTS` : ''}\n`);
  trouble += disagreeing;
}
process.exitCode = trouble > 0 ? 1 : 0;

/** Runs a suite, prints and writes its tables; returns the number of disagreements. */
async function benchSuite(plan: SuitePlan): Promise<number> {
  const { name, runs, repeats } = plan;
  if (runs.length === 0) program.error(`suite ${name}: no case is left by --cases and --largest`, { exitCode: 2 });
  const solvers = [...new Set(runs.flatMap((run) => run.solvers))];
  const limits = [...new Set(runs.map(({ timeLimit }) => secondsText(timeLimit)))];
  process.stdout.write(
    `\nSuite ${name}: ${runs.length} cases, ${solvers.join(', ')}; ${numberOfRuns(plan)} runs, ${repeats} of each; limit ${limits.join(', ')}\n`,
  );
  const outcome = await runSuite(plan, {
    onRecord: ({ case: caseName, solver, status, wallSeconds, cost, message }, done, total) =>
      process.stdout.write(
        `  ${String(done).padStart(String(total).length)}/${total}  ${caseName.padEnd(40)} ${solver.padEnd(26)} ${status.padEnd(10)} ${secondsText(wallSeconds).padStart(9)}  ${cost?.toFixed(4) ?? '-'}  ${message}\n`,
      ),
  });
  const cases = runs.map((run) => run.case);
  writeResults(folder, { format: 'rolla-bench/2', suite: name, part, machine, cases, ...outcome });
  const summary = summarize(name, outcome.records);
  process.stdout.write(`\n${plainTable(solverTable(summary))}\n`);
  const ratios = ratioTable(summary);
  if (ratios !== null) process.stdout.write(`\nTimes slower than ${summary.base}\n${plainTable(ratios)}\n`);
  const disagreeing = disagreements(cases, outcome.records);
  for (const { case: caseName, text } of disagreeing) process.stdout.write(`DISAGREEMENT on ${caseName}: ${text}\n`);
  return disagreeing.length;
}
