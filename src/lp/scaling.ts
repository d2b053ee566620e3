/**
 * Scaling by powers of two, so that no bit of the data changes: a'_ij = r_i a_ij c_j, x_j = c_j x'_j. Alternates geometric
 * means of rows and columns (Curtis and Reid in spirit), then brings each column's largest entry to about one.
 */
import type { LinearProgram } from './linearProgram.ts';

export interface Scaling {
  readonly row: Float64Array<ArrayBuffer>;
  readonly column: Float64Array<ArrayBuffer>;
  /** Largest over smallest absolute entry, before and after. */
  readonly spreadBefore: number;
  readonly spreadAfter: number;
}

/** A matrix whose entries all lie within these needs no scaling. */
const WELL_SCALED_LOW = 0.2;
const WELL_SCALED_HIGH = 5;
const MAX_PASSES = 8;
/** A pass that shrinks the spread by less than this factor is the last one. */
const WORTHWHILE = 0.9;
/** Scale factors stay within 2^±20: beyond, bounds leave the range in which absolute tolerances mean anything. */
const MAX_EXPONENT = 20;

/** 2^k for the exponents allowed: a search among them is cheaper than logarithm and power. */
const POWERS = Float64Array.from({ length: 2 * MAX_EXPONENT + 1 }, (_, t) => 2 ** (t - MAX_EXPONENT));

/** Nearest in the logarithm, that is: the power that the value is within a factor of sqrt(2) of. */
function nearestPowerOfTwo(value: number): number {
  if (!(value > 0) || value === Infinity) return 1;
  const least = value * Math.SQRT1_2;
  let low = 0;
  let high = 2 * MAX_EXPONENT;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (POWERS[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return POWERS[low]!;
}

export function computeScaling(program: LinearProgram, enabled = true): Scaling {
  const { numRows, numColumns, columnStarts, rowIndices, values } = program;
  const row = new Float64Array(numRows).fill(1);
  const column = new Float64Array(numColumns).fill(1);
  const [low, high] = range(program, row, column);
  const spreadBefore = high > 0 ? high / low : 1;
  if (!enabled || high === 0 || (low >= WELL_SCALED_LOW && high <= WELL_SCALED_HIGH))
    return { row, column, spreadBefore, spreadAfter: spreadBefore };

  let spread = spreadBefore;
  // Smallest and largest entry of each row side by side, since the passes meet rows in no order; `collect` fills them for the pass to come.
  const extremes = new Float64Array(2 * numRows);
  const collect = (j: number, factor: number) => {
    for (let e = columnStarts[j]!, end = columnStarts[j + 1]!; e < end; e++) {
      const size = Math.abs(values[e]!) * factor;
      if (size === 0) continue;
      const at = 2 * rowIndices[e]!;
      if (size < extremes[at]!) extremes[at] = size;
      if (size > extremes[at + 1]!) extremes[at + 1] = size;
    }
  };
  const forget = () => {
    for (let i = 0; i < numRows; i++) {
      extremes[2 * i] = Infinity;
      extremes[2 * i + 1] = 0;
    }
  };
  forget();
  for (let j = 0; j < numColumns; j++) collect(j, 1);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    for (let i = 0; i < numRows; i++) {
      const most = extremes[2 * i + 1]!;
      if (most > 0) row[i] = 1 / Math.sqrt(extremes[2 * i]! * most);
    }
    forget();
    // The spread after the columns' turn comes along with it.
    let nowLow = Infinity;
    let nowHigh = 0;
    for (let j = 0; j < numColumns; j++) {
      let smallest = Infinity;
      let largest = 0;
      for (let e = columnStarts[j]!, end = columnStarts[j + 1]!; e < end; e++) {
        const size = Math.abs(values[e]!) * row[rowIndices[e]!]!;
        if (size === 0) continue;
        if (size < smallest) smallest = size;
        if (size > largest) largest = size;
      }
      if (largest === 0) continue;
      const factor = 1 / Math.sqrt(smallest * largest);
      column[j] = factor;
      collect(j, factor);
      if (smallest * factor < nowLow) nowLow = smallest * factor;
      if (largest * factor > nowHigh) nowHigh = largest * factor;
    }
    const nowSpread = nowHigh / nowLow;
    if (nowSpread > WORTHWHILE * spread) break;
    spread = nowSpread;
  }
  for (let i = 0; i < numRows; i++) row[i] = nearestPowerOfTwo(row[i]!);
  for (let j = 0; j < numColumns; j++) {
    let largest = 0;
    for (let e = columnStarts[j]!; e < columnStarts[j + 1]!; e++)
      largest = Math.max(largest, Math.abs(values[e]!) * row[rowIndices[e]!]!);
    column[j] = largest > 0 ? nearestPowerOfTwo(1 / largest) : 1;
  }
  const [finalLow, finalHigh] = range(program, row, column);
  return { row, column, spreadBefore, spreadAfter: finalHigh / finalLow };
}

/** Scale factor of a row or column added later, against the factors of the other side: its entries' geometric mean to one. */
export function scaleOfVector(
  indices: ArrayLike<number>,
  values: ArrayLike<number>,
  otherScale: ArrayLike<number>,
): number {
  let smallest = Infinity;
  let largest = 0;
  for (let t = 0; t < indices.length; t++) {
    const size = Math.abs(values[t]!) * otherScale[indices[t]!]!;
    if (size === 0) continue;
    if (size < smallest) smallest = size;
    if (size > largest) largest = size;
  }
  if (largest === 0 || (smallest >= WELL_SCALED_LOW && largest <= WELL_SCALED_HIGH)) return 1;
  return nearestPowerOfTwo(1 / Math.sqrt(smallest * largest));
}

function range(program: LinearProgram, row: Float64Array, column: Float64Array): [number, number] {
  const { numColumns, columnStarts, rowIndices, values } = program;
  let low = Infinity;
  let high = 0;
  for (let j = 0; j < numColumns; j++)
    for (let e = columnStarts[j]!; e < columnStarts[j + 1]!; e++) {
      const size = Math.abs(values[e]!) * row[rowIndices[e]!]! * column[j]!;
      if (size === 0) continue;
      if (size < low) low = size;
      if (size > high) high = size;
    }
  return [low, high];
}
