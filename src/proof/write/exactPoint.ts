/** A solution in doubles as one in rationals: whole columns rounded, the others as the decimals that they are. */
import type { ExactProgram } from '../check/exactProgram.ts';
import { compare, decimalOf, type Rational } from '../check/rational.ts';

/** Values within the bounds of their columns. */
export function exactPoint({ columns }: ExactProgram, values: ArrayLike<number>): readonly Rational[] {
  return columns.map(({ isInteger, lower, upper }, column) => {
    const value = decimalOf(isInteger ? Math.round(values[column]) : values[column]);
    if (lower !== null && compare(value, lower) < 0) return lower;
    return upper !== null && compare(value, upper) > 0 ? upper : value;
  });
}
