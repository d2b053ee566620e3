/**
 * Variable bounds: rows with one continuous column x and one integer column y say x <= constant + slope * y or x >= the
 * same. Mixed-integer rounding that substitutes them gives flow-cover-like cuts (Marchand and Wolsey 2001).
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { RowView } from '../linear/rowMatrix.ts';
import type { SeparationContext } from './separator.ts';

/** Bounds of one side, by continuous column x: those of x are at `starts[x]` to `starts[x + 1] - 1`. */
export interface BoundList {
  readonly starts: Int32Array;
  readonly constant: Float64Array;
  readonly slope: Float64Array;
  /** The integer column. */
  readonly column: Int32Array;
}

export interface VariableBounds {
  readonly lower: BoundList;
  readonly upper: BoundList;
}

const cache = new WeakMap<MixedIntegerProgram, VariableBounds>();

/** The variable bounds in the rows of the program (the first of the rows); remembered. */
export function variableBoundsOf({ program, rows, parameters }: SeparationContext): VariableBounds {
  const known = cache.get(program);
  if (known !== undefined) return known;
  const found = findVariableBounds(program, rows, parameters.mixedIntegerRounding.largestSlope);
  cache.set(program, found);
  return found;
}

interface FoundBound {
  readonly x: number;
  readonly constant: number;
  readonly slope: number;
  readonly column: number;
}

function findVariableBounds(program: MixedIntegerProgram, rows: RowView, largestSlope: number): VariableBounds {
  const lower: FoundBound[] = [];
  const upper: FoundBound[] = [];
  for (let row = 0; row < program.numRows; row++) {
    const start = rows.starts[row];
    if (rows.starts[row + 1] - start !== 2) continue;
    const first = rows.indices[start];
    const second = rows.indices[start + 1];
    if (program.integrality[first] === program.integrality[second]) continue;
    const swap = program.integrality[first] === 1;
    const x = swap ? second : first;
    const column = swap ? first : second;
    const a = rows.values[swap ? start + 1 : start];
    const slope = -rows.values[swap ? start : start + 1] / a;
    if (Math.abs(slope) > largestSlope) continue;
    if (rows.upper[row] < Infinity) (a > 0 ? upper : lower).push({ x, constant: rows.upper[row] / a, slope, column });
    if (rows.lower[row] > -Infinity) (a > 0 ? lower : upper).push({ x, constant: rows.lower[row] / a, slope, column });
  }
  return { lower: listed(lower, program.numColumns), upper: listed(upper, program.numColumns) };
}

/** Sorted by x, in the order of the rows for each. */
function listed(found: readonly FoundBound[], numColumns: number): BoundList {
  const sorted = [...found].sort((one, other) => one.x - other.x);
  const starts = new Int32Array(numColumns + 1);
  for (const { x } of sorted) starts[x + 1] += 1;
  for (let x = 0; x < numColumns; x++) starts[x + 1] += starts[x];
  return {
    starts,
    constant: Float64Array.from(sorted, ({ constant }) => constant),
    slope: Float64Array.from(sorted, ({ slope }) => slope),
    column: Int32Array.from(sorted, ({ column }) => column),
  };
}
