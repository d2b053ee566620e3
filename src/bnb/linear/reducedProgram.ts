/**
 * A mixed-integer program with its fixed columns taken out: their share moves into row bounds and the offset, and rows
 * that the bounds of the remaining columns imply are left out. Points, bounds and rows are carried between the two
 * spaces.
 */
import { feasibilityTolerance } from '../../lp/feasibility.ts';
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import type { SearchParameters } from '../parameters.ts';
import type { BoundChange } from './linearDecision.ts';

export class ReducedProgram {
  readonly program: MixedIntegerProgram;
  /** Columns of the full program that remain, ascending. */
  readonly kept: Int32Array;
  /** Rows of the full program that remain, ascending. */
  readonly keptRows: readonly number[];
  /** Whether the rows without remaining columns hold, and fixed integer columns are whole. */
  readonly isFeasible: boolean;
  /** Values of the fixed columns; of the kept ones, their lower bound (or 0). */
  readonly #values: Float64Array;
  /** Index of a full column among the kept, or -1. */
  readonly #indexOf: Int32Array;
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;

  /** `lower` and `upper` are bounds of the full program's columns, within its own. */
  constructor(
    full: MixedIntegerProgram,
    lower: Float64Array,
    upper: Float64Array,
    { restarts: { impliedTolerance }, tolerances: { integrality } }: SearchParameters,
  ) {
    const kept: number[] = [];
    this.#values = new Float64Array(full.numColumns);
    this.#indexOf = new Int32Array(full.numColumns).fill(-1);
    this.#lower = lower.slice();
    this.#upper = upper.slice();
    let { offset } = full;
    let isWhole = true;
    for (let column = 0; column < full.numColumns; column++) {
      if (lower[column] < upper[column]) {
        this.#indexOf[column] = kept.push(column) - 1;
        continue;
      }
      this.#values[column] = lower[column];
      if (full.integrality[column] === 1 && Math.abs(lower[column] - Math.round(lower[column])) > integrality)
        isWhole = false;
      offset += full.cost[column] * lower[column];
    }
    this.kept = Int32Array.from(kept);
    const rows = reduceRows(full, lower, upper, impliedTolerance);
    this.isFeasible = rows.isFeasible && isWhole;
    this.keptRows = rows.kept;
    this.program = this.#build(full, offset, rows);
  }

  /** A point (or bounds) of the full program from one of the reduced program. */
  expand(point: Float64Array, fixed: Float64Array = this.#values): Float64Array {
    const full = fixed.slice();
    for (let at = 0; at < this.kept.length; at++) full[this.kept[at]] = point[at];
    return full;
  }

  /** A point of the full program over the columns that remain. */
  reducePoint(point: Float64Array): Float64Array {
    return Float64Array.from(this.kept, (column) => point[column]);
  }

  /** Whether a point of the full program has the values of the fixed columns. */
  holds(point: Float64Array): boolean {
    return this.#indexOf.every(
      (at, column) => at >= 0 || Math.abs(point[column] - this.#values[column]) <= feasibilityTolerance,
    );
  }

  expandLower(lower: Float64Array): Float64Array {
    return this.expand(lower, this.#lower);
  }

  expandUpper(upper: Float64Array): Float64Array {
    return this.expand(upper, this.#upper);
  }

  /** A row over the full columns as one over the kept. */
  reduceRow(row: SparseRow): SparseRow {
    const indices: number[] = [];
    const values: number[] = [];
    let constant = 0;
    for (let t = 0; t < row.indices.length; t++) {
      const at = this.#indexOf[row.indices[t]];
      if (at < 0) constant += row.values[t] * this.#values[row.indices[t]];
      else {
        indices.push(at);
        values.push(row.values[t]);
      }
    }
    return { lower: row.lower - constant, upper: row.upper - constant, indices, values };
  }

  /** A row over the kept columns as one over the full columns; it holds where the fixed columns have their values. */
  expandRow(row: SparseRow): SparseRow {
    return { ...row, indices: Array.from(row.indices, (at) => this.kept[at]) };
  }

  /** Bound changes over the kept columns; one that a fixed column contradicts makes the whole impossible. */
  reduceChanges(changes: readonly BoundChange[]): BoundChange[] {
    const reduced: BoundChange[] = [];
    for (const { column, lower, upper } of changes) {
      const at = this.#indexOf[column];
      if (at >= 0) reduced.push({ column: at, lower, upper });
      else if (this.#values[column] < lower || this.#values[column] > upper)
        return [{ column: 0, lower: Infinity, upper: -Infinity }];
    }
    return reduced;
  }

  #build(full: MixedIntegerProgram, offset: number, rows: ReducedRows): MixedIntegerProgram {
    const { kept } = this;
    const columnStarts = new Int32Array(kept.length + 1);
    const rowIndices: number[] = [];
    const values: number[] = [];
    kept.forEach((column, at) => {
      for (let entry = full.columnStarts[column]; entry < full.columnStarts[column + 1]; entry++) {
        const row = rows.indexOf[full.rowIndices[entry]];
        if (row < 0) continue;
        rowIndices.push(row);
        values.push(full.values[entry]);
      }
      columnStarts[at + 1] = rowIndices.length;
    });
    const pick = (array: Float64Array) => Float64Array.from(kept, (column) => array[column]);
    return {
      name: full.name,
      numRows: rows.kept.length,
      numColumns: kept.length,
      columnStarts,
      rowIndices: Int32Array.from(rowIndices),
      values: Float64Array.from(values),
      cost: pick(full.cost),
      columnLower: pick(this.#lower),
      columnUpper: pick(this.#upper),
      rowLower: Float64Array.from(rows.kept, (row) => full.rowLower[row] - rows.constant[row]),
      rowUpper: Float64Array.from(rows.kept, (row) => full.rowUpper[row] - rows.constant[row]),
      offset,
      integrality: Uint8Array.from(kept, (column) => full.integrality[column]),
      columnNames: Array.from(kept, (column) => full.columnNames[column]),
      rowNames: rows.kept.map((row) => full.rowNames[row]),
    };
  }
}

interface ReducedRows {
  readonly kept: readonly number[];
  readonly indexOf: Int32Array;
  /** Activity of the fixed columns. */
  readonly constant: Float64Array;
  readonly isFeasible: boolean;
}

/**
 * A row is implied if its extreme activity keeps its bound by `impliedTolerance`, relative to max(1, |bound|); in a row
 * whose coefficients are all below 1, to the largest of them.
 */
function reduceRows(
  full: MixedIntegerProgram,
  lower: Float64Array,
  upper: Float64Array,
  impliedTolerance: number,
): ReducedRows {
  const { numRows, numColumns, columnStarts, rowIndices, values, rowLower, rowUpper } = full;
  const constant = new Float64Array(numRows);
  const largestFixed = new Float64Array(numRows);
  const largestCoefficient = new Float64Array(numRows);
  const least = new Float64Array(numRows);
  const most = new Float64Array(numRows);
  const entries = new Int32Array(numRows);
  for (let column = 0; column < numColumns; column++) {
    const isFixed = !(lower[column] < upper[column]);
    for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++) {
      const row = rowIndices[at];
      const value = values[at];
      largestCoefficient[row] = Math.max(largestCoefficient[row], Math.abs(value));
      if (isFixed) {
        constant[row] += value * lower[column];
        largestFixed[row] = Math.max(largestFixed[row], Math.abs(value) * Math.max(1, Math.abs(lower[column])));
      } else {
        entries[row] += 1;
        least[row] += value > 0 ? value * lower[column] : value * upper[column];
        most[row] += value > 0 ? value * upper[column] : value * lower[column];
      }
    }
  }
  const kept: number[] = [];
  const indexOf = new Int32Array(numRows).fill(-1);
  let isFeasible = true;
  for (let row = 0; row < numRows; row++) {
    const tolerance = (bound: number) =>
      entries[row] === 0
        ? feasibilityTolerance * Math.max(Math.abs(bound), largestFixed[row])
        : impliedTolerance * Math.max(Math.min(1, largestCoefficient[row]), Math.abs(bound));
    const keepsLower = constant[row] + least[row] >= rowLower[row] - tolerance(rowLower[row]);
    const keepsUpper = constant[row] + most[row] <= rowUpper[row] + tolerance(rowUpper[row]);
    if (keepsLower && keepsUpper) continue;
    if (entries[row] === 0) isFeasible = false;
    else indexOf[row] = kept.push(row) - 1;
  }
  return { kept, indexOf, constant, isFeasible };
}
