/** Branching on single integer columns: x <= f or x >= f + 1, of the columns whose value at a point is fractional. */

import type { BranchingCandidate } from '../relaxation.ts';
import type { LinearDecision } from './linearDecision.ts';
import { integralityTolerance } from './tolerances.ts';

/** Candidates given where the LP's point says nothing. */
const mostBlindCandidates = 20;

type Candidate = BranchingCandidate<LinearDecision>;

export interface IntegerColumns {
  readonly columns: Int32Array;
  readonly classOf: (column: number) => string;
}

export function isIntegral({ columns }: IntegerColumns, point: Float64Array): boolean {
  for (const column of columns)
    if (Math.abs(point[column] - Math.round(point[column])) > integralityTolerance) return false;
  return true;
}

export function fractionalCandidates(integers: IntegerColumns, point: Float64Array): Candidate[] {
  const candidates: Candidate[] = [];
  for (const column of integers.columns) {
    const value = point[column];
    if (Math.abs(value - Math.round(value)) > integralityTolerance)
      candidates.push(columnCandidate(integers, column, value, Math.floor(value)));
  }
  return candidates;
}

/** Unfixed integer columns, where the point (null: there is none) gives no reason to prefer any. */
export function blindCandidates(
  integers: IntegerColumns,
  { lower, upper }: { readonly lower: Float64Array; readonly upper: Float64Array },
  point: Float64Array | null,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const column of integers.columns) {
    if (lower[column] >= upper[column] || candidates.length >= mostBlindCandidates) continue;
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
