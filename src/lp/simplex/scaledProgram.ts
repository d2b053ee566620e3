/**
 * The linear program as the simplex sees it: minimise cost'x with [A I] x = 0 and lower <= x <= upper, scaled by powers
 * of two. Variables 0 .. numColumns - 1 are the columns, numColumns + i is the slack of row i, s_i = -(A x)_i, so its
 * bounds are [-rowUpper_i, -rowLower_i].
 */

import { SparseMatrix } from '../basis/sparseMatrix.ts';
import { grownFloat64 } from '../basis/sparseVectors.ts';
import type { LinearProgram, SparseColumn, SparseRow } from '../linearProgram.ts';
import { computeScaling, type Scaling, scaleOfVector } from './scaling.ts';

export class ScaledProgram {
  readonly matrix: SparseMatrix;
  readonly scaling: Scaling;
  readonly offset: number;
  rowScale: Float64Array<ArrayBuffer>;
  columnScale: Float64Array<ArrayBuffer>;
  lower: Float64Array<ArrayBuffer>;
  upper: Float64Array<ArrayBuffer>;
  cost: Float64Array<ArrayBuffer>;

  constructor(program: LinearProgram, scale: boolean) {
    const { numRows, numColumns, columnStarts, rowIndices, values } = program;
    this.offset = program.offset;
    this.scaling = computeScaling(program, scale);
    this.rowScale = this.scaling.row.slice();
    this.columnScale = this.scaling.column.slice();
    const starts = new Int32Array(numColumns + 1);
    const rows = new Int32Array(columnStarts[numColumns]);
    const scaled = new Float64Array(columnStarts[numColumns]);
    let place = 0;
    for (let j = 0; j < numColumns; j++) {
      for (let e = columnStarts[j]; e < columnStarts[j + 1]; e++) {
        const i = rowIndices[e];
        const value = values[e] * this.rowScale[i] * this.columnScale[j];
        if (value === 0) continue;
        rows[place] = i;
        scaled[place++] = value;
      }
      starts[j + 1] = place;
    }
    this.matrix = new SparseMatrix(numRows, numColumns, starts, rows, scaled);
    const total = numRows + numColumns;
    this.lower = new Float64Array(total);
    this.upper = new Float64Array(total);
    this.cost = new Float64Array(total);
    for (let j = 0; j < numColumns; j++) {
      this.lower[j] = program.columnLower[j] / this.columnScale[j];
      this.upper[j] = program.columnUpper[j] / this.columnScale[j];
      this.cost[j] = program.cost[j] * this.columnScale[j];
    }
    for (let i = 0; i < numRows; i++) this.setRowBounds(i, program.rowLower[i], program.rowUpper[i]);
  }

  get numRows(): number {
    return this.matrix.numRows;
  }

  get numColumns(): number {
    return this.matrix.numColumns;
  }

  get total(): number {
    return this.matrix.numRows + this.matrix.numColumns;
  }

  setColumnBounds(column: number, lower: number, upper: number): void {
    this.lower[column] = lower / this.columnScale[column];
    this.upper[column] = upper / this.columnScale[column];
  }

  setRowBounds(row: number, lower: number, upper: number): void {
    const slack = this.numColumns + row;
    this.lower[slack] = -upper * this.rowScale[row];
    this.upper[slack] = -lower * this.rowScale[row];
  }

  /** Factor by which a value of the variable in the scaled program is multiplied to get the caller's. */
  unscale(variable: number): number {
    const numColumns = this.numColumns;
    return variable < numColumns ? this.columnScale[variable] : 1 / this.rowScale[variable - numColumns];
  }

  addRows(rows: readonly SparseRow[]): void {
    const { matrix } = this;
    const total = this.total + rows.length;
    this.lower = roomFor(this.lower, total);
    this.upper = roomFor(this.upper, total);
    this.cost = roomFor(this.cost, total);
    this.rowScale = roomFor(this.rowScale, matrix.numRows + rows.length);
    for (const row of rows) {
      const i = matrix.numRows;
      const scale = scaleOfVector(row.indices, row.values, this.columnScale);
      this.rowScale[i] = scale;
      const { indices, values } = scaledEntries(row, scale, this.columnScale);
      matrix.addRow(indices, values);
      this.cost[matrix.numColumns + i] = 0;
      this.setRowBounds(i, row.lower, row.upper);
    }
  }

  addColumns(columns: readonly SparseColumn[]): void {
    const { matrix } = this;
    const before = matrix.numColumns;
    const numRows = matrix.numRows;
    this.lower = insertGap(this.lower, before, columns.length, numRows);
    this.upper = insertGap(this.upper, before, columns.length, numRows);
    this.cost = insertGap(this.cost, before, columns.length, numRows);
    this.columnScale = roomFor(this.columnScale, before + columns.length);
    for (const column of columns) {
      const j = matrix.numColumns;
      const scale = scaleOfVector(column.indices, column.values, this.rowScale);
      this.columnScale[j] = scale;
      const { indices, values } = scaledEntries(column, scale, this.rowScale);
      matrix.addColumn(indices, values);
      this.lower[j] = column.lower / scale;
      this.upper[j] = column.upper / scale;
      this.cost[j] = column.cost * scale;
    }
  }

  /** A copy in the caller's units, as it is now. */
  inCallersUnits(): LinearProgram {
    const { numRows, numColumns, matrix, rowScale, columnScale } = this;
    const { begin, end, indices, values } = matrix.byColumn;
    const unscaled = (from: Float64Array, of: (v: number) => number, first: number, count: number) =>
      Float64Array.from({ length: count }, (_, t) => from[first + t] * of(first + t));
    const columnStarts = new Int32Array(numColumns + 1);
    for (let j = 0; j < numColumns; j++) columnStarts[j + 1] = columnStarts[j] + end[j] - begin[j];
    const rowIndices = new Int32Array(columnStarts[numColumns]);
    const unscaledValues = new Float64Array(rowIndices.length);
    for (let j = 0; j < numColumns; j++)
      for (let e = begin[j], t = columnStarts[j]; e < end[j]; e++, t++) {
        const i = indices[e];
        rowIndices[t] = i;
        unscaledValues[t] = values[e] / (rowScale[i] * columnScale[j]);
      }
    const scaleOf = (v: number) => this.unscale(v);
    const negativeScaleOf = (v: number) => -this.unscale(v);
    return {
      numRows,
      numColumns,
      columnStarts,
      rowIndices,
      values: unscaledValues,
      offset: this.offset,
      cost: unscaled(this.cost, (v) => 1 / this.unscale(v), 0, numColumns),
      columnLower: unscaled(this.lower, scaleOf, 0, numColumns),
      columnUpper: unscaled(this.upper, scaleOf, 0, numColumns),
      rowLower: unscaled(this.upper, negativeScaleOf, numColumns, numRows),
      rowUpper: unscaled(this.lower, negativeScaleOf, numColumns, numRows),
    };
  }

  /** Goes back to the caller's units, exactly, since all factors are powers of two. */
  removeScaling(): void {
    const { matrix, numRows, numColumns, rowScale, columnScale } = this;
    matrix.rescale(rowScale, columnScale);
    for (let v = 0; v < numColumns + numRows; v++) {
      const scale = this.unscale(v);
      this.lower[v] *= scale;
      this.upper[v] *= scale;
      this.cost[v] /= scale;
    }
    rowScale.fill(1);
    columnScale.fill(1);
  }

  /** Keeps what has a new number (not negative) in the maps; numbers must keep the order. */
  renumber(newRow: Int32Array, newColumn: Int32Array): void {
    const numColumns = this.numColumns;
    let columns = 0;
    for (let j = 0; j < numColumns; j++) {
      if (newColumn[j] < 0) continue;
      this.columnScale[columns] = this.columnScale[j];
      this.#moveVariable(j, columns++);
    }
    let rows = 0;
    for (let i = 0; i < this.numRows; i++) {
      if (newRow[i] < 0) continue;
      this.rowScale[rows] = this.rowScale[i];
      this.#moveVariable(numColumns + i, columns + rows++);
    }
    this.matrix.renumber(newRow, newColumn);
  }

  #moveVariable(from: number, to: number): void {
    this.lower[to] = this.lower[from];
    this.upper[to] = this.upper[from];
    this.cost[to] = this.cost[from];
  }
}

/** Sums repeated indices, drops zeros, scales. */
function scaledEntries(
  vector: SparseRow,
  scale: number,
  otherScale: Float64Array,
): { indices: number[]; values: number[] } {
  const indices: number[] = [];
  const values: number[] = [];
  const seen = new Map<number, number>();
  for (let t = 0; t < vector.indices.length; t++) {
    const index = vector.indices[t];
    const value = vector.values[t] * scale * otherScale[index];
    const place = seen.get(index);
    if (place === undefined) {
      seen.set(index, indices.length);
      indices.push(index);
      values.push(value);
    } else values[place] += value;
  }
  if (!values.includes(0)) return { indices, values };
  const kept = values.map((value, t) => ({ value, index: indices[t] })).filter((entry) => entry.value !== 0);
  return { indices: kept.map((entry) => entry.index), values: kept.map((entry) => entry.value) };
}

export function roomFor(array: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  return array.length >= size ? array : grownFloat64(array, size + (size >> 1) + 16);
}

/** Opens `gap` places at `place`, moving up the `tail` entries behind it. */
export function insertGap(
  array: Float64Array<ArrayBuffer>,
  place: number,
  gap: number,
  tail: number,
): Float64Array<ArrayBuffer> {
  const result = roomFor(array, place + gap + tail);
  result.copyWithin(place + gap, place, place + tail);
  return result;
}
