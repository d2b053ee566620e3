/**
 * How far a point of primal values and row duals is from optimal for a program, computed from the program alone. A point is
 * optimal exactly if it is primal feasible, dual feasible and the two objectives agree (strong duality).
 */
import type { LinearProgram } from './linearProgram.ts';
import type { PrimalDualPoint } from './postsolve.ts';

export interface OptimalityViolations {
  /** Largest violation of a row or column bound, relative to 1 + its size. */
  readonly primal: number;
  /** Largest reduced cost or dual of a sign that needs a bound which does not exist, relative to 1 + the cost (a row: 1). */
  readonly dual: number;
  /** Difference of the primal and the dual objective, relative to 1 + the size of the primal one. */
  readonly gap: number;
}

export interface CheckedPoint extends PrimalDualPoint {
  readonly rowActivity: Float64Array;
  readonly objective: number;
  readonly violations: OptimalityViolations;
}

/**
 * Completes a point by row activities and objective and measures its violations. The duals' convention is that of
 * `LinearSolver`: reducedCosts = cost - A' duals. The arrays of the point are kept, not copied.
 */
export function checkOptimality(program: LinearProgram, point: PrimalDualPoint): CheckedPoint {
  const { primal, duals, reducedCosts } = point;
  const rowActivity = new Float64Array(program.numRows);
  let objective = program.offset;
  let dualObjective = program.offset;
  let primalViolation = 0;
  let dualViolation = 0;
  const addDualTerm = (multiplier: number, lower: number, upper: number, scale: number) => {
    const bound = multiplier > 0 ? lower : upper;
    if (multiplier === 0) return;
    if (Number.isFinite(bound)) dualObjective += multiplier * bound;
    else dualViolation = Math.max(dualViolation, Math.abs(multiplier) / scale);
  };
  for (let column = 0; column < program.numColumns; column++) {
    const value = primal[column]!;
    const cost = program.cost[column]!;
    objective += cost * value;
    for (let t = program.columnStarts[column]!; t < program.columnStarts[column + 1]!; t++)
      rowActivity[program.rowIndices[t]!] = rowActivity[program.rowIndices[t]!]! + program.values[t]! * value;
    const lower = program.columnLower[column]!;
    const upper = program.columnUpper[column]!;
    primalViolation = Math.max(primalViolation, violation(value, lower, upper));
    addDualTerm(reducedCosts[column]!, lower, upper, 1 + Math.abs(cost));
  }
  for (let row = 0; row < program.numRows; row++) {
    const lower = program.rowLower[row]!;
    const upper = program.rowUpper[row]!;
    primalViolation = Math.max(primalViolation, violation(rowActivity[row]!, lower, upper));
    addDualTerm(duals[row]!, lower, upper, 1);
  }
  const gap = Math.abs(objective - dualObjective) / (1 + Math.abs(objective));
  return {
    primal,
    duals,
    reducedCosts,
    rowActivity,
    objective,
    violations: { primal: primalViolation, dual: dualViolation, gap },
  };
}

function violation(value: number, lower: number, upper: number): number {
  if (value < lower) return (lower - value) / (1 + Math.abs(lower));
  if (value > upper) return (value - upper) / (1 + Math.abs(upper));
  // NaN passes neither comparison.
  return Number.isNaN(value) ? Infinity : 0;
}
