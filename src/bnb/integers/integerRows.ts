/**
 * What divisors say about rows of integer columns, before the tree: sides are rounded to values that the row can take,
 * also modulo the equations; equations without a whole solution are found; and where a divisor belongs to a part of a
 * row with unbounded columns, that part becomes an integer column of its own. Without this a tree over unbounded
 * columns never ends.
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import { RowMatrix } from '../linear/rowMatrix.ts';
import type { SearchParameters } from '../parameters.ts';
import { IntegerEquations, type WholeEquation } from './integerEquations.ts';
import { SideRounding } from './sideRounding.ts';
import { divisorOf, wholeCoefficients } from './wholeRow.ts';

interface WholeRow {
  readonly row: number;
  /** Columns that are not fixed. */
  readonly columns: readonly number[];
  readonly coefficients: readonly bigint[];
  /** Sides in the scale of the coefficients, less the fixed columns. */
  lower: number;
  upper: number;
  readonly scale: number;
  readonly fixed: number;
}

export interface IntegerFindings {
  /**
   * The program with stronger sides and perhaps columns behind its own: its whole points, cut to the columns of the
   * given program, are the whole points of that.
   */
  readonly program: MixedIntegerProgram;
  /** A point of the given columns that solves the equations and may or may not keep the rest; null: none was made. */
  readonly point: Float64Array | null;
}

/** Null: the program has no whole point. */
export function tightenIntegerRows(program: MixedIntegerProgram, parameters: SearchParameters): IntegerFindings | null {
  const rounding = new SideRounding(parameters);
  const rows = wholeRowsOf(program, parameters);
  if (rows.length === 0) return { program, point: null };
  for (const row of rows) {
    const divisor = row.coefficients.reduce(divisorOf, 0n);
    if (!rounding.round(row, 0n, divisor)) return null;
  }
  const bounds = { lower: program.columnLower.slice(), upper: program.columnUpper.slice() };
  const equations = new RowEquations(rows, rounding, parameters.integers);
  if (!equations.solve() || !equations.roundBy(rows, bounds)) return null;
  const rowLower = program.rowLower.slice();
  const rowUpper = program.rowUpper.slice();
  for (const { row, lower, upper, scale, fixed } of rows) {
    rowLower[row] = Math.max(rowLower[row], (lower + fixed) / scale);
    rowUpper[row] = Math.min(rowUpper[row], (upper + fixed) / scale);
    // Rounding of the quotient only.
    if (lower === upper) rowUpper[row] = rowLower[row];
  }
  const tightened = { ...program, rowLower, rowUpper, columnLower: bounds.lower, columnUpper: bounds.upper };
  return {
    program: withPartColumns(tightened, rows, rounding, parameters.integers.manyValues),
    point: equations.pointOf(program),
  };
}

function wholeRowsOf(program: MixedIntegerProgram, { integers }: SearchParameters): WholeRow[] {
  const { starts, indices, values } = RowMatrix.fromProgram(program);
  const rows: WholeRow[] = [];
  for (let row = 0; row < program.numRows; row++) {
    const entries = Array.from({ length: starts[row + 1] - starts[row] }, (_, t) => starts[row] + t);
    if (entries.length === 0 || !entries.every((at) => program.integrality[indices[at]] === 1)) continue;
    const whole = wholeCoefficients(
      entries.map((at) => values[at]),
      integers,
    );
    if (whole === null) continue;
    const isFree = (column: number) => Math.ceil(program.columnLower[column]) < Math.floor(program.columnUpper[column]);
    const free = [...entries.keys()].filter((t) => isFree(indices[entries[t]]));
    if (free.length === 0) continue;
    let fixed = 0;
    for (const [t, at] of entries.entries())
      if (!isFree(indices[at])) fixed += Number(whole.coefficients[t]) * Math.ceil(program.columnLower[indices[at]]);
    rows.push({
      row,
      columns: free.map((t) => indices[entries[t]]),
      coefficients: free.map((t) => whole.coefficients[t]),
      lower: program.rowLower[row] * whole.scale - fixed,
      upper: program.rowUpper[row] * whole.scale - fixed,
      scale: whole.scale,
      fixed,
    });
  }
  return rows;
}

interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** The rows that are equations, as a system over their columns. */
class RowEquations {
  readonly #equations: readonly WholeRow[];
  readonly #variableOf = new Map<number, number>();
  readonly #solutions: IntegerEquations;
  readonly #rounding: SideRounding;

  constructor(
    rows: readonly WholeRow[],
    rounding: SideRounding,
    { mostEquations, mostVariables, mostBits }: SearchParameters['integers'],
  ) {
    this.#rounding = rounding;
    const equations = rows.filter((row) => row.lower === row.upper && Number.isSafeInteger(row.lower));
    for (const { columns } of equations)
      for (const column of columns)
        if (!this.#variableOf.has(column)) this.#variableOf.set(column, this.#variableOf.size);
    const isSmall = equations.length <= mostEquations && this.#variableOf.size <= mostVariables;
    if (!isSmall) this.#variableOf.clear();
    this.#equations = isSmall ? equations : [];
    this.#solutions = new IntegerEquations(this.#variableOf.size, mostBits);
  }

  /** False if there is no whole solution. */
  solve(): boolean {
    return this.#equations.every((row) => this.#solutions.add(this.#inVariables(row), BigInt(row.lower)));
  }

  /** Rounds rows and column bounds to values that they take on solutions; false if nothing is left. */
  roundBy(rows: readonly WholeRow[], { lower, upper }: Bounds): boolean {
    if (this.#equations.length === 0) return true;
    for (const row of rows) {
      const { residue, divisor } = this.#solutions.residueOf(this.#inVariables(row));
      const outside = row.coefficients.filter((_, t) => !this.#variableOf.has(row.columns[t]));
      if (!this.#rounding.round(row, residue, outside.reduce(divisorOf, divisor))) return false;
    }
    for (const [column, variable] of this.#variableOf) {
      const { residue, divisor } = this.#solutions.residueOf({ variables: [variable], coefficients: [1n] });
      if (!Number.isSafeInteger(Number(residue))) continue;
      const sides = this.#rounding.wholeBounds(lower[column], upper[column]);
      if (!this.#rounding.round(sides, residue, divisor)) return false;
      if (divisor === 0n) sides.lower = sides.upper = Number(residue);
      lower[column] = Math.max(lower[column], sides.lower);
      upper[column] = Math.min(upper[column], sides.upper);
    }
    return true;
  }

  /** The solution at hand, other columns at the bound nearest to zero; null without equations. */
  pointOf({ columnLower, columnUpper }: MixedIntegerProgram): Float64Array | null {
    if (this.#equations.length === 0) return null;
    const point = columnLower.map((lower, column) =>
      Math.min(Math.max(0, Math.ceil(lower)), Math.floor(columnUpper[column])),
    );
    for (const [column, variable] of this.#variableOf) point[column] = Number(this.#solutions.point[variable]);
    return point.every(Number.isFinite) ? point : null;
  }

  #inVariables({ columns, coefficients }: WholeRow): WholeEquation {
    const inside = [...columns.keys()].filter((t) => this.#variableOf.has(columns[t]));
    return {
      variables: inside.map((t) => this.#variableOf.get(columns[t])!),
      coefficients: inside.map((t) => coefficients[t]),
    };
  }
}

/**
 * In a row G part + rest with whole `part` over columns some of which are unbounded, and a bounded rest, the part is
 * bounded: as an integer column it can be branched on.
 */
function withPartColumns(
  program: MixedIntegerProgram,
  rows: readonly WholeRow[],
  rounding: SideRounding,
  manyValues: number,
): MixedIntegerProgram {
  let builder: MixedIntegerProgramBuilder | null = null;
  for (const row of rows) {
    const part = partOf(program, row, rounding, manyValues);
    if (part === null) continue;
    builder ??= MixedIntegerProgramBuilder.from(program);
    const name = `part_${program.rowNames[row.row]}`;
    const column = builder.addColumn({ name, lower: part.lower, upper: part.upper, integer: true });
    builder.addRow({
      name,
      lower: 0,
      upper: 0,
      indices: [...part.columns, column],
      values: [...part.coefficients, -1],
    });
    builder.addRow({
      name: `rest_${program.rowNames[row.row]}`,
      lower: row.lower,
      upper: row.upper,
      indices: [column, ...part.rest],
      values: [part.divisor, ...part.restCoefficients],
    });
  }
  return builder === null ? program : builder.build(program.name);
}

interface Part {
  readonly divisor: number;
  readonly columns: readonly number[];
  readonly coefficients: readonly number[];
  readonly rest: readonly number[];
  readonly restCoefficients: readonly number[];
  readonly lower: number;
  readonly upper: number;
}

/** A column with more than `manyValues` counts as unbounded: a tree would not go through them. */
function partOf(program: MixedIntegerProgram, row: WholeRow, rounding: SideRounding, manyValues: number): Part | null {
  const { columnLower, columnUpper } = program;
  const order = [...row.columns.keys()].sort((a, b) => {
    const [sizeA, sizeB] = [a, b].map((t) => Math.abs(Number(row.coefficients[t])));
    return sizeB - sizeA;
  });
  let divisor = 0n;
  for (let length = 1; length < order.length; length++) {
    divisor = divisorOf(divisor, row.coefficients[order[length - 1]]);
    if (divisor === 1n) return null;
    const first = order.slice(0, length);
    const rest = order.slice(length);
    const isUnbounded = (t: number) => columnUpper[row.columns[t]] - columnLower[row.columns[t]] > manyValues;
    if (rest.some(isUnbounded) || !first.some(isUnbounded)) continue;
    let least = 0;
    let most = 0;
    for (const t of rest) {
      const coefficient = Number(row.coefficients[t]);
      const ends = [coefficient * columnLower[row.columns[t]], coefficient * columnUpper[row.columns[t]]];
      least += Math.min(...ends);
      most += Math.max(...ends);
    }
    const step = Number(divisor);
    const lower = Math.ceil((row.lower - most - rounding.slackOf(row.lower)) / step);
    const upper = Math.floor((row.upper - least + rounding.slackOf(row.upper)) / step);
    const share = (t: number) => Number(row.coefficients[t] / divisor);
    return {
      divisor: step,
      columns: first.map((t) => row.columns[t]),
      coefficients: first.map(share),
      rest: rest.map((t) => row.columns[t]),
      restCoefficients: rest.map((t) => Number(row.coefficients[t])),
      lower,
      upper,
    };
  }
  return null;
}
