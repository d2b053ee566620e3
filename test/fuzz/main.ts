/**
 * `npm run fuzz -- [--seconds 60] [--seed 1] [--only NAME,...] [--patience 20]`: fuzzers (whose names begin so) in
 * turn, seed by seed; exit code 1 if one found a fault. Ctrl-C ends it with what it has counted. On a busy machine
 * solves need more patience than 20 s.
 */
import { setImmediate } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { fleetFuzzers } from './fleetFuzzers.ts';
import { type Fuzzer, patience } from './fuzzer.ts';
import { metamorphicFuzzers } from './metamorphicFuzzers.ts';
import { planningFuzzers } from './planningFuzzers.ts';
import { programFuzzers } from './programFuzzers.ts';

const fuzzers: readonly Fuzzer[] = [...planningFuzzers, ...fleetFuzzers, ...metamorphicFuzzers, ...programFuzzers];

const names = fuzzers.map(({ name }) => name);

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number > 0.');
  return value;
}

function wholeSeed(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Expected a whole number >= 0.');
  return value;
}

function beginnings(text: string): string[] {
  const begins = text.split(',');
  if (!begins.every((begin) => names.some((name) => name.startsWith(begin))))
    throw new InvalidArgumentError(`Expected beginnings of ${names.join(', ')}.`);
  return begins;
}

const program = new Command('fuzz')
  .description('Random instances and programs in every way; a fault is printed with the seed that repeats it.')
  .option('--seconds <number>', 'how long', positive, 60)
  .option('--seed <number>', 'the first one', wholeSeed, 1)
  .option('--only <names>', 'fuzzers whose names begin so, with commas between (default: all)', beginnings)
  .option('--patience <seconds>', 'for each solve; a busy machine needs more', positive, 20)
  .addHelpText('after', '\nExit codes: 0 no fault, 1 faults or bad usage.')
  .parse();
const options = program.opts<{ seconds: number; seed: number; only?: string[]; patience: number }>();
const chosen = fuzzers.filter(({ name }) => (options.only ?? ['']).some((begin) => name.startsWith(begin)));

patience.seconds = options.patience;
let deadline = performance.now() + options.seconds * 1000;
process.once('SIGINT', () => {
  deadline = 0;
});
const totals = new Map(
  chosen.map(({ name }) => [name, { cases: 0, solves: 0, faults: 0, troubles: 0, otherSolverErrs: 0 }]),
);
for (let seed = options.seed; performance.now() < deadline; seed++) {
  for (const { name, run } of chosen) {
    const total = totals.get(name)!;
    let outcome: Awaited<ReturnType<Fuzzer['run']>>;
    try {
      outcome = await run(seed);
    } catch (error) {
      outcome = { solves: 0, faults: [`throws ${String(error)}`] };
    }
    await setImmediate();
    total.cases += 1;
    total.solves += outcome.solves;
    total.faults += outcome.faults.length;
    total.troubles += outcome.troubles ?? 0;
    total.otherSolverErrs += outcome.otherSolverErrs ?? 0;
    for (const fault of outcome.faults) process.stdout.write(`${name}, seed ${seed}: ${fault}\n`);
  }
}
for (const [name, { cases, solves, faults, troubles, otherSolverErrs }] of totals)
  process.stdout.write(
    `${name}: ${cases} cases, ${solves} solves, ${faults} faults, ${troubles} without a word, ${otherSolverErrs} times another solver wrong\n`,
  );
process.exitCode = [...totals.values()].some(({ faults }) => faults > 0) ? 1 : 0;
