/**
 * A row of the inverse basis times [A I], packed: entry t is `value[t]` of variable `index[t]`. Only variables that may
 * enter the basis are in it, non-basic and not fixed, and no entries that are rounding noise: what follows (ratio test,
 * update of the reduced costs) walks two arrays. Reduced costs of fixed variables are thus not kept up; nothing asks
 * for them before they are computed anew.
 *
 * Here, in the ratio test and in the solves, lists are made without a branch: every candidate is written behind the
 * last one kept, and the count moves on by 0 or 1. A test of numbers cannot be foreseen, and a branch guessed wrong
 * costs as much as several products.
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
  /** Columns in work. */
  #listed = new Int32Array(0);
  #density = 0;

  resize(total: number, numColumns: number): void {
    if (this.index.length < total) {
      const room = total + (total >> 1);
      this.index = new Int32Array(room);
      this.value = new Float64Array(room);
    }
    if (this.#sum.length <= numColumns) {
      const room = numColumns + (numColumns >> 1) + 1;
      this.#sum = new Float64Array(room);
      this.#listed = new Int32Array(room);
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
      const x = array[i];
      index[count] = numColumns + i;
      value[count] = x;
      count += Number(!(Math.abs(x) < drop)) & Number(move[numColumns + i] !== 0);
    }
    this.count = count;
  }

  #byColumns(matrix: SparseMatrix, dense: Float64Array, move: Int8Array): void {
    const { index, value } = this;
    const { begin, end, indices, values } = matrix.byColumn;
    const movable = this.#listed;
    let movableCount = 0;
    for (let j = 0, numColumns = matrix.numColumns; j < numColumns; j++) {
      movable[movableCount] = j;
      movableCount += Number(move[j] !== 0);
    }
    let count = 0;
    for (let t = 0; t < movableCount; t++) {
      const j = movable[t];
      let sum = 0;
      for (let e = begin[j], stop = end[j]; e < stop; e++) sum += values[e] * dense[indices[e]];
      index[count] = j;
      value[count] = sum;
      count += Number(!(Math.abs(sum) < drop));
    }
    this.count = count;
  }

  #byRows(matrix: SparseMatrix, multipliers: WorkVector, move: Int8Array): void {
    const { begin, end, indices, values } = matrix.byRow;
    const sum = this.#sum;
    const touched = this.#listed;
    const { array, index: rows, count: rowCount } = multipliers;
    let touchedCount = 0;
    for (let t = 0; t < rowCount; t++) {
      const i = rows[t];
      const multiplier = array[i];
      for (let e = begin[i], stop = end[i]; e < stop; e++) {
        const j = indices[e];
        const before = sum[j];
        touched[touchedCount] = j;
        touchedCount += Number(before === 0);
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
      index[count] = j;
      value[count] = x;
      count += Number(!(Math.abs(x) < drop)) & Number(move[j] !== 0);
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
      sum[j] = 0;
      index[count] = j;
      value[count] = x;
      count += Number(!(Math.abs(x) < drop)) & Number(move[j] !== 0);
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
