/** Steps of the LP kernel on one basis, each as it comes up inside a solve. */

import { SparseLu } from '../src/lp/basis/sparseLu.ts';
import { SparseMatrix } from '../src/lp/basis/sparseMatrix.ts';
import { WorkVector } from '../src/lp/basis/workVector.ts';
import type { MixedIntegerProgram } from '../src/lp/linearProgram.ts';
import { type Basis, BasisStatus } from '../src/lp/simplexTypes.ts';

/** What the factorisation is told of the density of results: a typical one of such programs. */
const expectedDensity = 0.1;
/** Entering columns whose largest entry is below this are passed over, as a ratio test would. */
const leastPivot = 0.1;

export class BasisKernel {
  readonly #matrix: SparseMatrix;
  /** The basis that is only factorised and solved with, and its factors. */
  readonly #basis: Int32Array;
  readonly #factors = new SparseLu();
  /** The basis that pivots walk on with. */
  readonly #walking: Int32Array;
  readonly #walkingFactors = new SparseLu();
  readonly #nonbasic: number[];
  readonly #column: WorkVector;
  readonly #row: WorkVector;
  #turn = 0;

  constructor(program: MixedIntegerProgram, { columns, rows }: Basis) {
    const { numRows, numColumns, columnStarts, rowIndices, values } = program;
    this.#matrix = new SparseMatrix(numRows, numColumns, columnStarts, rowIndices, values);
    const variables = Array.from({ length: numColumns + numRows }, (_, variable) => variable);
    const isBasic = (variable: number) =>
      (variable < numColumns ? columns[variable] : rows[variable - numColumns]) === BasisStatus.basic;
    this.#basis = Int32Array.from(variables.filter(isBasic));
    this.#nonbasic = variables.filter((variable) => !isBasic(variable));
    this.#factors.factor(this.#matrix, this.#basis);
    this.#walking = this.#basis.slice();
    this.#walkingFactors.factor(this.#matrix, this.#walking);
    this.#column = new WorkVector(numRows);
    this.#row = new WorkVector(numRows);
  }

  factorise(): void {
    this.#factors.factor(this.#matrix, this.#basis);
  }

  /** B x = a for the next nonbasic column. */
  solveForward(): void {
    this.#takeColumn(this.#nonbasic[this.#turn++ % this.#nonbasic.length]);
    this.#factors.ftran(this.#column, expectedDensity, false);
  }

  /** B' y = e for the next row. */
  solveBackward(): void {
    this.#takeUnit(this.#turn++ % this.#basis.length);
    this.#factors.btran(this.#row, expectedDensity, false);
  }

  /** The next nonbasic column enters where its entry is largest. */
  pivot(): void {
    const slot = this.#turn++ % this.#nonbasic.length;
    const entering = this.#nonbasic[slot];
    this.#takeColumn(entering);
    this.#walkingFactors.ftran(this.#column, expectedDensity, true);
    const position = this.#largestPosition();
    if (position < 0) return;
    this.#takeUnit(position);
    this.#walkingFactors.btran(this.#row, expectedDensity, true);
    this.#nonbasic[slot] = this.#walking[position];
    this.#walking[position] = entering;
    const isUpdated = this.#walkingFactors.update(position, this.#column);
    if (!isUpdated || this.#walkingFactors.isWorn) this.#walkingFactors.factor(this.#matrix, this.#walking);
  }

  #largestPosition(): number {
    let largest = leastPivot;
    let best = -1;
    const { array, index, count } = this.#column;
    for (let t = 0; t < count; t++) {
      const position = index[t];
      if (Math.abs(array[position]) < largest) continue;
      largest = Math.abs(array[position]);
      best = position;
    }
    return best;
  }

  #takeColumn(variable: number): void {
    const { numColumns } = this.#matrix;
    this.#column.clear();
    if (variable >= numColumns) {
      this.#column.setUnit(variable - numColumns);
      return;
    }
    const { begin, end, indices, values } = this.#matrix.byColumn;
    for (let at = begin[variable]; at < end[variable]; at++) {
      const row = indices[at];
      this.#column.array[row] = values[at];
      this.#column.index[this.#column.count++] = row;
    }
  }

  #takeUnit(position: number): void {
    this.#row.clear();
    this.#row.setUnit(position);
  }
}
