/**
 * Bound propagation by row activities: in a row sum a_j x_j <= b, each term can be at most b minus the least activity
 * of the others (Savelsbergh 1994). Only rows whose columns changed are looked at again. Bounds of integer columns are
 * rounded.
 */

import { feasibilityTolerance } from '../../lp/feasibility.ts';
import type { LinearProgram } from '../../lp/linearProgram.ts';
import type { SearchParameters } from '../parameters.ts';
import { RowMatrix, type RowView } from './rowMatrix.ts';

export class BoundPropagator {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly #rows: RowView;
  readonly #integrality: ArrayLike<number>;
  /** Rows of each column, by columns. */
  readonly #columnStarts: Int32Array;
  readonly #columnRows: Int32Array;
  readonly #queue: Int32Array;
  readonly #isQueued: Uint8Array;
  readonly #visits: Int32Array;
  readonly #integralityTolerance: number;
  readonly #parameters: SearchParameters['propagation'];
  #queueStart = 0;
  #queueLength = 0;

  /** @param rows By default the program's rows. */
  constructor(
    program: LinearProgram,
    integrality: ArrayLike<number>,
    { tolerances, propagation }: SearchParameters,
    rows: RowView = RowMatrix.fromProgram(program),
  ) {
    this.#integralityTolerance = tolerances.integrality;
    this.#parameters = propagation;
    this.#rows = rows;
    this.#integrality = integrality;
    this.#columnStarts = program.columnStarts;
    this.#columnRows = program.rowIndices;
    this.lower = program.columnLower.slice();
    this.upper = program.columnUpper.slice();
    this.#queue = new Int32Array(Math.max(1, program.numRows));
    this.#isQueued = new Uint8Array(program.numRows);
    this.#visits = new Int32Array(program.numRows);
  }

  /** Starts from these bounds, with nothing to propagate yet. */
  start(lower: Float64Array, upper: Float64Array): void {
    this.lower.set(lower);
    this.upper.set(upper);
    this.#isQueued.fill(0);
    this.#visits.fill(0);
    this.#queueStart = 0;
    this.#queueLength = 0;
  }

  queueAllRows(): void {
    for (let row = 0; row < this.#visits.length; row++) this.#enqueue(row);
  }

  /** Intersects the bounds of a column with [lower, upper]; false if nothing is left. */
  tighten(column: number, lower: number, upper: number): boolean {
    let changed = false;
    if (lower > this.lower[column]) {
      this.lower[column] = lower;
      changed = true;
    }
    if (upper < this.upper[column]) {
      this.upper[column] = upper;
      changed = true;
    }
    if (changed) {
      for (let at = this.#columnStarts[column]; at < this.#columnStarts[column + 1]; at++)
        this.#enqueue(this.#columnRows[at]);
    }
    return !crosses(this.lower[column], this.upper[column]);
  }

  /** Runs to a fixed point (or near it); false if some row or column has become infeasible. */
  propagate(): boolean {
    while (this.#queueLength > 0) {
      const row = this.#queue[this.#queueStart];
      this.#queueStart = (this.#queueStart + 1) % this.#queue.length;
      this.#queueLength--;
      this.#isQueued[row] = 0;
      if (!this.#propagateRow(row)) return false;
    }
    return true;
  }

  #enqueue(row: number): void {
    if (this.#isQueued[row] === 1 || this.#visits[row] >= this.#parameters.visitsPerRow) return;
    this.#isQueued[row] = 1;
    this.#visits[row] += 1;
    this.#queue[(this.#queueStart + this.#queueLength) % this.#queue.length] = row;
    this.#queueLength++;
  }

  #propagateRow(row: number): boolean {
    const { starts, indices, values } = this.#rows;
    const { lower, upper } = this;
    const start = starts[row];
    const end = starts[row + 1];
    let least = 0;
    let most = 0;
    let unboundedBelow = 0;
    let unboundedAbove = 0;
    let size = 0;
    /** The most that a term can vary. */
    let widest = 0;
    for (let at = start; at < end; at++) {
      const value = values[at];
      const column = indices[at];
      const low = value > 0 ? value * lower[column] : value * upper[column];
      const high = value > 0 ? value * upper[column] : value * lower[column];
      if (low === -Infinity) unboundedBelow++;
      else {
        least += low;
        size = Math.max(size, Math.abs(low));
      }
      if (high === Infinity) unboundedAbove++;
      else {
        most += high;
        size = Math.max(size, Math.abs(high));
      }
      widest = Math.max(widest, high - low);
    }
    const rowLower = this.#rows.lower[row];
    const rowUpper = this.#rows.upper[row];
    if (rowLower > -Infinity) size = Math.max(size, Math.abs(rowLower));
    if (rowUpper < Infinity) size = Math.max(size, Math.abs(rowUpper));
    const tolerance = feasibilityTolerance * size;
    if (unboundedBelow === 0 && least > rowUpper + tolerance) return false;
    if (unboundedAbove === 0 && most < rowLower - tolerance) return false;
    const fromUpper = rowUpper < Infinity && unboundedBelow <= 1;
    const fromLower = rowLower > -Infinity && unboundedAbove <= 1;
    if (!fromUpper && !fromLower) return true;
    // Each term may be anything within its bounds: most rows that are looked at.
    if (rowUpper - least >= widest && most - rowLower >= widest) return true;
    for (let at = start; at < end; at++) {
      const value = values[at];
      const column = indices[at];
      // The activities were summed before this row moved any bound: weaker, but still valid.
      const low = value > 0 ? value * lower[column] : value * upper[column];
      const high = value > 0 ? value * upper[column] : value * lower[column];
      let newLower = -Infinity;
      let newUpper = Infinity;
      if (fromUpper && (unboundedBelow === 0 || low === -Infinity)) {
        const room = rowUpper - (low === -Infinity ? least : least - low);
        if (value > 0) newUpper = room / value;
        else newLower = room / value;
      }
      if (fromLower && (unboundedAbove === 0 || high === Infinity)) {
        const need = rowLower - (high === Infinity ? most : most - high);
        if (value > 0) newLower = Math.max(newLower, need / value);
        else newUpper = Math.min(newUpper, need / value);
      }
      if (!this.#apply(column, newLower, newUpper, tolerance / Math.abs(value))) return false;
    }
    return true;
  }

  /** `tolerance`: what the row's tolerance leaves open in the column's bounds. */
  #apply(column: number, newLower: number, newUpper: number, tolerance: number): boolean {
    const lower = this.lower[column];
    const upper = this.upper[column];
    if (!(newLower > lower) && !(newUpper < upper)) return true;
    if (this.#integrality[column] === 1) {
      const slack = Math.max(this.#integralityTolerance, tolerance);
      const roundedLower = Math.ceil(newLower - slack);
      const roundedUpper = Math.floor(newUpper + slack);
      if (roundedLower <= lower && roundedUpper >= upper) return true;
      return this.tighten(column, roundedLower, roundedUpper);
    }
    const highest = Math.min(upper, newUpper);
    if (crosses(Math.max(lower, newLower), highest + tolerance)) return false;
    const { leastContinuousProgress, largestDerivedBound } = this.#parameters;
    const progress = leastContinuousProgress * Math.min(upper - lower, largestDerivedBound);
    const useLower = newLower > lower + progress && Math.abs(newLower) < largestDerivedBound;
    const useUpper = newUpper < upper - progress && Math.abs(newUpper) < largestDerivedBound;
    if (!useLower && !useUpper) return true;
    // Bounds that cross within tolerance meet in the middle of nowhere: keep the interval non-empty.
    const nextLower = useLower ? Math.min(newLower, upper) : lower;
    return this.tighten(column, nextLower, useUpper ? Math.max(newUpper, nextLower) : upper);
  }
}

function crosses(lower: number, upper: number): boolean {
  return lower > upper + feasibilityTolerance * Math.max(1, Math.abs(upper));
}
