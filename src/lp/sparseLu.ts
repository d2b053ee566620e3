/**
 * The sparse basis factorisation: Markowitz LU with Forrest-Tomlin updates (Forrest and Tomlin 1972). Replacing the column of
 * pivot p puts the spike L^-1 a at the end of U and takes row p out of U by one row eta.
 */
import type { BasisFactorization } from './basisFactorization.ts';
import { LuFactorizer } from './luFactorizer.ts';
import { LuFactors } from './luFactors.ts';
import type { SparseMatrix } from './sparseMatrix.ts';
import { DROP } from './tolerances.ts';
import { listedValue, TriangularSolver } from './triangularSolve.ts';
import { WorkVector } from './workVector.ts';

/** Updates after which a new factorisation is due in any case: rounding piles up. */
const MAX_UPDATES = 50;
/** ... and one more for so many rows: with many rows a factorisation costs more. */
const ROWS_PER_UPDATE = 300;
/** Fill of U and the etas, as a multiple of the fresh factors, at which solving anew is cheaper than going on. */
const WORN_FILL = 2;
/** The new pivot is computed in two ways; a relative difference above this refuses the update. */
const UPDATE_DISAGREEMENT = 1e-6;

export class SparseLu implements BasisFactorization {
  readonly #factors = new LuFactors();
  readonly #factorizer = new LuFactorizer();
  readonly #solver = new TriangularSolver();
  readonly #spike = new WorkVector(0);
  readonly #row = new WorkVector(0);
  #updates = 0;
  #maxUpdates = MAX_UPDATES;

  get updates(): number {
    return this.#updates;
  }

  get replaced(): Int32Array {
    return this.#factorizer.replaced;
  }

  get isWorn(): boolean {
    const f = this.#factors;
    if (this.#updates >= this.#maxUpdates) return true;
    const fill = f.upperByColumn.used + f.etaBegin[f.etaCount]!;
    return fill > WORN_FILL * f.freshEntries + f.size;
  }

  factor(matrix: SparseMatrix, basis: Int32Array): number {
    const size = matrix.numRows;
    this.#solver.resize(size);
    if (this.#spike.array.length < size) {
      this.#spike.resize(size);
      this.#row.resize(size);
    }
    this.#updates = 0;
    this.#maxUpdates = MAX_UPDATES + Math.floor(size / ROWS_PER_UPDATE);
    return this.#factorizer.factor(matrix, basis, this.#factors, this.#maxUpdates);
  }

  ftran(v: WorkVector, density: number, keepSpike: boolean): void {
    const f = this.#factors;
    const solver = this.#solver;
    const size = f.size;
    let isListed = true;
    if (f.lowerColumnCount > 0) {
      if (solver.isHypersparse(v, size, density)) solver.solveHypersparse(f.lowerByColumn, null, v);
      else {
        solver.solveUnit(f.lowerByColumn, f.lowerColumnOrder, f.lowerColumnCount, 1, v.array);
        isListed = false;
      }
    }
    if (isListed) this.#applyEtas(v);
    else this.#applyEtasUnlisted(v.array);
    if (keepSpike) {
      if (!isListed) v.relist(size, DROP);
      isListed = true;
      this.#spike.copyFrom(v);
    }
    if (isListed && solver.isHypersparse(v, size, density)) {
      solver.solveHypersparse(f.upperByColumn, f.inversePivot, v);
      return;
    }
    v.count = 0;
    if (f.upperOrderCount > 0)
      solver.solvePivoted(f.upperByColumn, f.inversePivot, f.upperOrder, f.upperOrderCount - 1, 0, v);
    this.#listSlacks(v);
  }

  /** Lists the entries of the rows that belong to slacks, which the walk along U does not meet. */
  #listSlacks(v: WorkVector): void {
    const { slackRows, slackCount, upperPlace } = this.#factors;
    const { array, index } = v;
    let count = v.count;
    for (let t = 0; t < slackCount; t++) {
      const p = slackRows[t]!;
      const x = array[p]!;
      if (x === 0 || upperPlace[p]! >= 0) continue;
      if (x < DROP && x > -DROP) array[p] = 0;
      else index[count++] = p;
    }
    v.count = count;
  }

  btran(v: WorkVector, density: number, keepRow: boolean): void {
    const f = this.#factors;
    const solver = this.#solver;
    const size = f.size;
    if (solver.isHypersparse(v, size, density)) solver.solveHypersparse(f.upperByRow, f.inversePivot, v);
    else {
      const first = this.#scatterSlacks(v);
      if (first < f.upperOrderCount)
        solver.solvePivoted(f.upperByRow, f.inversePivot, f.upperOrder, first, f.upperOrderCount - 1, v);
    }
    if (keepRow) this.#row.copyFrom(v);
    this.#applyEtasTransposed(v);
    if (f.lowerRowCount === 0) v.dropListed(DROP);
    else if (solver.isHypersparse(v, size, density)) solver.solveHypersparse(f.lowerByRow, null, v);
    else {
      solver.solveUnit(f.lowerByRow, f.lowerRowOrder, f.lowerRowCount, -1, v.array);
      v.relist(size, DROP);
    }
  }

  /** Solves for the slacks, which stand first in U; the list keeps only them. Returns the first place of `upperOrder` with work. */
  #scatterSlacks(v: WorkVector): number {
    const { upperByRow, upperPlace, upperOrderCount } = this.#factors;
    const { begin, end, index, value } = upperByRow;
    const { array, index: list } = v;
    let first = upperOrderCount;
    let count = 0;
    for (let t = 0; t < v.count; t++) {
      const p = list[t]!;
      const place = upperPlace[p]!;
      if (place >= 0) {
        if (place < first) first = place;
        continue;
      }
      list[count++] = p;
      const x = array[p]!;
      for (let e = begin[p]!, stop = end[p]!; e < stop; e++) {
        const i = index[e]!;
        array[i]! -= x * value[e]!;
        if (upperPlace[i]! < first) first = upperPlace[i]!;
      }
    }
    v.count = count;
    return first;
  }

  update(position: number, column: WorkVector): boolean {
    const f = this.#factors;
    const spike = this.#spike;
    const row = this.#row;
    const oldPivot = f.pivot[position]!;
    const newPivot = oldPivot * column.array[position]!;
    if (this.#updates >= this.#maxUpdates) return false;

    // The row eta r with r'U = row p of U, and the new diagonal once more from the spike.
    f.reserveEta(row.count);
    let place = f.etaBegin[f.etaCount]!;
    let check = spike.array[position]!;
    for (let t = 0; t < row.count; t++) {
      const i = row.index[t]!;
      if (i === position) continue;
      const value = -oldPivot * row.array[i]!;
      if (value < DROP && value > -DROP) continue;
      f.etaIndex[place] = i;
      f.etaValue[place++] = value;
      check -= value * spike.array[i]!;
    }
    if (Math.abs(check - newPivot) > UPDATE_DISAGREEMENT * Math.abs(newPivot)) return false;
    f.etaPivot[f.etaCount] = position;
    f.etaBegin[++f.etaCount] = place;

    const { upperByColumn, upperByRow } = f;
    for (let e = upperByColumn.begin[position]!; e < upperByColumn.end[position]!; e++)
      upperByRow.remove(upperByColumn.index[e]!, position);
    for (let e = upperByRow.begin[position]!; e < upperByRow.end[position]!; e++)
      upperByColumn.remove(upperByRow.index[e]!, position);
    upperByRow.end[position] = upperByRow.begin[position]!;
    upperByColumn.reserve(spike.count);
    const begin = upperByColumn.used;
    let used = begin;
    for (let t = 0; t < spike.count; t++) {
      const i = spike.index[t]!;
      const value = spike.array[i]!;
      if (i === position || (value < DROP && value > -DROP)) continue;
      upperByColumn.index[used] = i;
      upperByColumn.value[used++] = value;
      upperByRow.push(i, position, value);
    }
    upperByColumn.begin[position] = begin;
    upperByColumn.end[position] = used;
    upperByColumn.room[position] = used - begin;
    upperByColumn.used = used;

    if (f.upperPlace[position]! >= 0) f.upperOrder[f.upperPlace[position]!] = -1;
    f.upperPlace[position] = f.upperOrderCount;
    f.upperOrder[f.upperOrderCount++] = position;
    f.pivot[position] = newPivot;
    f.inversePivot[position] = 1 / newPivot;
    this.#updates++;
    return true;
  }

  #applyEtas(v: WorkVector): void {
    const { etaCount, etaPivot, etaBegin, etaIndex, etaValue } = this.#factors;
    const array = v.array;
    for (let k = 0; k < etaCount; k++) {
      let sum = 0;
      for (let e = etaBegin[k]!, stop = etaBegin[k + 1]!; e < stop; e++) sum += etaValue[e]! * array[etaIndex[e]!]!;
      if (sum === 0) continue;
      const p = etaPivot[k]!;
      const before = array[p]!;
      if (before === 0) v.index[v.count++] = p;
      array[p] = listedValue(before - sum);
    }
  }

  #applyEtasUnlisted(array: Float64Array): void {
    const { etaCount, etaPivot, etaBegin, etaIndex, etaValue } = this.#factors;
    for (let k = 0; k < etaCount; k++) {
      let sum = 0;
      for (let e = etaBegin[k]!, stop = etaBegin[k + 1]!; e < stop; e++) sum += etaValue[e]! * array[etaIndex[e]!]!;
      array[etaPivot[k]!]! -= sum;
    }
  }

  #applyEtasTransposed(v: WorkVector): void {
    const { etaCount, etaPivot, etaBegin, etaIndex, etaValue } = this.#factors;
    const array = v.array;
    for (let k = etaCount - 1; k >= 0; k--) {
      const x = array[etaPivot[k]!]!;
      if (x === 0) continue;
      for (let e = etaBegin[k]!, stop = etaBegin[k + 1]!; e < stop; e++) {
        const i = etaIndex[e]!;
        const before = array[i]!;
        if (before === 0) v.index[v.count++] = i;
        array[i] = listedValue(before - x * etaValue[e]!);
      }
    }
  }
}
