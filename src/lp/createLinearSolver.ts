/** The seam to whoever solves linear programs: searches take their solvers from here alone. */
import type { LinearProgram } from './linearProgram.ts';
import { SimplexSolver } from './simplex/simplexSolver.ts';
import type { LinearSolver } from './simplexTypes.ts';

/** A solver for this program, with the default settings. */
export function createLinearSolver(program: LinearProgram): LinearSolver {
  return new SimplexSolver(program);
}
