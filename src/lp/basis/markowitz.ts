/**
 * The kernel of a basis, what slacks and singletons leave, is eliminated by Markowitz pivots (1957) with threshold
 * pivoting: among the entries that are large enough in their column, one whose row and column are short.
 */

import * as tolerances from '../tolerances.ts';
import { CountLists, KernelVectors } from './kernelVectors.ts';
import type { LuFactors, TriangularFactor } from './luFactors.ts';
import type { PivotWork } from './pivotWork.ts';
import type { SparseMatrix } from './sparseMatrix.ts';

/** Local names: an imported binding in an inner loop costs a lookup under some loaders. */
const drop = tolerances.drop;
const markowitzThreshold = tolerances.markowitzThreshold;
const singularPivot = tolerances.singularPivot;

/** Candidate rows and columns looked at for one kernel pivot; more find sparser pivots at a higher price. */
const searchLimit = 8;

export class MarkowitzElimination {
  readonly #columns = new KernelVectors(true);
  readonly #rows = new KernelVectors(false);
  readonly #columnLists = new CountLists();
  readonly #rowLists = new CountLists();
  readonly #work: PivotWork;
  #columnLargest = new Float64Array(0);
  #multiplier = new Float64Array(0);
  #hit = new Int32Array(0);

  constructor(work: PivotWork) {
    this.#work = work;
  }

  /** Takes pivots among the first `columns` columns and the rows left, until no acceptable one is found. */
  run(matrix: SparseMatrix, columns: number, factors: LuFactors): void {
    this.#resize(matrix.numRows);
    const kernelSize = factors.kernelCount - factors.upperOrderCount;
    this.#build(matrix, columns, factors);
    for (let left = kernelSize; left > 0; left--) {
      const found = this.#findPivot(kernelSize, columns);
      if (found < 0) return;
      this.#eliminate(this.#foundRow, found, factors);
    }
  }

  #resize(size: number): void {
    if (this.#multiplier.length >= size) return;
    const room = size + (size >> 2) + 8;
    this.#columnLargest = new Float64Array(room);
    this.#multiplier = new Float64Array(room);
    this.#hit = new Int32Array(room);
  }

  /**
   * Copies what is left into the kernel; entries in rows already pivotal belong to U. Upper entries of the kernel name
   * -1 - k.
   */
  #build(matrix: SparseMatrix, columns: number, factors: LuFactors): void {
    const { kernelRows: rows, kernelCount } = factors;
    const size = matrix.numRows;
    const { begin, end, indices, values } = matrix.byColumn;
    const kernelColumns = this.#columns;
    const kernelRows = this.#rows;
    kernelColumns.reset(columns);
    kernelRows.reset(size);
    this.#columnLists.reset(columns, size);
    this.#rowLists.reset(size, columns);
    for (let r = 0; r < kernelCount; r++) {
      const i = rows[r];
      if (this.#work.rowDone[i] === 0) kernelRows.open(i, 2 * this.#work.rowCount[i] + 4);
    }
    for (let k = 0; k < columns; k++) {
      if (this.#work.columnDone[k] !== 0) continue;
      const j = this.#work.columnVariable[k];
      kernelColumns.open(k, 2 * this.#work.columnCount[k] + 4);
      let largest = 0;
      for (let e = begin[j]; e < end[j]; e++) {
        const i = indices[e];
        const value = values[e];
        if (this.#work.rowDone[i] !== 0) this.#work.pushUpper(i, -1 - k, value);
        else {
          kernelColumns.push(k, i, value);
          kernelRows.push(i, k, 0);
          const absolute = Math.abs(value);
          if (absolute > largest) largest = absolute;
        }
      }
      this.#columnLargest[k] = largest;
      this.#columnLists.link(k, kernelColumns.length[k]);
    }
    for (let r = 0; r < kernelCount; r++) {
      const i = rows[r];
      if (this.#work.rowDone[i] === 0) this.#rowLists.link(i, kernelRows.length[i]);
    }
  }

  #foundRow = -1;

  /** Markowitz search by increasing counts; the kernel column of the pivot or -1, its row in #foundRow. */
  #findPivot(kernelSize: number, columns: number): number {
    const cols = this.#columns;
    const rows = this.#rows;
    const largest = this.#columnLargest;
    let best = -1;
    let bestMerit = Infinity;
    let searched = 0;
    const limit = Math.max(kernelSize, columns);
    for (let count = 1; count <= limit; count++) {
      if (bestMerit <= (count - 1) * (count - 1)) return best;
      if (count < this.#columnLists.head.length) {
        for (let k = this.#columnLists.head[count]; k >= 0; k = this.#columnLists.next[k]) {
          if (largest[k] < singularPivot) continue;
          const least = markowitzThreshold * largest[k];
          const first = cols.begin[k];
          for (let e = first; e < first + count; e++) {
            if (Math.abs(cols.value[e]) < least) continue;
            const i = cols.index[e];
            const merit = (count - 1) * (rows.length[i] - 1);
            if (merit < bestMerit) {
              bestMerit = merit;
              best = k;
              this.#foundRow = i;
            }
          }
          if (bestMerit <= (count - 1) * (count - 1)) return best;
          if (++searched >= searchLimit && best >= 0) return best;
        }
      }
      if (count < this.#rowLists.head.length) {
        for (let i = this.#rowLists.head[count]; i >= 0; i = this.#rowLists.next[i]) {
          const first = rows.begin[i];
          for (let t = first; t < first + count; t++) {
            const k = rows.index[t];
            const merit = (count - 1) * (cols.length[k] - 1);
            if (merit >= bestMerit || largest[k] < singularPivot) continue;
            let e = cols.begin[k];
            while (cols.index[e] !== i) e++;
            if (Math.abs(cols.value[e]) < markowitzThreshold * largest[k]) continue;
            bestMerit = merit;
            best = k;
            this.#foundRow = i;
          }
          if (bestMerit <= (count - 1) * count) return best;
          if (++searched >= searchLimit && best >= 0) return best;
        }
      }
    }
    return best;
  }

  #eliminate(pivotRow: number, k: number, factors: LuFactors): void {
    const cols = this.#columns;
    const rows = this.#rows;
    const lower = factors.lowerByColumn;
    const multiplier = this.#multiplier;
    const hit = this.#hit;
    const columnLists = this.#columnLists;
    const rowLists = this.#rowLists;
    columnLists.unlink(k);
    rowLists.unlink(pivotRow);
    let pivot = 0;
    const first = cols.begin[k];
    const stop = first + cols.length[k];
    for (let e = first; e < stop; e++) if (cols.index[e] === pivotRow) pivot = cols.value[e];
    lower.reserve(stop - first);
    const lowerBegin = lower.used;
    for (let e = first; e < stop; e++) {
      const i = cols.index[e];
      if (i === pivotRow) continue;
      const factor = cols.value[e] / pivot;
      lower.index[lower.used] = i;
      lower.value[lower.used++] = factor;
      multiplier[i] = factor;
      hit[i] = -1;
      rowLists.unlink(i);
      rows.removeIndex(i, k);
    }
    lower.begin[pivotRow] = lowerBegin;
    lower.end[pivotRow] = lower.used;
    const lowerEnd = lower.used;
    const rowFirst = rows.begin[pivotRow];
    const rowStop = rowFirst + rows.length[pivotRow];
    for (let t = rowFirst; t < rowStop; t++) {
      const other = rows.index[t];
      if (other === k) continue;
      columnLists.unlink(other);
      this.#updateColumn(other, pivotRow, lower, lowerBegin, lowerEnd);
      columnLists.link(other, cols.length[other]);
    }
    for (let e = lowerBegin; e < lowerEnd; e++) {
      const i = lower.index[e];
      multiplier[i] = 0;
      rowLists.link(i, rows.length[i]);
    }
    this.#work.columnDone[k] = 1;
    this.#work.columnPivotRow[k] = pivotRow;
    this.#work.takePivot(pivotRow, this.#work.columnVariable[k], pivot, factors);
  }

  /** Subtracts the pivot column times the entry of `column` in the pivot row, which moves to U. */
  #updateColumn(column: number, pivotRow: number, lower: TriangularFactor, lowerBegin: number, lowerEnd: number): void {
    const cols = this.#columns;
    const rows = this.#rows;
    const multiplier = this.#multiplier;
    const hit = this.#hit;
    let begin = cols.begin[column];
    let last = begin + cols.length[column] - 1;
    let e = begin;
    while (cols.index[e] !== pivotRow) e++;
    const upper = cols.value[e];
    cols.index[e] = cols.index[last];
    cols.value[e] = cols.value[last];
    last--;
    this.#work.pushUpper(pivotRow, -1 - column, upper);
    let largest = 0;
    let hits = 0;
    for (e = begin; e <= last; ) {
      const i = cols.index[e];
      let value = cols.value[e];
      const factor = multiplier[i];
      if (factor !== 0) {
        hit[i] = column;
        hits++;
        value -= factor * upper;
        if (Math.abs(value) < drop) {
          cols.index[e] = cols.index[last];
          cols.value[e] = cols.value[last];
          last--;
          rows.removeIndex(i, column);
          continue;
        }
        cols.value[e] = value;
      }
      const absolute = Math.abs(value);
      if (absolute > largest) largest = absolute;
      e++;
    }
    cols.length[column] = last - begin + 1;
    if (hits < lowerEnd - lowerBegin) {
      for (let t = lowerBegin; t < lowerEnd; t++) {
        const i = lower.index[t];
        if (hit[i] === column) continue;
        const value = -lower.value[t] * upper;
        if (Math.abs(value) < drop) continue;
        cols.push(column, i, value);
        rows.push(i, column, 0);
        const absolute = Math.abs(value);
        if (absolute > largest) largest = absolute;
      }
      begin = cols.begin[column];
    }
    this.#columnLargest[column] = largest;
  }
}
