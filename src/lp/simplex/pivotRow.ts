/**
 * A row of the inverse basis times [A I], packed: entry t is `value[t]` of variable `index[t]`. Only variables that may
 * enter the basis are in it, non-basic and not fixed, and no entries that are rounding noise: what follows (ratio test,
 * update of the reduced costs) walks two arrays. Reduced costs of fixed variables are thus not kept up; nothing asks
 * for them before they are computed anew.
 */
import type { SparseMatrix } from '../basis/sparseMatrix.ts';
import type { WorkVector } from '../basis/workVector.ts';
import * as tolerances from '../tolerances.ts';

/** Local names: an imported binding in an inner loop costs a lookup under some loaders. */
const drop = tolerances.drop;
const listedZero = tolerances.listedZero;

/**
 * Share of non-zero multipliers from which products by columns are cheaper: they skip basic columns and write each
 * result once.
 */
const byColumnsShare = 0.25;
/**
 * Share of non-zeros expected in the row from which it is cheaper to look at all columns than to list those touched.
 */
const unlisted = 0.1;
/** Share of the old average in the running density of rows. */
const densityMemory = 0.9;

export class PivotRow {
  index = new Int32Array(0);
  value = new Float64Array(0);
  count = 0;
  /** Sums by column; all zero between two calls. */
  #sum = new Float64Array(0);
  #touched = new Int32Array(0);
  #density = 0;

  resize(total: number, numColumns: number): void {
    if (this.index.length < total) {
      const room = total + (total >> 1);
      this.index = new Int32Array(room);
      this.value = new Float64Array(room);
    }
    if (this.#sum.length < numColumns) {
      const room = numColumns + (numColumns >> 1);
      this.#sum = new Float64Array(room);
      this.#touched = new Int32Array(room);
    }
    this.count = 0;
  }

  /** this = [A I]' multipliers over the variables that have a `move`. */
  compute(matrix: SparseMatrix, multipliers: WorkVector, move: Int8Array): void {
    const { numRows, numColumns } = matrix;
    if (multipliers.count > byColumnsShare * numRows) this.#byColumns(matrix, multipliers.array, move);
    else if (this.#density > unlisted) this.#byRowsUnlisted(matrix, multipliers, move);
    else this.#byRows(matrix, multipliers, move);
    this.#density = densityMemory * this.#density + ((1 - densityMemory) * this.count) / (numColumns + 1);
    const { index, value } = this;
    const { array, index: rows, count: rowCount } = multipliers;
    let count = this.count;
    for (let t = 0; t < rowCount; t++) {
      const i = rows[t];
      if (move[numColumns + i] === 0) continue;
      const x = array[i];
      if (x < drop && x > -drop) continue;
      index[count] = numColumns + i;
      value[count++] = x;
    }
    this.count = count;
  }

  #byColumns(matrix: SparseMatrix, dense: Float64Array, move: Int8Array): void {
    const { index, value } = this;
    const { begin, end, indices, values } = matrix.byColumn;
    let count = 0;
    for (let j = 0, numColumns = matrix.numColumns; j < numColumns; j++) {
      if (move[j] === 0) continue;
      let sum = 0;
      for (let e = begin[j], stop = end[j]; e < stop; e++) sum += values[e] * dense[indices[e]];
      if (sum < drop && sum > -drop) continue;
      index[count] = j;
      value[count++] = sum;
    }
    this.count = count;
  }

  #byRows(matrix: SparseMatrix, multipliers: WorkVector, move: Int8Array): void {
    const { begin, end, indices, values } = matrix.byRow;
    const sum = this.#sum;
    const touched = this.#touched;
    const { array, index: rows, count: rowCount } = multipliers;
    let touchedCount = 0;
    for (let t = 0; t < rowCount; t++) {
      const i = rows[t];
      const multiplier = array[i];
      for (let e = begin[i], stop = end[i]; e < stop; e++) {
        const j = indices[e];
        const before = sum[j];
        if (before === 0) touched[touchedCount++] = j;
        const after = before + multiplier * values[e];
        sum[j] = after === 0 ? listedZero : after;
      }
    }
    const { index, value } = this;
    let count = 0;
    for (let t = 0; t < touchedCount; t++) {
      const j = touched[t];
      const x = sum[j];
      sum[j] = 0;
      if ((x < drop && x > -drop) || move[j] === 0) continue;
      index[count] = j;
      value[count++] = x;
    }
    this.count = count;
  }

  #byRowsUnlisted(matrix: SparseMatrix, multipliers: WorkVector, move: Int8Array): void {
    const { begin, end, indices, values } = matrix.byRow;
    const sum = this.#sum;
    const { array, index: rows, count: rowCount } = multipliers;
    for (let t = 0; t < rowCount; t++) {
      const i = rows[t];
      const multiplier = array[i];
      for (let e = begin[i], stop = end[i]; e < stop; e++) sum[indices[e]] += multiplier * values[e];
    }
    const { index, value } = this;
    let count = 0;
    for (let j = 0, numColumns = matrix.numColumns; j < numColumns; j++) {
      const x = sum[j];
      if (x === 0) continue;
      sum[j] = 0;
      if ((x < drop && x > -drop) || move[j] === 0) continue;
      index[count] = j;
      value[count++] = x;
    }
    this.count = count;
  }

  /** Largest absolute value of an entry. */
  get largest(): number {
    let largest = 0;
    for (let t = 0; t < this.count; t++) largest = Math.max(largest, Math.abs(this.value[t]));
    return largest;
  }

  /** Entry of one variable, 0 for a fixed one; a walk over the row. */
  entryOf(variable: number): number {
    const place = this.index.subarray(0, this.count).indexOf(variable);
    return place < 0 ? 0 : this.value[place];
  }
}
