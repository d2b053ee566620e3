/**
 * Rows lower <= A x <= upper stored by rows, growing and shrinking at the end: the program's rows followed by the cuts
 * that stand in the linear program. Row order is that of the LP.
 */
import type { LinearProgram, SparseRow } from '../../lp/linearProgram.ts';

/** Read access for separators and propagation. Entries of a row are at `starts[row]` to `starts[row + 1] - 1`. */
export interface RowView {
  readonly numRows: number;
  readonly numColumns: number;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export class RowMatrix implements RowView {
  readonly numColumns: number;
  numRows = 0;
  starts = new Int32Array(65);
  indices = new Int32Array(256);
  values = new Float64Array(256);
  lower = new Float64Array(64);
  upper = new Float64Array(64);

  constructor(numColumns: number) {
    this.numColumns = numColumns;
  }

  /** The rows of a program. */
  static fromProgram(program: LinearProgram): RowMatrix {
    const { numRows, numColumns, columnStarts, rowIndices, values } = program;
    const matrix = new RowMatrix(numColumns);
    const entries = columnStarts[numColumns];
    matrix.#reserve(numRows, entries);
    const { starts } = matrix;
    for (let at = 0; at < entries; at++) starts[rowIndices[at] + 1] += 1;
    for (let row = 0; row < numRows; row++) starts[row + 1] += starts[row];
    const next = starts.slice(0, numRows);
    for (let column = 0; column < numColumns; column++) {
      for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++) {
        const to = next[rowIndices[at]]++;
        matrix.indices[to] = column;
        matrix.values[to] = values[at];
      }
    }
    matrix.lower.set(program.rowLower);
    matrix.upper.set(program.rowUpper);
    matrix.numRows = numRows;
    return matrix;
  }

  append(row: SparseRow): void {
    const start = this.starts[this.numRows];
    const length = row.indices.length;
    this.#reserve(this.numRows + 1, start + length);
    for (let t = 0; t < length; t++) {
      this.indices[start + t] = row.indices[t];
      this.values[start + t] = row.values[t];
    }
    this.lower[this.numRows] = row.lower;
    this.upper[this.numRows] = row.upper;
    this.numRows += 1;
    this.starts[this.numRows] = start + length;
  }

  /** Removes rows, given in increasing order; those above move down. */
  remove(rows: readonly number[]): void {
    if (rows.length === 0) return;
    let kept = rows[0];
    let to = this.starts[kept];
    let skipped = 0;
    for (let row = rows[0]; row < this.numRows; row++) {
      if (skipped < rows.length && rows[skipped] === row) {
        skipped++;
        continue;
      }
      const start = this.starts[row];
      const end = this.starts[row + 1];
      this.indices.copyWithin(to, start, end);
      this.values.copyWithin(to, start, end);
      this.lower[kept] = this.lower[row];
      this.upper[kept] = this.upper[row];
      this.starts[kept] = to;
      to += end - start;
      kept++;
    }
    this.numRows = kept;
    this.starts[kept] = to;
  }

  /** A copy of one row. */
  row(row: number): SparseRow {
    const start = this.starts[row];
    const end = this.starts[row + 1];
    return {
      lower: this.lower[row],
      upper: this.upper[row],
      indices: this.indices.slice(start, end),
      values: this.values.slice(start, end),
    };
  }

  #reserve(rows: number, entries: number): void {
    if (rows + 1 > this.starts.length) {
      const size = Math.max(rows + 1, 2 * this.starts.length);
      this.starts = grownInts(this.starts, size);
      this.lower = grownFloats(this.lower, size);
      this.upper = grownFloats(this.upper, size);
    }
    if (entries > this.indices.length) {
      const size = Math.max(entries, 2 * this.indices.length);
      this.indices = grownInts(this.indices, size);
      this.values = grownFloats(this.values, size);
    }
  }
}

function grownInts(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(size);
  grown.set(array);
  return grown;
}

function grownFloats(array: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(size);
  grown.set(array);
  return grown;
}
