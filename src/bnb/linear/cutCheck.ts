/**
 * The debug mode of separators: every cut is held against the solutions that are known, as far as they lie within the
 * bounds that it may count on. A cut that removes one is an error that names its separator.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';

/** Relative to the largest term: what tolerances of the simplex and of feasibility leave of a valid cut. */
const tolerance = 1e-6;

/** A cut that removes a known solution. */
export class InvalidCutError extends Error {
  readonly separator: string;

  constructor(separator: string, activity: number, { lower, upper }: SparseRow) {
    super(
      `separator "${separator}": a cut removes a known solution: ${lower} <= ${activity} <= ${upper} does not hold`,
    );
    this.name = 'InvalidCutError';
    this.separator = separator;
  }
}

/** @throws InvalidCutError */
export function checkCut(
  row: SparseRow,
  separator: string,
  points: readonly Float64Array[],
  lower: Float64Array,
  upper: Float64Array,
): void {
  for (const point of points) {
    if (!isWithin(point, lower, upper)) continue;
    let activity = 0;
    let size = 1;
    for (let at = 0; at < row.indices.length; at++) {
      const term = row.values[at] * point[row.indices[at]];
      activity += term;
      size = Math.max(size, Math.abs(term));
    }
    if (activity < row.lower - tolerance * size || activity > row.upper + tolerance * size)
      throw new InvalidCutError(separator, activity, row);
  }
}

function isWithin(point: Float64Array, lower: Float64Array, upper: Float64Array): boolean {
  for (let column = 0; column < lower.length; column++) {
    const slack = tolerance * Math.max(1, Math.abs(point[column]));
    if (point[column] < lower[column] - slack || point[column] > upper[column] + slack) return false;
  }
  return true;
}
