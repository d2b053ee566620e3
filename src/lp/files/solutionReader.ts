/**
 * Solution files of other solvers, by what they say of columns: HiGHS (raw style), SCIP, CBC, Gurobi and GLPK
 * (`--write`). Which one it is shows in the first line.
 */
import { ProgramFileError } from './programFile.ts';

export interface SolutionFile {
  readonly solver: 'HiGHS' | 'SCIP' | 'CBC' | 'Gurobi' | 'GLPK';
  /** As the file says it; null where it says nothing. */
  readonly status: string | null;
  /** As the file says it; null where it says nothing. */
  readonly objective: number | null;
  /** By name; GLPK numbers the program's columns from 1 on. */
  readonly values: ReadonlyMap<string, number>;
  /** Whether columns at 0 may be left out. */
  readonly omitsZeros: boolean;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Throws ProgramFileError for a file of another kind, a line that is not of its kind, a solve without a solution. */
export function readSolutionFile(text: string): SolutionFile {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, at) => ({ number: at + 1, text: line }))
    .filter((line) => line.text.trim() !== '');
  const first = lines[0] ?? { number: 1, text: '' };
  if (/^Model status\s*$/.test(first.text)) return fromHighs(lines);
  if (first.text.startsWith('solution status:')) return fromScip(lines);
  if (/^# (Solution|Objective value)/.test(first.text)) return fromGurobi(lines);
  if (/^[cs] /.test(first.text)) return fromGlpk(lines);
  if (/ - (objective value|status)/.test(first.text)) return fromCbc(lines);
  throw fault(
    'solution',
    first,
    'the first line of a solution file of HiGHS (raw), SCIP, CBC, Gurobi or GLPK (--write)',
  );
}

function fault(format: string, { number, text }: Line, expected: string): ProgramFileError {
  return new ProgramFileError(format, number, text.trim(), expected);
}

function numberIn(format: string, line: Line, text: string | undefined): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw fault(format, line, 'a finite number');
  return value;
}

/** Lines of a name and a value, whatever follows; `at` says which words they are. */
function columnValues(
  format: string,
  lines: readonly Line[],
  at: { readonly name: number; readonly value: number },
): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of lines) {
    const words = line.text.trim().split(/\s+/);
    const name = words[at.name];
    const value = numberIn(format, line, words[at.value]);
    if (values.has(name)) throw fault(format, line, 'each column once');
    values.set(name, value);
  }
  return values;
}

/** Status, `# Primal solution values`, `Feasible`, `Objective v`, `# Columns n`, then n lines `name value`. */
function fromHighs(lines: readonly Line[]): SolutionFile {
  const format = 'HiGHS solution';
  const last = lines[lines.length - 1];
  const status = lines[1]?.text.trim() ?? null;
  const primal = lines.findIndex(({ text }) => text.startsWith('# Primal solution values'));
  const told = lines[primal + 1];
  if (primal < 0 || told === undefined) throw fault(format, last, '# Primal solution values');
  if (told.text.startsWith('None')) throw fault(format, told, `a solution (the status is ${status})`);
  const head = lines.findIndex(({ text }, at) => at > primal && /^# Columns \d+/.test(text));
  if (head < 0) throw fault(format, last, '# Columns n');
  const count = Number(lines[head].text.split(/\s+/)[2]);
  const columns = lines.slice(head + 1, head + 1 + count);
  const end = columns.find(({ text }) => text.startsWith('#'));
  if (end !== undefined || columns.length < count) throw fault(format, end ?? last, `${count} columns`);
  const objective = lines.slice(primal, head).find(({ text }) => text.startsWith('Objective '));
  return {
    solver: 'HiGHS',
    status,
    objective: objective === undefined ? null : numberIn(format, objective, objective.text.trim().split(/\s+/)[1]),
    values: columnValues(format, columns, { name: 0, value: 1 }),
    omitsZeros: false,
  };
}

/** `solution status: s`, `objective value: v`, then `name value (obj:c)` for columns that are not 0. */
function fromScip([head, ...lines]: readonly Line[]): SolutionFile {
  const format = 'SCIP solution';
  const status = head.text.replace(/^solution status:/, '').trim();
  const [objective, ...columns] = lines;
  if (objective === undefined || !objective.text.startsWith('objective value:')) {
    throw fault(format, objective ?? head, `an objective value (the status is ${status})`);
  }
  return {
    solver: 'SCIP',
    status,
    objective: numberIn(format, objective, objective.text.replace(/^objective value:/, '')),
    values: columnValues(format, columns, { name: 0, value: 1 }),
    omitsZeros: true,
  };
}

/** `status - objective value v`, then `index name value reduced-cost`, `**` before what breaks a bound. */
function fromCbc([head, ...lines]: readonly Line[]): SolutionFile {
  const format = 'CBC solution';
  const [status, said] = head.text.split(/ - (?:objective value|status)/);
  if (/infeasible|unbounded/i.test(status)) throw fault(format, head, 'the head of a solve with a solution');
  const columns = lines.map(({ number, text }) => ({ number, text: text.replace(/^\s*\*\*/, '') }));
  return {
    solver: 'CBC',
    status: status.trim(),
    objective: numberIn(format, head, said),
    values: columnValues(format, columns, { name: 1, value: 2 }),
    omitsZeros: true,
  };
}

/** Comments with `#`, one of them `# Objective value = v`; then `name value`. */
function fromGurobi(lines: readonly Line[]): SolutionFile {
  const format = 'Gurobi solution';
  const objective = lines.find(({ text }) => text.startsWith('# Objective value ='));
  return {
    solver: 'Gurobi',
    status: null,
    objective: objective === undefined ? null : numberIn(format, objective, objective.text.split('=')[1]),
    values: columnValues(
      format,
      lines.filter(({ text }) => !text.startsWith('#')),
      { name: 0, value: 1 },
    ),
    omitsZeros: false,
  };
}

/** `s mip rows columns status objective`, then `j column value`; status o: optimal, f: feasible, n: no solution. */
function fromGlpk(lines: readonly Line[]): SolutionFile {
  const format = 'GLPK solution';
  const head = lines.find(({ text }) => text.startsWith('s '));
  if (head === undefined) throw fault(format, lines[lines.length - 1], 's mip rows columns status objective');
  const [, kind, , columns, status, objective] = head.text.trim().split(/\s+/);
  if (kind !== 'mip') throw fault(format, head, 'a solution of a mixed-integer program (s mip)');
  if (status !== 'o' && status !== 'f') throw fault(format, head, 'the status o or f: a solution');
  const told = lines.filter(({ text }) => text.startsWith('j '));
  if (told.length !== Number(columns)) throw fault(format, lines[lines.length - 1], `${columns} columns`);
  return {
    solver: 'GLPK',
    status: status === 'o' ? 'optimal' : 'feasible',
    objective: numberIn(format, head, objective),
    values: columnValues(format, told, { name: 1, value: 2 }),
    omitsZeros: false,
  };
}
