/**
 * Singletons of a basis: a column with one entry left in rows without a pivot, or a row with one in columns without, is
 * a pivot that causes no fill. Each one taken may make others.
 */

import * as tolerances from '../tolerances.ts';
import type { LuFactors } from './luFactors.ts';
import type { PivotWork } from './pivotWork.ts';
import type { SparseMatrix } from './sparseMatrix.ts';

/** Local name: an imported binding in an inner loop costs a lookup under some loaders. */
const singularPivot = tolerances.singularPivot;

/**
 * A singleton below this share of the largest entry of its column would make multipliers that swamp the other rows; it
 * is not taken.
 */
const singletonThreshold = 1e-5;

export class SingletonElimination {
  /** Columns of each row, as they stand in the basis. */
  #rowBegin = new Int32Array(0);
  #rowEnd = new Int32Array(0);
  #rowColumns = new Int32Array(0);
  #queue = new Int32Array(0);

  #resize(size: number): void {
    if (this.#rowBegin.length >= size) return;
    const room = size + (size >> 2) + 8;
    this.#rowBegin = new Int32Array(room);
    this.#rowEnd = new Int32Array(room);
    this.#queue = new Int32Array(2 * room);
  }

  /** Pivots on all that it finds among the first `columns` columns. */
  run(work: PivotWork, matrix: SparseMatrix, columns: number, factors: LuFactors): void {
    this.#resize(matrix.numRows);
    const { kernelRows, kernelCount } = factors;
    const { begin, end, indices, values } = matrix.byColumn;
    const columnVariable = work.columnVariable;
    const columnCount = work.columnCount;
    const columnDone = work.columnDone;
    const rowDone = work.rowDone;
    const rowCount = work.rowCount;
    const rowBegin = this.#rowBegin;
    const rowEnd = this.#rowEnd;
    const queue = this.#queue;
    for (let r = 0; r < kernelCount; r++) rowCount[kernelRows[r]] = 0;
    let entries = 0;
    for (let k = 0; k < columns; k++) {
      const j = columnVariable[k];
      let count = 0;
      for (let e = begin[j]; e < end[j]; e++) {
        const i = indices[e];
        if (rowDone[i] !== 0) continue;
        rowCount[i]++;
        count++;
      }
      columnCount[k] = count;
      columnDone[k] = 0;
      entries += count;
    }
    if (this.#rowColumns.length < entries) this.#rowColumns = new Int32Array(entries + (entries >> 2) + 16);
    const rowColumns = this.#rowColumns;
    let place = 0;
    for (let r = 0; r < kernelCount; r++) {
      const i = kernelRows[r];
      rowBegin[i] = place;
      rowEnd[i] = place;
      place += rowCount[i];
    }
    for (let k = 0; k < columns; k++) {
      const j = columnVariable[k];
      for (let e = begin[j]; e < end[j]; e++) {
        const i = indices[e];
        if (rowDone[i] === 0) rowColumns[rowEnd[i]++] = k;
      }
    }
    // The queue holds columns as k and rows as -1 - i, each at most once per kind.
    let tail = 0;
    for (let k = 0; k < columns; k++) if (columnCount[k] === 1) queue[tail++] = k;
    for (let r = 0; r < kernelCount; r++) if (rowCount[kernelRows[r]] === 1) queue[tail++] = -1 - kernelRows[r];
    for (let head = 0; head < tail; head++) {
      const item = queue[head];
      let k: number;
      let pivotRow: number;
      if (item >= 0) {
        k = item;
        if (columnDone[k] !== 0 || columnCount[k] !== 1) continue;
        const j = columnVariable[k];
        let e = begin[j];
        while (rowDone[indices[e]] !== 0) e++;
        pivotRow = indices[e];
      } else {
        pivotRow = -1 - item;
        if (rowDone[pivotRow] !== 0 || rowCount[pivotRow] !== 1) continue;
        let t = rowBegin[pivotRow];
        while (columnDone[rowColumns[t]] !== 0) t++;
        k = rowColumns[t];
      }
      const j = columnVariable[k];
      let pivot = 0;
      let largest = 0;
      for (let e = begin[j]; e < end[j]; e++) {
        const i = indices[e];
        if (rowDone[i] !== 0) continue;
        const absolute = Math.abs(values[e]);
        if (i === pivotRow) pivot = values[e];
        if (absolute > largest) largest = absolute;
      }
      // Too small a singleton is left to the kernel, or to the repair.
      if (Math.abs(pivot) < singularPivot || Math.abs(pivot) < singletonThreshold * largest) continue;
      const lower = factors.lowerByColumn;
      lower.reserve(columnCount[k]);
      lower.begin[pivotRow] = lower.used;
      for (let e = begin[j]; e < end[j]; e++) {
        const i = indices[e];
        if (rowDone[i] !== 0) work.pushUpper(i, pivotRow, values[e]);
        else if (i !== pivotRow) {
          lower.index[lower.used] = i;
          lower.value[lower.used++] = values[e] / pivot;
          if (--rowCount[i] === 1) queue[tail++] = -1 - i;
        }
      }
      lower.end[pivotRow] = lower.used;
      columnDone[k] = 1;
      work.columnPivotRow[k] = pivotRow;
      work.takePivot(pivotRow, j, pivot, factors);
      for (let t = rowBegin[pivotRow], stop = rowEnd[pivotRow]; t < stop; t++) {
        const other = rowColumns[t];
        if (columnDone[other] === 0 && --columnCount[other] === 1) queue[tail++] = other;
      }
    }
  }
}
