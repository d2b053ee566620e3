/**
 * The constraint matrix while presolve changes it: entries in doubly linked lists by row and by column, in typed
 * arrays, so that a removal is constant time and a fill-in is an append. An entry is known by its slot; -1 ends a list.
 */
import type { LinearProgram } from '../linearProgram.ts';

export class PresolveMatrix {
  readonly rowHead: Int32Array;
  readonly columnHead: Int32Array;
  readonly rowCount: Int32Array;
  readonly columnCount: Int32Array;
  rowOf: Int32Array;
  columnOf: Int32Array;
  value: Float64Array;
  nextInRow: Int32Array;
  nextInColumn: Int32Array;
  #previousInRow: Int32Array;
  #previousInColumn: Int32Array;
  #used = 0;

  constructor(program: LinearProgram) {
    const capacity = Math.max(16, Math.ceil(program.values.length * 1.25));
    this.rowHead = new Int32Array(program.numRows).fill(-1);
    this.columnHead = new Int32Array(program.numColumns).fill(-1);
    this.rowCount = new Int32Array(program.numRows);
    this.columnCount = new Int32Array(program.numColumns);
    this.rowOf = new Int32Array(capacity);
    this.columnOf = new Int32Array(capacity);
    this.value = new Float64Array(capacity);
    this.nextInRow = new Int32Array(capacity);
    this.nextInColumn = new Int32Array(capacity);
    this.#previousInRow = new Int32Array(capacity);
    this.#previousInColumn = new Int32Array(capacity);
    // Entries are put at the heads of the lists: going backwards leaves them in ascending order.
    for (let column = program.numColumns - 1; column >= 0; column--)
      for (let t = program.columnStarts[column + 1] - 1; t >= program.columnStarts[column]; t--)
        if (program.values[t] !== 0) this.add(program.rowIndices[t], column, program.values[t]);
  }

  /** Adds an entry where there is none. */
  add(row: number, column: number, value: number): void {
    if (this.#used === this.value.length) this.#grow();
    const slot = this.#used++;
    this.rowOf[slot] = row;
    this.columnOf[slot] = column;
    this.value[slot] = value;
    const rowNext = this.rowHead[row];
    this.nextInRow[slot] = rowNext;
    this.#previousInRow[slot] = -1;
    if (rowNext >= 0) this.#previousInRow[rowNext] = slot;
    this.rowHead[row] = slot;
    const columnNext = this.columnHead[column];
    this.nextInColumn[slot] = columnNext;
    this.#previousInColumn[slot] = -1;
    if (columnNext >= 0) this.#previousInColumn[columnNext] = slot;
    this.columnHead[column] = slot;
    this.rowCount[row]++;
    this.columnCount[column]++;
  }

  /** Takes an entry out of both lists; its own links stay, so that a walk over the list may go on from it. */
  remove(slot: number): void {
    const row = this.rowOf[slot];
    const column = this.columnOf[slot];
    const rowNext = this.nextInRow[slot];
    const rowPrevious = this.#previousInRow[slot];
    if (rowPrevious >= 0) this.nextInRow[rowPrevious] = rowNext;
    else this.rowHead[row] = rowNext;
    if (rowNext >= 0) this.#previousInRow[rowNext] = rowPrevious;
    const columnNext = this.nextInColumn[slot];
    const columnPrevious = this.#previousInColumn[slot];
    if (columnPrevious >= 0) this.nextInColumn[columnPrevious] = columnNext;
    else this.columnHead[column] = columnNext;
    if (columnNext >= 0) this.#previousInColumn[columnNext] = columnPrevious;
    this.rowCount[row]--;
    this.columnCount[column]--;
  }

  /** Slot of an entry, -1 if there is none; walks the shorter list. */
  find(row: number, column: number): number {
    if (this.rowCount[row] < this.columnCount[column]) {
      for (let slot = this.rowHead[row]; slot >= 0; slot = this.nextInRow[slot])
        if (this.columnOf[slot] === column) return slot;
      return -1;
    }
    for (let slot = this.columnHead[column]; slot >= 0; slot = this.nextInColumn[slot])
      if (this.rowOf[slot] === row) return slot;
    return -1;
  }

  /** Copies of the entries of a row. */
  rowEntries(row: number): SparseEntries {
    const indices = new Int32Array(this.rowCount[row]);
    const values = new Float64Array(indices.length);
    let t = 0;
    for (let slot = this.rowHead[row]; slot >= 0; slot = this.nextInRow[slot]) {
      indices[t] = this.columnOf[slot];
      values[t++] = this.value[slot];
    }
    return { indices, values };
  }

  /** Copies of the entries of a column, without the given row. */
  columnEntries(column: number, exceptRow = -1): SparseEntries {
    const length = this.columnCount[column] - (exceptRow >= 0 ? 1 : 0);
    const indices = new Int32Array(length);
    const values = new Float64Array(length);
    let t = 0;
    for (let slot = this.columnHead[column]; slot >= 0; slot = this.nextInColumn[slot]) {
      if (this.rowOf[slot] === exceptRow) continue;
      indices[t] = this.rowOf[slot];
      values[t++] = this.value[slot];
    }
    return { indices, values };
  }

  #grow(): void {
    const capacity = this.value.length * 2;
    const grown = <T extends Int32Array | Float64Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.rowOf = grown(this.rowOf, new Int32Array(capacity));
    this.columnOf = grown(this.columnOf, new Int32Array(capacity));
    this.value = grown(this.value, new Float64Array(capacity));
    this.nextInRow = grown(this.nextInRow, new Int32Array(capacity));
    this.nextInColumn = grown(this.nextInColumn, new Int32Array(capacity));
    this.#previousInRow = grown(this.#previousInRow, new Int32Array(capacity));
    this.#previousInColumn = grown(this.#previousInColumn, new Int32Array(capacity));
  }
}

/** A row or column as indices and values. */
export interface SparseEntries {
  readonly indices: Int32Array;
  readonly values: Float64Array;
}
