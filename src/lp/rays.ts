/**
 * Proofs: Farkas rays of infeasible programs and directions of unbounded ones, in the caller's units and checked against the
 * program before they count.
 */
import type { ScaledProgram } from './scaledProgram.ts';
import { RAY_ZERO } from './tolerances.ts';

/** How much a proof must win by, relative to the size of the terms it sums. */
const PROOF_MARGIN = 1e-9;

/**
 * Tests row multipliers y: if the largest y'A x over the column bounds is below the smallest y'r over the row bounds, no x exists.
 * Works on the scaled program; `y` is by row. Small entries of y'A against an infinite bound count as zero.
 */
export function provesInfeasibility(program: ScaledProgram, y: Float64Array): boolean {
  const { matrix, numRows, numColumns, lower, upper } = program;
  let largest = 0;
  for (let i = 0; i < numRows; i++) largest = Math.max(largest, Math.abs(y[i]!));
  if (largest === 0) return false;
  // y'(A x + s) = 0 for all feasible points; the range of the left side over the bounds must miss 0.
  let low = 0;
  let high = 0;
  let size = 0;
  for (let v = 0; v < numColumns + numRows; v++) {
    let coefficient: number;
    let terms: number;
    if (v < numColumns) {
      coefficient = 0;
      terms = 0;
      const { begin, end, indices, values } = matrix.byColumn;
      for (let e = begin[v]!; e < end[v]!; e++) {
        const term = values[e]! * y[indices[e]!]!;
        coefficient += term;
        terms += Math.abs(term);
      }
    } else {
      coefficient = y[v - numColumns]!;
      terms = largest;
    }
    if (coefficient === 0) continue;
    const isNoise = Math.abs(coefficient) <= RAY_ZERO * Math.max(terms, largest);
    const atLow = coefficient > 0 ? lower[v]! : upper[v]!;
    const atHigh = coefficient > 0 ? upper[v]! : lower[v]!;
    if (Number.isFinite(atLow)) {
      low += coefficient * atLow;
      size = Math.max(size, Math.abs(coefficient * atLow));
    } else if (!isNoise) low = -Infinity;
    if (Number.isFinite(atHigh)) {
      high += coefficient * atHigh;
      size = Math.max(size, Math.abs(coefficient * atHigh));
    } else if (!isNoise) high = Infinity;
    if (low === -Infinity && high === Infinity) return false;
  }
  const margin = PROOF_MARGIN * Math.max(size, largest);
  return low > margin || high < -margin;
}

/** Row multipliers in the caller's units, signed so that max y'A x over the columns < min y'r over the rows. */
export function unscaledFarkasRay(program: ScaledProgram, y: Float64Array): Float64Array {
  const { numRows, numColumns, lower, upper, rowScale } = program;
  let low = 0;
  for (let v = numColumns; v < numColumns + numRows; v++) {
    const coefficient = y[v - numColumns]!;
    if (coefficient !== 0) low += coefficient * (coefficient > 0 ? lower[v]! : upper[v]!);
  }
  let columns = 0;
  for (let j = 0; j < numColumns; j++) {
    const coefficient = program.matrix.columnDot(j, y);
    const bound = coefficient > 0 ? lower[j]! : upper[j]!;
    if (Number.isFinite(bound)) columns += coefficient * bound;
    else if (Math.abs(coefficient) > RAY_ZERO) columns = -Infinity;
  }
  // low + columns > 0: y'(A x - r) > 0 for all points, so y'A x always exceeds y'r; turn the sign.
  const sign = low + columns > 0 ? -1 : 1;
  const ray = new Float64Array(numRows);
  for (let i = 0; i < numRows; i++) ray[i] = sign * y[i]! * rowScale[i]!;
  return ray;
}

/** Whether moving along `direction` (all variables, scaled, A d + s = 0) improves the cost for ever and leaves no bound. */
export function provesUnboundedness(program: ScaledProgram, direction: Float64Array): boolean {
  const { numRows, numColumns, lower, upper, cost, matrix } = program;
  let largest = 0;
  for (let v = 0; v < numColumns; v++) largest = Math.max(largest, Math.abs(direction[v]!));
  if (largest === 0) return false;
  const activity = new Float64Array(numRows);
  let slope = 0;
  let size = 0;
  for (let j = 0; j < numColumns; j++) {
    const d = direction[j]!;
    if (d === 0) continue;
    if (Math.abs(d) > RAY_ZERO * largest && (d > 0 ? upper[j]! < Infinity : lower[j]! > -Infinity)) return false;
    matrix.addColumnTo(j, d, activity);
    slope += cost[j]! * d;
    size = Math.max(size, Math.abs(cost[j]! * d));
  }
  for (let i = 0; i < numRows; i++) {
    const d = -activity[i]!;
    if (Math.abs(d) <= RAY_ZERO * largest) continue;
    const slack = numColumns + i;
    if (d > 0 ? upper[slack]! < Infinity : lower[slack]! > -Infinity) return false;
  }
  return slope < -PROOF_MARGIN * size;
}
