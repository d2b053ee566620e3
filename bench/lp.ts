/**
 * The LP kernel against the simplex of WASM HiGHS on the same arrays: presolve off for both, then on for both. Ours counts from the
 * arrays to the checked answer; HiGHS counts its run only, without the copy of the arrays into its memory.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import highsModule, { type Highs } from 'highs';
import { generateInstance } from '../src/generator/generateInstance.ts';
import { generateReference } from '../src/generator/generateReference.ts';
import type { MixedIntegerProgram } from '../src/lp/linearProgram.ts';
import { readMps } from '../src/lp/mpsReader.ts';
import { solveLinearProgram } from '../src/lp/solveLinearProgram.ts';
import { buildPublished } from '../src/model/formulations/published.ts';
import { buildStrengthened } from '../src/model/formulations/strengthened.ts';
import type { Instance } from '../src/model/instance.ts';
import { presets } from '../src/model/options.ts';
import { compileProblem } from '../src/model/planningProblem.ts';
import { median, shiftedGeometricMean } from './statistics.ts';
import { markdownTable, numberText, secondsText } from './tables.ts';

export interface LpComparison {
  readonly name: string;
  readonly group: 'files' | 'relaxations';
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

export interface LpSuiteOptions {
  /** Only programs whose name contains one of these. Default: all. */
  readonly filter?: readonly string[];
  /** Seconds for one solve. Default 120. */
  readonly timeLimit?: number;
  /** Measured repeats of each solver, in turn. Default 5; programs over a second get fewer. */
  readonly repeats?: number;
  readonly log?: (line: string) => void;
}

/** The clock for CPU time may be as coarse as 10 ms: solves are repeated within one measurement until it is this long. */
const MEASUREMENT_SECONDS = 0.15;

/** Shift of the geometric mean of times, in seconds: programs below it count little. */
const SHIFT = 0.001;

/** The two answers must agree to this, relative. */
const AGREEMENT = 1e-6;

const loadHighs = highsModule as unknown as () => Promise<Highs>;

interface Answer {
  readonly status: string;
  readonly objective: number | null;
  readonly iterations: number;
  /** CPU seconds. */
  readonly seconds: number;
}

/** Runs the suite; throws if the solvers disagree. */
export async function runLpSuite(options: LpSuiteOptions = {}): Promise<LpComparison[]> {
  const { filter = [], timeLimit = 120, repeats = 5, log = () => {} } = options;
  const highs = await loadHighs();
  const results: LpComparison[] = [];
  for (const { name, group, build } of lpCases()) {
    if (filter.length > 0 && !filter.some((part) => name.includes(part))) continue;
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
export async function benchLp(options: LpSuiteOptions = {}): Promise<{ title: string; body: string }> {
  return { title: 'LP kernel', body: lpReport(await runLpSuite(options)) };
}

interface LpCase {
  readonly name: string;
  readonly group: LpComparison['group'];
  readonly build: () => MixedIntegerProgram;
}

function lpCases(): LpCase[] {
  const folder = new URL('../test/data/lp/', import.meta.url);
  const files: LpCase[] = readdirSync(folder)
    .filter((file) => file.endsWith('.mps'))
    .sort()
    .map((file) => ({
      name: file.replace('.mps', ''),
      group: 'files',
      build: () => readMps(readFileSync(new URL(file, folder), 'latin1')),
    }));
  const instances: [string, () => Instance][] = [
    ['reference', () => generateReference()],
    ['family 24x10x20', () => generateInstance({ seed: 1, queryTypes: 24, models: 10, tiers: 20 })],
    ['family 48x12x20', () => generateInstance({ seed: 1, queryTypes: 48, models: 12, tiers: 20 })],
  ];
  return [
    ...files,
    ...instances.flatMap(([name, instance]): LpCase[] => [
      {
        name: `${name} strengthened`,
        group: 'relaxations',
        build: () => buildStrengthened(compileProblem(instance(), presets.recommended)).program,
      },
      {
        name: `${name} published`,
        group: 'relaxations',
        build: () => buildPublished(instance(), presets.recommended).program,
      },
    ]),
  ];
}

interface CompareOptions {
  readonly name: string;
  readonly group: LpComparison['group'];
  readonly presolve: boolean;
  readonly timeLimit: number;
  readonly repeats: number;
}

/** Warms both up, then measures them in turn. */
function compare(highs: Highs, program: MixedIntegerProgram, options: CompareOptions): LpComparison {
  const { presolve, timeLimit } = options;
  const ours = () => solveWithOurs(program, presolve, timeLimit);
  const theirs = () => solveWithHighs(highs, program, presolve, timeLimit);
  let first = [ours(), theirs()] as const;
  const slow = Math.max(first[0].seconds, first[1].seconds) > 1;
  // The first solves pay for compilation; long ones are warm by their end.
  if (!slow) first = [ours(), theirs()];
  const samples: [number[], number[]] = slow ? [[first[0].seconds], [first[1].seconds]] : [[], []];
  const repeats = slow ? (first[0].seconds + first[1].seconds > 20 ? 0 : 2) : options.repeats;
  for (let repeat = 0; repeat < repeats; repeat++) {
    // The order changes with every repeat.
    for (const which of repeat % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      samples[which].push(measure(which === 0 ? ours : theirs));
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
    if (difference > AGREEMENT)
      throw new Error(`the LP solvers disagree: ours ${mine.objective}, HiGHS ${highsAnswer.objective}`);
  }
  const notes = [
    ...(mine.status === 'optimal' ? [] : [`ours: ${mine.status}`]),
    ...(highsAnswer.status === 'optimal' ? [] : [`HiGHS: ${highsAnswer.status}`]),
  ];
  return notes.join(', ');
}

/** CPU seconds of one solve, averaged over as many as make the measurement long enough. */
function measure(solve: () => Answer): number {
  let total = 0;
  let count = 0;
  const start = performance.now();
  do {
    total += solve().seconds;
    count++;
  } while (performance.now() - start < MEASUREMENT_SECONDS * 1000);
  return total / count;
}

function solveWithOurs(program: MixedIntegerProgram, presolve: boolean, timeLimit: number): Answer {
  const start = process.cpuUsage();
  const { status, objective, iterations } = solveLinearProgram(program, { presolve, timeLimit });
  return { status, objective, iterations, seconds: cpuSecondsSince(start) };
}

/** HiGHS's codes for what can happen here (HighsModelStatus). */
const HIGHS_STATUS: Readonly<Record<number, string>> = {
  7: 'optimal',
  8: 'infeasible',
  10: 'unbounded',
  13: 'time-limit',
};

function solveWithHighs(highs: Highs, program: MixedIntegerProgram, presolve: boolean, timeLimit: number): Answer {
  const model = highs.createModel({
    numCols: program.numColumns,
    numRows: program.numRows,
    offset: program.offset,
    colCost: program.cost,
    colLower: program.columnLower,
    colUpper: program.columnUpper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: {
      format: 'csc',
      numRows: program.numRows,
      numCols: program.numColumns,
      starts: program.columnStarts,
      indices: program.rowIndices,
      values: program.values,
    },
  });
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
    const status = HIGHS_STATUS[model.getModelStatus()] ?? `status ${model.getModelStatus()}`;
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
export function lpReport(results: readonly LpComparison[]): string {
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
        SHIFT,
      );
      const theirs = shiftedGeometricMean(
        members.map(({ highsSeconds }) => highsSeconds),
        SHIFT,
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
    return [`Presolve ${presolve ? 'on' : 'off'} for both`, markdownTable(head, rows), ...means].join('\n\n');
  });
  const preface =
    'CPU seconds on the same arrays, median of the repeats. Ours runs from the arrays to the checked answer; HiGHS (WASM, simplex) ' +
    'counts without the copy of the arrays into its memory. A solver that did not finish stands at the time limit.';
  return [preface, ...sections].join('\n\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const json = process.argv.indexOf('--json');
  const filter = process.argv.slice(2, json < 0 ? undefined : json);
  const results = await runLpSuite({ filter, log: (line) => console.log(line) });
  console.log(lpReport(results));
  if (json >= 0) writeFileSync(process.argv[json + 1]!, `${JSON.stringify(results, null, 2)}\n`);
}
