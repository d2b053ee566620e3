/**
 * What the steps of a factorisation hand on to each other: which columns and rows are still without a pivot, and the
 * entries of U as they appear. Columns are known by their number k among the structural columns of the basis.
 */
import type { LuFactors } from './luFactors.ts';
import { grownFloat64, grownInt32 } from './sparseVectors.ts';

export class PivotWork {
  /** By column: its variable, its entries in rows without a pivot, whether it has a pivot and in which row. */
  columnVariable = new Int32Array(0);
  columnCount = new Int32Array(0);
  columnDone = new Uint8Array(0);
  columnPivotRow = new Int32Array(0);
  /** By row: whether it has a pivot, its entries in columns without one, the variable it belongs to. */
  rowDone = new Uint8Array(0);
  rowCount = new Int32Array(0);
  newBasis = new Int32Array(0);
  /** Entries of U: row, value, and the pivot row of the column, or -1 - k where that is not known yet. */
  upperRow = new Int32Array(0);
  upperColumn = new Int32Array(0);
  upperValue = new Float64Array(0);
  upperCount = 0;

  reset(size: number): void {
    this.upperCount = 0;
    if (this.rowDone.length < size) {
      const room = size + (size >> 2) + 8;
      this.columnVariable = new Int32Array(room);
      this.columnCount = new Int32Array(room);
      this.columnPivotRow = new Int32Array(room);
      this.rowCount = new Int32Array(room);
      this.newBasis = new Int32Array(room);
      this.columnDone = new Uint8Array(room);
      this.rowDone = new Uint8Array(room);
    }
    this.rowDone.fill(0, 0, size);
  }

  takeSlack(row: number, variable: number): void {
    this.rowDone[row] = 1;
    this.newBasis[row] = variable;
  }

  takePivot(row: number, variable: number, value: number, factors: LuFactors): void {
    this.rowDone[row] = 1;
    this.newBasis[row] = variable;
    factors.pivot[row] = value;
    factors.inversePivot[row] = 1 / value;
    factors.upperOrder[factors.upperOrderCount++] = row;
  }

  pushUpper(row: number, column: number, value: number): void {
    const place = this.upperCount++;
    if (place >= this.upperRow.length) {
      const size = place + (place >> 1) + 256;
      this.upperRow = grownInt32(this.upperRow, size);
      this.upperColumn = grownInt32(this.upperColumn, size);
      this.upperValue = grownFloat64(this.upperValue, size);
    }
    this.upperRow[place] = row;
    this.upperColumn[place] = column;
    this.upperValue[place] = value;
  }
}
