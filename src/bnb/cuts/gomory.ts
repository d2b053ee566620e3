/**
 * Gomory's mixed-integer cuts (1960): mixed-integer rounding of the tableau rows of fractional basic columns. The tableau row comes
 * from the kernel of the basis, its basic columns against its tight rows, factorised densely; so programs with large kernels are left alone.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import { BasisStatus } from '../../lp/simplexTypes.ts';
import { integralityTolerance } from '../tolerances.ts';
import { DenseLu } from './denseLu.ts';
import { MixedIntegerRounder } from './mixedIntegerRounding.ts';
import { RowAggregator } from './rowAggregation.ts';
import type { CutSeparator, SeparationContext } from './separator.ts';

/** Larger kernels take longer than their cuts save (the work is cubic). */
const largestKernel = 500;
/** Tableau rows tried in a round, the most fractional first. */
const mostRows = 100;

export const gomoryCuts: CutSeparator = {
  name: 'gomory',
  *separate(point, context) {
    const { basis, program } = context;
    if (basis === null) return;
    const columns: number[] = [];
    const rows: number[] = [];
    for (let column = 0; column < program.numColumns; column++)
      if (basis.columns[column] === BasisStatus.basic) columns.push(column);
    for (let row = 0; row < context.rows.numRows; row++) if (basis.rows[row] !== BasisStatus.basic) rows.push(row);
    if (columns.length !== rows.length || columns.length === 0 || columns.length > largestKernel) return;
    const fractional = columns
      .map((column, position) => ({ column, position, away: Math.abs(point[column] - Math.round(point[column])) }))
      .filter(({ column, away }) => program.integrality[column] === 1 && away > integralityTolerance)
      .sort((a, b) => b.away - a.away || a.column - b.column)
      .slice(0, mostRows);
    if (fractional.length === 0) return;
    const kernel = factorisedKernel(columns, rows, context);
    if (kernel === null) return;
    const rounder = new MixedIntegerRounder(point, context);
    const aggregator = new RowAggregator(context);
    for (const { position } of fractional) {
      const cut: SparseRow | null = rounder.derive(aggregator.aggregate(rows, kernel.solveUnit(position)));
      if (cut !== null) yield cut;
    }
  },
};

/**
 * Factors of the transposed kernel: its solution for a unit vector p holds the multipliers of the tight rows that make the p-th basic
 * column 1 and the other basic columns 0. Null if the kernel is singular.
 */
function factorisedKernel(
  columns: readonly number[],
  rows: readonly number[],
  context: SeparationContext,
): DenseLu | null {
  const size = columns.length;
  const positionOf = new Int32Array(context.program.numColumns).fill(-1);
  columns.forEach((column, position) => {
    positionOf[column] = position;
  });
  const kernel = new Float64Array(size * size);
  const { starts, indices, values } = context.rows;
  rows.forEach((row, at) => {
    for (let entry = starts[row]; entry < starts[row + 1]; entry++) {
      const position = positionOf[indices[entry]];
      if (position >= 0) kernel[position * size + at] = values[entry];
    }
  });
  return DenseLu.factor(size, kernel);
}
