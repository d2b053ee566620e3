/**
 * What a simplex solve takes and gives. `SimplexSolver` (simplexSolver.ts) implements `LinearSolver`; everything
 * outside this folder uses only this file, `linearProgram.ts` and the solver's constructor.
 */

import type { SparseColumn, SparseRow } from './linearProgram.ts';
import type { Steps } from './steps.ts';

/**
 * Why a solve stopped. `optimal`: within tolerances on the unscaled problem. `infeasible`, `unbounded`: with a checked
 * ray. `cutoff`: the dual bound passed `objectiveCutoff`. The others are limits or surrender; no answer is claimed.
 */
export type LpStatus =
  | 'optimal'
  | 'infeasible'
  | 'unbounded'
  | 'cutoff'
  | 'iteration-limit'
  | 'time-limit'
  | 'numerical-trouble';

export interface SolveLimits {
  /** Stop after this many iterations of this solve. Default: none. */
  readonly iterationLimit?: number;
  /** Stop with `cutoff` once the dual objective proves that the optimum is above this value. Default: none. */
  readonly objectiveCutoff?: number;
  /** Stop after this many seconds of wall time. Default: none. */
  readonly timeLimit?: number;
  /** Asked now and then, whatever the size; true means stop with `time-limit`. Default: never. */
  readonly shouldStop?: () => boolean;
}

/** A basis as small plain data: one status byte per column, then per row (see BasisStatus). */
export interface Basis {
  readonly columns: Uint8Array;
  readonly rows: Uint8Array;
}

export const BasisStatus = { atLower: 0, atUpper: 1, basic: 2, free: 3 } as const;

/**
 * A linear program that lives through a whole search: bounds, rows and columns change, the basis stays.
 * After a solve the result fields hold until the next change or solve; the arrays are views that the next solve
 * overwrites.
 */
export interface LinearSolver {
  readonly numRows: number;
  readonly numColumns: number;
  /** Total iterations over the life of the solver. */
  readonly iterations: number;

  setColumnBounds(column: number, lower: number, upper: number): void;
  setRowBounds(row: number, lower: number, upper: number): void;
  setCost(column: number, cost: number): void;
  columnLower(column: number): number;
  columnUpper(column: number): number;

  /** Adds rows at the end, their slacks basic. */
  addRows(rows: readonly SparseRow[]): void;
  /**
   * Removes rows; those above move down. Rows whose slack is not basic make the basis be repaired at the next solve.
   */
  removeRows(rows: readonly number[]): void;
  /** Adds columns at the end, nonbasic at the bound nearest zero. */
  addColumns(columns: readonly SparseColumn[]): void;
  /** Removes columns; those above move down. */
  removeColumns(columns: readonly number[]): void;

  saveBasis(): Basis;
  /** Takes a basis saved earlier; rows added since are basic, columns added since are nonbasic. */
  loadBasis(basis: Basis): void;

  /**
   * Reoptimises from the present basis: dual simplex after bound or row changes, primal simplex where the basis is
   * primal but not dual feasible (columns added, costs changed).
   */
  solve(limits?: SolveLimits): LpStatus;
  /** As `solve`, pausing now and then; nothing may be changed or asked before the end. */
  solveInSteps(limits?: SolveLimits): Steps<LpStatus>;

  readonly status: LpStatus | null;
  /** Objective of the present point, offset included (after `cutoff`: the dual bound that passed it). */
  readonly objective: number;
  /** A valid lower bound on the optimum from the present duals; -Infinity if there is none. */
  readonly dualBound: number;
  /** Values of the columns; length numColumns. */
  readonly primal: Float64Array;
  /** Row activities A x; length numRows. */
  readonly rowActivity: Float64Array;
  /** Row duals y, sign such that reducedCosts = cost - A'y; for a minimisation y >= 0 on an active lower row bound. */
  readonly duals: Float64Array;
  readonly reducedCosts: Float64Array;
  /**
   * Multipliers y of the rows by which the basis says f = sum values[t] x[columns[t]]: (y A)_j = f_j on every basic
   * column j, and y_i = 0 where the activity of row i is basic. For the unit vector of a basic column, its row of the
   * simplex tableau. Length numRows; after a solve only.
   */
  multipliersOf(columns: ArrayLike<number>, values: ArrayLike<number>): Float64Array;
  /** After `infeasible`: row multipliers y such that y'A x cannot meet the bounds (a Farkas ray), else null. */
  readonly farkasRay: Float64Array | null;
  /** After `unbounded`: a direction of the columns, else null. */
  readonly unboundedRay: Float64Array | null;
}
