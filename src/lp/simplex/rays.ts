/**
 * Proofs: Farkas rays of infeasible programs and directions of unbounded ones, in the caller's units and checked
 * against the program before they count.
 */

import { feasibilityTolerance } from '../feasibility.ts';
import { crossedBounds, rayZero } from '../tolerances.ts';
import type { ScaledProgram } from './scaledProgram.ts';

/** Rounding of a sum, relative to the sizes of its terms; a proof must win by more. */
const rayRounding = 1e-15;
/**
 * An entry of y'A against an infinite bound spoils a proof unless it is noise; noise is charged as if the variable
 * could reach this (scaled) size, or, unscaled, that of the largest bound in the sum.
 */
const rayReach = 1e4;
/** A direction of unboundedness must improve the cost by this, relative to the terms of its cost. */
const slopeMargin = 1e-9;

/**
 * Bounds that leave no finite value need no simplex: a row that has such bounds is its own Farkas ray, for a column
 * there is a zero one. Null if there are none.
 */
export function crossedBoundsRay(program: ScaledProgram): Float64Array | null {
  const { lower, upper, total, numColumns, numRows } = program;
  for (let v = 0; v < total; v++) {
    const low = lower[v];
    const high = upper[v];
    if (low <= high && low < Infinity && high > -Infinity) continue;
    const tolerance = Math.max(crossedBounds, feasibilityTolerance * Math.max(Math.abs(low), Math.abs(high)));
    if (low <= high + tolerance && low < Infinity && high > -Infinity) continue;
    const ray = new Float64Array(numRows);
    // The lower bound of a slack is the negative of the row's upper one.
    if (v >= numColumns) ray[v - numColumns] = low === Infinity ? -1 : 1;
    return ray;
  }
  return null;
}

/**
 * Tests row multipliers y: y'(A x + s) = 0 holds for every point of the program, so if the range of the left side over
 * the bounds misses 0 by more than rounding, there is no point. Works on the scaled program; `y` is by row.
 */
export function provesInfeasibility(program: ScaledProgram, y: Float64Array): boolean {
  return provenDistance(program, y) !== 0;
}

/**
 * What row multipliers say that contradicts the bounds: by how much, and the largest of the terms (coefficient times
 * bound) of that sum.
 */
export interface Contradiction {
  readonly distance: number;
  readonly largestTerm: number;
  /** The bound at which a variable stands in the sum, 0 for one that is not in it. Scaled. */
  readonly boundOf: (variable: number) => number;
}

/** The contradiction of multipliers that prove infeasibility. */
export function contradictionOf(program: ScaledProgram, y: Float64Array): Contradiction {
  const { matrix, numColumns, total, lower, upper } = program;
  const proven = provenDistance(program, y);
  const boundOf = (v: number): number => {
    const coefficient = v < numColumns ? matrix.columnDot(v, y) : y[v - numColumns];
    const bound = coefficient > 0 === proven > 0 ? lower[v] : upper[v];
    return coefficient !== 0 && Number.isFinite(bound) ? bound : 0;
  };
  let largestTerm = 0;
  for (let v = 0; v < total; v++) {
    const bound = boundOf(v);
    if (bound === 0) continue;
    const coefficient = v < numColumns ? matrix.columnDot(v, y) : y[v - numColumns];
    largestTerm = Math.max(largestTerm, Math.abs(coefficient * bound));
  }
  return { distance: Math.abs(proven), largestTerm, boundOf };
}

/**
 * A value above zero that y'(A x + s) exceeds for all x and s within bounds, or one below zero that it stays below; 0
 * if there is neither.
 */
function provenDistance(program: ScaledProgram, y: Float64Array): number {
  const above = distanceAbove(program, y, 1);
  return above > 0 ? above : -distanceAbove(program, y, -1);
}

/**
 * What sign y'(A x + s) exceeds for all x and s within bounds, less its rounding; 0 if it is nothing above zero. A
 * multiplier that is noise against an infinite side counts as 0 in its whole row: beside large coefficients it is none.
 */
function distanceAbove(program: ScaledProgram, y: Float64Array, sign: 1 | -1): number {
  const { matrix, numRows, numColumns, lower, upper } = program;
  const { begin, end, indices, values } = matrix.byColumn;
  let largest = 0;
  for (let i = 0; i < numRows; i++) largest = Math.max(largest, Math.abs(y[i]));
  if (largest === 0) return 0;
  const multiplier = new Float64Array(numRows);
  let sum = 0;
  let error = 0;
  let noise = 0;
  let unscaledNoise = 0;
  let largestBound = 0;
  for (let i = 0; i < numRows; i++) {
    const coefficient = sign * y[i];
    if (coefficient === 0) continue;
    const bound = coefficient > 0 ? lower[numColumns + i] : upper[numColumns + i];
    if (Number.isFinite(bound)) {
      multiplier[i] = coefficient;
      sum += coefficient * bound;
      error += rayRounding * Math.abs(coefficient * bound);
      largestBound = Math.max(largestBound, Math.abs(bound) * program.unscale(numColumns + i));
    } else if (Math.abs(coefficient) > rayZero * largest) return 0;
  }
  for (let j = 0; j < numColumns; j++) {
    let coefficient = 0;
    let terms = 0;
    let possible = 0;
    for (let e = begin[j]; e < end[j]; e++) {
      const factor = multiplier[indices[e]];
      if (factor === 0) continue;
      const term = values[e] * factor;
      coefficient += term;
      terms += Math.abs(term);
      possible += Math.abs(values[e]) * largest;
    }
    if (coefficient === 0) continue;
    const bound = coefficient > 0 ? lower[j] : upper[j];
    if (Number.isFinite(bound)) {
      sum += coefficient * bound;
      error += rayRounding * terms * Math.abs(bound);
      largestBound = Math.max(largestBound, Math.abs(bound) * program.unscale(j));
    } else if (Math.abs(coefficient) <= rayZero * possible) {
      noise += Math.abs(coefficient);
      unscaledNoise += Math.abs(coefficient) / program.unscale(j);
    } else return 0;
  }
  error += Math.max(noise * rayReach, unscaledNoise * largestBound);
  return sum > 2 * error ? sum - error : 0;
}

/** Row multipliers in the caller's units, signed so that max y'A x over the columns < min y'r over the rows. */
export function unscaledFarkasRay(program: ScaledProgram, y: Float64Array): Float64Array {
  const { numRows, numColumns, rowScale, lower, upper } = program;
  // Where y'(A x + s) stays above 0, y'A x always exceeds y'r = -y's: turn the sign.
  const sign = provenDistance(program, y) > 0 ? -1 : 1;
  const ray = new Float64Array(numRows);
  for (let i = 0; i < numRows; i++) {
    const slack = numColumns + i;
    const multiplier = -sign * y[i];
    // What was proven holds with noise against an infinite bound left out.
    const isNoise = multiplier > 0 ? lower[slack] === -Infinity : upper[slack] === Infinity;
    ray[i] = multiplier === 0 || isNoise ? 0 : sign * y[i] * rowScale[i];
  }
  return ray;
}

/**
 * Whether moving along `direction` (all variables, scaled) improves the cost for ever and meets no bound. Noise against
 * a bound is set to zero, the slacks follow from the columns.
 */
export function provesUnboundedness(program: ScaledProgram, direction: Float64Array): boolean {
  const { numRows, numColumns, lower, upper, cost, matrix } = program;
  let largest = 0;
  for (let v = 0; v < numColumns; v++) largest = Math.max(largest, Math.abs(direction[v]));
  if (largest === 0) return false;
  const activity = new Float64Array(numRows);
  let slope = 0;
  let size = 0;
  for (let j = 0; j < numColumns; j++) {
    const d = direction[j];
    if (d === 0) continue;
    if (d > 0 ? upper[j] < Infinity : lower[j] > -Infinity) {
      if (Math.abs(d) > rayZero * largest) return false;
      direction[j] = 0;
      continue;
    }
    matrix.addColumnTo(j, d, activity);
    slope += cost[j] * d;
    size = Math.max(size, Math.abs(cost[j] * d));
  }
  const { begin, end, indices, values } = matrix.byRow;
  for (let i = 0; i < numRows; i++) {
    const d = -activity[i];
    const slack = numColumns + i;
    if (d === 0 || (d > 0 ? upper[slack] === Infinity : lower[slack] === -Infinity)) continue;
    let possible = 0;
    for (let e = begin[i]; e < end[i]; e++) {
      possible = Math.max(possible, Math.abs(values[e] * direction[indices[e]]));
    }
    if (Math.abs(d) > 10 * rayZero * possible) return false;
  }
  return slope < -slopeMargin * size;
}

/** A direction of unboundedness in the caller's units. */
export function unscaledDirection({ columnScale, numColumns }: ScaledProgram, direction: Float64Array): Float64Array {
  return Float64Array.from({ length: numColumns }, (_, j) => direction[j] * columnScale[j]);
}
