/** Branching on single integer columns: x <= f or x >= f + 1, of the columns whose value at a point is fractional. */

import type { BranchingCandidate } from '../relaxation.ts';
import type { LinearDecision } from './linearDecision.ts';

type Candidate = BranchingCandidate<LinearDecision>;

export interface IntegerColumns {
  readonly columns: Int32Array;
  readonly classOf: (column: number) => string;
  /** A value this near a whole number counts as whole. */
  readonly tolerance: number;
}

export function isIntegral({ columns, tolerance }: IntegerColumns, point: Float64Array): boolean {
  for (const column of columns) if (Math.abs(point[column] - Math.round(point[column])) > tolerance) return false;
  return true;
}

export function fractionalCandidates(integers: IntegerColumns, point: Float64Array): Candidate[] {
  const candidates: Candidate[] = [];
  for (const column of integers.columns) {
    const value = point[column];
    if (Math.abs(value - Math.round(value)) > integers.tolerance)
      candidates.push(columnCandidate(integers, column, value, Math.floor(value)));
  }
  return candidates;
}

/** The first `most` unfixed integer columns, where the point (null: there is none) gives no reason to prefer any. */
export function blindCandidates(
  integers: IntegerColumns,
  { lower, upper }: { readonly lower: Float64Array; readonly upper: Float64Array },
  point: Float64Array | null,
  most: number,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const column of integers.columns) {
    if (lower[column] >= upper[column] || candidates.length >= most) continue;
    let floor = Number.isFinite(lower[column]) ? lower[column] : Math.min(upper[column] - 1, 0);
    if (Number.isFinite(lower[column]) && Number.isFinite(upper[column]))
      floor = Math.floor((lower[column] + upper[column] - 1) / 2);
    if (point !== null) floor = Math.min(Math.round(point[column]), upper[column] - 1);
    candidates.push(columnCandidate(integers, column, floor + 0.5, floor));
  }
  return candidates;
}

function columnCandidate({ classOf }: IntegerColumns, column: number, value: number, floor: number): Candidate {
  return {
    branchingClass: classOf(column),
    key: `column ${column}`,
    value,
    down: { bounds: [{ column, lower: -Infinity, upper: floor }] },
    up: { bounds: [{ column, lower: floor + 1, upper: Infinity }] },
  };
}
