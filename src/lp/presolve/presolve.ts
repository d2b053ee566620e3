/**
 * Presolve: makes a linear program smaller by rules applied until nothing changes, and takes a solution of the small
 * one back to primal, duals and reduced costs of the original (Andersen and Andersen, Presolving in linear programming,
 * 1995).
 */
import { checkProgram } from '../checkProgram.ts';
import type { LinearProgram } from '../linearProgram.ts';
import { type PrimalDualPoint, type ReductionRecord, undoReductions } from './postsolve.ts';
import { reduceByDualBounds, reduceByImpliedBounds, reduceColumn } from './presolveColumns.ts';
import { newActivityRange, reduceRow } from './presolveRows.ts';
import { PresolveState, PresolveVerdict } from './presolveState.ts';

/** Rounds over all touched rows and columns; each costs about one pass over the matrix and late ones find little. */
const maximalRounds = 30;

export interface PresolveResult {
  /**
   * `reduced`: solve `program` and take its solution back. The others are verdicts on the original program; they rest
   * on the tolerances of presolve and come without a ray.
   */
  readonly status: 'reduced' | 'infeasible' | 'infeasible-or-unbounded';
  /** The program that is left; without rows and columns if nothing is left to solve. */
  readonly program: LinearProgram;
  /** Number of reductions of each kind. */
  readonly reductions: Readonly<Record<ReductionRecord['kind'], number>>;
  /** Original row and column of each one of the reduced program. */
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /**
   * Takes an optimal point of the reduced program back: primal, row duals and reduced costs of the original.
   * Complementary and feasible as far as the point given is. No basis comes back.
   */
  postsolve(point: PrimalDualPoint): PrimalDualPoint;
}

/**
 * Presolves a program, which is not changed. Throws InputError for data that are no program (`checkProgram`); with
 * `isChecked` the caller has seen to it.
 */
export function presolve(program: LinearProgram, isChecked = false): PresolveResult {
  if (!isChecked) checkProgram(program);
  const state = new PresolveState(program);
  let status: PresolveResult['status'] = 'reduced';
  try {
    applyRules(state);
  } catch (verdict) {
    if (!(verdict instanceof PresolveVerdict)) throw verdict;
    status = verdict.status;
  }
  const rows = aliveIndices(state.rowAlive);
  const columns = aliveIndices(state.columnAlive);
  const reduced = extractProgram(state, rows, columns);
  return {
    status,
    program: reduced,
    reductions: countReductions(state.records),
    rows,
    columns,
    postsolve: (point) => restore(program, state, rows, columns, point),
  };
}

function applyRules(state: PresolveState): void {
  const range = newActivityRange();
  for (let round = 0; round < maximalRounds; round++) {
    let changed = false;
    for (let row = 0; row < state.rowAlive.length; row++) {
      if (state.rowAlive[row] === 0 || state.rowTouched[row] === 0) continue;
      state.rowTouched[row] = 0;
      if (!reduceRow(state, row, range)) continue;
      changed = true;
      // One rule at a time: the row, if it is still there, is looked at again.
      state.rowTouched[row] = 1;
    }
    for (let column = 0; column < state.columnAlive.length; column++) {
      if (state.columnAlive[column] === 0 || state.columnTouched[column] === 0) continue;
      state.columnTouched[column] = 0;
      if (reduceColumn(state, column)) changed = true;
    }
    if (changed) continue;
    if (reduceByDualBounds(state)) continue;
    if (!reduceByImpliedBounds(state, range)) return;
  }
}

function extractProgram(state: PresolveState, rows: Int32Array, columns: Int32Array): LinearProgram {
  const { matrix } = state;
  const newRow = new Int32Array(state.rowAlive.length).fill(-1);
  rows.forEach((row, index) => {
    newRow[row] = index;
  });
  const columnStarts = new Int32Array(columns.length + 1);
  columns.forEach((column, index) => {
    columnStarts[index + 1] = columnStarts[index] + matrix.columnCount[column];
  });
  const rowIndices = new Int32Array(columnStarts[columns.length]);
  const values = new Float64Array(rowIndices.length);
  let t = 0;
  for (const column of columns)
    for (let slot = matrix.columnHead[column]; slot >= 0; slot = matrix.nextInColumn[slot]) {
      rowIndices[t] = newRow[matrix.rowOf[slot]];
      values[t++] = matrix.value[slot];
    }
  return {
    numRows: rows.length,
    numColumns: columns.length,
    columnStarts,
    rowIndices,
    values,
    cost: pick(state.cost, columns),
    columnLower: pick(state.columnLower, columns),
    columnUpper: pick(state.columnUpper, columns),
    rowLower: pick(state.rowLower, rows),
    rowUpper: pick(state.rowUpper, rows),
    offset: state.offset,
  };
}

function restore(
  program: LinearProgram,
  state: PresolveState,
  rows: Int32Array,
  columns: Int32Array,
  point: PrimalDualPoint,
): PrimalDualPoint {
  const primal = new Float64Array(program.numColumns);
  const duals = new Float64Array(program.numRows);
  const reducedCosts = new Float64Array(program.numColumns);
  columns.forEach((column, index) => {
    primal[column] = point.primal[index];
    reducedCosts[column] = point.reducedCosts[index];
  });
  rows.forEach((row, index) => {
    duals[row] = point.duals[index];
  });
  undoReductions(state.records, { primal, duals, reducedCosts });
  // Recomputed from the original data, so that d = c - A'y holds to rounding.
  for (let column = 0; column < program.numColumns; column++) {
    let reducedCost = program.cost[column];
    for (let t = program.columnStarts[column]; t < program.columnStarts[column + 1]; t++)
      reducedCost -= program.values[t] * duals[program.rowIndices[t]];
    reducedCosts[column] = reducedCost;
  }
  return { primal, duals, reducedCosts };
}

function countReductions(records: readonly ReductionRecord[]): Record<ReductionRecord['kind'], number> {
  const counts: Record<ReductionRecord['kind'], number> = {
    'fixed-column': 0,
    'singleton-row': 0,
    'forcing-row': 0,
    'slack-column': 0,
    'doubleton-equation': 0,
    'substituted-column': 0,
    'tightened-bound': 0,
  };
  for (const record of records) counts[record.kind]++;
  return counts;
}

function aliveIndices(alive: Uint8Array): Int32Array {
  const indices: number[] = [];
  alive.forEach((flag, index) => {
    if (flag === 1) indices.push(index);
  });
  return Int32Array.from(indices);
}

function pick(values: Float64Array, indices: Int32Array): Float64Array {
  return Float64Array.from(indices, (index) => values[index]);
}
