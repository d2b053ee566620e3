/**
 * The program while presolve works on it: bounds, costs and matrix that change, what has been touched since it was last
 * looked at, and the records by which everything is undone. Removed rows and columns have no entries in the matrix.
 */
import type { LinearProgram } from '../linearProgram.ts';
import type { ReductionRecord } from './postsolve.ts';
import { PresolveMatrix } from './presolveMatrix.ts';

/**
 * Relative violation from which presolve calls a program infeasible or a column unbounded. Well above the rounding of
 * sums and well above the simplex tolerance: what lies between is left to the simplex.
 */
export const presolveInfeasible = 1e-7;

/** Relative difference below which two bounds, or an activity and a side, are the same number up to rounding. */
const presolveEqual = 1e-13;

/**
 * Pivots of substitutions are at least this share of the other coefficients: smaller ones amplify errors on the way
 * back.
 */
export const substitutionPivot = 1e-3;

/** Fill-in that cancels to less than this share of its terms is zero. */
export const cancelled = 1e-13;

/** Thrown inside presolve to end it with a verdict that the simplex then has to confirm. */
export class PresolveVerdict {
  readonly status: 'infeasible' | 'infeasible-or-unbounded';

  constructor(status: 'infeasible' | 'infeasible-or-unbounded') {
    this.status = status;
  }
}

export class PresolveState {
  readonly matrix: PresolveMatrix;
  readonly cost: Float64Array;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly rowAlive: Uint8Array;
  readonly columnAlive: Uint8Array;
  /** 1 where something has changed since the rules looked at the row or column. */
  readonly rowTouched: Uint8Array;
  readonly columnTouched: Uint8Array;
  readonly records: ReductionRecord[] = [];
  offset: number;

  constructor(program: LinearProgram) {
    this.matrix = new PresolveMatrix(program);
    this.cost = program.cost.slice();
    this.columnLower = program.columnLower.slice();
    this.columnUpper = program.columnUpper.slice();
    this.rowLower = program.rowLower.slice();
    this.rowUpper = program.rowUpper.slice();
    this.rowAlive = new Uint8Array(program.numRows).fill(1);
    this.columnAlive = new Uint8Array(program.numColumns).fill(1);
    this.rowTouched = new Uint8Array(program.numRows).fill(1);
    this.columnTouched = new Uint8Array(program.numColumns).fill(1);
    this.offset = program.offset;
  }

  /** Takes a row out; its dual is 0 unless a record says otherwise. */
  removeRow(row: number): void {
    const { matrix } = this;
    for (let slot = matrix.rowHead[row]; slot >= 0; slot = matrix.nextInRow[slot]) {
      this.columnTouched[matrix.columnOf[slot]] = 1;
      matrix.remove(slot);
    }
    this.rowAlive[row] = 0;
  }

  /** Takes a column out at a finite value: its share of rows and objective becomes constant. Without a record. */
  removeColumnAt(column: number, value: number): void {
    const { matrix } = this;
    for (let slot = matrix.columnHead[column]; slot >= 0; slot = matrix.nextInColumn[slot]) {
      const row = matrix.rowOf[slot];
      this.shiftRow(row, matrix.value[slot] * value);
      matrix.remove(slot);
    }
    this.offset += this.cost[column] * value;
    this.columnAlive[column] = 0;
  }

  /** Subtracts a constant activity from both sides of a row. */
  shiftRow(row: number, activity: number): void {
    this.rowLower[row] = shifted(this.rowLower[row], activity);
    this.rowUpper[row] = shifted(this.rowUpper[row], activity);
    this.rowTouched[row] = 1;
  }

  fixColumn(column: number, value: number): void {
    this.records.push({
      kind: 'fixed-column',
      column,
      value,
      cost: this.cost[column],
      entries: this.matrix.columnEntries(column),
    });
    this.removeColumnAt(column, value);
  }

  /**
   * Narrows the bounds of a column and tells which of them changed. Bounds that cross by no more than rounding are made
   * to meet.
   * @throws PresolveVerdict if they cross by more.
   */
  narrowColumn(column: number, lower: number, upper: number): { lower: boolean; upper: boolean } {
    const oldLower = this.columnLower[column];
    const oldUpper = this.columnUpper[column];
    let newLower = Math.max(oldLower, lower);
    let newUpper = Math.min(oldUpper, upper);
    if (newLower > newUpper) {
      if (exceeds(newLower, newUpper)) throw new PresolveVerdict('infeasible');
      // Keep the bound that was there, if one of the two was.
      if (newUpper === oldUpper) newLower = newUpper;
      else newUpper = newLower;
    }
    this.columnLower[column] = newLower;
    this.columnUpper[column] = newUpper;
    const changed = { lower: newLower > oldLower, upper: newUpper < oldUpper };
    if (changed.lower || changed.upper) this.touchColumnAndRows(column);
    return changed;
  }

  touchColumnAndRows(column: number): void {
    const { matrix } = this;
    this.columnTouched[column] = 1;
    for (let slot = matrix.columnHead[column]; slot >= 0; slot = matrix.nextInColumn[slot])
      this.rowTouched[matrix.rowOf[slot]] = 1;
  }
}

/** Whether a is above b by more than presolve's tolerance for infeasibility. */
export function exceeds(a: number, b: number, scale = 1): boolean {
  if (a === Infinity || b === -Infinity) return a > b;
  return a > b + presolveInfeasible * Math.max(1, Math.abs(b), scale);
}

/**
 * Whether two numbers, one of them a sum with terms up to `scale`, agree up to rounding; an infinite one only with
 * itself.
 */
export function sameUpToRounding(a: number, b: number, scale: number): boolean {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return a === b;
  return Math.abs(a - b) <= presolveEqual * Math.max(Math.abs(a), Math.abs(b), scale);
}

/** A sum with terms of the size of the activity that cancels to nothing but rounding is 0. */
function shifted(side: number, activity: number): number {
  const result = side - activity;
  return Math.abs(result) <= presolveEqual * Math.abs(activity) ? 0 : result;
}
