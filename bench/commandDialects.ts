/**
 * How to talk to the solvers that may be on the PATH: arguments for one thread, gap and limit, and what their logs and
 * solution files say. Written against HiGHS 1.10, CBC 2.10.8 and GLPK 5.0, and for SCIP against its documentation.
 */
import type { SolveRequest } from './planProgram.ts';
import type { RunStatus, TracePoint } from './runRecord.ts';

/** A line of the log and when it came. */
export interface LogLine {
  readonly seconds: number;
  readonly text: string;
}

/** Files in the run's own folder, by their names there. */
export interface CommandFiles {
  readonly model: string;
  readonly solution: string;
  readonly options: string;
}

export interface CommandReading {
  readonly status: RunStatus;
  /** Values by column name; columns left out are 0. Null: no solution. */
  readonly values: ReadonlyMap<string, number> | null;
  readonly bound: number | null;
  readonly nodes: number | null;
  readonly simplexIterations: number | null;
  readonly firstRootBound: number | null;
  readonly rootBound: number | null;
  /** Costs as the solver tells them. */
  readonly trace: readonly TracePoint[];
}

export interface CommandDialect {
  readonly versionArguments: readonly string[];
  readonly argumentsFor: (files: CommandFiles, request: SolveRequest) => readonly string[];
  /** Text of the options file; empty: none. */
  readonly optionsFile: (request: SolveRequest) => string;
  readonly read: (log: readonly LogLine[], solution: string) => CommandReading;
}

/** A number of a log; null for infinities and what is none. */
function figure(text: string | undefined): number | null {
  const value = text === undefined ? Number.NaN : Number(text.replaceAll(',', ''));
  return Number.isFinite(value) && Math.abs(value) < 1e20 ? value : null;
}

/** The number that the last match of the pattern caught. */
function lastFigure(log: readonly LogLine[], pattern: RegExp): number | null {
  const matches = log.flatMap(({ text }) => figure(pattern.exec(text)?.[1]) ?? []);
  return matches.at(-1) ?? null;
}

const says = (log: readonly LogLine[], pattern: RegExp): boolean => log.some(({ text }) => pattern.test(text));

/**
 * Points of a trace from lines that the pattern matches, with groups `cost`, `bound` and, where the line tells its
 * time, `seconds`.
 */
function traceOf(log: readonly LogLine[], pattern: RegExp): TracePoint[] {
  return log.flatMap(({ seconds, text }) => {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) return [];
    return [{ seconds: figure(groups.seconds) ?? seconds, cost: figure(groups.cost), bound: figure(groups.bound) }];
  });
}

/** Lines `name value ...`, the name at a position. */
function namedValues(lines: readonly string[], nameAt: number): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of lines) {
    const words = line
      .replace(/^\s*\*\*/, '')
      .trim()
      .split(/\s+/);
    const value = Number(words[nameAt + 1]);
    if (words.length > nameAt + 1 && Number.isFinite(value)) values.set(words[nameAt], value);
  }
  return values;
}

const noOptions = () => '';

/** `  0  0  0  0.00%  562.08  633.46  11.27%  0  0  0  724  0.3s`, perhaps with a letter before. */
const highsRow =
  /^ ?\S? +(?<nodes>\d+) +\d+ +\d+ +[\d.]+% +(?<bound>\S+) +(?<cost>\S+) +\S+ +\d+ +\d+ +\d+ +(?<iterations>\d+) +[\d.]+s/;

const highs: CommandDialect = {
  versionArguments: ['--version'],
  argumentsFor: ({ model, solution, options }, { timeLimit }) => [
    model,
    '--options_file',
    options,
    '--time_limit',
    String(timeLimit),
    '--solution_file',
    solution,
  ],
  optionsFile: ({ gap, seed }) =>
    [
      `mip_rel_gap = ${gap}`,
      'mip_abs_gap = 1e-9',
      'threads = 1',
      'primal_feasibility_tolerance = 1e-9',
      'mip_feasibility_tolerance = 1e-9',
      ...(seed === undefined ? [] : [`random_seed = ${seed}`]),
      '',
    ].join('\n'),
  read: (log, solution) => {
    const lines = solution.split('\n');
    const columnsAt = lines.findIndex((line) => line.startsWith('# Columns'));
    const endAt = lines.findIndex((line) => line.startsWith('# Rows'));
    const feasible = /# Primal solution values\nFeasible/.test(solution);
    const root = log.flatMap(({ text }) => {
      const groups = highsRow.exec(text)?.groups;
      return groups?.nodes === '0' && groups.iterations !== '0' ? [figure(groups.bound)] : [];
    });
    return {
      status: says(log, /^ *Status +Optimal/) ? 'optimal' : says(log, /^ *Status +Infeasible/) ? 'infeasible' : 'limit',
      values: feasible ? namedValues(lines.slice(columnsAt + 1, endAt), 0) : null,
      bound: lastFigure(log, /^ *Dual bound +(\S+)/),
      nodes: lastFigure(log, /^ *Nodes +(\d+)/),
      simplexIterations: lastFigure(log, /^ *LP iterations +(\d+)/),
      firstRootBound: root[0] ?? null,
      rootBound: root.at(-1) ?? null,
      trace: traceOf(log, highsRow),
    };
  },
};

const cbc: CommandDialect = {
  versionArguments: ['-quit'],
  argumentsFor: ({ model, solution }, { gap, timeLimit, seed }) => [
    model,
    '-seconds',
    String(timeLimit),
    '-timeMode',
    'elapsed',
    '-threads',
    '0',
    '-ratioGap',
    String(gap),
    '-allowableGap',
    '1e-9',
    '-primalTolerance',
    '1e-9',
    '-integerTolerance',
    '1e-9',
    ...(seed === undefined ? [] : ['-randomCbcSeed', String(seed)]),
    '-solve',
    '-solution',
    solution,
  ],
  optionsFile: noOptions,
  read: (log, solution) => {
    const [head = '', ...lines] = solution.split('\n');
    const infeasible = /^(Infeasible|Integer infeasible)/.test(head);
    const hasPlan = !infeasible && !/no integer solution/i.test(head) && lines.some((line) => line.trim() !== '');
    const found = traceOf(log, /^Cbc0012I Integer solution of (?<cost>\S+) found .*\((?<seconds>\S+) seconds\)/);
    const told = traceOf(
      log,
      /^Cbc0010I After .* (?<cost>\S+) best solution, best possible (?<bound>\S+) \((?<seconds>\S+) seconds\)/,
    );
    return {
      status: head.startsWith('Optimal') ? 'optimal' : infeasible ? 'infeasible' : 'limit',
      values: hasPlan ? namedValues(lines, 1) : null,
      bound: lastFigure(log, /^Lower bound: +(\S+)/),
      nodes: lastFigure(log, /^Enumerated nodes: +(\d+)/),
      simplexIterations: lastFigure(log, /^Total iterations: +(\d+)/),
      firstRootBound: lastFigure(log, /^Continuous objective value is (\S+)/),
      rootBound: lastFigure(log, /^Cuts at root node changed objective from \S+ to (\S+)/),
      // A cost of 1e+50 stands for no solution yet. CBC holds its output back in a pipe, so the lines' own times count.
      trace: [...found, ...told].sort((a, b) => a.seconds - b.seconds),
    };
  },
};

const scip: CommandDialect = {
  versionArguments: ['--version'],
  argumentsFor: ({ model, solution }, { gap, timeLimit, seed }) => [
    '-c',
    [
      `set limits time ${timeLimit} set limits gap ${gap} set numerics feastol 1e-9`,
      ...(seed === undefined ? [] : [`set randomization randomseedshift ${seed}`]),
      `read ${model} optimize write solution ${solution} display statistics quit`,
    ].join(' '),
  ],
  optionsFile: noOptions,
  read: (log, solution) => {
    const [head = '', ...lines] = solution.split('\n');
    return {
      status: says(log, /\[(optimal solution found|gap limit reached)\]/)
        ? 'optimal'
        : says(log, /\[infeasible\]/)
          ? 'infeasible'
          : 'limit',
      values: /no solution/.test(head) || lines.length < 2 ? null : namedValues(lines.slice(1), 0),
      bound: lastFigure(log, /^ *Dual Bound +: +(\S+)/),
      nodes: lastFigure(log, /^ *nodes \(total\) +: +(\d+)/),
      simplexIterations: null,
      firstRootBound: lastFigure(log, /^ *First LP value +: +(\S+)/),
      rootBound: lastFigure(log, /^ *Final Dual Bound +: +(\S+)/),
      trace: [],
    };
  },
};

/** `+  1311: mip =  -5.34e+03 >=  -5.34e+03   0.0% (4; 10)`; `>>>>>` marks a new solution. */
const glpsolRow = /^\+ *\d+: (?:mip =|>>>>>) +(?<cost>\S+|not found yet) +>= +(?<bound>\S+|tree is empty)/;

const glpsol: CommandDialect = {
  versionArguments: ['--version'],
  argumentsFor: ({ model, solution }, { gap, timeLimit }) => [
    '--freemps',
    model,
    '--tmlim',
    String(Math.ceil(timeLimit)),
    '--mipgap',
    String(gap),
    '--cuts',
    // Raw form: every value with all its digits.
    '-w',
    solution,
  ],
  optionsFile: noOptions,
  read: (log, solution) => {
    const lines = solution.split('\n');
    // s mip rows columns status objective; o: optimal, f: feasible, n: none, u: undefined.
    const state = /^s mip \d+ \d+ (\w)/m.exec(solution)?.[1] ?? 'u';
    const none = says(log, /PROBLEM HAS NO (PRIMAL|INTEGER) FEASIBLE SOLUTION/);
    const trace = traceOf(log, glpsolRow);
    const isProven = says(log, /INTEGER OPTIMAL SOLUTION FOUND|RELATIVE MIP GAP TOLERANCE REACHED/);
    const values = new Map<string, number>();
    for (const line of lines) {
      const column = /^j (\d+) (\S+)$/.exec(line.trim());
      if (column !== null) values.set(`C${Number(column[1]) - 1}`, Number(column[2]));
    }
    return {
      status: none || state === 'n' ? 'infeasible' : isProven ? 'optimal' : 'limit',
      values: !none && (state === 'o' || state === 'f') ? values : null,
      // A proof does not print the bound that it ended with, only one from before.
      bound: isProven ? null : (trace.findLast(({ bound }) => bound !== null)?.bound ?? null),
      nodes: null,
      simplexIterations: lastFigure(log, /^\+ *(\d+): /),
      firstRootBound: firstLpOfGlpsol(log),
      rootBound: trace.find(({ bound }) => bound !== null)?.bound ?? null,
      trace,
    };
  },
};

/** The last row of the LP's own log, once it is optimal. */
function firstLpOfGlpsol(log: readonly LogLine[]): number | null {
  const end = log.findIndex(({ text }) => text.startsWith('OPTIMAL LP SOLUTION FOUND'));
  return end < 0 ? null : lastFigure(log.slice(0, end), /^[*#] *\d+: obj = +(\S+)/);
}

export const commandDialects: Readonly<Record<string, CommandDialect>> = { highs, cbc, scip, glpsol };
