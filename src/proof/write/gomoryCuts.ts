/**
 * Gomory's mixed-integer cuts for a proof by rows: rounds at a node on the program in doubles, each cut made by the
 * checker's own rule from multipliers in few digits and then stated in short numbers. Kept are those that bind at the
 * end, and those that they are made of.
 */

import type { LinearSolver } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { ExactProgram, Range } from '../check/exactProgram.ts';
import { ProofError } from '../check/proofFormat.ts';
import { asNumber, decimalOf, decimalText, type Rational, readRational } from '../check/rational.ts';
import { type DerivedRow, mostOf, type RoundingCut, roundedRow, withCuts } from '../check/roundingCut.ts';

const cutsPerRound = 25;
/** A round that moves the objective by less, relatively, is the last one. */
const leastGain = 1e-4;
/** Fractions nearer to whole numbers make weak cuts. */
const leastFraction = 0.02;
/** Violation, relative to the cut's length, that is worth a row. */
const leastViolation = 1e-3;
/** Largest coefficient over the smallest, and share of the columns that a cut may have. */
const mostRange = 1e6;
const mostShare = 0.7;
/** Columns up to which any cut is short. */
const shortRow = 60;
/** Significant digits of multipliers, digits of coefficients below the largest one, of right-hand sides. */
const multiplierDigits = 7;
const coefficientDigits = 8;
const sideDigits = 9;
/** A multiplier below this, relative to the largest, is rounding. */
const noise = 1e-9;

/** Adds rows to the solver, which holds the program's relaxation, and leaves those of the cuts that it returns. */
export function* gomoryCuts(
  program: ExactProgram,
  ranges: readonly Range[],
  solver: LinearSolver,
  { rounds, shouldStop }: { readonly rounds: number; readonly shouldStop: () => boolean },
): Steps<RoundingCut[]> {
  const cuts: RoundingCut[] = [];
  let extended = program;
  if ((yield* solver.solveInSteps({ shouldStop })) !== 'optimal') return [];
  for (let round = 0; round < rounds && !shouldStop(); round++) {
    const before = solver.objective;
    const found = separated(extended, ranges, solver);
    if (found.length === 0) break;
    cuts.push(...found);
    extended = withCuts(extended, ranges, found, 'node');
    solver.addRows(found.map(sparseRow));
    if ((yield* solver.solveInSteps({ shouldStop })) !== 'optimal') return withoutRows(program, solver);
    if (solver.objective - before <= leastGain * Math.max(1, Math.abs(before))) break;
  }
  return keptCuts(program, solver, cuts);
}

function sparseRow({ coefficients, most }: RoundingCut) {
  return {
    lower: -Infinity,
    upper: asNumber(most),
    indices: coefficients.map(([column]) => column),
    values: coefficients.map(([, value]) => asNumber(value)),
  };
}

function separated(program: ExactProgram, ranges: readonly Range[], solver: LinearSolver): RoundingCut[] {
  const point = solver.primal.slice();
  const activity = solver.rowActivity.slice();
  return program.columns
    .flatMap(({ isInteger }, column) => {
      const distance = Math.abs(point[column] - Math.round(point[column]));
      return isInteger && distance > leastFraction ? [{ column, distance }] : [];
    })
    .sort((a, b) => b.distance - a.distance)
    .slice(0, cutsPerRound)
    .flatMap(({ column }) => {
      const cut = cutOf(program, ranges, solver.multipliersOf([column], [1]), point, activity);
      return cut === null ? [] : [cut];
    });
}

/** The cut of one row of the tableau, or null where it is of no use. */
function cutOf(
  program: ExactProgram,
  ranges: readonly Range[],
  multipliers: Float64Array,
  point: Float64Array,
  activity: Float64Array,
): RoundingCut | null {
  const largest = multipliers.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  const lower: [number, Rational][] = [];
  const upper: [number, Rational][] = [];
  const used = new Set<number>();
  program.rows.forEach((row, at) => {
    if (Math.abs(multipliers[at]) <= noise * largest) return;
    (isNearUpper(row, activity[at]) ? upper : lower).push([
      at,
      decimalOf(Number(multipliers[at].toPrecision(multiplierDigits))),
    ]);
    for (const column of row.columns) used.add(column);
  });
  const fromUpper = [...used].filter((column) => isNearUpper(ranges[column], point[column]));
  const base = { lower, upper, fromUpper };
  try {
    return stated(base, roundedRow(program, ranges, base, 'cut'), ranges, point);
  } catch (error) {
    // A side or a bound that there is not.
    if (error instanceof ProofError) return null;
    throw error;
  }
}

function isNearUpper({ lower, upper }: Range, value: number): boolean {
  if (upper === null || lower === null) return lower === null;
  return asNumber(upper) - value < value - asNumber(lower);
}

/** In short numbers. */
function stated(
  base: Pick<RoundingCut, 'lower' | 'upper' | 'fromUpper'>,
  derived: DerivedRow,
  ranges: readonly Range[],
  point: Float64Array,
): RoundingCut | null {
  const sizes = [...derived.coefficients].map(([column, value]) => [column, asNumber(value)] as const);
  const largest = sizes.reduce((most, [, value]) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return null;
  const step = 10 ** (Math.floor(Math.log10(largest)) - coefficientDigits);
  const short = sizes.flatMap(([column, value]) => {
    const { lower, upper } = ranges[column];
    // Less needs the lower bound to pay for it, more the upper one; without either a coefficient has to be exact.
    if (lower === null && upper === null) return [[column, derived.coefficients.get(column)!] as const];
    const round = upper === null ? Math.floor : lower === null ? Math.ceil : Math.round;
    const isTiny = Math.abs(value) * mostRange < largest && (value > 0 ? lower !== null : upper !== null);
    const rounded = isTiny ? 0 : round(value / step) * step;
    return rounded === 0 ? [] : [[column, decimalOf(Number(rounded.toPrecision(coefficientDigits + 2)))] as const];
  });
  if (short.length > Math.max(shortRow, mostShare * ranges.length)) return null;
  const needed = mostOf(new Map(short), derived, ranges);
  if (needed === null) return null;
  const digits = sideDigits - Math.floor(Math.log10(Math.max(largest, Math.abs(asNumber(needed)))));
  const most = upwards(needed, Math.max(0, Math.min(60, digits)));
  let left = 0;
  let length = 0;
  for (const [column, value] of short) {
    left += asNumber(value) * point[column];
    length += asNumber(value) ** 2;
  }
  if (left - asNumber(most) <= leastViolation * Math.sqrt(length)) return null;
  return { ...base, coefficients: short, most };
}

function upwards({ n, d }: Rational, digits: number): Rational {
  const { n: negative, d: below } = readRational(decimalText({ n: -n, d }, digits))!;
  return { n: -negative, d: below };
}

/** Those that bind, and those that these are made of; the solver's rows and positions follow. */
function keptCuts({ rows }: ExactProgram, solver: LinearSolver, cuts: readonly RoundingCut[]): RoundingCut[] {
  const first = rows.length;
  const isKept = cuts.map((_, at) => Math.abs(solver.duals[first + at]) > 0);
  const madeOf = ({ lower, upper }: RoundingCut) => [...lower, ...upper].map(([row]) => row - first);
  for (let at = cuts.length - 1; at >= 0; at--) {
    if (!isKept[at]) continue;
    for (const earlier of madeOf(cuts[at])) if (earlier >= 0) isKept[earlier] = true;
  }
  solver.removeRows(isKept.flatMap((kept, at) => (kept ? [] : [first + at])));
  let count = first;
  const positions = isKept.map((kept) => (kept ? count++ : -1));
  const moved = (entries: RoundingCut['lower']) =>
    entries.map(([row, value]) => [row < first ? row : positions[row - first], value] as const);
  return cuts.flatMap((cut, at) => (isKept[at] ? [{ ...cut, lower: moved(cut.lower), upper: moved(cut.upper) }] : []));
}

function withoutRows({ rows }: ExactProgram, solver: LinearSolver): RoundingCut[] {
  solver.removeRows(Array.from({ length: solver.numRows - rows.length }, (_, at) => rows.length + at));
  return [];
}
