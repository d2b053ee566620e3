/**
 * The LP kernel against the simplex of WASM HiGHS on the same arrays: presolve off for both, then on for both. Ours
 * counts from the arrays to the checked answer; HiGHS counts its run only, without the copy of the arrays into its
 * memory.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Highs } from 'highs';
import type { MixedIntegerProgram } from '../src/lp/linearProgram.ts';
import { solveLinearProgram } from '../src/lp/solveLinearProgram.ts';
import { highsModel, highsStatus, loadHighs } from './highs.ts';
import { type LpGroup, lpCases } from './lpCases.ts';
import type { Section } from './resultFiles.ts';
import { median, shiftedGeometricMean } from './statistics.ts';
import { markdownTable, numberText, secondsText } from './tables.ts';

export interface LpComparison extends Readonly<Record<string, string | number | boolean | null>> {
  readonly name: string;
  readonly group: LpGroup;
  readonly presolve: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly nonzeros: number;
  readonly objective: number | null;
  readonly iterations: number;
  readonly highsIterations: number;
  /** CPU seconds of one solve, the median of the repeats; at the time limit where not solved. */
  readonly seconds: number;
  readonly highsSeconds: number;
  readonly ratio: number;
  /** Why there is no figure to compare, else empty. */
  readonly note: string;
}

interface LpSuiteOptions {
  /** Only programs whose name contains one of these. Default: all. */
  readonly cases?: readonly string[];
  /** Seconds for one solve. Default 120. */
  readonly timeLimit?: number;
  /** Measured repeats of each solver, in turn. Default 5; programs over a second get fewer. */
  readonly repeats?: number;
  readonly log?: (line: string) => void;
}

/**
 * The clock for CPU time may be as coarse as 10 ms: solves are repeated within one measurement until it is this long.
 */
const measurementSeconds = 0.15;
/** CPU seconds of solves that come before and do not count: what the optimising compiler takes to see what is hot. */
const warmUpSeconds = 0.3;

/** Shift of the geometric mean of times, in seconds: programs below it count little. */
const shift = 0.001;

/** The two answers must agree to this, relative. */
const agreementTolerance = 1e-6;

interface Answer {
  readonly status: string;
  readonly objective: number | null;
  readonly iterations: number;
  /** CPU seconds. */
  readonly seconds: number;
}

/** Runs the suite; throws if the solvers disagree. */
async function runLpSuite(options: LpSuiteOptions = {}): Promise<LpComparison[]> {
  const { cases = [], timeLimit = 120, repeats = 5, log = () => {} } = options;
  const highs = await loadHighs();
  const results: LpComparison[] = [];
  for (const { name, group, build } of lpCases()) {
    if (cases.length > 0 && !cases.some((part) => name.includes(part))) continue;
    const program = build();
    for (const presolve of [false, true]) {
      const result = compare(highs, program, { name, group, presolve, timeLimit, repeats });
      log(
        `${name.padEnd(34)} ${presolve ? 'presolve' : 'plain   '} ${result.iterations}/${result.highsIterations} iterations ` +
          `${secondsText(result.seconds)} / ${secondsText(result.highsSeconds)} ratio ${numberText(result.ratio, 3)} ${result.note}`,
      );
      results.push(result);
    }
  }
  return results;
}

/** The suite as a section of the report. */
export async function benchLp(options: LpSuiteOptions): Promise<Section> {
  const measurements = await runLpSuite({ ...options, log: (line) => process.stdout.write(`  ${line}\n`) });
  return { title: 'Suite lp: the LP kernel', body: lpReport(measurements), measurements };
}

interface CompareOptions {
  readonly name: string;
  readonly group: LpGroup;
  readonly presolve: boolean;
  readonly timeLimit: number;
  readonly repeats: number;
}

/** Warms both up, then measures them in turn. */
function compare(highs: Highs, program: MixedIntegerProgram, options: CompareOptions): LpComparison {
  const { presolve, timeLimit } = options;
  const ours = () => solveWithOurs(program, presolve, timeLimit);
  const theirs = () => solveWithHighs(highs, program, presolve, timeLimit);
  const first = [ours(), theirs()] as const;
  const slow = Math.max(first[0].seconds, first[1].seconds) > 1;
  // Short solves are compiled while they are repeated; long ones are warm by their end.
  if (!slow) for (const solve of [ours, theirs]) measure(solve, warmUpSeconds);
  const samples: [number[], number[]] = slow ? [[first[0].seconds], [first[1].seconds]] : [[], []];
  const repeats = slow ? (first[0].seconds + first[1].seconds > 20 ? 0 : 2) : options.repeats;
  for (let repeat = 0; repeat < repeats; repeat++) {
    // The order changes with every repeat.
    for (const which of repeat % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      samples[which].push(measure(which === 0 ? ours : theirs, measurementSeconds));
  }
  const [mine, highsAnswer] = first;
  const note = noteOf(mine, highsAnswer);
  const seconds = mine.status === 'optimal' ? median(samples[0]) : timeLimit;
  const highsSeconds = highsAnswer.status === 'optimal' ? median(samples[1]) : timeLimit;
  return {
    name: options.name,
    group: options.group,
    presolve,
    rows: program.numRows,
    columns: program.numColumns,
    nonzeros: program.values.length,
    objective: mine.objective,
    iterations: mine.iterations,
    highsIterations: highsAnswer.iterations,
    seconds,
    highsSeconds,
    ratio: seconds / highsSeconds,
    note,
  };
}

function noteOf(mine: Answer, highsAnswer: Answer): string {
  if (mine.objective !== null && highsAnswer.objective !== null) {
    const difference = Math.abs(mine.objective - highsAnswer.objective) / Math.max(1, Math.abs(mine.objective));
    if (difference > agreementTolerance)
      throw new Error(`the LP solvers disagree: ours ${mine.objective}, HiGHS ${highsAnswer.objective}`);
  }
  const notes = [
    ...(mine.status === 'optimal' ? [] : [`ours: ${mine.status}`]),
    ...(highsAnswer.status === 'optimal' ? [] : [`HiGHS: ${highsAnswer.status}`]),
  ];
  return notes.join(', ');
}

/** CPU seconds of one solve, averaged over as many as take `least` together. */
function measure(solve: () => Answer, least: number): number {
  let total = 0;
  let count = 0;
  do {
    total += solve().seconds;
    count++;
  } while (total < least);
  return total / count;
}

function solveWithOurs(program: MixedIntegerProgram, presolve: boolean, timeLimit: number): Answer {
  const start = process.cpuUsage();
  const { status, objective, iterations } = solveLinearProgram(program, { presolve, timeLimit });
  return { status, objective, iterations, seconds: cpuSecondsSince(start) };
}

const statusWords: Readonly<Record<number, string>> = {
  [highsStatus.optimal]: 'optimal',
  [highsStatus.infeasible]: 'infeasible',
  [highsStatus.unbounded]: 'unbounded',
  [highsStatus.timeLimit]: 'time-limit',
};

function solveWithHighs(highs: Highs, program: MixedIntegerProgram, presolve: boolean, timeLimit: number): Answer {
  const model = highs.createModel(highsModel(program, true));
  try {
    model.options.set({
      output_flag: false,
      solver: 'simplex',
      presolve: presolve ? 'on' : 'off',
      time_limit: timeLimit,
    });
    const start = process.cpuUsage();
    model.run();
    const seconds = cpuSecondsSince(start);
    const status = statusWords[model.getModelStatus()] ?? `status ${model.getModelStatus()}`;
    return {
      status,
      objective: status === 'optimal' ? model.getObjectiveValue() : null,
      iterations: Number(model.info.get('simplex_iteration_count')),
      seconds,
    };
  } finally {
    model.dispose();
  }
}

function cpuSecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Tables of both settings and their means. */
function lpReport(results: readonly LpComparison[]): string {
  const sections = [false, true].map((presolve) => {
    const part = results.filter((result) => result.presolve === presolve);
    const head = ['program', 'rows', 'columns', 'non-zeros', 'iterations', 'HiGHS', 'time', 'HiGHS', 'ratio', ''];
    const rows = part.map((result) => [
      result.name,
      ...[result.rows, result.columns, result.nonzeros, result.iterations, result.highsIterations].map(String),
      secondsText(result.seconds),
      secondsText(result.highsSeconds),
      numberText(result.ratio, 3),
      result.note,
    ]);
    const means = (['files', 'relaxations'] as const).flatMap((group) => {
      const members = part.filter((result) => result.group === group);
      if (members.length === 0) return [];
      const ours = shiftedGeometricMean(
        members.map(({ seconds }) => seconds),
        shift,
      );
      const theirs = shiftedGeometricMean(
        members.map(({ highsSeconds }) => highsSeconds),
        shift,
      );
      const ratio = shiftedGeometricMean(
        members.map((result) => result.ratio),
        0,
      );
      const faster = members.filter((result) => result.ratio < 1).length;
      return [
        `${group}: shifted geometric mean (1 ms) ${secondsText(ours)} against ${secondsText(theirs)}, ratio ${numberText(ours / theirs, 3)}; ` +
          `geometric mean of the ratios ${numberText(ratio, 3)}; faster on ${faster} of ${members.length}.`,
      ];
    });
    return [`Presolve ${presolve ? 'on' : 'off'} for both`, markdownTable({ head, rows }), ...means].join('\n\n');
  });
  const preface =
    'CPU seconds on the same arrays, median of the repeats. Ours runs from the arrays to the checked answer; HiGHS (WASM, simplex) ' +
    'counts without the copy of the arrays into its memory. A solver that did not finish stands at the time limit.';
  return [preface, ...sections].join('\n\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const json = process.argv.indexOf('--json');
  const cases = process.argv.slice(2, json < 0 ? undefined : json);
  const results = await runLpSuite({ cases, log: (line) => console.log(line) });
  console.log(lpReport(results));
  if (json >= 0) writeFileSync(process.argv[json + 1], `${JSON.stringify(results, null, 2)}\n`);
}
