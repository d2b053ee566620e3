/**
 * Rows as 0/1 knapsacks: sum weights * literals <= capacity, where a literal is a binary column or its complement,
 * weights are positive, and all other columns have been taken at the bound that leaves the most room (so the knapsack
 * holds whatever they are).
 */
import type { SeparationContext } from './separator.ts';

export interface KnapsackRow {
  readonly columns: Int32Array;
  /** 1: the literal is 1 - x. */
  readonly isComplemented: Uint8Array;
  readonly weights: Float64Array;
  readonly capacity: number;
}

/** The knapsacks of a row: none, one or two (a row has two sides). Columns fixed by their bounds are taken out. */
export function knapsacksOfRow(row: number, context: SeparationContext): KnapsackRow[] {
  const found: KnapsackRow[] = [];
  for (const sign of [1, -1] as const) {
    const knapsack = oneSide(row, sign, context);
    if (knapsack !== null) found.push(knapsack);
  }
  return found;
}

function oneSide(row: number, sign: 1 | -1, { rows, program, lower, upper }: SeparationContext): KnapsackRow | null {
  let capacity = sign === 1 ? rows.upper[row] : -rows.lower[row];
  if (capacity === Infinity) return null;
  const columns: number[] = [];
  const complemented: number[] = [];
  const weights: number[] = [];
  for (let at = rows.starts[row]; at < rows.starts[row + 1]; at++) {
    const column = rows.indices[at];
    const value = sign * rows.values[at];
    if (program.integrality[column] === 1 && lower[column] === 0 && upper[column] === 1) {
      columns.push(column);
      complemented.push(value < 0 ? 1 : 0);
      weights.push(Math.abs(value));
      if (value < 0) capacity -= value;
    } else {
      const least = value > 0 ? value * lower[column] : value * upper[column];
      if (least === -Infinity) return null;
      capacity -= least;
    }
  }
  if (columns.length < 2) return null;
  return {
    columns: Int32Array.from(columns),
    isComplemented: Uint8Array.from(complemented),
    weights: Float64Array.from(weights),
    capacity,
  };
}
