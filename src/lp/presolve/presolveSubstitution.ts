/**
 * Presolve rules that replace a column through an equation, in the other rows and in the objective: doubleton
 * equations, whose bounds move to the column that stays, and columns whose bounds their rows imply, so that only an
 * equation defines them.
 */
import type { SparseEntries } from './presolveMatrix.ts';
import { cancelled, type PresolveState, sameUpToRounding, substitutionPivot } from './presolveState.ts';

/**
 * Non-zeros by which one substitution may enlarge the program, estimated for the worst case: with 2 the files keep 4 %
 * more rows.
 */
const acceptedFill = 10;

/** Columns with more entries are not worth the search for an equation. */
const maximalEntries = 10;

/** a x_j + b x_k = rhs: x_j is replaced by (rhs - b x_k) / a everywhere, its bounds become bounds of x_k. */
export function removeDoubletonEquation(state: PresolveState, row: number): boolean {
  const { matrix } = state;
  const first = matrix.rowHead[row];
  const second = matrix.nextInRow[first];
  const ratio = Math.abs(matrix.value[first] / matrix.value[second]);
  if (ratio < substitutionPivot || ratio > 1 / substitutionPivot) return false;
  // The column with fewer entries goes, for less fill-in.
  const firstGoes = matrix.columnCount[matrix.columnOf[first]] <= matrix.columnCount[matrix.columnOf[second]];
  const [goes, stays] = firstGoes ? [first, second] : [second, first];
  const replaced = matrix.columnOf[goes];
  const kept = matrix.columnOf[stays];
  const replacedCoefficient = matrix.value[goes];
  const keptCoefficient = matrix.value[stays];
  const rightHandSide = state.rowLower[row];
  const replacedLower = state.columnLower[replaced];
  const replacedUpper = state.columnUpper[replaced];
  const atReplacedLower = (rightHandSide - replacedCoefficient * replacedLower) / keptCoefficient;
  const atReplacedUpper = (rightHandSide - replacedCoefficient * replacedUpper) / keptCoefficient;
  const entries = matrix.columnEntries(replaced, row);
  const tightened = state.narrowColumn(
    kept,
    Math.min(atReplacedLower, atReplacedUpper),
    Math.max(atReplacedLower, atReplacedUpper),
  );
  state.records.push({
    kind: 'doubleton-equation',
    row,
    rightHandSide,
    replaced,
    replacedCoefficient,
    replacedCost: state.cost[replaced],
    replacedLower,
    replacedUpper,
    entries,
    kept,
    keptCoefficient,
    tightenedLower: tightened.lower,
    tightenedUpper: tightened.upper,
  });
  const others = { indices: Int32Array.of(kept), values: Float64Array.of(keptCoefficient) };
  replaceColumn(state, { row, column: replaced, coefficient: replacedCoefficient, others, entries, rightHandSide });
  return true;
}

function addToEntry(state: PresolveState, row: number, column: number, amount: number): void {
  const { matrix } = state;
  const slot = matrix.find(row, column);
  if (slot < 0) {
    matrix.add(row, column, amount);
    return;
  }
  const sum = matrix.value[slot] + amount;
  if (Math.abs(sum) <= cancelled * Math.abs(amount)) matrix.remove(slot);
  else matrix.value[slot] = sum;
}

/**
 * A column that its rows keep within its bounds whatever the others do is free in effect: it is replaced through one of
 * its equations, which goes with it. Only where this does not fill the matrix.
 */
export function substituteImpliedFreeColumn(state: PresolveState, column: number): boolean {
  const { matrix } = state;
  const columnCount = matrix.columnCount[column];
  if (columnCount < 2 || columnCount > maximalEntries) return false;
  let impliedFree: boolean | undefined;
  let largest = 0;
  for (let slot = matrix.columnHead[column]; slot >= 0; slot = matrix.nextInColumn[slot])
    largest = Math.max(largest, Math.abs(matrix.value[slot]));
  for (let slot = matrix.columnHead[column]; slot >= 0; slot = matrix.nextInColumn[slot]) {
    const row = matrix.rowOf[slot];
    const coefficient = matrix.value[slot];
    const rowCount = matrix.rowCount[row];
    if (state.rowLower[row] !== state.rowUpper[row] || rowCount < 2) continue;
    if ((columnCount - 1) * (rowCount - 1) - (columnCount + rowCount - 1) > acceptedFill) continue;
    if (largest * substitutionPivot > Math.abs(coefficient) || !isGoodPivot(state, row, coefficient)) continue;
    // Which equation replaces it does not matter here: the rows that hold it within its bounds hold whatever stands in
    // its place.
    impliedFree ??= isImpliedFree(state, column);
    if (!impliedFree) return false;
    const rightHandSide = state.rowLower[row];
    const entries = matrix.columnEntries(column, row);
    matrix.remove(slot);
    const others = matrix.rowEntries(row);
    state.records.push({
      kind: 'substituted-column',
      row,
      column,
      coefficient,
      rightHandSide,
      cost: state.cost[column],
      lower: state.columnLower[column],
      upper: state.columnUpper[column],
      others,
      entries,
    });
    replaceColumn(state, { row, column, coefficient, others, entries, rightHandSide });
    return true;
  }
  return false;
}

/** Whether a x = side - (the rest of the row) stays within the bounds of x for all values of the rest within theirs. */
export function isKeptWithinBounds(
  state: PresolveState,
  row: number,
  column: number,
  coefficient: number,
  side: number,
): boolean {
  const kept = boundsKept(state, row, column, coefficient, side, side);
  return kept.lower && kept.upper;
}

/**
 * Whether the rows of a column keep it within its bounds, each bound by any one of them with the other columns at
 * theirs.
 */
function isImpliedFree(state: PresolveState, column: number): boolean {
  const { matrix, rowLower, rowUpper } = state;
  let lower = false;
  let upper = false;
  for (let slot = matrix.columnHead[column]; slot >= 0 && !(lower && upper); slot = matrix.nextInColumn[slot]) {
    const row = matrix.rowOf[slot];
    const kept = boundsKept(state, row, column, matrix.value[slot], rowLower[row], rowUpper[row]);
    lower ||= kept.lower;
    upper ||= kept.upper;
  }
  return lower && upper;
}

/**
 * Which bounds of the column follow from rowLower <= a x + (the rest of the row) <= rowUpper and the bounds of the
 * rest.
 */
function boundsKept(
  state: PresolveState,
  row: number,
  column: number,
  coefficient: number,
  rowLower: number,
  rowUpper: number,
): { readonly lower: boolean; readonly upper: boolean } {
  const { matrix, columnLower, columnUpper } = state;
  const lower = columnLower[column];
  const upper = columnUpper[column];
  if (lower === -Infinity && upper === Infinity) return { lower: true, upper: true };
  let least = 0;
  let most = 0;
  let scale = 0;
  for (const side of [rowLower, rowUpper]) if (Number.isFinite(side)) scale = Math.max(scale, Math.abs(side));
  for (let slot = matrix.rowHead[row]; slot >= 0; slot = matrix.nextInRow[slot]) {
    const other = matrix.columnOf[slot];
    if (other === column) continue;
    const a = matrix.value[slot];
    const low = a > 0 ? a * columnLower[other] : a * columnUpper[other];
    const high = a > 0 ? a * columnUpper[other] : a * columnLower[other];
    least += low;
    most += high;
    if (Number.isFinite(low)) scale = Math.max(scale, Math.abs(low));
    if (Number.isFinite(high)) scale = Math.max(scale, Math.abs(high));
  }
  const impliedLower = (coefficient > 0 ? rowLower - most : rowUpper - least) / coefficient;
  const impliedUpper = (coefficient > 0 ? rowUpper - least : rowLower - most) / coefficient;
  const size = scale / Math.abs(coefficient);
  return {
    lower: impliedLower >= lower || sameUpToRounding(impliedLower, lower, size),
    upper: impliedUpper <= upper || sameUpToRounding(impliedUpper, upper, size),
  };
}

/**
 * Whether the coefficient is not tiny among those of its row: the value of its column will be computed from the row.
 */
export function isGoodPivot(state: PresolveState, row: number, coefficient: number): boolean {
  const { matrix } = state;
  for (let slot = matrix.rowHead[row]; slot >= 0; slot = matrix.nextInRow[slot])
    if (Math.abs(matrix.value[slot]) * substitutionPivot > Math.abs(coefficient)) return false;
  return true;
}

/** Costs that cancel leave exactly 0, not rounding. */
export function addCost(cost: number, amount: number): number {
  return sameUpToRounding(cost, -amount, 0) ? 0 : cost + amount;
}

interface Replacement {
  readonly row: number;
  readonly column: number;
  readonly coefficient: number;
  readonly rightHandSide: number;
  /** The other entries of the row. */
  readonly others: SparseEntries;
  /** Entries of the column in other rows. */
  readonly entries: SparseEntries;
}

/** x = (rhs - others) / coefficient, in all rows of x and in the objective; the row and the column go. */
function replaceColumn(state: PresolveState, replacement: Replacement): void {
  const { row, column, coefficient, rightHandSide, others, entries } = replacement;
  state.removeRow(row);
  const cost = state.cost[column];
  state.removeColumnAt(column, rightHandSide / coefficient);
  for (let t = 0; t < others.indices.length; t++) {
    const other = others.indices[t];
    const factor = -others.values[t] / coefficient;
    if (cost !== 0) state.cost[other] = addCost(state.cost[other], factor * cost);
    for (let e = 0; e < entries.indices.length; e++)
      addToEntry(state, entries.indices[e], other, factor * entries.values[e]);
    state.touchColumnAndRows(other);
  }
}
