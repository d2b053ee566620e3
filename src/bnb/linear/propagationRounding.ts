/**
 * Rounds a relaxation's point with the help of propagation: integer columns are fixed one after the other, those
 * nearest to a whole number first, each to the value nearest to the point that propagation has left; the continuous
 * columns then come from a linear program.
 */

import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { LinearSolver } from '../../lp/simplexTypes.ts';
import type { SearchParameters } from '../parameters.ts';
import type { NodePoint } from './linearDecision.ts';
import { BoundPropagator } from './propagation.ts';

export class PropagationRounding {
  readonly #program: MixedIntegerProgram;
  readonly #propagator: BoundPropagator;
  readonly #integerColumns: readonly number[];
  readonly #parameters: SearchParameters['rounding'];
  #solver: LinearSolver | null = null;

  constructor(program: MixedIntegerProgram, parameters: SearchParameters) {
    this.#parameters = parameters.rounding;
    this.#program = program;
    this.#propagator = new BoundPropagator(program, program.integrality, parameters);
    this.#integerColumns = Array.from(program.integrality.keys()).filter((column) => program.integrality[column] === 1);
  }

  wants({ depth }: NodePoint): boolean {
    return depth % this.#parameters.depthStep === 0;
  }

  /** A point that keeps the bounds and, as far as propagation sees, the rows; null if the rounding fails. */
  round({ point, lower, upper }: NodePoint): Float64Array | null {
    const propagator = this.#propagator;
    propagator.start(lower, upper);
    const away = (column: number) => Math.abs(point[column] - Math.round(point[column]));
    const order = [...this.#integerColumns].sort((a, b) => away(a) - away(b) || a - b);
    for (const column of order) {
      const value = Math.min(Math.max(Math.round(point[column]), propagator.lower[column]), propagator.upper[column]);
      if (!Number.isFinite(value)) return null;
      if (!propagator.tighten(column, value, value) || !propagator.propagate()) return null;
    }
    if (this.#integerColumns.length === this.#program.numColumns) return propagator.lower.slice();
    return this.#complete(propagator.lower);
  }

  #complete(values: Float64Array): Float64Array | null {
    this.#solver ??= createLinearSolver(this.#program);
    const solver = this.#solver;
    for (const column of this.#integerColumns) solver.setColumnBounds(column, values[column], values[column]);
    if (solver.solve({ iterationLimit: this.#parameters.mostIterations }) !== 'optimal') return null;
    const point = solver.primal.slice(0, this.#program.numColumns);
    for (const column of this.#integerColumns) point[column] = values[column];
    return point;
  }
}
