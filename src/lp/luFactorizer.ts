/**
 * Sparse LU of a basis: slacks and singletons first (they cause no fill), then Markowitz pivots on what is left, the
 * kernel. Positions without an acceptable pivot are given to the slack of their row.
 */
import type { LuFactors, TriangularFactor } from './luFactors.ts';
import { MarkowitzElimination } from './markowitz.ts';
import { PivotWork } from './pivotWork.ts';
import { SingletonElimination } from './singletonElimination.ts';
import type { SparseMatrix } from './sparseMatrix.ts';

export class LuFactorizer {
  readonly #work = new PivotWork();
  readonly #singletons = new SingletonElimination();
  readonly #kernel = new MarkowitzElimination(this.#work);
  /** Variables that lost their place in the last factorisation. */
  replaced = new Int32Array(0);

  /** Fills `factors` and permutes `basis`; returns how many variables were replaced by slacks. */
  factor(matrix: SparseMatrix, basis: Int32Array, factors: LuFactors, maxUpdates: number): number {
    const size = matrix.numRows;
    this.#work.reset(size);
    if (this.replaced.length < size) this.replaced = new Int32Array(size + (size >> 2) + 8);
    factors.reset(size, maxUpdates);
    const kernelColumns = this.#takeSlacks(matrix, basis, factors);
    const wanted = factors.kernelCount;
    this.#singletons.run(this.#work, matrix, kernelColumns, factors);
    if (factors.upperOrderCount < wanted) this.#kernel.run(matrix, kernelColumns, factors);
    const deficiency = factors.upperOrderCount < wanted ? this.#repair(matrix, kernelColumns, factors) : 0;
    for (let i = 0; i < size; i++) basis[i] = this.#work.newBasis[i]!;
    this.#layOutUpper(factors);
    transpose(factors.lowerByColumn, factors.lowerByRow, factors, 0);
    const order = factors.upperOrder;
    let columns = 0;
    let rows = 0;
    const { lowerByColumn, lowerByRow } = factors;
    for (let k = 0; k < factors.upperOrderCount; k++) {
      const p = order[k]!;
      factors.upperPlace[p] = k;
      if (lowerByColumn.end[p]! > lowerByColumn.begin[p]!) factors.lowerColumnOrder[columns++] = p;
      if (lowerByRow.end[p]! > lowerByRow.begin[p]!) factors.lowerRowOrder[rows++] = p;
    }
    factors.lowerColumnCount = columns;
    factors.lowerRowCount = rows;
    factors.freshEntries = factors.lowerByColumn.used + this.#work.upperCount + size;
    return deficiency;
  }

  /** Pivots on slacks and returns the number of structural columns left. */
  #takeSlacks(matrix: SparseMatrix, basis: Int32Array, factors: LuFactors): number {
    const size = matrix.numRows;
    const numColumns = matrix.numColumns;
    let columns = 0;
    for (let t = 0; t < size; t++) {
      const variable = basis[t]!;
      if (variable >= numColumns) this.#work.takeSlack(variable - numColumns, variable);
      else this.#work.columnVariable[columns++] = variable;
    }
    const { slackRows, kernelRows } = factors;
    let slackCount = 0;
    let kernelCount = 0;
    for (let i = 0; i < size; i++) {
      if (this.#work.rowDone[i] !== 0) slackRows[slackCount++] = i;
      else kernelRows[kernelCount++] = i;
    }
    factors.slackCount = slackCount;
    factors.kernelCount = kernelCount;
    return columns;
  }

  /** Gives the rows without a pivot to their slacks. */
  #repair(matrix: SparseMatrix, columns: number, factors: LuFactors): number {
    const size = matrix.numRows;
    let count = 0;
    for (let k = 0; k < columns; k++)
      if (this.#work.columnDone[k] === 0) {
        this.replaced[count++] = this.#work.columnVariable[k]!;
        this.#work.columnPivotRow[k] = -1;
      }
    for (let i = 0; i < size; i++)
      if (this.#work.rowDone[i] === 0) this.#work.takePivot(i, matrix.numColumns + i, 1, factors);
    return count;
  }

  /** Turns the entries of U into columns and rows, dropping those of replaced columns. */
  #layOutUpper(factors: LuFactors): void {
    const upper = factors.upperByColumn;
    const rows = this.#work.upperRow;
    const columns = this.#work.upperColumn;
    const values = this.#work.upperValue;
    let kept = 0;
    const room = upper.room;
    for (let t = 0; t < this.#work.upperCount; t++) {
      const column = columns[t]!;
      const p = column < 0 ? this.#work.columnPivotRow[-1 - column]! : column;
      if (p < 0) continue;
      rows[kept] = rows[t]!;
      columns[kept] = p;
      values[kept++] = values[t]!;
      room[p]!++;
    }
    this.#work.upperCount = kept;
    upper.reserve(kept);
    let place = 0;
    for (let k = 0; k < factors.upperOrderCount; k++) {
      const p = factors.upperOrder[k]!;
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
    transpose(upper, factors.upperByRow, factors, 2);
  }
}

/** target = source by the other direction, with `slack` free places in each vector. */
function transpose(source: TriangularFactor, target: TriangularFactor, factors: LuFactors, slack: number): void {
  const { size, upperOrder, upperOrderCount } = factors;
  const { begin: sourceBegin, end: sourceEnd, index: sourceIndex, value: sourceValue } = source;
  const room = target.room;
  room.fill(slack, 0, size);
  for (let k = 0; k < upperOrderCount; k++) {
    const p = upperOrder[k]!;
    for (let e = sourceBegin[p]!, stop = sourceEnd[p]!; e < stop; e++) room[sourceIndex[e]!]!++;
  }
  let place = 0;
  const { begin, end } = target;
  for (let p = 0; p < size; p++) {
    begin[p] = place;
    end[p] = place;
    place += room[p]!;
  }
  target.used = 0;
  target.reserve(place);
  target.used = place;
  const { index, value } = target;
  for (let k = 0; k < upperOrderCount; k++) {
    const p = upperOrder[k]!;
    for (let e = sourceBegin[p]!, stop = sourceEnd[p]!; e < stop; e++) {
      const at = end[sourceIndex[e]!]!++;
      index[at] = p;
      value[at] = sourceValue[e]!;
    }
  }
}
