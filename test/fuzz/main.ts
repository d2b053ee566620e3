/**
 * `npm run fuzz -- [--seconds 60] [--seed 1] [--only NAME,...] [--patience 20]`: fuzzers (whose names begin so) in
 * turn, seed by seed; exit code 1 if one found a fault. Ctrl-C ends it with what it has counted. On a busy machine
 * solves need more patience than 20 s.
 */
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fleetFuzzers } from './fleetFuzzers.ts';
import { type Fuzzer, patience } from './fuzzer.ts';
import { metamorphicFuzzers } from './metamorphicFuzzers.ts';
import { planningFuzzers } from './planningFuzzers.ts';
import { programFuzzers } from './programFuzzers.ts';

const fuzzers: readonly Fuzzer[] = [...planningFuzzers, ...fleetFuzzers, ...metamorphicFuzzers, ...programFuzzers];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    patience: { type: 'string', default: '20' },
  },
});
const begins = values.only?.split(',') ?? [''];
const chosen = fuzzers.filter(({ name }) => begins.some((begin) => name.startsWith(begin)));
if (chosen.length === 0) {
  process.stderr.write(`--only: expected one of ${fuzzers.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

patience.seconds = Number(values.patience);
let deadline = performance.now() + Number(values.seconds) * 1000;
process.once('SIGINT', () => {
  deadline = 0;
});
const totals = new Map(
  chosen.map(({ name }) => [name, { cases: 0, solves: 0, faults: 0, troubles: 0, otherSolverErrs: 0 }]),
);
for (let seed = Number(values.seed); performance.now() < deadline; seed++) {
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
