/**
 * How far a point of primal values and row duals is from optimal for a program, computed from the program alone. A
 * point is optimal exactly if it is primal feasible, dual feasible and the two objectives agree (strong duality).
 */
import { primalViolation } from './feasibility.ts';
import type { LinearProgram } from './linearProgram.ts';
import type { PrimalDualPoint } from './presolve/postsolve.ts';
import { acceptedViolation, termWeight } from './tolerances.ts';

/**
 * Times 1 + the size of the objective: what the terms of the objectives may add to the size of their gap at most.
 * Beyond, rounding would excuse any two objectives.
 */
const largestAllowance = 1e4;

export interface OptimalityViolations {
  /**
   * Largest violation of a row or column bound, relative to the largest of its terms and the side that is missed
   * (feasibility.ts).
   */
  readonly primal: number;
  /**
   * Largest reduced cost or dual of a sign that needs a bound which does not exist, relative to 1 + the cost + the
   * weighted sizes of the terms of cost - A' duals (a row's dual: 1). The terms a_ij y_i of a free row count too:
   * whatever its coefficients, its dual is 0.
   */
  readonly dual: number;
  /**
   * Difference of the primal and the dual objective, relative to 1 + the size of the primal one + the weighted sizes of
   * their terms, these up to `largestAllowance`.
   */
  readonly gap: number;
}

export interface CheckedPoint extends PrimalDualPoint {
  readonly rowActivity: Float64Array;
  readonly objective: number;
  readonly violations: OptimalityViolations;
}

/** Whether a point may be called optimal: the one rule, asked wherever that status is given. NaN is not accepted. */
export function isWithinTolerances({ primal, dual, gap }: OptimalityViolations): boolean {
  return primal <= acceptedViolation && dual <= acceptedViolation && gap <= acceptedViolation;
}

/**
 * Completes a point by row activities and objective and measures its violations. The duals' convention is that of
 * `LinearSolver`: reducedCosts = cost - A' duals. The arrays of the point are kept, not copied.
 */
export function checkOptimality(program: LinearProgram, point: PrimalDualPoint): CheckedPoint {
  const { primal, duals, reducedCosts } = point;
  const { columnStarts, rowIndices, values, rowLower, rowUpper } = program;
  const { violation, rowActivity } = primalViolation(program, primal);
  let objective = program.offset;
  let dualObjective = program.offset;
  let objectiveSize = 0;
  let dualViolation = 0;
  /**
   * Charges a multiplier to the dual objective, or else to the violations; returns the size of the bound it is charged
   * at.
   */
  const charge = (multiplier: number, lower: number, upper: number, scale: number): number => {
    const bound = multiplier > 0 ? lower : upper;
    if (multiplier === 0) return 0;
    if (Number.isFinite(bound)) {
      dualObjective += multiplier * bound;
      return Math.abs(bound);
    }
    dualViolation = Math.max(dualViolation, Math.abs(multiplier) / scale);
    return 0;
  };
  for (let column = 0; column < program.numColumns; column++) {
    const value = primal[column];
    const cost = program.cost[column];
    let costSize = Math.abs(cost);
    let ofFreeRows = 0;
    objective += cost * value;
    const begin = columnStarts[column];
    const end = columnStarts[column + 1];
    for (let t = begin; t < end; t++) {
      const row = rowIndices[t];
      const term = Math.abs(values[t] * duals[row]);
      costSize += term;
      if (term > ofFreeRows && rowLower[row] === -Infinity && rowUpper[row] === Infinity) ofFreeRows = term;
    }
    const lower = program.columnLower[column];
    const upper = program.columnUpper[column];
    const scale = 1 + Math.abs(cost) + termWeight * costSize;
    const boundSize = charge(reducedCosts[column], lower, upper, scale);
    dualViolation = Math.max(dualViolation, ofFreeRows / scale);
    objectiveSize += costSize * Math.max(Math.abs(value), boundSize);
  }
  for (let row = 0; row < program.numRows; row++)
    objectiveSize += Math.abs(duals[row]) * charge(duals[row], rowLower[row], rowUpper[row], 1);
  const size = 1 + Math.abs(objective);
  const gap =
    Math.abs(objective - dualObjective) / (size + Math.min(termWeight * objectiveSize, largestAllowance * size));
  return {
    primal,
    duals,
    reducedCosts,
    rowActivity,
    objective,
    violations: { primal: violation, dual: dualViolation, gap },
  };
}
