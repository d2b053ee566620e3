/** The constraint matrix by columns with a copy by rows; both grow at the end and say the same at all times. */
import { SparseVectors } from './sparseVectors.ts';
import * as tolerances from './tolerances.ts';
import type { WorkVector } from './workVector.ts';

/** Local name: an imported binding in an inner loop costs a lookup under some loaders. */
const DROP = tolerances.DROP;

export class SparseMatrix {
  readonly byColumn: SparseVectors;
  readonly byRow: SparseVectors;

  constructor(
    numRows: number,
    numColumns: number,
    columnStarts: ArrayLike<number>,
    rowIndices: ArrayLike<number>,
    values: ArrayLike<number>,
  ) {
    const entries = columnStarts[numColumns]!;
    this.byColumn = new SparseVectors(numColumns, entries);
    this.byRow = new SparseVectors(numRows, entries);
    const rowLengths = new Int32Array(numRows);
    for (let e = 0; e < entries; e++) rowLengths[rowIndices[e]!]!++;
    for (let i = 0; i < numRows; i++) this.byRow.addVector(rowLengths[i]!);
    for (let j = 0; j < numColumns; j++) {
      this.byColumn.addVector(columnStarts[j + 1]! - columnStarts[j]!);
      for (let e = columnStarts[j]!; e < columnStarts[j + 1]!; e++) this.#push(rowIndices[e]!, j, values[e]!);
    }
  }

  get numRows(): number {
    return this.byRow.count;
  }

  get numColumns(): number {
    return this.byColumn.count;
  }

  get entries(): number {
    return this.byColumn.entries;
  }

  addColumn(rows: ArrayLike<number>, values: ArrayLike<number>): void {
    const column = this.byColumn.addVector(rows.length);
    for (let t = 0; t < rows.length; t++) this.#push(rows[t]!, column, values[t]!);
  }

  addRow(columns: ArrayLike<number>, values: ArrayLike<number>): void {
    const row = this.byRow.addVector(columns.length);
    for (let t = 0; t < columns.length; t++) this.#push(row, columns[t]!, values[t]!);
  }

  /** Divides every entry by the factors of its row and column. */
  rescale(rowFactor: Float64Array, columnFactor: Float64Array): void {
    for (const [vectors, own, other] of [
      [this.byColumn, columnFactor, rowFactor],
      [this.byRow, rowFactor, columnFactor],
    ] as const) {
      const { begin, end, indices, values } = vectors;
      for (let v = 0; v < vectors.count; v++)
        for (let e = begin[v]!; e < end[v]!; e++) values[e]! /= own[v]! * other[indices[e]!]!;
    }
  }

  /** Keeps only the rows and columns whose new number in the map is not negative. Costs one pass over all entries. */
  renumber(newRow: Int32Array, newColumn: Int32Array): void {
    const { byColumn, byRow } = this;
    const old = new SparseMatrixCopy(byColumn);
    byColumn.clear();
    byRow.clear();
    const rowLengths = new Int32Array(newRow.length);
    let rows = 0;
    for (let i = 0; i < newRow.length; i++) if (newRow[i]! >= 0) rows++;
    for (let j = 0; j < old.begin.length; j++) {
      if (newColumn[j]! < 0) continue;
      for (let e = old.begin[j]!; e < old.end[j]!; e++) {
        const row = newRow[old.indices[e]!]!;
        if (row >= 0) rowLengths[row]!++;
      }
    }
    for (let i = 0; i < rows; i++) byRow.addVector(rowLengths[i]!);
    for (let j = 0; j < old.begin.length; j++) {
      const column = newColumn[j]!;
      if (column < 0) continue;
      byColumn.addVector(old.end[j]! - old.begin[j]!);
      for (let e = old.begin[j]!; e < old.end[j]!; e++) {
        const row = newRow[old.indices[e]!]!;
        if (row >= 0) this.#push(row, column, old.values[e]!);
      }
    }
  }

  /** result = A' multipliers by rows: worth it while few multipliers are non-zero. */
  priceByRows(multipliers: WorkVector, result: WorkVector): void {
    const { begin, end, indices, values } = this.byRow;
    const array = result.array;
    const list = result.index;
    let count = 0;
    for (let t = 0; t < multipliers.count; t++) {
      const row = multipliers.index[t]!;
      const multiplier = multipliers.array[row]!;
      for (let e = begin[row]!, stop = end[row]!; e < stop; e++) {
        const column = indices[e]!;
        const before = array[column]!;
        if (before === 0) list[count++] = column;
        const after = before + multiplier * values[e]!;
        array[column] = after < DROP && after > -DROP ? 1e-100 : after;
      }
    }
    result.count = count;
  }

  /** Product of column j with a dense vector of the rows. */
  columnDot(column: number, dense: Float64Array): number {
    const { begin, end, indices, values } = this.byColumn;
    let sum = 0;
    for (let e = begin[column]!, stop = end[column]!; e < stop; e++) sum += values[e]! * dense[indices[e]!]!;
    return sum;
  }

  /** dense += factor * column j. */
  addColumnTo(column: number, factor: number, dense: Float64Array): void {
    const { begin, end, indices, values } = this.byColumn;
    for (let e = begin[column]!, stop = end[column]!; e < stop; e++) dense[indices[e]!]! += factor * values[e]!;
  }

  #push(row: number, column: number, value: number): void {
    this.byColumn.push(column, row, value);
    this.byRow.push(row, column, value);
  }
}

/** A frozen copy of the columns, read while the matrix is laid out anew. */
class SparseMatrixCopy {
  readonly begin: Int32Array;
  readonly end: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;

  constructor(vectors: SparseVectors) {
    this.begin = vectors.begin.slice(0, vectors.count);
    this.end = vectors.end.slice(0, vectors.count);
    this.indices = vectors.indices.slice(0, vectors.used);
    this.values = vectors.values.slice(0, vectors.used);
  }
}
