/**
 * A linear program in computational form, minimise c'x + offset subject to rowLower <= A x <= rowUpper and
 * columnLower <= x <= columnUpper, with A stored by columns. Infinite bounds are ±Infinity. Immutable once built.
 */
import { fault, type InputError, showValue } from '../input/inputError.ts';
import { drain, type Steps } from './steps.ts';

export interface LinearProgram {
  readonly numRows: number;
  readonly numColumns: number;
  /** Start of each column in `rowIndices` and `values`; length numColumns + 1. */
  readonly columnStarts: Int32Array;
  readonly rowIndices: Int32Array;
  readonly values: Float64Array;
  readonly cost: Float64Array;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** Constant added to the objective. */
  readonly offset: number;
}

/** A linear program some of whose columns must be integer, with names for files and messages. */
export interface MixedIntegerProgram extends LinearProgram {
  readonly name: string;
  /** 1 where the column must take an integer value; length numColumns. */
  readonly integrality: Uint8Array;
  readonly columnNames: readonly string[];
  readonly rowNames: readonly string[];
}

/** A row given by its non-zeros. */
export interface SparseRow {
  readonly lower: number;
  readonly upper: number;
  readonly indices: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** A column given by its non-zeros. */
export interface SparseColumn extends SparseRow {
  readonly cost: number;
}

export interface ColumnAttributes {
  readonly name?: string;
  readonly cost?: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly integer?: boolean;
}

/** A row as `addRow` takes it: `lower` <= sum values[t] * x[indices[t]] <= `upper`. */
export interface RowAttributes {
  /** Default: `r` and the row's index. */
  readonly name?: string | undefined;
  /** Default: -Infinity. */
  readonly lower?: number;
  /** Default: Infinity. */
  readonly upper?: number;
  /** Columns, which may be added later. Default: none. */
  readonly indices?: ArrayLike<number>;
  /** Their coefficients, as many. Default: none. */
  readonly values?: ArrayLike<number>;
}

/** Columns, rows and entries between pauses of long work on a program: some milliseconds. */
const linesBetweenPauses = 4096;
const entriesBetweenPauses = 1 << 17;

/**
 * Collects columns and rows in any order and lays them out by columns. Repeated indices within a row are summed,
 * zeros are dropped.
 */
export class MixedIntegerProgramBuilder {
  readonly #columns: Required<ColumnAttributes>[] = [];
  readonly #rowNames: string[] = [];
  readonly #rowLower: number[] = [];
  readonly #rowUpper: number[] = [];
  readonly #entryRows: number[] = [];
  readonly #entryColumns: number[] = [];
  readonly #entryValues: number[] = [];
  #offset = 0;

  /** A builder that holds the columns and rows of a program, to add to them. */
  static *fromInSteps(program: MixedIntegerProgram): Steps<MixedIntegerProgramBuilder> {
    const builder = new MixedIntegerProgramBuilder();
    builder.addToOffset(program.offset);
    for (let row = 0; row < program.numRows; row++) {
      if (row % linesBetweenPauses === 0) yield;
      builder.addRow({ lower: program.rowLower[row], upper: program.rowUpper[row], name: program.rowNames[row] });
    }
    for (let column = 0; column < program.numColumns; column++) {
      if (column % linesBetweenPauses === 0) yield;
      builder.addColumn({
        name: program.columnNames[column],
        cost: program.cost[column],
        lower: program.columnLower[column],
        upper: program.columnUpper[column],
        integer: program.integrality[column] === 1,
      });
      for (let at = program.columnStarts[column]; at < program.columnStarts[column + 1]; at++) {
        builder.#entryRows.push(program.rowIndices[at]);
        builder.#entryColumns.push(column);
        builder.#entryValues.push(program.values[at]);
      }
    }
    return builder;
  }

  get numColumns(): number {
    return this.#columns.length;
  }

  get numRows(): number {
    return this.#rowNames.length;
  }

  /**
   * Adds a column and returns its index. Defaults: cost 0, lower 0, upper Infinity, continuous.
   * Throws InputError for a cost that is not finite or a bound that is NaN.
   */
  addColumn({ name, cost = 0, lower = 0, upper = Infinity, integer = false }: ColumnAttributes = {}): number {
    const column = this.#columns.length;
    const columnName = name ?? `x${column}`;
    const what = () => `column ${column} (${JSON.stringify(columnName)})`;
    if (!Number.isFinite(cost)) throw fault(what(), `a cost of ${cost}`, 'a finite number');
    checkBounds(what, lower, upper);
    return this.#columns.push({ name: columnName, cost, lower, upper, integer }) - 1;
  }

  /**
   * Adds lower <= sum values[t] * x[indices[t]] <= upper and returns the row's index.
   * Throws InputError for lists of unequal length, a coefficient that is not finite, a bound that is NaN.
   */
  addRow({ name, lower = -Infinity, upper = Infinity, indices = [], values = [] }: RowAttributes = {}): number {
    const row = this.#rowNames.length;
    const rowName = name ?? `r${row}`;
    const what = () => rowText(row, rowName);
    checkBounds(what, lower, upper);
    if (indices.length !== values.length)
      throw fault(what(), `${indices.length} indices and ${values.length} values`, 'as many');
    for (let t = 0; t < indices.length; t++) {
      if (!Number.isFinite(values[t]))
        throw fault(`${what()}, column ${indices[t]}`, `a coefficient of ${values[t]}`, 'a finite number');
    }
    this.#rowNames.push(rowName);
    this.#rowLower.push(lower);
    this.#rowUpper.push(upper);
    for (let t = 0; t < indices.length; t++) {
      this.#entryRows.push(row);
      this.#entryColumns.push(indices[t]);
      this.#entryValues.push(values[t]);
    }
    return row;
  }

  /** Throws InputError for an amount that is not finite. */
  addToOffset(amount: number): void {
    if (!Number.isFinite(amount)) throw fault('offset', showValue(amount), 'a finite number');
    this.#offset += amount;
  }

  /** As `fromInSteps`, without pauses. */
  static from(program: MixedIntegerProgram): MixedIntegerProgramBuilder {
    return drain(MixedIntegerProgramBuilder.fromInSteps(program));
  }

  /** Throws InputError where a row names a column that there is not, or repeated entries sum to no finite number. */
  build(name = 'program'): MixedIntegerProgram {
    return drain(this.buildInSteps(name));
  }

  /** As `build`, pausing now and then. */
  *buildInSteps(name = 'program'): Steps<MixedIntegerProgram> {
    const numColumns = this.#columns.length;
    const numRows = this.#rowNames.length;
    const { rows, values, columnStarts } = yield* this.#entriesByColumn(numColumns);
    yield;
    return {
      name,
      numRows,
      numColumns,
      columnStarts,
      rowIndices: rows,
      values,
      cost: Float64Array.from(this.#columns, (c) => c.cost),
      columnLower: Float64Array.from(this.#columns, (c) => c.lower),
      columnUpper: Float64Array.from(this.#columns, (c) => c.upper),
      integrality: Uint8Array.from(this.#columns, (c) => (c.integer ? 1 : 0)),
      rowLower: Float64Array.from(this.#rowLower),
      rowUpper: Float64Array.from(this.#rowUpper),
      columnNames: this.#columns.map((c) => c.name),
      rowNames: [...this.#rowNames],
      offset: this.#offset,
    };
  }

  /** The entries of each column in the order in which its rows came first; repeated ones summed, zeros left out. */
  *#entriesByColumn(numColumns: number): Steps<{
    readonly columnStarts: Int32Array;
    readonly rows: Int32Array;
    readonly values: Float64Array;
  }> {
    const numRows = this.#rowNames.length;
    const numEntries = this.#entryRows.length;
    const begin = new Int32Array(numColumns + 1);
    for (let t = 0; t < numEntries; t++) {
      if (t % entriesBetweenPauses === 0) yield;
      const column = this.#entryColumns[t];
      if (!(Number.isInteger(column) && column >= 0 && column < numColumns)) throw this.#strayFault(t, numColumns);
      begin[column + 1]++;
    }
    for (let column = 0; column < numColumns; column++) begin[column + 1] += begin[column];
    const rows = new Int32Array(numEntries);
    const values = new Float64Array(numEntries);
    const end = begin.slice(0, numColumns);
    for (let t = 0; t < numEntries; t++) {
      if (t % entriesBetweenPauses === 0) yield;
      const at = end[this.#entryColumns[t]]++;
      rows[at] = this.#entryRows[t];
      values[at] = this.#entryValues[t];
    }
    const columnStarts = new Int32Array(numColumns + 1);
    /** (row): where its entry in the present column is, if that is at `first` or behind. */
    const placeOf = new Int32Array(numRows).fill(-1);
    let place = 0;
    for (let column = 0; column < numColumns; column++) {
      if (column % linesBetweenPauses === 0) yield;
      const first = place;
      for (let at = begin[column]; at < end[column]; at++) {
        const row = rows[at];
        const known = placeOf[row];
        if (known >= first) values[known] += values[at];
        else {
          placeOf[row] = place;
          rows[place] = row;
          values[place++] = values[at];
        }
      }
      let kept = first;
      for (let at = first; at < place; at++) {
        const value = values[at];
        if (!Number.isFinite(value))
          throw fault(
            `${rowText(rows[at], this.#rowNames[rows[at]])}, column ${column}`,
            `entries that sum to ${value}`,
            'a finite sum',
          );
        placeOf[rows[at]] = -1;
        if (value === 0) continue;
        rows[kept] = rows[at];
        values[kept++] = value;
      }
      place = kept;
      columnStarts[column + 1] = place;
    }
    return { columnStarts, rows: rows.slice(0, place), values: values.slice(0, place) };
  }

  #strayFault(entry: number, numColumns: number): InputError {
    const row = this.#entryRows[entry];
    const found = `column ${this.#entryColumns[entry]}`;
    return fault(rowText(row, this.#rowNames[row]), found, `one of ${numColumns} columns`);
  }
}

function checkBounds(what: () => string, lower: number, upper: number): void {
  if (Number.isNaN(lower) || Number.isNaN(upper))
    throw fault(what(), `bounds [${lower}, ${upper}]`, 'numbers or infinities');
}

function rowText(row: number, name: string): string {
  return `row ${row} (${JSON.stringify(name)})`;
}
