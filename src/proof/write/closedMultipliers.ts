/**
 * A column without a bound on the side that its reduced cost asks for leaves a leaf without any bound, be the reduced
 * cost a rounding error. Here the multipliers are changed by as little, so that the reduced costs of such columns are
 * exactly 0: with F these columns and R as many rows, A[R, F]' delta = d_F is solved in rationals.
 */
import { type ExactProgram, lowest, type Range } from '../check/exactProgram.ts';
import { asNumber, minus, over, plus, type Rational, times, zero } from '../check/rational.ts';
import { type RowMultipliers, type RowsLeaf, reducedCosts } from '../check/rowsTree.ts';

/** Columns that are made exact at most: elimination in rationals grows with the cube. */
const mostColumns = 400;
/** Relative to the cost and the terms of a reduced cost: what may be rounding. */
const noise = 1e-6;

/** The leaf with multipliers that are exact where they have to be; null where that is not to be had. */
export function closedMultipliers(program: ExactProgram, ranges: readonly Range[], leaf: RowsLeaf): RowsLeaf | null {
  const reduced = reducedCosts(program, leaf);
  const sizes = termSizes(program, leaf);
  const open = ranges.flatMap(({ lower, upper }, column) => {
    if (lower !== null && upper !== null) return [];
    return Math.abs(asNumber(reduced[column])) <= noise * sizes[column] ? [column] : [];
  });
  if (open.length === 0 || open.length > mostColumns) return null;
  const change = solved(program, leaf.rows, open, reduced);
  if (change === null) return null;
  const rows = leaf.rows.flatMap(([row, multiplier]) => {
    const value = lowest(plus(multiplier, change.get(row) ?? zero));
    return value.n === 0n ? [] : [[row, value] as const];
  });
  return { ...leaf, rows };
}

function termSizes({ columns, rows }: ExactProgram, leaf: RowsLeaf): Float64Array {
  const sizes = Float64Array.from(columns, ({ cost }) => (leaf.cost === 0 ? 0 : Math.abs(asNumber(cost))));
  for (const [row, multiplier] of leaf.rows) {
    const size = Math.abs(asNumber(multiplier));
    const { columns: of, values } = rows[row];
    for (const [t, column] of of.entries())
      sizes[column] = Math.max(sizes[column], size * Math.abs(asNumber(values[t])));
  }
  return sizes;
}

/** delta by row with (delta A)_j = d_j on the columns; rows of large multipliers are changed first. */
function solved(
  { rows }: ExactProgram,
  multipliers: RowMultipliers,
  columns: readonly number[],
  reduced: readonly Rational[],
): ReadonlyMap<number, Rational> | null {
  const weight = new Map(multipliers.map(([row, y]) => [row, Math.abs(asNumber(y))]));
  /** An equation for each column: coefficients by row, and its right-hand side. */
  const equations = new Map(
    columns.map((column) => [column, { terms: new Map<number, Rational>(), right: reduced[column] }]),
  );
  for (const [row] of multipliers)
    for (const [t, column] of rows[row].columns.entries()) equations.get(column)?.terms.set(row, rows[row].values[t]);
  const order: { readonly row: number; readonly terms: Map<number, Rational>; readonly right: Rational }[] = [];
  // Short equations first: most are of one or two rows.
  const waiting = [...equations.values()];
  while (waiting.length > 0) {
    waiting.sort((a, b) => b.terms.size - a.terms.size);
    const { terms, right } = waiting.pop()!;
    if (terms.size === 0) {
      if (right.n !== 0n) return null;
      continue;
    }
    let pivot = -1;
    let largest = -1;
    for (const [row, value] of terms) {
      const size = Math.abs(asNumber(value)) * weight.get(row)!;
      if (size > largest) [pivot, largest] = [row, size];
    }
    const divisor = terms.get(pivot)!;
    order.push({ row: pivot, terms, right });
    for (const other of waiting) {
      const factor = other.terms.get(pivot);
      if (factor === undefined) continue;
      const share = over(factor, divisor);
      for (const [row, value] of terms) {
        const rest = lowest(minus(other.terms.get(row) ?? zero, times(share, value)));
        if (rest.n === 0n) other.terms.delete(row);
        else other.terms.set(row, rest);
      }
      other.right = lowest(minus(other.right, times(share, right)));
    }
  }
  const change = new Map<number, Rational>();
  for (const { row, terms, right } of order.reverse()) {
    let rest = right;
    for (const [other, value] of terms) {
      if (other !== row) rest = minus(rest, times(value, change.get(other) ?? zero));
    }
    change.set(row, lowest(over(rest, terms.get(row)!)));
  }
  return change;
}
