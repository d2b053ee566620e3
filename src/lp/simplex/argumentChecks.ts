/** What a linear solver refuses: indices beyond the program, bounds that no value meets, numbers that are none. */
import { fault, showValue } from '../../input/inputError.ts';
import type { SparseRow } from '../linearProgram.ts';
import type { Basis } from '../simplexTypes.ts';

export function checkIndex(what: string, index: number, size: number): void {
  if (!(Number.isInteger(index) && index >= 0 && index < size))
    throw fault(what, showValue(index), `a whole number from 0 to ${size - 1}`);
}

export function checkVector(what: string, place: number, vector: SparseRow, size: number): void {
  checkBounds(`new ${what}`, place, vector.lower, vector.upper);
  if (vector.indices.length !== vector.values.length)
    throw fault(
      `new ${what} ${place}`,
      `${vector.indices.length} indices and ${vector.values.length} values`,
      'as many',
    );
  for (let t = 0; t < vector.indices.length; t++) {
    checkIndex(`new ${what} ${place}, index`, vector.indices[t], size);
    if (!Number.isFinite(vector.values[t]))
      throw fault(`new ${what} ${place}`, `a value of ${vector.values[t]}`, 'a finite number');
  }
}

export function checkBounds(what: string, index: number, lower: number, upper: number): void {
  if (Number.isNaN(lower) || Number.isNaN(upper) || lower === Infinity || upper === -Infinity)
    throw fault(
      `${what} ${index}`,
      `bounds [${lower}, ${upper}]`,
      'numbers, the lower below Infinity, the upper above -Infinity',
    );
}

/** A basis may be of an earlier, smaller shape of the program. */
export function checkBasis(basis: Basis, numRows: number, numColumns: number): void {
  if (basis.columns.length > numColumns || basis.rows.length > numRows)
    throw fault(
      'basis',
      `${basis.rows.length} rows and ${basis.columns.length} columns`,
      `at most ${numRows} and ${numColumns}`,
    );
}
