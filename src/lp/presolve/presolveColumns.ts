/**
 * Presolve rules that look at columns: fixed, empty and singleton columns one by one; dominated columns and rows forced
 * to a side through bounds on the duals; bounds implied by rows.
 */
import { type ActivityRange, computeActivity } from './presolveRows.ts';
import { exceeds, type PresolveState, PresolveVerdict, presolveInfeasible, sameUpToRounding } from './presolveState.ts';
import { addCost, isGoodPivot, isKeptWithinBounds, substituteImpliedFreeColumn } from './presolveSubstitution.ts';

/** Applies the first rule that fits; true if the program changed. */
export function reduceColumn(state: PresolveState, column: number): boolean {
  const lower = state.columnLower[column];
  const upper = state.columnUpper[column];
  if (lower >= upper) {
    if (exceeds(lower, upper)) throw new PresolveVerdict('infeasible');
    state.fixColumn(column, lower);
    return true;
  }
  switch (state.matrix.columnCount[column]) {
    case 0:
      fixEmptyColumn(state, column);
      return true;
    case 1:
      return absorbSlackColumn(state, column);
    default:
      return substituteImpliedFreeColumn(state, column);
  }
}

/** A column in no row goes to the bound that its cost asks for; without cost to its value nearest zero. */
function fixEmptyColumn(state: PresolveState, column: number): void {
  const lower = state.columnLower[column];
  const upper = state.columnUpper[column];
  const cost = state.cost[column];
  const value = cost > 0 ? lower : cost < 0 ? upper : Math.min(Math.max(0, lower), upper);
  // A cost that substitutions have left as rounding would claim unboundedness; the simplex decides on the original.
  if (!Number.isFinite(value)) throw new PresolveVerdict('infeasible-or-unbounded');
  state.fixColumn(column, value);
}

/**
 * A column with its only entry a in a row is the row's slack, and goes: the row without it ranges over [L - max a x,
 * U - min a x]. A cost is spread over the other columns through the row, which then must hold the column within its
 * bounds and so disappear: spread while the row stays, costs lose their signs, and the slack basis is no longer dual
 * feasible at hand.
 */
function absorbSlackColumn(state: PresolveState, column: number): boolean {
  const { matrix } = state;
  const slot = matrix.columnHead[column];
  const row = matrix.rowOf[slot];
  const coefficient = matrix.value[slot];
  const cost = state.cost[column];
  const heldAt = cost === 0 ? null : sideThatHolds(state, row, column, coefficient);
  if (cost !== 0 && heldAt === null) return false;
  const rowLower = heldAt ?? state.rowLower[row];
  const rowUpper = heldAt ?? state.rowUpper[row];
  if (matrix.rowCount[row] < 2 || !isGoodPivot(state, row, coefficient)) return false;
  matrix.remove(slot);
  const others = matrix.rowEntries(row);
  const lower = state.columnLower[column];
  const upper = state.columnUpper[column];
  state.records.push({
    kind: 'slack-column',
    row,
    column,
    coefficient,
    cost,
    lower,
    upper,
    rowLower,
    rowUpper,
    others,
  });
  const price = cost / coefficient;
  if (cost !== 0) {
    for (let t = 0; t < others.indices.length; t++) {
      const other = others.indices[t];
      state.cost[other] = addCost(state.cost[other], -price * others.values[t]);
      state.columnTouched[other] = 1;
    }
    state.offset += price * rowLower;
  }
  const least = coefficient > 0 ? coefficient * lower : coefficient * upper;
  const most = coefficient > 0 ? coefficient * upper : coefficient * lower;
  state.rowLower[row] = rowLower - most;
  state.rowUpper[row] = rowUpper - least;
  state.rowTouched[row] = 1;
  state.columnAlive[column] = 0;
  // Its sides now follow from the bounds of the others. It must not act on: only a dual of 0 here keeps the right sign
  // there.
  if (heldAt !== null) state.removeRow(row);
  return true;
}

/**
 * The side at which the row is met in any optimum, if the column alone settles that: its reduced cost is 0 only for the
 * dual cost / a, whose sign tells the side, and at that side the column stays within its bounds whatever the others do.
 */
function sideThatHolds(state: PresolveState, row: number, column: number, coefficient: number): number | null {
  const side = state.cost[column] / coefficient > 0 ? state.rowLower[row] : state.rowUpper[row];
  if (!Number.isFinite(side) || !isGoodPivot(state, row, coefficient)) return null;
  return isKeptWithinBounds(state, row, column, coefficient, side) ? side : null;
}

/**
 * Bounds on the duals (from the sides of rows and from singleton columns without an opposite bound) bound every reduced
 * cost: of one sign for certain, it fixes its column; a dual of one sign for certain makes its row an equation.
 */
export function reduceByDualBounds(state: PresolveState): boolean {
  const { matrix, rowLower, rowUpper } = state;
  const numRows = rowLower.length;
  const dualLower = new Float64Array(numRows);
  const dualUpper = new Float64Array(numRows);
  for (let row = 0; row < numRows; row++) {
    dualLower[row] = rowUpper[row] === Infinity ? 0 : -Infinity;
    dualUpper[row] = rowLower[row] === -Infinity ? 0 : Infinity;
  }
  for (let column = 0; column < state.cost.length; column++)
    if (state.columnAlive[column] === 1 && matrix.columnCount[column] === 1)
      boundDualBySingleton(state, column, dualLower, dualUpper);

  let changed = false;
  for (let row = 0; row < numRows; row++) {
    if (state.rowAlive[row] === 0) continue;
    if (exceeds(dualLower[row], dualUpper[row])) throw new PresolveVerdict('infeasible-or-unbounded');
    if (rowLower[row] === rowUpper[row]) continue;
    // Complementary slackness: a dual that is not 0 for certain holds its row at a side.
    if (dualLower[row] > presolveInfeasible && rowLower[row] !== -Infinity) rowUpper[row] = rowLower[row];
    else if (dualUpper[row] < -presolveInfeasible && rowUpper[row] !== Infinity) rowLower[row] = rowUpper[row];
    else continue;
    state.rowTouched[row] = 1;
    for (let slot = matrix.rowHead[row]; slot >= 0; slot = matrix.nextInRow[slot])
      state.columnTouched[matrix.columnOf[slot]] = 1;
    changed = true;
  }
  for (let column = 0; column < state.cost.length; column++)
    if (state.columnAlive[column] === 1 && fixDominatedColumn(state, column, dualLower, dualUpper)) changed = true;
  return changed;
}

/** c - a y >= 0 for a column without upper bound, <= 0 for one without lower bound. */
function boundDualBySingleton(
  state: PresolveState,
  column: number,
  dualLower: Float64Array,
  dualUpper: Float64Array,
): void {
  const slot = state.matrix.columnHead[column];
  const row = state.matrix.rowOf[slot];
  const coefficient = state.matrix.value[slot];
  const price = state.cost[column] / coefficient;
  const atMost = state.columnUpper[column] === Infinity;
  const atLeast = state.columnLower[column] === -Infinity;
  if (coefficient > 0 ? atMost : atLeast) dualUpper[row] = Math.min(dualUpper[row], price);
  if (coefficient > 0 ? atLeast : atMost) dualLower[row] = Math.max(dualLower[row], price);
}

function fixDominatedColumn(
  state: PresolveState,
  column: number,
  dualLower: Float64Array,
  dualUpper: Float64Array,
): boolean {
  const { matrix, rowLower, rowUpper } = state;
  const cost = state.cost[column];
  let least = cost;
  let most = cost;
  let scale = Math.abs(cost);
  // Rows that hinder the column from going down, or up: without any, the bound is optimal even at reduced cost 0.
  let hindersDown = 0;
  let hindersUp = 0;
  for (let slot = matrix.columnHead[column]; slot >= 0; slot = matrix.nextInColumn[slot]) {
    const row = matrix.rowOf[slot];
    const coefficient = matrix.value[slot];
    const atLower = coefficient * dualLower[row];
    const atUpper = coefficient * dualUpper[row];
    least -= Math.max(atLower, atUpper);
    most -= Math.min(atLower, atUpper);
    if (Number.isFinite(atLower)) scale = Math.max(scale, Math.abs(atLower));
    if (Number.isFinite(atUpper)) scale = Math.max(scale, Math.abs(atUpper));
    const hasLower = rowLower[row] !== -Infinity;
    const hasUpper = rowUpper[row] !== Infinity;
    if (coefficient > 0 ? hasLower : hasUpper) hindersDown++;
    if (coefficient > 0 ? hasUpper : hasLower) hindersUp++;
  }
  const tolerance = presolveInfeasible * Math.max(1, scale);
  const mustDown = least > tolerance;
  const mustUp = most < -tolerance;
  if (mustDown || (hindersDown === 0 && cost >= 0)) {
    const lower = state.columnLower[column];
    if (lower === -Infinity) {
      if (mustDown) throw new PresolveVerdict('infeasible-or-unbounded');
      return false;
    }
    state.fixColumn(column, lower);
    return true;
  }
  if (mustUp || (hindersUp === 0 && cost <= 0)) {
    const upper = state.columnUpper[column];
    if (upper === Infinity) {
      if (mustUp) throw new PresolveVerdict('infeasible-or-unbounded');
      return false;
    }
    state.fixColumn(column, upper);
    return true;
  }
  return false;
}

/**
 * Bounds that a row implies for a column, all other columns of the row at their bounds. They are written into the
 * program only where the two sides meet (the column is then fixed); where they cross, the program is infeasible.
 */
export function reduceByImpliedBounds(state: PresolveState, range: ActivityRange): boolean {
  const numColumns = state.cost.length;
  const { matrix } = state;
  const bestLower = state.columnLower.slice();
  const bestUpper = state.columnUpper.slice();
  const lowerSlot = new Int32Array(numColumns).fill(-1);
  const upperSlot = new Int32Array(numColumns).fill(-1);
  const scale = new Float64Array(numColumns);
  for (let row = 0; row < state.rowLower.length; row++) {
    if (state.rowAlive[row] === 0) continue;
    computeActivity(state, row, range);
    for (let slot = matrix.rowHead[row]; slot >= 0; slot = matrix.nextInRow[slot]) {
      const column = matrix.columnOf[slot];
      const coefficient = matrix.value[slot];
      const low = coefficient > 0 ? coefficient * state.columnLower[column] : coefficient * state.columnUpper[column];
      const high = coefficient > 0 ? coefficient * state.columnUpper[column] : coefficient * state.columnLower[column];
      const fromUpper =
        (state.rowUpper[row] - withoutTerm(range.least, range.leastInfinite, low, -Infinity)) / coefficient;
      const fromLower =
        (state.rowLower[row] - withoutTerm(range.most, range.mostInfinite, high, Infinity)) / coefficient;
      const impliedLower = coefficient > 0 ? fromLower : fromUpper;
      const impliedUpper = coefficient > 0 ? fromUpper : fromLower;
      if (impliedLower > bestLower[column]) {
        bestLower[column] = impliedLower;
        lowerSlot[column] = slot;
        scale[column] = Math.max(scale[column], range.scale / Math.abs(coefficient));
      }
      if (impliedUpper < bestUpper[column]) {
        bestUpper[column] = impliedUpper;
        upperSlot[column] = slot;
        scale[column] = Math.max(scale[column], range.scale / Math.abs(coefficient));
      }
    }
  }
  // Collected from one state of the program; writing one in changes what the others rest on, so only one goes in.
  for (let column = 0; column < numColumns; column++) {
    if (state.columnAlive[column] === 0) continue;
    const lower = bestLower[column];
    const upper = bestUpper[column];
    if (exceeds(lower, upper, scale[column])) throw new PresolveVerdict('infeasible');
    if (state.columnLower[column] === state.columnUpper[column]) continue;
    if (lower < upper && !sameUpToRounding(lower, upper, scale[column])) continue;
    if (!Number.isFinite(lower) || !Number.isFinite(upper)) continue;
    if (lowerSlot[column] >= 0) recordTightened(state, lowerSlot[column], 'lower');
    if (upperSlot[column] >= 0) recordTightened(state, upperSlot[column], 'upper');
    // A bound of the column itself is exact; an implied one carries rounding.
    const value = lowerSlot[column] < 0 ? lower : upper;
    state.columnLower[column] = value;
    state.columnUpper[column] = value;
    state.touchColumnAndRows(column);
    return true;
  }
  return false;
}

function recordTightened(state: PresolveState, slot: number, side: 'lower' | 'upper'): void {
  const { matrix } = state;
  const row = matrix.rowOf[slot];
  state.records.push({
    kind: 'tightened-bound',
    row,
    column: matrix.columnOf[slot],
    coefficient: matrix.value[slot],
    side,
    entries: matrix.rowEntries(row),
  });
}

/** The activity of the other columns: infinite unless all the infinite terms are this one. */
function withoutTerm(finitePart: number, infiniteTerms: number, term: number, infinity: number): number {
  if (Number.isFinite(term)) return infiniteTerms > 0 ? infinity : finitePart - term;
  return infiniteTerms > 1 ? infinity : finitePart;
}
