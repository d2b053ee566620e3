/**
 * The one meaning of feasible for general programs: a row holds if it is violated by at most `feasibilityTolerance`
 * times the largest absolute value of its terms a_ij x_j and of the side it misses, a column bound likewise with x_j as
 * its term. LP and MIP, with presolve and without, keep it: a point within counts, and `infeasible` needs a
 * contradiction of the bounds beyond it, relative to the terms of that contradiction. Inside, the simplex works at
 * 1e-9.
 */
import type { LinearProgram } from './linearProgram.ts';

/** The worst relative violation that a point may have: a hundred times what the simplex aims at. */
export const feasibilityTolerance = 1e-7;

/**
 * What a point may be violated by where nothing forces more on it: the tolerance is there for data that contradict
 * themselves, not for gaining on a row of large terms.
 */
export const workingTolerance = 1e-8;

/**
 * A column counts in its terms as at least 1: without that a row of zeros could not miss its side by the simplex's
 * rounding.
 */
const leastColumnSize = 1;

/**
 * What `value` misses of [lower, upper] relative to the size of the sum that it is: `terms`, and the side that it
 * misses. NaN misses infinitely.
 */
function relativeViolation(value: number, lower: number, upper: number, terms: number): number {
  if (value >= lower && value <= upper) return 0;
  const [missed, side] = value < lower ? [lower - value, lower] : [value - upper, upper];
  const violation = missed / Math.max(Math.abs(side), terms);
  return Number.isNaN(violation) ? Infinity : violation;
}

/** Largest relative violation of a row or column bound at a point, and the row activities. */
export function primalViolation(
  program: LinearProgram,
  point: ArrayLike<number>,
): { readonly violation: number; readonly rowActivity: Float64Array<ArrayBuffer> } {
  const { numRows, numColumns, columnStarts, rowIndices, values } = program;
  const rowActivity = new Float64Array(numRows);
  const rowSize = new Float64Array(numRows);
  let worst = 0;
  for (let column = 0; column < numColumns; column++) {
    const value = point[column];
    const size = Math.max(Math.abs(value), leastColumnSize);
    worst = Math.max(worst, relativeViolation(value, program.columnLower[column], program.columnUpper[column], size));
    for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++) {
      const row = rowIndices[at];
      rowActivity[row] += values[at] * value;
      rowSize[row] = Math.max(rowSize[row], Math.abs(values[at]) * size);
    }
  }
  for (let row = 0; row < numRows; row++)
    worst = Math.max(
      worst,
      relativeViolation(rowActivity[row], program.rowLower[row], program.rowUpper[row], rowSize[row]),
    );
  return { violation: worst, rowActivity };
}

/**
 * Row multipliers that prove a program infeasible by a single row, which the bounds of its columns keep from its sides
 * by more than the tolerance; null if there is no such row.
 */
export function contradictedRow(program: LinearProgram): Float64Array<ArrayBuffer> | null {
  const { numRows, numColumns, columnStarts, rowIndices, values, columnLower, columnUpper } = program;
  const least = new Float64Array(numRows);
  const most = new Float64Array(numRows);
  const size = new Float64Array(numRows);
  for (let column = 0; column < numColumns; column++) {
    for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++) {
      const value = values[at];
      if (value === 0) continue;
      const row = rowIndices[at];
      const ends = [value * columnLower[column], value * columnUpper[column]] as const;
      least[row] += Math.min(...ends);
      most[row] += Math.max(...ends);
      for (const end of ends)
        if (Number.isFinite(end)) size[row] = Math.max(size[row], Math.abs(end), Math.abs(value) * leastColumnSize);
    }
  }
  for (let row = 0; row < numRows; row++) {
    const lower = program.rowLower[row];
    const upper = program.rowUpper[row];
    const isBelow = lower - most[row] > feasibilityTolerance * Math.max(Math.abs(lower), size[row]);
    const isAbove = least[row] - upper > feasibilityTolerance * Math.max(Math.abs(upper), size[row]);
    if (!isBelow && !isAbove) continue;
    const ray = new Float64Array(numRows);
    ray[row] = isBelow ? 1 : -1;
    return ray;
  }
  return null;
}
