/**
 * Rows in units of their own size: the simplex keeps a row to an absolute 1e-9, and a row whose side is far below 1 (a
 * budget that is small beside the penalties) would hold by less than its tolerance.
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { unitScale } from '../compiled/unitScale.ts';

/** The same program; rows whose sides (where these are 0: coefficients) are small are multiplied by powers of two. */
export function withUnitRows(program: MixedIntegerProgram): MixedIntegerProgram {
  const { numRows, rowIndices, values, rowLower, rowUpper } = program;
  const largest = new Float64Array(numRows);
  values.forEach((value, at) => {
    largest[rowIndices[at]] = Math.max(largest[rowIndices[at]], Math.abs(value));
  });
  const scale = largest.map((size, row) => {
    const sides = [rowLower[row], rowUpper[row]].filter(Number.isFinite).map(Math.abs);
    return unitScale(Math.max(0, ...sides) || size);
  });
  if (scale.every((factor) => factor === 1)) return program;
  return {
    ...program,
    values: values.map((value, at) => value * scale[rowIndices[at]]),
    rowLower: rowLower.map((side, row) => side * scale[row]),
    rowUpper: rowUpper.map((side, row) => side * scale[row]),
  };
}
