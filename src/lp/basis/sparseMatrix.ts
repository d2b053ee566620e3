/** The constraint matrix by columns with a copy by rows; both grow at the end and say the same at all times. */
import { SparseVectors } from './sparseVectors.ts';

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
    const entries = columnStarts[numColumns];
    this.byColumn = new SparseVectors(numColumns, entries);
    this.byRow = new SparseVectors(numRows, entries);
    const rowLengths = new Int32Array(numRows);
    const columnLengths = new Int32Array(numColumns);
    for (let e = 0; e < entries; e++) rowLengths[rowIndices[e]]++;
    for (let j = 0; j < numColumns; j++) columnLengths[j] = columnStarts[j + 1] - columnStarts[j];
    this.#layOut(rowLengths, columnLengths);
    for (let j = 0; j < numColumns; j++)
      for (let e = columnStarts[j], stop = columnStarts[j + 1]; e < stop; e++) this.#place(rowIndices[e], j, values[e]);
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
    for (let t = 0; t < rows.length; t++) this.#push(rows[t], column, values[t]);
  }

  addRow(columns: ArrayLike<number>, values: ArrayLike<number>): void {
    const row = this.byRow.addVector(columns.length);
    for (let t = 0; t < columns.length; t++) this.#push(row, columns[t], values[t]);
  }

  /** Divides every entry by the factors of its row and column. */
  rescale(rowFactor: Float64Array, columnFactor: Float64Array): void {
    for (const [vectors, own, other] of [
      [this.byColumn, columnFactor, rowFactor],
      [this.byRow, rowFactor, columnFactor],
    ] as const) {
      const { begin, end, indices, values } = vectors;
      for (let v = 0; v < vectors.count; v++)
        for (let e = begin[v]; e < end[v]; e++) values[e] /= own[v] * other[indices[e]];
    }
  }

  /** Keeps only the rows and columns whose new number in the map is not negative. Costs one pass over all entries. */
  renumber(newRow: Int32Array, newColumn: Int32Array): void {
    const old = new SparseMatrixCopy(this.byColumn);
    let rows = 0;
    let columns = 0;
    for (let i = 0; i < newRow.length; i++) if (newRow[i] >= 0) rows++;
    for (let j = 0; j < newColumn.length; j++) if (newColumn[j] >= 0) columns++;
    const rowLengths = new Int32Array(rows);
    const columnLengths = new Int32Array(columns);
    for (let j = 0; j < old.begin.length; j++) {
      const column = newColumn[j];
      if (column < 0) continue;
      for (let e = old.begin[j]; e < old.end[j]; e++) {
        const row = newRow[old.indices[e]];
        if (row < 0) continue;
        rowLengths[row]++;
        columnLengths[column]++;
      }
    }
    this.#layOut(rowLengths, columnLengths);
    for (let j = 0; j < old.begin.length; j++) {
      const column = newColumn[j];
      if (column < 0) continue;
      for (let e = old.begin[j]; e < old.end[j]; e++) {
        const row = newRow[old.indices[e]];
        if (row >= 0) this.#place(row, column, old.values[e]);
      }
    }
  }

  /** Product of column j with a dense vector of the rows. */
  columnDot(column: number, dense: Float64Array): number {
    const { begin, end, indices, values } = this.byColumn;
    let sum = 0;
    for (let e = begin[column], stop = end[column]; e < stop; e++) sum += values[e] * dense[indices[e]];
    return sum;
  }

  /** dense += factor * column j. */
  addColumnTo(column: number, factor: number, dense: Float64Array): void {
    const { begin, end, indices, values } = this.byColumn;
    for (let e = begin[column], stop = end[column]; e < stop; e++) dense[indices[e]] += factor * values[e];
  }

  #layOut(rowLengths: Int32Array, columnLengths: Int32Array): void {
    this.byRow.layOut(rowLengths);
    this.byColumn.layOut(columnLengths);
  }

  /** An entry at the end of vectors that have room for it. */
  #place(row: number, column: number, value: number): void {
    const { byRow, byColumn } = this;
    const inColumn = byColumn.end[column]++;
    byColumn.indices[inColumn] = row;
    byColumn.values[inColumn] = value;
    byColumn.entries++;
    const inRow = byRow.end[row]++;
    byRow.indices[inRow] = column;
    byRow.values[inRow] = value;
    byRow.entries++;
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
