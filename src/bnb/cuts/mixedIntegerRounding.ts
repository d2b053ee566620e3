/**
 * Complemented mixed-integer rounding (Marchand and Wolsey 2001). Of an aggregated row sum a_k v_k <= b, over columns
 * and row activities, continuous variables are moved to their nearest (variable) bound, integer ones to their nearest
 * bound, and for a divisor delta the rounded row
 *   sum (floor(a_k/delta) + max(0, f_k - f_0) / (1 - f_0)) x'_k + sum min(0, c_t/delta) / (1 - f_0) t <= floor(b/delta)
 * holds for all integer x' >= 0 and t >= 0, f being fractional parts, f_0 that of b/delta. On a row of the simplex
 * tableau this is Gomory's mixed-integer cut.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { SearchParameters } from '../parameters.ts';
import type { SeparationContext } from './separator.ts';
import { type BoundList, type VariableBounds, variableBoundsOf } from './variableBounds.ts';

/** An equation sum values[t] * v[indices[t]] = 0 over columns 0..n-1 and the activity n + r of each row r. */
export interface AggregatedRow {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

interface MovedBound {
  readonly constant: number;
  readonly slope: number;
  readonly column: number;
}

interface ContinuousTerm {
  readonly variable: number;
  /** Coefficient of the distance t >= 0 from the bound. */
  readonly coefficient: number;
  readonly isLower: boolean;
  /** The bound: constant + slope * column. */
  readonly bound: MovedBound;
  /** t at the point. */
  readonly distance: number;
}

interface IntegerTerm {
  readonly variable: number;
  readonly lower: number;
  readonly upper: number;
  readonly value: number;
  /** Coefficient of v itself. */
  readonly coefficient: number;
  isComplemented: boolean;
}

interface Rounding {
  readonly divisor: number;
  readonly efficacy: number;
}

export class MixedIntegerRounder {
  readonly #context: SeparationContext;
  readonly #numColumns: number;
  readonly #tolerances: SearchParameters['tolerances'];
  readonly #parameters: SearchParameters['mixedIntegerRounding'];
  readonly #variableBounds: VariableBounds;
  /** Over columns, then activities. */
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #value: Float64Array;
  readonly #isInteger: Uint8Array;
  readonly #work: Float64Array;

  constructor(point: Float64Array, context: SeparationContext) {
    const { program, rows, parameters } = context;
    const integralityTolerance = parameters.tolerances.integrality;
    const { numColumns } = program;
    const size = numColumns + rows.numRows;
    this.#context = context;
    this.#tolerances = parameters.tolerances;
    this.#parameters = parameters.mixedIntegerRounding;
    this.#numColumns = numColumns;
    this.#variableBounds = variableBoundsOf(context);
    this.#lower = new Float64Array(size);
    this.#upper = new Float64Array(size);
    this.#value = new Float64Array(size);
    this.#isInteger = new Uint8Array(size);
    this.#work = new Float64Array(size);
    this.#lower.set(context.lower);
    this.#upper.set(context.upper);
    this.#value.set(point.subarray(0, numColumns));
    this.#isInteger.set(program.integrality);
    for (let row = 0; row < rows.numRows; row++) {
      let activity = 0;
      let isWhole = 1;
      for (let at = rows.starts[row]; at < rows.starts[row + 1]; at++) {
        const column = rows.indices[at];
        activity += rows.values[at] * point[column];
        if (program.integrality[column] === 0 || !Number.isInteger(rows.values[at])) isWhole = 0;
      }
      this.#value[numColumns + row] = activity;
      this.#isInteger[numColumns + row] = isWhole;
      this.#lower[numColumns + row] = isWhole ? Math.ceil(rows.lower[row] - integralityTolerance) : rows.lower[row];
      this.#upper[numColumns + row] = isWhole ? Math.floor(rows.upper[row] + integralityTolerance) : rows.upper[row];
    }
  }

  /** How far a variable (column or activity) is from its nearest bound at the point. */
  distanceFromBounds(variable: number): number {
    return Math.min(this.#value[variable] - this.#lower[variable], this.#upper[variable] - this.#value[variable]);
  }

  isContinuous(variable: number): boolean {
    return this.#isInteger[variable] === 0;
  }

  /**
   * The more effective of the two cuts that the equation gives (it is two inequalities), or null if neither is
   * violated.
   */
  derive(row: AggregatedRow): SparseRow | null {
    const fromUpper = this.#deriveFrom(row, 1);
    const fromLower = this.#deriveFrom(row, -1);
    if (fromUpper === null || fromLower === null) return (fromUpper ?? fromLower)?.cut ?? null;
    return (fromUpper.efficacy >= fromLower.efficacy ? fromUpper : fromLower).cut;
  }

  #deriveFrom(row: AggregatedRow, sign: 1 | -1): { readonly cut: SparseRow; readonly efficacy: number } | null {
    const work = this.#work;
    const { zero } = this.#parameters;
    const touched: number[] = [];
    const continuous: ContinuousTerm[] = [];
    let rightHandSide = 0;
    let isBounded = true;
    for (let t = 0; t < row.indices.length && isBounded; t++) {
      const variable = row.indices[t];
      const value = sign * row.values[t];
      if (this.#isInteger[variable] === 1) addTo(work, touched, variable, value);
      else if (Math.abs(value) > zero) {
        const term = this.#moveToBound(variable, value);
        if (term === null) isBounded = false;
        else {
          continuous.push(term);
          rightHandSide -= value * term.bound.constant;
          if (term.bound.slope !== 0) addTo(work, touched, term.bound.column, value * term.bound.slope);
        }
      }
    }
    const integers: IntegerTerm[] = [];
    for (const variable of touched) {
      const coefficient = work[variable];
      work[variable] = 0;
      if (Math.abs(coefficient) <= zero) continue;
      const lower = this.#lower[variable];
      const upper = this.#upper[variable];
      const value = this.#value[variable];
      if (lower === -Infinity && upper === Infinity) isBounded = false;
      integers.push({ variable, lower, upper, value, coefficient, isComplemented: upper - value < value - lower });
    }
    if (!isBounded || integers.length === 0) return null;
    const best = this.#bestRounding(integers, continuous, rightHandSide);
    if (best === null) return null;
    const cut = this.#build(integers, continuous, rightHandSide, best.divisor);
    return cut === null ? null : { cut, efficacy: best.efficacy };
  }

  /** Writes a continuous variable as its nearest bound plus or minus t; null if it is free. */
  #moveToBound(variable: number, value: number): ContinuousTerm | null {
    const integralityTolerance = this.#tolerances.integrality;
    const at = this.#value[variable];
    const { lower: lowers, upper: uppers } = this.#variableBounds;
    // Variable bounds that are as tight win: they bring the integer column into the row.
    const isColumn = variable < this.#numColumns;
    let lowerEntry = -1;
    let lowerValue = this.#lower[variable];
    for (let t = isColumn ? lowers.starts[variable] : 0; isColumn && t < lowers.starts[variable + 1]; t++) {
      const bound = lowers.constant[t] + lowers.slope[t] * this.#value[lowers.column[t]];
      if (bound < lowerValue - integralityTolerance) continue;
      lowerEntry = t;
      lowerValue = bound;
    }
    let upperEntry = -1;
    let upperValue = this.#upper[variable];
    for (let t = isColumn ? uppers.starts[variable] : 0; isColumn && t < uppers.starts[variable + 1]; t++) {
      const bound = uppers.constant[t] + uppers.slope[t] * this.#value[uppers.column[t]];
      if (bound > upperValue + integralityTolerance) continue;
      upperEntry = t;
      upperValue = bound;
    }
    const above = at - lowerValue;
    const below = upperValue - at;
    if (above === Infinity && below === Infinity) return null;
    const isLower = above <= below;
    const bound = isLower
      ? movedBound(lowers, lowerEntry, this.#lower[variable])
      : movedBound(uppers, upperEntry, this.#upper[variable]);
    return {
      variable,
      coefficient: isLower ? value : -value,
      isLower,
      bound,
      distance: Math.max(0, isLower ? above : below),
    };
  }

  #bestRounding(
    integers: readonly IntegerTerm[],
    continuous: readonly ContinuousTerm[],
    rightHandSide: number,
  ): Rounding | null {
    const { integrality: integralityTolerance, efficacy: leastEfficacy } = this.#tolerances;
    const { mostDivisors, sameDivisorTolerance, leastDivisorPart, divisorParts, mostToggles } = this.#parameters;
    let largest = 0;
    const divisors: number[] = [];
    for (const { coefficient, value, lower, upper } of integers) {
      const size = Math.abs(coefficient);
      largest = Math.max(largest, size);
      if (value - lower <= integralityTolerance || upper - value <= integralityTolerance) continue;
      if (
        divisors.length < mostDivisors &&
        !divisors.some((known) => Math.abs(known - size) <= sameDivisorTolerance * size)
      )
        divisors.push(size);
    }
    let best: Rounding | null = null;
    const consider = (divisor: number): boolean => {
      if (divisor < leastDivisorPart * largest) return false;
      const efficacy = efficacyOf(integers, continuous, rightHandSide, divisor, this.#parameters);
      if (efficacy <= leastEfficacy || efficacy <= (best?.efficacy ?? 0)) return false;
      best = { divisor, efficacy };
      return true;
    };
    for (const divisor of divisors) consider(divisor);
    const found = best as Rounding | null;
    if (found === null) return null;
    for (const part of divisorParts) consider(found.divisor / part);
    const toggles = integers
      .filter(({ lower, upper, value }) => lower > -Infinity && upper < Infinity && value > lower && value < upper)
      .sort((a, b) => Math.abs(a.value - (a.lower + a.upper) / 2) - Math.abs(b.value - (b.lower + b.upper) / 2));
    for (const term of toggles.slice(0, mostToggles)) {
      term.isComplemented = !term.isComplemented;
      if (!consider((best as unknown as Rounding).divisor)) term.isComplemented = !term.isComplemented;
    }
    return best;
  }

  /** The cut over columns only: distances and activities are written out again. */
  #build(
    integers: readonly IntegerTerm[],
    continuous: readonly ContinuousTerm[],
    rightHandSide: number,
    divisor: number,
  ): SparseRow | null {
    const { rows } = this.#context;
    const work = this.#work;
    const touched: number[] = [];
    let largest = 0;
    const add = (variable: number, amount: number) => {
      if (work[variable] === 0) touched.push(variable);
      work[variable] += amount;
      largest = Math.max(largest, Math.abs(amount));
    };
    const scaled = shiftedRightHandSide(integers, rightHandSide) / divisor;
    let bound = Math.floor(scaled);
    const fraction = scaled - bound;
    for (const term of integers) {
      const factor = roundedCoefficient(signedCoefficient(term) / divisor, fraction);
      if (factor === 0) continue;
      if (term.isComplemented) {
        add(term.variable, -factor);
        bound -= factor * term.upper;
      } else {
        add(term.variable, factor);
        bound += factor * term.lower;
      }
    }
    for (const { variable, coefficient, isLower, bound: moved } of continuous) {
      const factor = Math.min(0, coefficient / divisor) / (1 - fraction);
      if (factor === 0) continue;
      const signed = isLower ? factor : -factor;
      add(variable, signed);
      if (moved.slope !== 0) add(moved.column, -signed * moved.slope);
      bound += signed * moved.constant;
    }
    for (const variable of touched) {
      if (variable < this.#numColumns) continue;
      const factor = work[variable];
      work[variable] = 0;
      const row = variable - this.#numColumns;
      for (let at = rows.starts[row]; at < rows.starts[row + 1]; at++) add(rows.indices[at], factor * rows.values[at]);
    }
    return this.#tidy(touched, bound, largest * this.#parameters.cancellationNoise);
  }

  /** Removes what is noise, and what is small at the variable's bound if it has one. */
  #tidy(touched: readonly number[], rightHandSide: number, noise: number): SparseRow | null {
    const work = this.#work;
    const { negligiblePart, safetySlack } = this.#parameters;
    let largest = 0;
    for (const column of touched) largest = Math.max(largest, Math.abs(work[column]));
    const indices: number[] = [];
    const values: number[] = [];
    let upper = rightHandSide;
    for (const column of touched) {
      const value = work[column];
      work[column] = 0;
      if (Math.abs(value) <= noise) continue;
      const least = value > 0 ? value * this.#lower[column] : value * this.#upper[column];
      if (Math.abs(value) > negligiblePart * largest || !Number.isFinite(least)) {
        indices.push(column);
        values.push(value);
      } else upper -= least;
    }
    if (!Number.isFinite(upper) || indices.length === 0) return null;
    return { lower: -Infinity, upper: upper + safetySlack * Math.max(1, Math.abs(upper)), indices, values };
  }
}

/** The variable bound at `entry`, or the simple one where that is -1. */
function movedBound({ constant, slope, column }: BoundList, entry: number, simple: number): MovedBound {
  if (entry < 0) return { constant: simple, slope: 0, column: -1 };
  return { constant: constant[entry], slope: slope[entry], column: column[entry] };
}

/** Adds to an entry of the work vector and lists it if it was 0. */
function addTo(work: Float64Array, touched: number[], variable: number, amount: number): void {
  if (work[variable] === 0) touched.push(variable);
  work[variable] += amount;
}

function signedCoefficient({ coefficient, isComplemented }: IntegerTerm): number {
  return isComplemented ? -coefficient : coefficient;
}

/** b after v = lower + x' or v = upper - x'. */
function shiftedRightHandSide(integers: readonly IntegerTerm[], rightHandSide: number): number {
  let shifted = rightHandSide;
  for (const { coefficient, lower, upper, isComplemented } of integers)
    shifted -= coefficient * (isComplemented ? upper : lower);
  return shifted;
}

function roundedCoefficient(scaled: number, fraction: number): number {
  const floor = Math.floor(scaled);
  return floor + Math.max(0, scaled - floor - fraction) / (1 - fraction);
}

/** Violation of the rounded row over the norm of its coefficients; 0 where the divisor is no use. */
function efficacyOf(
  integers: readonly IntegerTerm[],
  continuous: readonly ContinuousTerm[],
  rightHandSide: number,
  divisor: number,
  { leastFraction, largestFraction }: SearchParameters['mixedIntegerRounding'],
): number {
  const scaled = shiftedRightHandSide(integers, rightHandSide) / divisor;
  const floor = Math.floor(scaled);
  const fraction = scaled - floor;
  if (!(fraction >= leastFraction && fraction <= largestFraction)) return 0;
  let violation = -floor;
  let square = 0;
  for (const term of integers) {
    const factor = roundedCoefficient(signedCoefficient(term) / divisor, fraction);
    violation += factor * (term.isComplemented ? term.upper - term.value : term.value - term.lower);
    square += factor * factor;
  }
  for (const { coefficient, distance } of continuous) {
    const factor = Math.min(0, coefficient / divisor) / (1 - fraction);
    violation += factor * distance;
    square += factor * factor;
  }
  return square === 0 ? 0 : violation / Math.sqrt(square);
}
