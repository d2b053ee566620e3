/**
 * Sparse LU of a basis: slacks and singletons first (they cause no fill), then Markowitz pivots with threshold
 * pivoting on what is left, the kernel. Positions without an acceptable pivot are given to the slack of their row.
 */

import { CountLists, KernelVectors } from './kernelVectors.ts';
import type { LuFactors, TriangularFactor } from './luFactors.ts';
import type { SparseMatrix } from './sparseMatrix.ts';
import { grownFloat64, grownInt32 } from './sparseVectors.ts';
import * as tolerances from './tolerances.ts';

/** Local names: an imported binding in an inner loop costs a lookup under some loaders. */
const DROP = tolerances.DROP;
const MARKOWITZ_THRESHOLD = tolerances.MARKOWITZ_THRESHOLD;
const SINGULAR_PIVOT = tolerances.SINGULAR_PIVOT;

/** Candidate rows and columns looked at for one kernel pivot; more find sparser pivots at a higher price. */
const SEARCH_LIMIT = 8;

export class MarkowitzFactorizer {
  readonly #columns = new KernelVectors(true);
  readonly #rows = new KernelVectors(false);
  readonly #columnLists = new CountLists();
  readonly #rowLists = new CountLists();
  #columnVariable = new Int32Array(0);
  #columnCount = new Int32Array(0);
  #columnLargest = new Float64Array(0);
  #columnDone = new Uint8Array(0);
  #columnPivotRow = new Int32Array(0);
  #rowDone = new Uint8Array(0);
  #rowCount = new Int32Array(0);
  #rowBegin = new Int32Array(0);
  #rowColumns = new Int32Array(0);
  #queue = new Int32Array(0);
  #newBasis = new Int32Array(0);
  #multiplier = new Float64Array(0);
  #hit = new Int32Array(0);
  /** Entries of U as they appear: row, kernel column, value. */
  #upperRow = new Int32Array(0);
  #upperColumn = new Int32Array(0);
  #upperValue = new Float64Array(0);
  #upperCount = 0;
  /** Variables that lost their place in the last factorisation. */
  replaced = new Int32Array(0);

  /** Fills `factors` and permutes `basis`; returns how many variables were replaced by slacks. */
  factor(matrix: SparseMatrix, basis: Int32Array, factors: LuFactors, maxUpdates: number): number {
    const size = matrix.numRows;
    this.#resize(size);
    factors.reset(size, maxUpdates);
    this.#upperCount = 0;
    const kernelColumns = this.#takeSlacks(matrix, basis, factors);
    factors.slackCount = factors.upperOrderCount;
    this.#takeSingletons(matrix, kernelColumns, factors);
    let pivots = factors.upperOrderCount;
    if (pivots < size) {
      this.#buildKernel(matrix, kernelColumns);
      this.#eliminateKernel(size - pivots, kernelColumns, factors);
      pivots = factors.upperOrderCount;
    }
    const deficiency = pivots < size ? this.#repair(matrix, kernelColumns, factors) : 0;
    for (let i = 0; i < size; i++) basis[i] = this.#newBasis[i]!;
    this.#layOutUpper(size, factors);
    transpose(factors.lowerByColumn, factors.lowerByRow, size, 0);
    const order = factors.upperOrder;
    let columns = 0;
    let rows = 0;
    const { lowerByColumn, lowerByRow } = factors;
    for (let k = 0; k < size; k++) {
      const p = order[k]!;
      factors.upperPlace[p] = k;
      if (lowerByColumn.end[p]! > lowerByColumn.begin[p]!) factors.lowerColumnOrder[columns++] = p;
      if (lowerByRow.end[p]! > lowerByRow.begin[p]!) factors.lowerRowOrder[rows++] = p;
    }
    factors.lowerColumnCount = columns;
    factors.lowerRowCount = rows;
    factors.freshEntries = factors.lowerByColumn.used + this.#upperCount + size;
    return deficiency;
  }

  #resize(size: number): void {
    if (this.#rowDone.length >= size) return;
    const room = size + (size >> 2) + 8;
    for (const set of [
      (a: Int32Array<ArrayBuffer>) => (this.#columnVariable = a),
      (a: Int32Array<ArrayBuffer>) => (this.#columnCount = a),
      (a: Int32Array<ArrayBuffer>) => (this.#columnPivotRow = a),
      (a: Int32Array<ArrayBuffer>) => (this.#rowCount = a),
      (a: Int32Array<ArrayBuffer>) => (this.#newBasis = a),
      (a: Int32Array<ArrayBuffer>) => (this.#hit = a),
      (a: Int32Array<ArrayBuffer>) => (this.replaced = a),
    ])
      set(new Int32Array(room));
    this.#rowBegin = new Int32Array(room + 1);
    this.#queue = new Int32Array(2 * room);
    this.#columnLargest = new Float64Array(room);
    this.#multiplier = new Float64Array(room);
    this.#columnDone = new Uint8Array(room);
    this.#rowDone = new Uint8Array(room);
  }

  /** Pivots on slacks and returns the number of structural columns left. */
  #takeSlacks(matrix: SparseMatrix, basis: Int32Array, factors: LuFactors): number {
    const size = matrix.numRows;
    const numColumns = matrix.numColumns;
    this.#rowDone.fill(0, 0, size);
    let columns = 0;
    for (let t = 0; t < size; t++) {
      const variable = basis[t]!;
      if (variable >= numColumns) this.#takePivot(variable - numColumns, variable, 1, factors);
      else this.#columnVariable[columns++] = variable;
    }
    return columns;
  }

  #takePivot(row: number, variable: number, value: number, factors: LuFactors): void {
    this.#rowDone[row] = 1;
    this.#newBasis[row] = variable;
    factors.pivot[row] = value;
    factors.upperOrder[factors.upperOrderCount++] = row;
  }

  #pushUpper(row: number, column: number, value: number): void {
    const place = this.#upperCount++;
    if (place >= this.#upperRow.length) {
      const size = place + (place >> 1) + 256;
      this.#upperRow = grownInt32(this.#upperRow, size);
      this.#upperColumn = grownInt32(this.#upperColumn, size);
      this.#upperValue = grownFloat64(this.#upperValue, size);
    }
    this.#upperRow[place] = row;
    this.#upperColumn[place] = column;
    this.#upperValue[place] = value;
  }

  #takeSingletons(matrix: SparseMatrix, columns: number, factors: LuFactors): void {
    const size = matrix.numRows;
    const { begin, end, indices, values } = matrix.byColumn;
    const columnVariable = this.#columnVariable;
    const columnCount = this.#columnCount;
    const columnDone = this.#columnDone;
    const rowDone = this.#rowDone;
    const rowCount = this.#rowCount;
    const rowBegin = this.#rowBegin;
    const queue = this.#queue;
    rowCount.fill(0, 0, size);
    let entries = 0;
    for (let k = 0; k < columns; k++) {
      const j = columnVariable[k]!;
      let count = 0;
      for (let e = begin[j]!; e < end[j]!; e++) {
        const i = indices[e]!;
        if (rowDone[i] !== 0) continue;
        rowCount[i]!++;
        count++;
      }
      columnCount[k] = count;
      columnDone[k] = 0;
      entries += count;
    }
    if (this.#rowColumns.length < entries) this.#rowColumns = new Int32Array(entries + (entries >> 2) + 16);
    const rowColumns = this.#rowColumns;
    let place = 0;
    for (let i = 0; i < size; i++) {
      place += rowCount[i]!;
      rowBegin[i] = place;
    }
    rowBegin[size] = place;
    for (let k = 0; k < columns; k++) {
      const j = columnVariable[k]!;
      for (let e = begin[j]!; e < end[j]!; e++) {
        const i = indices[e]!;
        if (rowDone[i] === 0) {
          const at = rowBegin[i]! - 1;
          rowBegin[i] = at;
          rowColumns[at] = k;
        }
      }
    }
    // The queue holds columns as k and rows as -1 - i, each at most once per kind.
    let tail = 0;
    for (let k = 0; k < columns; k++) if (columnCount[k] === 1) queue[tail++] = k;
    for (let i = 0; i < size; i++) if (rowDone[i] === 0 && rowCount[i] === 1) queue[tail++] = -1 - i;
    for (let head = 0; head < tail; head++) {
      const item = queue[head]!;
      let k: number;
      let pivotRow: number;
      if (item >= 0) {
        k = item;
        if (columnDone[k] !== 0 || columnCount[k] !== 1) continue;
        const j = columnVariable[k]!;
        let e = begin[j]!;
        while (rowDone[indices[e]!] !== 0) e++;
        pivotRow = indices[e]!;
      } else {
        pivotRow = -1 - item;
        if (rowDone[pivotRow] !== 0 || rowCount[pivotRow] !== 1) continue;
        let t = rowBegin[pivotRow]!;
        while (columnDone[rowColumns[t]!] !== 0) t++;
        k = rowColumns[t]!;
      }
      const j = columnVariable[k]!;
      let pivot = 0;
      let largest = 0;
      for (let e = begin[j]!; e < end[j]!; e++) {
        const i = indices[e]!;
        if (rowDone[i] !== 0) continue;
        const absolute = Math.abs(values[e]!);
        if (i === pivotRow) pivot = values[e]!;
        if (absolute > largest) largest = absolute;
      }
      // Too small a singleton is left for the repair.
      if (Math.abs(pivot) < SINGULAR_PIVOT || Math.abs(pivot) < 1e-5 * largest) continue;
      const lower = factors.lowerByColumn;
      lower.reserve(columnCount[k]!);
      lower.begin[pivotRow] = lower.used;
      for (let e = begin[j]!; e < end[j]!; e++) {
        const i = indices[e]!;
        if (rowDone[i] !== 0) this.#pushUpper(i, pivotRow, values[e]!);
        else if (i !== pivotRow) {
          lower.index[lower.used] = i;
          lower.value[lower.used++] = values[e]! / pivot;
          if (--rowCount[i]! === 1) queue[tail++] = -1 - i;
        }
      }
      lower.end[pivotRow] = lower.used;
      columnDone[k] = 1;
      this.#columnPivotRow[k] = pivotRow;
      this.#takePivot(pivotRow, j, pivot, factors);
      for (let t = rowBegin[pivotRow]!; t < rowBegin[pivotRow + 1]!; t++) {
        const other = rowColumns[t]!;
        if (columnDone[other] === 0 && --columnCount[other]! === 1) queue[tail++] = other;
      }
    }
  }

  /** Copies what is left into the kernel; entries in rows already pivotal belong to U. Upper entries of the kernel name -1 - k. */
  #buildKernel(matrix: SparseMatrix, columns: number): void {
    const size = matrix.numRows;
    const { begin, end, indices, values } = matrix.byColumn;
    const kernelColumns = this.#columns;
    const kernelRows = this.#rows;
    kernelColumns.reset(columns);
    kernelRows.reset(size);
    this.#columnLists.reset(columns, size);
    this.#rowLists.reset(size, columns);
    for (let i = 0; i < size; i++) if (this.#rowDone[i] === 0) kernelRows.open(i, 2 * this.#rowCount[i]! + 4);
    for (let k = 0; k < columns; k++) {
      if (this.#columnDone[k] !== 0) continue;
      const j = this.#columnVariable[k]!;
      kernelColumns.open(k, 2 * this.#columnCount[k]! + 4);
      let largest = 0;
      for (let e = begin[j]!; e < end[j]!; e++) {
        const i = indices[e]!;
        const value = values[e]!;
        if (this.#rowDone[i] !== 0) this.#pushUpper(i, -1 - k, value);
        else {
          kernelColumns.push(k, i, value);
          kernelRows.push(i, k, 0);
          const absolute = Math.abs(value);
          if (absolute > largest) largest = absolute;
        }
      }
      this.#columnLargest[k] = largest;
      this.#columnLists.link(k, kernelColumns.length[k]!);
    }
    for (let i = 0; i < size; i++) if (this.#rowDone[i] === 0) this.#rowLists.link(i, kernelRows.length[i]!);
  }

  #eliminateKernel(kernelSize: number, columns: number, factors: LuFactors): void {
    for (let left = kernelSize; left > 0; left--) {
      const found = this.#findPivot(kernelSize, columns);
      if (found < 0) return;
      this.#eliminate(this.#foundRow, found, factors);
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
        for (let k = this.#columnLists.head[count]!; k >= 0; k = this.#columnLists.next[k]!) {
          if (largest[k]! < SINGULAR_PIVOT) continue;
          const least = MARKOWITZ_THRESHOLD * largest[k]!;
          const first = cols.begin[k]!;
          for (let e = first; e < first + count; e++) {
            if (Math.abs(cols.value[e]!) < least) continue;
            const i = cols.index[e]!;
            const merit = (count - 1) * (rows.length[i]! - 1);
            if (merit < bestMerit) {
              bestMerit = merit;
              best = k;
              this.#foundRow = i;
            }
          }
          if (bestMerit <= (count - 1) * (count - 1)) return best;
          if (++searched >= SEARCH_LIMIT && best >= 0) return best;
        }
      }
      if (count < this.#rowLists.head.length) {
        for (let i = this.#rowLists.head[count]!; i >= 0; i = this.#rowLists.next[i]!) {
          const first = rows.begin[i]!;
          for (let t = first; t < first + count; t++) {
            const k = rows.index[t]!;
            const merit = (count - 1) * (cols.length[k]! - 1);
            if (merit >= bestMerit || largest[k]! < SINGULAR_PIVOT) continue;
            let e = cols.begin[k]!;
            while (cols.index[e] !== i) e++;
            if (Math.abs(cols.value[e]!) < MARKOWITZ_THRESHOLD * largest[k]!) continue;
            bestMerit = merit;
            best = k;
            this.#foundRow = i;
          }
          if (bestMerit <= (count - 1) * count) return best;
          if (++searched >= SEARCH_LIMIT && best >= 0) return best;
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
    const first = cols.begin[k]!;
    const stop = first + cols.length[k]!;
    for (let e = first; e < stop; e++) if (cols.index[e] === pivotRow) pivot = cols.value[e]!;
    lower.reserve(stop - first);
    const lowerBegin = lower.used;
    for (let e = first; e < stop; e++) {
      const i = cols.index[e]!;
      if (i === pivotRow) continue;
      const factor = cols.value[e]! / pivot;
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
    const rowFirst = rows.begin[pivotRow]!;
    const rowStop = rowFirst + rows.length[pivotRow]!;
    for (let t = rowFirst; t < rowStop; t++) {
      const other = rows.index[t]!;
      if (other === k) continue;
      columnLists.unlink(other);
      this.#updateColumn(other, pivotRow, lower, lowerBegin, lowerEnd);
      columnLists.link(other, cols.length[other]!);
    }
    for (let e = lowerBegin; e < lowerEnd; e++) {
      const i = lower.index[e]!;
      multiplier[i] = 0;
      rowLists.link(i, rows.length[i]!);
    }
    this.#columnDone[k] = 1;
    this.#columnPivotRow[k] = pivotRow;
    this.#takePivot(pivotRow, this.#columnVariable[k]!, pivot, factors);
  }

  /** Subtracts the pivot column times the entry of `column` in the pivot row, which moves to U. */
  #updateColumn(column: number, pivotRow: number, lower: TriangularFactor, lowerBegin: number, lowerEnd: number): void {
    const cols = this.#columns;
    const rows = this.#rows;
    const multiplier = this.#multiplier;
    const hit = this.#hit;
    let begin = cols.begin[column]!;
    let last = begin + cols.length[column]! - 1;
    let e = begin;
    while (cols.index[e] !== pivotRow) e++;
    const upper = cols.value[e]!;
    cols.index[e] = cols.index[last]!;
    cols.value[e] = cols.value[last]!;
    last--;
    this.#pushUpper(pivotRow, -1 - column, upper);
    let largest = 0;
    let hits = 0;
    for (e = begin; e <= last; ) {
      const i = cols.index[e]!;
      let value = cols.value[e]!;
      const factor = multiplier[i]!;
      if (factor !== 0) {
        hit[i] = column;
        hits++;
        value -= factor * upper;
        if (value < DROP && value > -DROP) {
          cols.index[e] = cols.index[last]!;
          cols.value[e] = cols.value[last]!;
          last--;
          rows.removeIndex(i, column);
          continue;
        }
        cols.value[e] = value;
      }
      const absolute = value < 0 ? -value : value;
      if (absolute > largest) largest = absolute;
      e++;
    }
    cols.length[column] = last - begin + 1;
    if (hits < lowerEnd - lowerBegin) {
      for (let t = lowerBegin; t < lowerEnd; t++) {
        const i = lower.index[t]!;
        if (hit[i] === column) continue;
        const value = -lower.value[t]! * upper;
        if (value < DROP && value > -DROP) continue;
        cols.push(column, i, value);
        rows.push(i, column, 0);
        const absolute = value < 0 ? -value : value;
        if (absolute > largest) largest = absolute;
      }
      begin = cols.begin[column]!;
    }
    this.#columnLargest[column] = largest;
  }

  /** Gives the rows without a pivot to their slacks. */
  #repair(matrix: SparseMatrix, columns: number, factors: LuFactors): number {
    const size = matrix.numRows;
    let count = 0;
    for (let k = 0; k < columns; k++)
      if (this.#columnDone[k] === 0) {
        this.replaced[count++] = this.#columnVariable[k]!;
        this.#columnPivotRow[k] = -1;
      }
    for (let i = 0; i < size; i++) if (this.#rowDone[i] === 0) this.#takePivot(i, matrix.numColumns + i, 1, factors);
    return count;
  }

  /** Turns the entries of U into columns and rows, dropping those of replaced columns. */
  #layOutUpper(size: number, factors: LuFactors): void {
    const upper = factors.upperByColumn;
    const rows = this.#upperRow;
    const columns = this.#upperColumn;
    const values = this.#upperValue;
    let kept = 0;
    const room = upper.room;
    for (let t = 0; t < this.#upperCount; t++) {
      const column = columns[t]!;
      const p = column < 0 ? this.#columnPivotRow[-1 - column]! : column;
      if (p < 0) continue;
      rows[kept] = rows[t]!;
      columns[kept] = p;
      values[kept++] = values[t]!;
      room[p]!++;
    }
    this.#upperCount = kept;
    upper.reserve(kept);
    let place = 0;
    for (let p = 0; p < size; p++) {
      upper.begin[p] = place;
      upper.end[p] = place;
      place += room[p]!;
    }
    upper.used = place;
    for (let t = 0; t < kept; t++) {
      const at = upper.end[columns[t]!]!++;
      upper.index[at] = rows[t]!;
      upper.value[at] = values[t]!;
    }
    transpose(upper, factors.upperByRow, size, 2);
  }
}

/** target = source by the other direction, with `slack` free places in each vector. */
function transpose(source: TriangularFactor, target: TriangularFactor, size: number, slack: number): void {
  const room = target.room;
  room.fill(slack, 0, size);
  for (let p = 0; p < size; p++) for (let e = source.begin[p]!; e < source.end[p]!; e++) room[source.index[e]!]!++;
  let place = 0;
  for (let p = 0; p < size; p++) {
    target.begin[p] = place;
    target.end[p] = place;
    place += room[p]!;
  }
  target.used = 0;
  target.reserve(place);
  target.used = place;
  for (let p = 0; p < size; p++)
    for (let e = source.begin[p]!; e < source.end[p]!; e++) {
      const at = target.end[source.index[e]!]!++;
      target.index[at] = p;
      target.value[at] = source.value[e]!;
    }
}
