/**
 * Scaling by powers of two, so that no bit of the data changes: a'_ij = r_i a_ij c_j, x_j = c_j x'_j. Alternates geometric
 * means of rows and columns (Curtis and Reid in spirit), then brings each column's largest entry to about one.
 */
import type { LinearProgram } from '../linearProgram.ts';

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

/** Logarithms of sizes as integers, in units of 2^-LOG_BITS; coarser ones round a few factors to another power of two. */
const LOG_BITS = 20;
const LOG_UNIT = 2 ** LOG_BITS;
/** Sizes beyond 2^±FARTHEST count as these, so that sums of logarithms stay integers of 32 bits. */
const FARTHEST = 200;
/** Stands for the logarithm of zero; no other one is as far from 0. */
const NO_ENTRY = 2 ** 30;

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

  const rowLog = balancedRows(program, spreadBefore);
  for (let i = 0; i < numRows; i++) {
    const exponent = (rowLog[i]! + LOG_UNIT / 2 - 1) >> LOG_BITS;
    row[i] = POWERS[Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, exponent)) + MAX_EXPONENT]!;
  }
  let finalLow = Infinity;
  let finalHigh = 0;
  for (let j = 0; j < numColumns; j++) {
    let smallest = Infinity;
    let largest = 0;
    for (let e = columnStarts[j]!; e < columnStarts[j + 1]!; e++) {
      const size = Math.abs(values[e]!) * row[rowIndices[e]!]!;
      if (size === 0) continue;
      if (size < smallest) smallest = size;
      if (size > largest) largest = size;
    }
    if (largest === 0) continue;
    const factor = nearestPowerOfTwo(1 / largest);
    column[j] = factor;
    if (smallest * factor < finalLow) finalLow = smallest * factor;
    if (largest * factor > finalHigh) finalHigh = largest * factor;
  }
  return { row, column, spreadBefore, spreadAfter: finalHigh / finalLow };
}

/**
 * Alternates the geometric means of rows and columns; returns the logarithms of the row factors. Integers serve as logarithms, since only the
 * nearest power of two is wanted in the end: the passes, which meet rows in no order, touch half the memory and need no products or roots.
 */
function balancedRows(program: LinearProgram, spreadBefore: number): Int32Array {
  const { numRows, numColumns, columnStarts, rowIndices } = program;
  const logs = fixedLogarithms(program.values);
  const rowLog = new Int32Array(numRows);
  const columnLog = new Int32Array(numColumns);
  // Smallest and largest entry of each row side by side.
  const extremes = new Int32Array(2 * numRows);
  let spread = LOG_UNIT * Math.log2(spreadBefore);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    for (let i = 0; i < numRows; i++) {
      extremes[2 * i] = NO_ENTRY;
      extremes[2 * i + 1] = -NO_ENTRY;
    }
    for (let j = 0; j < numColumns; j++) {
      const own = columnLog[j]!;
      for (let e = columnStarts[j]!, end = columnStarts[j + 1]!; e < end; e++) {
        const log = logs[e]!;
        if (log === NO_ENTRY) continue;
        const size = log + own;
        const at = 2 * rowIndices[e]!;
        if (size < extremes[at]!) extremes[at] = size;
        if (size > extremes[at + 1]!) extremes[at + 1] = size;
      }
    }
    for (let i = 0; i < numRows; i++)
      if (extremes[2 * i]! !== NO_ENTRY) rowLog[i] = -((extremes[2 * i]! + extremes[2 * i + 1]!) >> 1);
    // A column's factor puts its entries around one: the spread after the columns' turn is that of the widest.
    let widest = 0;
    for (let j = 0; j < numColumns; j++) {
      let smallest = NO_ENTRY;
      let largest = -NO_ENTRY;
      for (let e = columnStarts[j]!, end = columnStarts[j + 1]!; e < end; e++) {
        const log = logs[e]!;
        if (log === NO_ENTRY) continue;
        const size = log + rowLog[rowIndices[e]!]!;
        if (size < smallest) smallest = size;
        if (size > largest) largest = size;
      }
      if (largest === -NO_ENTRY) continue;
      columnLog[j] = -((smallest + largest) >> 1);
      if (largest - smallest > widest) widest = largest - smallest;
    }
    if (widest > spread + LOG_UNIT * Math.log2(WORTHWHILE)) break;
    spread = widest;
  }
  return rowLog;
}

/** Logarithms to base 2 of the sizes, in units of 1 / LOG_UNIT. */
function fixedLogarithms(values: Float64Array): Int32Array {
  const logs = new Int32Array(values.length);
  for (let e = 0; e < logs.length; e++) {
    const size = Math.abs(values[e]!);
    if (size === 1) continue;
    const log = Math.max(-FARTHEST, Math.min(FARTHEST, Math.log2(size)));
    logs[e] = size === 0 ? NO_ENTRY : Math.round(LOG_UNIT * log);
  }
  return logs;
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
