/**
 * Variable bounds: rows with one continuous column x and one integer column y say x <= constant + slope * y or x >= the same.
 * Mixed-integer rounding that substitutes them gives flow-cover-like cuts (Marchand and Wolsey 2001).
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { RowView } from '../rowMatrix.ts';

export interface VariableBound {
  readonly constant: number;
  readonly slope: number;
  /** The integer column. */
  readonly column: number;
}

export interface VariableBounds {
  /** By continuous column; absent where there are none. */
  readonly lower: ReadonlyMap<number, readonly VariableBound[]>;
  readonly upper: ReadonlyMap<number, readonly VariableBound[]>;
}

/** Slopes beyond this are a big M: the bound says little and its rounding much. */
const largestSlope = 1e6;

const cache = new WeakMap<MixedIntegerProgram, VariableBounds>();

/** The variable bounds in the rows of the program (the first rows of `rows`); remembered. */
export function variableBoundsOf(program: MixedIntegerProgram, rows: RowView): VariableBounds {
  const known = cache.get(program);
  if (known !== undefined) return known;
  const found = findVariableBounds(program, rows);
  cache.set(program, found);
  return found;
}

function findVariableBounds(program: MixedIntegerProgram, rows: RowView): VariableBounds {
  const lower = new Map<number, VariableBound[]>();
  const upper = new Map<number, VariableBound[]>();
  const note = (side: Map<number, VariableBound[]>, x: number, bound: VariableBound) => {
    if (Math.abs(bound.slope) > largestSlope) return;
    const list = side.get(x);
    if (list === undefined) side.set(x, [bound]);
    else list.push(bound);
  };
  for (let row = 0; row < program.numRows; row++) {
    const start = rows.starts[row];
    if (rows.starts[row + 1] - start !== 2) continue;
    const [first, second] = [rows.indices[start], rows.indices[start + 1]];
    if (program.integrality[first] === program.integrality[second]) continue;
    const swap = program.integrality[first] === 1;
    const x = swap ? second : first;
    const y = swap ? first : second;
    const a = rows.values[swap ? start + 1 : start];
    const slope = -rows.values[swap ? start : start + 1] / a;
    const [rowLower, rowUpper] = [rows.lower[row], rows.upper[row]];
    if (rowUpper < Infinity) note(a > 0 ? upper : lower, x, { constant: rowUpper / a, slope, column: y });
    if (rowLower > -Infinity) note(a > 0 ? lower : upper, x, { constant: rowLower / a, slope, column: y });
  }
  return { lower, upper };
}
