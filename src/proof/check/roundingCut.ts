/**
 * Cuts by mixed-integer rounding. Multipliers y of rows, each with one of its sides, make an equation
 *
 *     sum_j (y A)_j x_j + sum_i +-y_i t_i = sum_i y_i side_i,    t_i >= 0 how far the row is from its side.
 *
 * Each column is written as its distance t >= 0 from one of its bounds. With b the right-hand side then, and f the part
 * of a number above the whole one below it, f(b) > 0, every point with whole columns whole satisfies
 *
 *     sum over whole t of (floor(a) + max(0, f(a) - f(b)) / (1 - f(b))) t
 *       + sum over other t of min(0, a) / (1 - f(b)) t  <=  floor(b)
 *
 * (Nemhauser and Wolsey 1990). The t of a row is whole where the row has whole coefficients of whole columns and the
 * side is whole. What the file states may be weaker by what the bounds of the columns allow: short numbers.
 */
import type { ExactProgram, Range } from './exactProgram.ts';
import { ProofError } from './proofFormat.ts';
import {
  compare,
  floorDivide,
  isWhole,
  minus,
  one,
  over,
  plus,
  type Rational,
  times,
  whole,
  zero,
} from './rational.ts';

type Entries = readonly (readonly [at: number, value: Rational])[];

export interface RoundingCut {
  /** Multipliers of rows at their lower and at their upper sides; rows of earlier cuts follow those of the program. */
  readonly lower: Entries;
  readonly upper: Entries;
  /** Columns whose distance from the upper bound counts, not that from the lower one. */
  readonly fromUpper: readonly number[];
  /** What is stated: sum of coefficients x <= most. */
  readonly coefficients: Entries;
  readonly most: Rational;
}

/**
 * The program with the cuts as further rows, which hold where the columns are within these ranges. Throws ProofError,
 * with the path, where one does not follow.
 */
export function withCuts(
  program: ExactProgram,
  ranges: readonly Range[],
  cuts: readonly RoundingCut[],
  path: string,
): ExactProgram {
  const rows = [...program.rows];
  const extended = { ...program, rows };
  cuts.forEach((cut, at) => {
    const derived = roundedRow(extended, ranges, cut, `${path}.cuts[${at}]`);
    if (!follows(cut, derived, ranges)) throw new ProofError(`${path}.cuts[${at}]`, 'states more than follows');
    const { coefficients, most } = cut;
    rows.push({
      lower: null,
      upper: most,
      columns: coefficients.map(([column]) => column),
      values: coefficients.map(([, value]) => value),
    });
  });
  return extended;
}

export interface DerivedRow {
  /** By column. */
  readonly coefficients: ReadonlyMap<number, Rational>;
  readonly most: Rational;
}

export function roundedRow(
  { rows, columns }: ExactProgram,
  ranges: readonly Range[],
  { lower, upper, fromUpper }: Pick<RoundingCut, 'lower' | 'upper' | 'fromUpper'>,
  path: string,
): DerivedRow {
  const fail = (message: string): never => {
    throw new ProofError(path, message);
  };
  const sum = new Map<number, Rational>();
  const add = (to: Map<number, Rational>, column: number, value: Rational) =>
    to.set(column, plus(to.get(column) ?? zero, value));
  let right = zero;
  /** Distances t >= 0 with their coefficients; t = constant + terms. */
  const distances: { a: Rational; isWhole: boolean; constant: Rational; terms: Entries }[] = [];
  for (const [entries, name] of [
    [lower, 'lower'],
    [upper, 'upper'],
  ] as const) {
    for (const [at, multiplier] of entries) {
      const row = rows[at] ?? fail('names a row that there is not');
      const side = row[name] ?? fail(`row ${at} has no ${name} side`);
      const sign = name === 'upper' ? one : minusOne;
      const terms = row.columns.map((column, t) => [column, row.values[t]] as const);
      for (const [column, value] of terms) add(sum, column, times(multiplier, value));
      right = plus(right, times(multiplier, side));
      const isWholeRow = isWhole(side) && terms.every(([column, value]) => columns[column].isInteger && isWhole(value));
      distances.push({
        a: times(sign, multiplier),
        isWhole: isWholeRow,
        constant: times(sign, side),
        terms: terms.map(([column, value]) => [column, times(minusOne, sign, value)]),
      });
    }
  }
  const complemented = new Set(fromUpper);
  for (const [column, a] of sum) {
    if (a.n === 0n) continue;
    const isUpper = complemented.has(column);
    const bound = (isUpper ? ranges[column].upper : ranges[column].lower) ?? fail(`column ${column} has no such bound`);
    const sign = isUpper ? minusOne : one;
    right = minus(right, times(a, bound));
    distances.push({
      a: times(sign, a),
      isWhole: columns[column].isInteger,
      constant: times(minusOne, sign, bound),
      terms: [[column, sign]],
    });
  }
  const base = whole(floorDivide(right.n, right.d));
  const part = minus(right, base);
  if (part.n === 0n) fail('has nothing to round');
  const rest = minus(one, part);
  const coefficients = new Map<number, Rational>();
  let most = base;
  for (const { a, isWhole, constant, terms } of distances) {
    const floor = whole(floorDivide(a.n, a.d));
    const above = minus(minus(a, floor), part);
    const rounded = isWhole ? plus(floor, above.n > 0n ? over(above, rest) : zero) : a.n < 0n ? over(a, rest) : zero;
    if (rounded.n === 0n) continue;
    most = minus(most, times(rounded, constant));
    for (const [column, value] of terms) add(coefficients, column, times(rounded, value));
  }
  return { coefficients, most };
}

/** Whether what is stated holds wherever the derived row and the bounds of the columns do. */
function follows({ coefficients, most }: RoundingCut, derived: DerivedRow, ranges: readonly Range[]): boolean {
  const needed = mostOf(new Map(coefficients), derived, ranges);
  return needed !== null && compare(most, needed) >= 0;
}

/** The least right-hand side with which the stated coefficients follow; null: with none. */
export function mostOf(stated: ReadonlyMap<number, Rational>, derived: DerivedRow, ranges: readonly Range[]) {
  let needed = derived.most;
  for (const column of new Set([...stated.keys(), ...derived.coefficients.keys()])) {
    const range = ranges[column];
    if (range === undefined) return null;
    const more = minus(stated.get(column) ?? zero, derived.coefficients.get(column) ?? zero);
    if (more.n === 0n) continue;
    const bound = more.n > 0n ? range.upper : range.lower;
    if (bound === null) return null;
    needed = plus(needed, times(more, bound));
  }
  return needed;
}

const minusOne: Rational = { n: -1n, d: 1n };
