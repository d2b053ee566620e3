/**
 * Dense LU factors P M = L U with partial pivoting (Golub and Van Loan 2013, 3.4), rows of length n in one flat array. Zeros are
 * skipped: the kernels that are factorised here are mostly zeros.
 */

/** A pivot below this part of its column's largest entry means a singular matrix. */
const singularPart = 1e-11;

export class DenseLu {
  readonly #size: number;
  readonly #factors: Float64Array;
  /** Row of M at each row of P M. */
  readonly #rowOrder: Int32Array;

  private constructor(size: number, factors: Float64Array, rowOrder: Int32Array) {
    this.#size = size;
    this.#factors = factors;
    this.#rowOrder = rowOrder;
  }

  /** Factorises the matrix in place; null if it is singular. */
  static factor(size: number, matrix: Float64Array): DenseLu | null {
    const rowOrder = Int32Array.from({ length: size }, (_, row) => row);
    const largest = new Float64Array(size);
    for (let at = 0; at < matrix.length; at++) largest[at % size] = Math.max(largest[at % size], Math.abs(matrix[at]));
    for (let step = 0; step < size; step++) {
      let pivotRow = step;
      for (let row = step + 1; row < size; row++)
        if (Math.abs(matrix[row * size + step]) > Math.abs(matrix[pivotRow * size + step])) pivotRow = row;
      if (Math.abs(matrix[pivotRow * size + step]) <= singularPart * largest[step]) return null;
      if (pivotRow !== step) swapRows(size, matrix, rowOrder, step, pivotRow);
      const pivot = matrix[step * size + step];
      for (let row = step + 1; row < size; row++) {
        const start = row * size;
        if (matrix[start + step] === 0) continue;
        const factor = matrix[start + step] / pivot;
        matrix[start + step] = factor;
        for (let column = step + 1; column < size; column++)
          matrix[start + column] -= factor * matrix[step * size + column];
      }
    }
    return new DenseLu(size, matrix, rowOrder);
  }

  /** Solves M x = the unit vector of `row`. */
  solveUnit(row: number): Float64Array {
    const size = this.#size;
    const factors = this.#factors;
    const solution = new Float64Array(size);
    const first = this.#rowOrder.indexOf(row);
    solution[first] = 1;
    for (let at = first + 1; at < size; at++) {
      let sum = 0;
      for (let column = first; column < at; column++) sum += factors[at * size + column] * solution[column];
      solution[at] = -sum;
    }
    for (let at = size - 1; at >= 0; at--) {
      let sum = solution[at];
      for (let column = at + 1; column < size; column++) sum -= factors[at * size + column] * solution[column];
      solution[at] = sum / factors[at * size + at];
    }
    return solution;
  }
}

function swapRows(size: number, matrix: Float64Array, rowOrder: Int32Array, a: number, b: number): void {
  for (let column = 0; column < size; column++) {
    const value = matrix[a * size + column];
    matrix[a * size + column] = matrix[b * size + column];
    matrix[b * size + column] = value;
  }
  const row = rowOrder[a];
  rowOrder[a] = rowOrder[b];
  rowOrder[b] = row;
}
