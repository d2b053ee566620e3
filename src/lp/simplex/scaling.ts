/**
 * Scaling by powers of two, so that no bit of the data changes: a'_ij = r_i a_ij c_j, x_j = c_j x'_j. Alternates
 * geometric means of rows and columns (Curtis and Reid in spirit), then brings each column's largest entry to about
 * one.
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
const wellScaledLow = 0.2;
const wellScaledHigh = 5;
const maxPasses = 8;
/** A pass that shrinks the spread by less than this factor is the last one. */
const worthwhile = 0.9;
/** Scale factors stay within 2^±20: beyond, bounds leave the range in which absolute tolerances mean anything. */
const maxExponent = 20;

/** 2^k for the exponents allowed: a search among them is cheaper than logarithm and power. */
const powerTable = Float64Array.from({ length: 2 * maxExponent + 1 }, (_, t) => 2 ** (t - maxExponent));

/**
 * Logarithms of sizes as integers, in units of 2^-logBits; coarser ones round a few factors to another power of two.
 */
const logBits = 20;
const logUnit = 2 ** logBits;
/** Sizes beyond 2^±farthest count as these, so that sums of logarithms stay integers of 32 bits. */
const farthest = 200;
/** Stands for the logarithm of zero; no other one is as far from 0. */
const noEntry = 2 ** 30;

/** Nearest in the logarithm, that is: the power that the value is within a factor of sqrt(2) of. */
function nearestPowerOfTwo(value: number): number {
  if (!(value > 0) || value === Infinity) return 1;
  const least = value * Math.SQRT1_2;
  let low = 0;
  let high = 2 * maxExponent;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (powerTable[middle] < least) low = middle + 1;
    else high = middle;
  }
  return powerTable[low];
}

export function computeScaling(program: LinearProgram, enabled = true): Scaling {
  const { numRows, numColumns, columnStarts, rowIndices, values } = program;
  const row = new Float64Array(numRows).fill(1);
  const column = new Float64Array(numColumns).fill(1);
  const [low, high] = range(program, row, column);
  const spreadBefore = high > 0 ? high / low : 1;
  if (!enabled || high === 0 || (low >= wellScaledLow && high <= wellScaledHigh))
    return { row, column, spreadBefore, spreadAfter: spreadBefore };

  const rowLog = balancedRows(program, spreadBefore);
  for (let i = 0; i < numRows; i++) {
    const exponent = (rowLog[i] + logUnit / 2 - 1) >> logBits;
    row[i] = powerTable[Math.max(-maxExponent, Math.min(maxExponent, exponent)) + maxExponent];
  }
  let finalLow = Infinity;
  let finalHigh = 0;
  for (let j = 0; j < numColumns; j++) {
    let smallest = Infinity;
    let largest = 0;
    for (let e = columnStarts[j]; e < columnStarts[j + 1]; e++) {
      const size = Math.abs(values[e]) * row[rowIndices[e]];
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
 * Alternates the geometric means of rows and columns; returns the logarithms of the row factors. Integers serve as
 * logarithms, since only the nearest power of two is wanted in the end: the passes, which meet rows in no order, touch
 * half the memory and need no products or roots.
 */
function balancedRows(program: LinearProgram, spreadBefore: number): Int32Array {
  const { numRows, numColumns, columnStarts, rowIndices } = program;
  const logs = fixedLogarithms(program.values);
  const rowLog = new Int32Array(numRows);
  const columnLog = new Int32Array(numColumns);
  // Smallest and largest entry of each row side by side.
  const extremes = new Int32Array(2 * numRows);
  let spread = logUnit * Math.log2(spreadBefore);
  for (let pass = 0; pass < maxPasses; pass++) {
    for (let i = 0; i < numRows; i++) {
      extremes[2 * i] = noEntry;
      extremes[2 * i + 1] = -noEntry;
    }
    for (let j = 0; j < numColumns; j++) {
      const own = columnLog[j];
      for (let e = columnStarts[j], end = columnStarts[j + 1]; e < end; e++) {
        const log = logs[e];
        if (log === noEntry) continue;
        const size = log + own;
        const at = 2 * rowIndices[e];
        if (size < extremes[at]) extremes[at] = size;
        if (size > extremes[at + 1]) extremes[at + 1] = size;
      }
    }
    for (let i = 0; i < numRows; i++)
      if (extremes[2 * i] !== noEntry) rowLog[i] = -((extremes[2 * i] + extremes[2 * i + 1]) >> 1);
    // A column's factor puts its entries around one: the spread after the columns' turn is that of the widest.
    let widest = 0;
    for (let j = 0; j < numColumns; j++) {
      let smallest = noEntry;
      let largest = -noEntry;
      for (let e = columnStarts[j], end = columnStarts[j + 1]; e < end; e++) {
        const log = logs[e];
        if (log === noEntry) continue;
        const size = log + rowLog[rowIndices[e]];
        if (size < smallest) smallest = size;
        if (size > largest) largest = size;
      }
      if (largest === -noEntry) continue;
      columnLog[j] = -((smallest + largest) >> 1);
      if (largest - smallest > widest) widest = largest - smallest;
    }
    if (widest > spread + logUnit * Math.log2(worthwhile)) break;
    spread = widest;
  }
  return rowLog;
}

/** Logarithms to base 2 of the sizes, in units of 1 / logUnit. */
function fixedLogarithms(values: Float64Array): Int32Array {
  const logs = new Int32Array(values.length);
  for (let e = 0; e < logs.length; e++) {
    const size = Math.abs(values[e]);
    if (size === 1) continue;
    const log = Math.max(-farthest, Math.min(farthest, Math.log2(size)));
    logs[e] = size === 0 ? noEntry : Math.round(logUnit * log);
  }
  return logs;
}

/**
 * Scale factor of a row or column added later, against the factors of the other side: its entries' geometric mean to
 * one.
 */
export function scaleOfVector(
  indices: ArrayLike<number>,
  values: ArrayLike<number>,
  otherScale: ArrayLike<number>,
): number {
  let smallest = Infinity;
  let largest = 0;
  for (let t = 0; t < indices.length; t++) {
    const size = Math.abs(values[t]) * otherScale[indices[t]];
    if (size === 0) continue;
    if (size < smallest) smallest = size;
    if (size > largest) largest = size;
  }
  if (largest === 0 || (smallest >= wellScaledLow && largest <= wellScaledHigh)) return 1;
  return nearestPowerOfTwo(1 / Math.sqrt(smallest * largest));
}

function range(program: LinearProgram, row: Float64Array, column: Float64Array): [number, number] {
  const { numColumns, columnStarts, rowIndices, values } = program;
  let low = Infinity;
  let high = 0;
  for (let j = 0; j < numColumns; j++)
    for (let e = columnStarts[j]; e < columnStarts[j + 1]; e++) {
      const size = Math.abs(values[e]) * row[rowIndices[e]] * column[j];
      if (size === 0) continue;
      if (size < low) low = size;
      if (size > high) high = size;
    }
  return [low, high];
}
