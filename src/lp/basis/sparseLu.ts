/**
 * The sparse basis factorisation: Markowitz LU with Forrest-Tomlin updates (Forrest and Tomlin 1972). Replacing the
 * column of pivot p puts the spike L^-1 a at the end of U and takes row p out of U by one row eta.
 */

import * as tolerances from '../tolerances.ts';
import type { BasisFactorization } from './basisFactorization.ts';
import { LuFactorizer } from './luFactorizer.ts';
import { LuFactors } from './luFactors.ts';
import type { SparseMatrix } from './sparseMatrix.ts';
import { listedValue, TriangularSolver } from './triangularSolve.ts';
import { WorkVector } from './workVector.ts';

/** Local names: an imported binding in an inner loop costs a lookup under some loaders. */
const drop = tolerances.drop;
const listedZero = tolerances.listedZero;

/** Updates after which a new factorisation is due in any case: rounding piles up. */
const updateLimit = 50;
/** ... and one more for so many rows: with many rows a factorisation costs more. */
const rowsPerUpdate = 150;
/** Fill of U and the etas, as a multiple of the fresh factors, at which solving anew is cheaper than going on. */
const wornFill = 2;
/** ... plus so much for each row, since every factorisation looks at all rows. */
const rowFill = 0.05;
/** The new pivot is computed in two ways; a relative difference above this refuses the update. */
const updateDisagreement = 1e-6;

export class SparseLu implements BasisFactorization {
  readonly #factors = new LuFactors();
  readonly #factorizer = new LuFactorizer();
  readonly #solver = new TriangularSolver();
  readonly #spike = new WorkVector(0);
  readonly #row = new WorkVector(0);
  /** Rows of slacks that are non-zero in the vector being solved with. */
  #slacks = new Int32Array(0);
  #slackCount = 0;
  #updates = 0;
  #maxUpdates = updateLimit;

  get updates(): number {
    return this.#updates;
  }

  get replaced(): Int32Array {
    return this.#factorizer.replaced;
  }

  get isWorn(): boolean {
    const f = this.#factors;
    if (this.#updates >= this.#maxUpdates) return true;
    const fill = f.upperByColumn.used + f.slackByColumn.used + f.etaBegin[f.etaCount];
    return fill > wornFill * f.freshEntries + rowFill * f.size;
  }

  factor(matrix: SparseMatrix, basis: Int32Array): number {
    const size = matrix.numRows;
    this.#solver.resize(size);
    if (this.#spike.array.length < size) {
      this.#spike.resize(size);
      this.#row.resize(size);
      this.#slacks = new Int32Array(this.#row.index.length);
    }
    this.#updates = 0;
    this.#maxUpdates = updateLimit + Math.floor(size / rowsPerUpdate);
    return this.#factorizer.factor(matrix, basis, this.#factors, this.#maxUpdates);
  }

  ftran(v: WorkVector, density: number, keepSpike: boolean): void {
    this.#solveKernel(v, density, keepSpike);
    this.#scatterToSlacks(v);
  }

  ftranFor(v: WorkVector, density: number, wanted: WorkVector): void {
    this.#solveKernel(v, density, false);
    const { slackByColumn, upperByRow, upperPlace, upperOrderCount } = this.#factors;
    const { index, count } = wanted;
    const scatterCost = (v.count * slackByColumn.used) / (upperOrderCount + 1);
    let gatherCost = 0;
    for (let t = 0; t < count && gatherCost <= scatterCost; t++) {
      const i = index[t];
      if (upperPlace[i] < 0) gatherCost += upperByRow.end[i] - upperByRow.begin[i];
    }
    if (gatherCost <= scatterCost) this.#gatherForSlacks(v, wanted);
    else this.#scatterToSlacks(v);
  }

  /**
   * Solves for the rows of the kernel, which alone are listed in the end; what stands in rows of slacks is listed in
   * #slacks.
   */
  #solveKernel(v: WorkVector, density: number, keepSpike: boolean): void {
    const f = this.#factors;
    const solver = this.#solver;
    this.#setSlacksAside(v);
    const expected = density * f.size;
    let isListed = true;
    const lowerPivots = f.lowerColumnCount;
    if (lowerPivots > 0 && !solver.solveHypersparse(f.lowerByColumn, null, v, lowerPivots, expected)) {
      solver.solveUnit(f.lowerByColumn, f.lowerColumnOrder, lowerPivots, 1, v.array);
      isListed = false;
    }
    if (isListed) this.#applyEtas(v);
    else this.#applyEtasUnlisted(v.array);
    if (keepSpike) {
      if (!isListed) {
        v.count = 0;
        this.#listKernel(v);
        isListed = true;
      }
      this.#keepSpike(v);
    }
    if (isListed && solver.solveHypersparse(f.upperByColumn, f.inversePivot, v, f.upperOrderCount, expected)) return;
    v.count = 0;
    if (f.upperOrderCount > 0)
      solver.solvePivoted(f.upperByColumn, f.inversePivot, f.upperOrder, f.upperOrderCount - 1, 0, v);
  }

  /** Moves the rows of slacks from the list of v to #slacks. */
  #setSlacksAside(v: WorkVector): void {
    const upperPlace = this.#factors.upperPlace;
    const slacks = this.#slacks;
    const index = v.index;
    let kept = 0;
    let slackCount = 0;
    for (let t = 0, count = v.count; t < count; t++) {
      const p = index[t];
      const isSlack = Number(upperPlace[p] < 0);
      slacks[slackCount] = p;
      index[kept] = p;
      slackCount += isSlack;
      kept += 1 - isSlack;
    }
    v.count = kept;
    this.#slackCount = slackCount;
  }

  /** Lists the rows of the kernel behind what is listed. */
  #listKernel(v: WorkVector): void {
    const { upperOrder, upperOrderCount } = this.#factors;
    const { array, index } = v;
    let count = v.count;
    for (let k = 0; k < upperOrderCount; k++) {
      const p = upperOrder[k];
      if (p < 0) continue;
      const x = array[p];
      const isDropped = Number(!(Math.abs(x) > drop));
      index[count] = p;
      count += 1 - isDropped;
      if ((isDropped & Number(x !== 0)) !== 0) array[p] = 0;
    }
    v.count = count;
  }

  #keepSpike(v: WorkVector): void {
    const spike = this.#spike;
    spike.copyFrom(v);
    const slacks = this.#slacks;
    for (let t = 0; t < this.#slackCount; t++) {
      const i = slacks[t];
      spike.array[i] = v.array[i];
      spike.index[spike.count++] = i;
    }
  }

  /** Takes the kernel's values to all rows of slacks. */
  #scatterToSlacks(v: WorkVector): void {
    const { begin, end, index: rows, value: values } = this.#factors.slackByColumn;
    const { array, index } = v;
    const slacks = this.#slacks;
    let slackCount = this.#slackCount;
    let count = v.count;
    for (let t = 0; t < count; t++) {
      const p = index[t];
      const x = array[p];
      for (let e = begin[p], stop = end[p]; e < stop; e++) {
        const i = rows[e];
        const before = array[i];
        slacks[slackCount] = i;
        slackCount += Number(before === 0);
        const after = before - x * values[e];
        array[i] = after === 0 ? listedZero : after;
      }
    }
    for (let t = 0; t < slackCount; t++) {
      const i = slacks[t];
      const x = array[i];
      if (Math.abs(x) < drop) array[i] = 0;
      else index[count++] = i;
    }
    v.count = count;
  }

  /** Takes the kernel's values to the wanted rows of slacks only. */
  #gatherForSlacks(v: WorkVector, wanted: WorkVector): void {
    const { upperByRow, upperPlace } = this.#factors;
    const { begin, end, index: columns, value: values } = upperByRow;
    const { array, index } = v;
    let count = v.count;
    for (let t = 0; t < this.#slackCount; t++) index[count++] = this.#slacks[t];
    for (let t = 0; t < wanted.count; t++) {
      const i = wanted.index[t];
      if (upperPlace[i] >= 0) continue;
      const before = array[i];
      let x = before;
      for (let e = begin[i], stop = end[i]; e < stop; e++) x -= values[e] * array[columns[e]];
      if (before === 0) {
        if (x === 0) continue;
        index[count++] = i;
      }
      array[i] = x === 0 ? listedZero : x;
    }
    v.count = count;
  }

  btran(v: WorkVector, density: number, keepRow: boolean): void {
    const f = this.#factors;
    const solver = this.#solver;
    const expected = density * f.size;
    if (!solver.solveHypersparse(f.upperByRow, f.inversePivot, v, f.upperOrderCount, expected)) {
      const first = this.#scatterSlacks(v);
      if (first < f.upperOrderCount)
        solver.solvePivoted(f.upperByRow, f.inversePivot, f.upperOrder, first, f.upperOrderCount - 1, v);
    }
    if (keepRow) this.#row.copyFrom(v);
    this.#applyEtasTransposed(v);
    if (f.lowerRowCount === 0) v.dropListed(drop);
    else if (!solver.solveHypersparse(f.lowerByRow, null, v, f.lowerRowCount, expected)) {
      this.#setSlacksAside(v);
      solver.solveUnit(f.lowerByRow, f.lowerRowOrder, f.lowerRowCount, -1, v.array);
      v.count = 0;
      for (let t = 0; t < this.#slackCount; t++) v.index[v.count++] = this.#slacks[t];
      this.#listKernel(v);
    }
  }

  /**
   * Solves for the slacks, which stand first in U; the list keeps only them. Returns the first place of `upperOrder`
   * with work.
   */
  #scatterSlacks(v: WorkVector): number {
    const { upperByRow, upperPlace, upperOrderCount } = this.#factors;
    const { begin, end, index, value } = upperByRow;
    const { array, index: list } = v;
    let first = upperOrderCount;
    let count = 0;
    for (let t = 0; t < v.count; t++) {
      const p = list[t];
      const place = upperPlace[p];
      if (place >= 0) {
        if (place < first) first = place;
        continue;
      }
      list[count++] = p;
      const x = array[p];
      for (let e = begin[p], stop = end[p]; e < stop; e++) {
        const i = index[e];
        array[i] -= x * value[e];
        if (upperPlace[i] < first) first = upperPlace[i];
      }
    }
    v.count = count;
    return first;
  }

  update(position: number, column: WorkVector): boolean {
    const f = this.#factors;
    const spike = this.#spike;
    const row = this.#row;
    const oldPivot = f.pivot[position];
    const newPivot = oldPivot * column.array[position];
    if (this.#updates >= this.#maxUpdates) return false;

    // The row eta r with r'U = row p of U, and the new diagonal once more from the spike.
    f.reserveEta(row.count);
    let place = f.etaBegin[f.etaCount];
    let check = spike.array[position];
    for (let t = 0; t < row.count; t++) {
      const i = row.index[t];
      if (i === position) continue;
      const value = -oldPivot * row.array[i];
      if (Math.abs(value) < drop) continue;
      f.etaIndex[place] = i;
      f.etaValue[place++] = value;
      check -= value * spike.array[i];
    }
    if (Math.abs(check - newPivot) > updateDisagreement * Math.abs(newPivot)) return false;
    f.etaPivot[f.etaCount] = position;
    f.etaBegin[++f.etaCount] = place;

    this.#takeOut(position);
    this.#putSpike(position);
    if (f.upperPlace[position] >= 0) f.upperOrder[f.upperPlace[position]] = -1;
    f.upperPlace[position] = f.upperOrderCount;
    f.upperOrder[f.upperOrderCount++] = position;
    f.pivot[position] = newPivot;
    f.inversePivot[position] = 1 / newPivot;
    this.#updates++;
    return true;
  }

  /** Takes row and column `position` out of U. */
  #takeOut(position: number): void {
    const { upperByColumn, slackByColumn, upperByRow, upperPlace } = this.#factors;
    for (const byColumn of [upperByColumn, slackByColumn])
      for (let e = byColumn.begin[position]; e < byColumn.end[position]; e++)
        upperByRow.remove(byColumn.index[e], position);
    const byColumn = upperPlace[position] < 0 ? slackByColumn : upperByColumn;
    for (let e = upperByRow.begin[position]; e < upperByRow.end[position]; e++)
      byColumn.remove(upperByRow.index[e], position);
    upperByRow.end[position] = upperByRow.begin[position];
  }

  /** Makes the spike column `position` of U. */
  #putSpike(position: number): void {
    const { upperByColumn, slackByColumn, upperByRow, upperPlace } = this.#factors;
    const { array, index, count } = this.#spike;
    upperByColumn.openLast(position, count);
    slackByColumn.openLast(position, count);
    for (let t = 0; t < count; t++) {
      const i = index[t];
      const value = array[i];
      if (i === position || Math.abs(value) < drop) continue;
      (upperPlace[i] < 0 ? slackByColumn : upperByColumn).append(position, i, value);
      upperByRow.push(i, position, value);
    }
    upperByColumn.closeLast(position);
    slackByColumn.closeLast(position);
  }

  #applyEtas(v: WorkVector): void {
    const { etaCount, etaPivot, etaBegin, etaIndex, etaValue } = this.#factors;
    const array = v.array;
    for (let k = 0; k < etaCount; k++) {
      let sum = 0;
      for (let e = etaBegin[k], stop = etaBegin[k + 1]; e < stop; e++) sum += etaValue[e] * array[etaIndex[e]];
      if (sum === 0) continue;
      const p = etaPivot[k];
      const before = array[p];
      if (before === 0) v.index[v.count++] = p;
      array[p] = listedValue(before - sum);
    }
  }

  #applyEtasUnlisted(array: Float64Array): void {
    const { etaCount, etaPivot, etaBegin, etaIndex, etaValue } = this.#factors;
    for (let k = 0; k < etaCount; k++) {
      let sum = 0;
      for (let e = etaBegin[k], stop = etaBegin[k + 1]; e < stop; e++) sum += etaValue[e] * array[etaIndex[e]];
      array[etaPivot[k]] -= sum;
    }
  }

  #applyEtasTransposed(v: WorkVector): void {
    const { etaCount, etaPivot, etaBegin, etaIndex, etaValue } = this.#factors;
    const array = v.array;
    for (let k = etaCount - 1; k >= 0; k--) {
      const x = array[etaPivot[k]];
      if (x === 0) continue;
      for (let e = etaBegin[k], stop = etaBegin[k + 1]; e < stop; e++) {
        const i = etaIndex[e];
        const before = array[i];
        if (before === 0) v.index[v.count++] = i;
        array[i] = listedValue(before - x * etaValue[e]);
      }
    }
  }
}
