/** `npm run bench`: compares time and gap with HiGHS, and strategies among themselves. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { commandsFound } from './commandSolvers.ts';
import { disagreements, runSuite, type SuitePlan } from './harness.ts';
import { machineFacts } from './machine.ts';
import { baseSolver, writeReport, writeSuite } from './results.ts';
import { sectionSuites } from './sectionSuites.ts';
import { type SuiteChoice, suites } from './suites.ts';
import { ratioRows, summarize, summaryHead, summaryRows } from './summary.ts';
import { plainTable, secondsText } from './tables.ts';

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

const program = new Command('bench')
  .description('Compare rolla with HiGHS and with itself. Without arguments: the suite quick, about three minutes.')
  .argument('[suite...]', `suites to run: ${suiteNames.join(', ')}, all`)
  .addOption(new Option('--suite <name...>', 'the same').choices([...suiteNames, 'all']))
  .option('--time-limit <seconds>', 'for each run (each suite has its own default)', positive)
  .option('--repeats <n>', 'runs of each case (each suite has its own default)', positiveWhole)
  .option('--step <n>', 'every n-th published row (suites published, strategies, ablation)', positiveWhole)
  .option('--largest <n>', 'largest number of query types of the families (suite scale; default: 100)', positiveWhole)
  .option('--seeds <n>', 'seeds of each family, 1 to 3', positive)
  .option('--no-commands', 'leave out solvers found on the PATH')
  .option('--report', 'rewrite RESULTS.md from the files of earlier runs, after the suites given')
  .addHelpText('after', '\nExit codes: 0 done, 1 answers disagree or an internal error, 2 bad usage.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

interface Flags extends Omit<SuiteChoice, 'commands'> {
  readonly suite?: readonly string[];
  readonly commands: boolean;
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
const { suite: _suite, commands: _commands, report: _report, ...numbers } = flags;
let trouble = 0;

for (const name of chosen) {
  const section = sectionSuites[name];
  if (section !== undefined) {
    const { title, body } = await section();
    process.stdout.write(`\n${title}\n\n${body}\n`);
    writeSuite({ format: 'rolla-bench-section/1', suite: name, machine, title, body });
    continue;
  }
  trouble += await benchSuite(suites[name]!({ ...numbers, commands: found.map((command) => command.name) }));
}
if (flags.report) {
  await writeReport();
  process.stdout.write('bench/RESULTS.md written\n');
}
process.exitCode = trouble > 0 ? 1 : 0;

/** Runs a suite, prints and writes its tables; returns the number of disagreements. */
async function benchSuite(plan: SuitePlan): Promise<number> {
  process.stdout.write(
    `\nSuite ${plan.name}: ${plan.cases.length} cases, ${plan.solvers.join(', ')}; limit ${plan.timeLimit} s, ${plan.repeats} run(s) each\n`,
  );
  const outcome = await runSuite(plan, {
    onRecord: ({ case: caseName, solver, status, wallSeconds, cost, message }, done, total) =>
      process.stdout.write(
        `  ${String(done).padStart(String(total).length)}/${total}  ${caseName.padEnd(40)} ${solver.padEnd(26)} ${status.padEnd(10)} ${secondsText(wallSeconds).padStart(9)}  ${cost?.toFixed(4) ?? '-'}  ${message}\n`,
      ),
  });
  const summary = summarize(plan.name, outcome.records, plan.timeLimit);
  const base = baseSolver(outcome.records);
  process.stdout.write(`\n${plainTable(summaryHead, summaryRows(summary))}\n`);
  const ratios = ratioRows(summary, base);
  if (ratios.length > 0) {
    process.stdout.write(
      `\nTimes slower than ${base}\n${plainTable(['solver', 'by mean (1 s)', 'by mean (10 ms)'], ratios)}\n`,
    );
  }
  const { timeLimit, repeats } = plan;
  writeSuite({ format: 'rolla-bench/1', suite: plan.name, machine, timeLimit, repeats, ...outcome });
  const disagreeing = disagreements(plan.cases, outcome.records);
  for (const { case: caseName, text } of disagreeing) process.stdout.write(`DISAGREEMENT on ${caseName}: ${text}\n`);
  return disagreeing.length;
}
