/**
 * Separators that know what the columns mean, and the prices that they may cut at. With the columns in blocks, the
 * price of a column is its cost less what the rows that join blocks pay for it, c - y A over those rows: at these
 * prices every block can be looked at alone.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { RowView } from './rowMatrix.ts';

/** What separators of the model see beside the point. */
export interface ModelSeparation {
  /** (column): its price at the LP's duals; 0 for columns that the program has lost. */
  readonly blockPrices: Float64Array;
  /** Global upper bounds of the columns. */
  readonly upper: Float64Array;
}

export interface ModelSeparator {
  readonly name: string;
  /** Whether it is worth asking below the root as well. Default false. */
  readonly belowRoot?: boolean;
  /** Rows that hold for every solution within the global bounds and that the point violates. */
  separate(point: Float64Array, context: ModelSeparation): Iterable<SparseRow>;
}

/**
 * The columns' prices: reduced costs with what the rows inside a block pay added back. Column c is in block
 * `blockOf[c]`, -1 for none.
 */
export function blockPricesOf(
  rows: RowView,
  duals: Float64Array,
  reducedCosts: Float64Array,
  blockOf: Int32Array,
): Float64Array {
  const prices = reducedCosts.slice(0, blockOf.length);
  for (let row = 0; row < rows.numRows; row++) {
    if (duals[row] === 0 || !isInsideBlock(rows, row, blockOf)) continue;
    for (let at = rows.starts[row]; at < rows.starts[row + 1]; at++) {
      prices[rows.indices[at]] += duals[row] * rows.values[at];
    }
  }
  return prices;
}

function isInsideBlock({ starts, indices }: RowView, row: number, blockOf: Int32Array): boolean {
  const start = starts[row];
  const end = starts[row + 1];
  if (start === end || blockOf[indices[start]] < 0) return false;
  for (let at = start + 1; at < end; at++) if (blockOf[indices[at]] !== blockOf[indices[start]]) return false;
  return true;
}
