/**
 * The plain reference behind the same interface as the sparse factors: LU of the dense basis by `ml-matrix`,
 * product-form updates. Cubic in the rows; for tests. A door of its own in the package (`rolla/lp/dense`), so that no
 * bundle of the solver holds `ml-matrix`.
 */
import { LuDecomposition, Matrix } from 'ml-matrix';
import { drop, singularPivot } from '../tolerances.ts';
import type { BasisFactorization } from './basisFactorization.ts';
import type { SparseMatrix } from './sparseMatrix.ts';
import type { WorkVector } from './workVector.ts';

const updateLimit = 50;

export class DenseFactorization implements BasisFactorization {
  #size = 0;
  #lu: LuDecomposition | null = null;
  #transposedLu: LuDecomposition | null = null;
  #etas: { readonly position: number; readonly column: Float64Array }[] = [];
  replaced = new Int32Array(0);

  get updates(): number {
    return this.#etas.length;
  }

  get isWorn(): boolean {
    return this.#etas.length >= updateLimit;
  }

  factor(matrix: SparseMatrix, basis: Int32Array): number {
    const size = matrix.numRows;
    const { numColumns } = matrix;
    this.#size = size;
    this.#etas = [];
    this.replaced = new Int32Array(size);
    const columns = Array.from(basis.subarray(0, size), (variable) => {
      const column = new Float64Array(size);
      if (variable >= numColumns) column[variable - numColumns] = 1;
      else matrix.addColumnTo(variable, 1, column);
      return { variable, column };
    });
    columns.sort((a, b) => b.variable - a.variable);
    const pivotal = matchColumnsToRows(
      columns.map((c) => c.column.slice()),
      size,
    );
    let deficiency = 0;
    const dense = Matrix.zeros(size, size);
    const taken = new Uint8Array(size);
    columns.forEach(({ variable, column }, t) => {
      const row = pivotal[t];
      if (row < 0) {
        this.replaced[deficiency++] = variable;
        return;
      }
      taken[row] = 1;
      basis[row] = variable;
      for (let i = 0; i < size; i++) dense.set(i, row, column[i]);
    });
    for (let i = 0; i < size; i++) {
      if (taken[i] !== 0) continue;
      basis[i] = numColumns + i;
      dense.set(i, i, 1);
    }
    if (size > 0) {
      this.#lu = new LuDecomposition(dense);
      this.#transposedLu = new LuDecomposition(dense.transpose());
    }
    return deficiency;
  }

  ftran(v: WorkVector): void {
    if (this.#size === 0) return;
    const { array } = v;
    this.#solve(this.#lu!, array);
    for (const { position, column } of this.#etas) {
      const x = array[position] / column[position];
      for (let i = 0; i < this.#size; i++) array[i] -= x * column[i];
      array[position] = x;
    }
    v.relist(this.#size, drop);
  }

  ftranFor(v: WorkVector): void {
    this.ftran(v);
  }

  btran(v: WorkVector): void {
    if (this.#size === 0) return;
    const { array } = v;
    for (let k = this.#etas.length - 1; k >= 0; k--) {
      const { position, column } = this.#etas[k];
      let sum = array[position];
      for (let i = 0; i < this.#size; i++) if (i !== position) sum -= array[i] * column[i];
      array[position] = sum / column[position];
    }
    this.#solve(this.#transposedLu!, array);
    v.relist(this.#size, drop);
  }

  update(position: number, column: WorkVector): boolean {
    if (this.#etas.length >= updateLimit) return false;
    this.#etas.push({ position, column: column.array.slice(0, this.#size) });
    return true;
  }

  #solve(lu: LuDecomposition, array: Float64Array): void {
    const solution = lu.solve(Matrix.columnVector(array.subarray(0, this.#size)));
    for (let i = 0; i < this.#size; i++) array[i] = solution.get(i, 0);
  }
}

/**
 * Gaussian elimination with the largest entry of each column as pivot: the pivot row of each column, -1 if it depends
 * on others.
 */
function matchColumnsToRows(columns: Float64Array[], size: number): Int32Array {
  const pivotRow = new Int32Array(columns.length).fill(-1);
  const done = new Uint8Array(size);
  columns.forEach((column, t) => {
    let best = -1;
    for (let i = 0; i < size; i++)
      if (done[i] === 0 && (best < 0 || Math.abs(column[i]) > Math.abs(column[best]))) best = i;
    if (best < 0 || Math.abs(column[best]) < singularPivot) return;
    pivotRow[t] = best;
    done[best] = 1;
    for (let later = t + 1; later < columns.length; later++) {
      const other = columns[later];
      const factor = other[best] / column[best];
      if (factor === 0) continue;
      for (let i = 0; i < size; i++) other[i] -= factor * column[i];
      other[best] = 0;
    }
  });
  return pivotRow;
}
