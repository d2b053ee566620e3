/** The seam to whoever solves linear programs: searches take their solvers from here alone. */
import type { LinearProgram } from './linearProgram.ts';
import type { DualPricing } from './simplex/dualPricing.ts';
import { SimplexSolver } from './simplex/simplexSolver.ts';
import type { LinearSolver } from './simplexTypes.ts';

/** A solver for this program, with the default settings but for the pricing rule. */
export function createLinearSolver(program: LinearProgram, pricing?: DualPricing): LinearSolver {
  return new SimplexSolver(program, pricing === undefined ? {} : { pricing });
}
