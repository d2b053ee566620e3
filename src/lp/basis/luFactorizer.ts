/**
 * Sparse LU of a basis: slacks and singletons first (they cause no fill), then Markowitz pivots on what is left, the
 * kernel. Positions without an acceptable pivot are given to the slack of their row.
 */
import type { LuFactors, TriangularFactor } from './luFactors.ts';
import { MarkowitzElimination } from './markowitz.ts';
import { PivotWork } from './pivotWork.ts';
import { SingletonElimination } from './singletonElimination.ts';
import type { SparseMatrix } from './sparseMatrix.ts';

/** Free places in each row of U: a few updates add entries before the row must move. */
const rowReserve = 2;

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
    for (let i = 0; i < size; i++) basis[i] = this.#work.newBasis[i];
    const { upperOrder: order, upperOrderCount, upperPlace, lowerByColumn, lowerByRow } = factors;
    for (let k = 0; k < upperOrderCount; k++) upperPlace[order[k]] = k;
    this.#layOutUpper(factors);
    transpose(lowerByColumn, lowerByRow, factors);
    let columns = 0;
    let rows = 0;
    for (let k = 0; k < upperOrderCount; k++) {
      const p = order[k];
      if (lowerByColumn.end[p] > lowerByColumn.begin[p]) factors.lowerColumnOrder[columns++] = p;
      if (lowerByRow.end[p] > lowerByRow.begin[p]) factors.lowerRowOrder[rows++] = p;
    }
    factors.lowerColumnCount = columns;
    factors.lowerRowCount = rows;
    factors.freshEntries = factors.lowerByColumn.used + this.#work.upperCount + upperOrderCount;
    return deficiency;
  }

  /** Pivots on slacks and returns the number of structural columns left. */
  #takeSlacks(matrix: SparseMatrix, basis: Int32Array, factors: LuFactors): number {
    const size = matrix.numRows;
    const numColumns = matrix.numColumns;
    let columns = 0;
    for (let t = 0; t < size; t++) {
      const variable = basis[t];
      if (variable >= numColumns) this.#work.takeSlack(variable - numColumns, variable);
      else this.#work.columnVariable[columns++] = variable;
    }
    const { kernelRows } = factors;
    const { rowDone } = this.#work;
    let kernelCount = 0;
    for (let i = 0; i < size; i++) if (rowDone[i] === 0) kernelRows[kernelCount++] = i;
    factors.kernelCount = kernelCount;
    return columns;
  }

  /** Gives the rows without a pivot to their slacks. */
  #repair(matrix: SparseMatrix, columns: number, factors: LuFactors): number {
    const size = matrix.numRows;
    let count = 0;
    for (let k = 0; k < columns; k++)
      if (this.#work.columnDone[k] === 0) {
        this.replaced[count++] = this.#work.columnVariable[k];
        this.#work.columnPivotRow[k] = -1;
      }
    for (let i = 0; i < size; i++)
      if (this.#work.rowDone[i] === 0) this.#work.takePivot(i, matrix.numColumns + i, 1, factors);
    return count;
  }

  /** Turns the entries of U into columns and rows, dropping those of replaced columns. */
  #layOutUpper(factors: LuFactors): void {
    const { upperByColumn, slackByColumn, upperByRow, upperPlace, upperOrder, upperOrderCount, size } = factors;
    const { upperRow: rows, upperColumn: columns, upperValue: values, columnPivotRow } = this.#work;
    const rowRoom = upperByRow.room;
    rowRoom.fill(rowReserve, 0, size);
    let kept = 0;
    for (let t = 0; t < this.#work.upperCount; t++) {
      const column = columns[t];
      const p = column < 0 ? columnPivotRow[-1 - column] : column;
      if (p < 0) continue;
      const i = rows[t];
      rows[kept] = i;
      columns[kept] = p;
      values[kept++] = values[t];
      rowRoom[i]++;
      if (upperPlace[i] >= 0) upperByColumn.room[p]++;
      else slackByColumn.room[p]++;
    }
    this.#work.upperCount = kept;
    upperByColumn.openVectors(upperOrder, upperOrderCount);
    slackByColumn.openVectors(upperOrder, upperOrderCount);
    upperByRow.openAll(size);
    for (let t = 0; t < kept; t++) {
      const i = rows[t];
      const p = columns[t];
      (upperPlace[i] >= 0 ? upperByColumn : slackByColumn).append(p, i, values[t]);
      upperByRow.append(i, p, values[t]);
    }
  }
}

/** target = source by the other direction. */
function transpose(source: TriangularFactor, target: TriangularFactor, factors: LuFactors): void {
  const { size, upperOrder, upperOrderCount } = factors;
  const { begin, end, index, value } = source;
  const room = target.room;
  for (let k = 0; k < upperOrderCount; k++) {
    const p = upperOrder[k];
    for (let e = begin[p], stop = end[p]; e < stop; e++) room[index[e]]++;
  }
  target.openAll(size);
  for (let k = 0; k < upperOrderCount; k++) {
    const p = upperOrder[k];
    for (let e = begin[p], stop = end[p]; e < stop; e++) target.append(index[e], p, value[e]);
  }
}
