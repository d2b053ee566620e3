/**
 * Presolve rules that look at one row: empty, free, singleton, infeasible, redundant, forcing rows and doubleton
 * equations. The activity of a row lies between its least and largest value over the bounds of its columns.
 */
import { exceeds, type PresolveState, PresolveVerdict, sameUpToRounding } from './presolveState.ts';
import { removeDoubletonEquation } from './presolveSubstitution.ts';

/** Least and largest activity of a row: finite parts, numbers of infinite terms, and the largest finite term's size. */
export interface ActivityRange {
  least: number;
  most: number;
  leastInfinite: number;
  mostInfinite: number;
  scale: number;
}

export function newActivityRange(): ActivityRange {
  return { least: 0, most: 0, leastInfinite: 0, mostInfinite: 0, scale: 0 };
}

export function computeActivity(state: PresolveState, row: number, range: ActivityRange): void {
  const { matrix, columnLower, columnUpper } = state;
  let least = 0;
  let most = 0;
  let leastInfinite = 0;
  let mostInfinite = 0;
  let scale = 0;
  for (let slot = matrix.rowHead[row]; slot >= 0; slot = matrix.nextInRow[slot]) {
    const coefficient = matrix.value[slot];
    const column = matrix.columnOf[slot];
    const low = coefficient > 0 ? coefficient * columnLower[column] : coefficient * columnUpper[column];
    const high = coefficient > 0 ? coefficient * columnUpper[column] : coefficient * columnLower[column];
    if (Number.isFinite(low)) {
      least += low;
      scale = Math.max(scale, Math.abs(low));
    } else leastInfinite++;
    if (Number.isFinite(high)) {
      most += high;
      scale = Math.max(scale, Math.abs(high));
    } else mostInfinite++;
  }
  range.least = least;
  range.most = most;
  range.leastInfinite = leastInfinite;
  range.mostInfinite = mostInfinite;
  range.scale = scale;
}

/** Applies the first rule that fits; true if the program changed. */
export function reduceRow(state: PresolveState, row: number, range: ActivityRange): boolean {
  const lower = state.rowLower[row];
  const upper = state.rowUpper[row];
  if (exceeds(lower, upper)) throw new PresolveVerdict('infeasible');
  const count = state.matrix.rowCount[row];
  if (count === 0) {
    if (exceeds(lower, 0) || exceeds(0, upper)) throw new PresolveVerdict('infeasible');
    state.removeRow(row);
    return true;
  }
  if (lower === -Infinity && upper === Infinity) {
    state.removeRow(row);
    return true;
  }
  if (count === 1) {
    removeSingletonRow(state, row);
    return true;
  }
  if (reduceByActivity(state, row, range)) return true;
  return count === 2 && lower === upper && removeDoubletonEquation(state, row);
}

/** L <= a x <= U becomes bounds of x. */
function removeSingletonRow(state: PresolveState, row: number): void {
  const { matrix } = state;
  const slot = matrix.rowHead[row];
  const column = matrix.columnOf[slot];
  const coefficient = matrix.value[slot];
  const fromLower = state.rowLower[row] / coefficient;
  const fromUpper = state.rowUpper[row] / coefficient;
  const tightened = state.narrowColumn(column, Math.min(fromLower, fromUpper), Math.max(fromLower, fromUpper));
  state.records.push({
    kind: 'singleton-row',
    row,
    column,
    coefficient,
    tightenedLower: tightened.lower,
    tightenedUpper: tightened.upper,
  });
  state.removeRow(row);
}

function reduceByActivity(state: PresolveState, row: number, range: ActivityRange): boolean {
  computeActivity(state, row, range);
  const lower = state.rowLower[row];
  const upper = state.rowUpper[row];
  const least = range.leastInfinite > 0 ? -Infinity : range.least;
  const most = range.mostInfinite > 0 ? Infinity : range.most;
  if (exceeds(least, upper, range.scale) || exceeds(lower, most, range.scale)) throw new PresolveVerdict('infeasible');
  if (least >= upper || sameUpToRounding(least, upper, range.scale)) {
    fixForcingRow(state, row, 'upper');
    return true;
  }
  if (most <= lower || sameUpToRounding(most, lower, range.scale)) {
    fixForcingRow(state, row, 'lower');
    return true;
  }
  // A side that no point within the bounds can pass is dropped; with both gone the row is redundant.
  const lowerRedundant = least >= lower;
  const upperRedundant = most <= upper;
  if (lowerRedundant && upperRedundant) {
    state.removeRow(row);
    return true;
  }
  if (lowerRedundant && lower !== -Infinity) {
    state.rowLower[row] = -Infinity;
    return true;
  }
  if (upperRedundant && upper !== Infinity) {
    state.rowUpper[row] = Infinity;
    return true;
  }
  return false;
}

/** The activity can only just reach the side: every column of the row is at the bound that gets it there. */
function fixForcingRow(state: PresolveState, row: number, side: 'lower' | 'upper'): void {
  const { matrix } = state;
  const { indices, values } = matrix.rowEntries(row);
  const columns = Array.from(indices, (column, t) => {
    const coefficient = values[t];
    // The least activity meets the upper side: positive coefficients at lower bounds.
    const atLower = side === 'upper' ? coefficient > 0 : coefficient < 0;
    return {
      column,
      coefficient,
      value: atLower ? state.columnLower[column] : state.columnUpper[column],
      fixed: state.columnLower[column] === state.columnUpper[column],
      cost: state.cost[column],
      entries: matrix.columnEntries(column, row),
    };
  });
  state.records.push({ kind: 'forcing-row', row, side, columns });
  state.removeRow(row);
  for (const { column, value } of columns) state.removeColumnAt(column, value);
}
