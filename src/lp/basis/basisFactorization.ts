/**
 * What the simplex asks of a factorised basis. Positions are rows: after `factor` the basic variable that is pivotal in
 * row i stands at `basis[i]`, so vectors before and after a solve share their index.
 */
import type { SparseMatrix } from './sparseMatrix.ts';
import type { WorkVector } from './workVector.ts';

export interface BasisFactorization {
  /** Updates since the last `factor`. */
  readonly updates: number;
  /**
   * Factorises the columns `basis` of [A I], numColumns + i being the slack of row i, and permutes `basis` so that its
   * i-th variable is pivotal in row i. Where columns are dependent, slacks take their places; the number of such
   * replacements is returned and `replaced` lists the variables that lost their place.
   */
  factor(matrix: SparseMatrix, basis: Int32Array): number;
  readonly replaced: Int32Array;
  /**
   * Solves B x = v in place. `density` is the expected share of non-zeros in the result; `keepSpike` remembers what
   * `update` needs when this column enters the basis.
   */
  ftran(v: WorkVector, density: number, keepSpike: boolean): void;
  /**
   * Solves B x = v in place, but only the entries of x that `wanted` lists are right in the end; others may be
   * anything.
   */
  ftranFor(v: WorkVector, density: number, wanted: WorkVector): void;
  /**
   * Solves B' y = v in place; `keepRow` (v must be a unit vector) remembers what `update` needs when that position
   * leaves.
   */
  btran(v: WorkVector, density: number, keepRow: boolean): void;
  /**
   * Puts the column of the last `ftran(.., keepSpike)` at `position`, the unit vector of the last `btran(.., keepRow)`.
   * `column` is the result of that ftran. False: the update would be inaccurate, factorise anew (the factors are still
   * those before).
   */
  update(position: number, column: WorkVector): boolean;
  /** Whether fill or age make a new factorisation worth its price. */
  readonly isWorn: boolean;
}
