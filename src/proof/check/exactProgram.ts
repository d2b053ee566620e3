/**
 * A mixed-integer program in exact rationals, minimise cost x + offset subject to lower <= row x <= upper and bounds of
 * the columns: what proofs by rows are about. A missing bound is null.
 */

import { refuse, showValue } from '../../input/inputError.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { decimalOf, floorDivide, minus, over, plus, type Rational, size, times, whole, zero } from './rational.ts';

export interface Range {
  readonly lower: Rational | null;
  readonly upper: Rational | null;
}

interface ExactRow extends Range {
  readonly columns: readonly number[];
  /** Of these columns, as many. */
  readonly values: readonly Rational[];
}

interface ExactColumn extends Range {
  readonly cost: Rational;
  readonly isInteger: boolean;
}

export interface ExactProgram {
  readonly columns: readonly ExactColumn[];
  readonly rows: readonly ExactRow[];
  readonly offset: Rational;
}

/**
 * The program of a file. Each number is the shortest decimal that reads as its double, which is the one of the file
 * where that has up to 15 digits.
 */
export function exactProgram(program: MixedIntegerProgram): ExactProgram {
  const { numRows, numColumns, columnStarts, rowIndices, values, cost, integrality } = program;
  const rows = Array.from({ length: numRows }, (_, row) => ({
    lower: side(program.rowLower[row], -Infinity),
    upper: side(program.rowUpper[row], Infinity),
    columns: [] as number[],
    values: [] as Rational[],
  }));
  const columns: ExactColumn[] = [];
  for (let column = 0; column < numColumns; column++) {
    columns.push({
      cost: decimalOf(cost[column]),
      lower: side(program.columnLower[column], -Infinity),
      upper: side(program.columnUpper[column], Infinity),
      isInteger: integrality[column] === 1,
    });
    for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++) {
      rows[rowIndices[at]].columns.push(column);
      rows[rowIndices[at]].values.push(decimalOf(values[at]));
    }
  }
  return { columns, rows, offset: decimalOf(program.offset) };
}

/** null: no limit. A lower side of +Infinity, or an upper one of -Infinity, is a limit that no number keeps. */
function side(value: number, none: number): Rational | null {
  if (value === none) return null;
  if (!Number.isFinite(value))
    refuse([{ path: 'program', value: showValue(value), expected: 'sides and bounds that a number can keep' }]);
  return decimalOf(value);
}

/** The bounds of the columns, those of whole ones rounded inwards. */
export function columnRanges({ columns }: ExactProgram): readonly Range[] {
  return columns.map(({ lower, upper, isInteger }) =>
    isInteger
      ? {
          lower: lower && whole(-floorDivide(-lower.n, lower.d)),
          upper: upper && whole(floorDivide(upper.n, upper.d)),
        }
      : { lower, upper },
  );
}

/**
 * Where only whole columns have costs: the largest step that all of them are multiples of. Every cost is then the
 * offset and a whole number of steps. Null otherwise.
 */
export function objectiveStep({ columns }: ExactProgram): Rational | null {
  let step: Rational | null = null;
  for (const { cost, isInteger } of columns) {
    if (cost.n === 0n) continue;
    if (!isInteger) return null;
    step = step === null ? cost : commonStep(step, cost);
  }
  return step && size(step);
}

function commonStep(a: Rational, b: Rational): Rational {
  return lowest({ n: commonDivisor(a.n * b.d, b.n * a.d), d: a.d * b.d });
}

/** The same value in lowest terms. */
export function lowest({ n, d }: Rational): Rational {
  const divisor = commonDivisor(n < 0n ? -n : n, d);
  return divisor === 0n ? zero : { n: n / divisor, d: d / divisor };
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [large, small] = [a, b];
  while (small !== 0n) [large, small] = [small, large % small];
  return large;
}

/** The least offset and whole number of steps that is >= the bound. */
export function raisedToStep(bound: Rational, offset: Rational, step: Rational): Rational {
  const steps = over(minus(bound, offset), step);
  return plus(offset, times(step, whole(-floorDivide(-steps.n, steps.d))));
}
