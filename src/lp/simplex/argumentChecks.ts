/** What a linear solver refuses: indices beyond the program, bounds that no value meets, numbers that are none. */
import type { SparseRow } from '../linearProgram.ts';
import type { Basis } from '../simplexTypes.ts';

export function checkIndex(what: string, index: number, size: number): void {
  if (!(Number.isInteger(index) && index >= 0 && index < size))
    throw new RangeError(`${what} ${index}, expected an integer from 0 to ${size - 1}`);
}

export function checkVector(what: string, place: number, vector: SparseRow, size: number): void {
  checkBounds(`new ${what}`, place, vector.lower, vector.upper);
  if (vector.indices.length !== vector.values.length)
    throw new RangeError(`new ${what} ${place}, ${vector.indices.length} indices and ${vector.values.length} values`);
  for (let t = 0; t < vector.indices.length; t++) {
    checkIndex(`new ${what} ${place}, index`, vector.indices[t], size);
    if (!Number.isFinite(vector.values[t]))
      throw new RangeError(`new ${what} ${place}, value ${vector.values[t]}, expected a finite number`);
  }
}

export function checkBounds(what: string, index: number, lower: number, upper: number): void {
  if (Number.isNaN(lower) || Number.isNaN(upper) || lower === Infinity || upper === -Infinity)
    throw new RangeError(`bounds of ${what} ${index} are [${lower}, ${upper}]`);
}

/** A basis may be of an earlier, smaller shape of the program. */
export function checkBasis(basis: Basis, numRows: number, numColumns: number): void {
  if (basis.columns.length > numColumns || basis.rows.length > numRows)
    throw new RangeError(
      `basis of ${basis.rows.length} rows and ${basis.columns.length} columns, expected at most ${numRows} and ${numColumns}`,
    );
}
