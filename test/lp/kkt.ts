/** Optimality conditions written out one by one, independent of the solver's own checks. */
import type { LinearProgram } from '../../src/lp/linearProgram.ts';

export interface Point {
  readonly primal: ArrayLike<number>;
  readonly duals: ArrayLike<number>;
  readonly reducedCosts: ArrayLike<number>;
}

interface KktViolations {
  /** Row and column bounds. */
  readonly primal: number;
  /** reducedCosts = cost - A'duals. */
  readonly stationarity: number;
  /** A multiplier is positive only where the lower bound is met, negative only where the upper one is. */
  readonly complementarity: number;
}

/**
 * Violations relative to 1 + the size of what they violate; complementarity as min(multiplier, distance to the bound).
 */
function kktViolations(program: LinearProgram, point: Point): KktViolations {
  const activity = new Float64Array(program.numRows);
  let primal = 0;
  let stationarity = 0;
  let complementarity = 0;
  const check = (value: number, lower: number, upper: number, multiplier: number) => {
    primal = Math.max(
      primal,
      (lower - value) / (1 + Math.abs(lower)) || 0,
      (value - upper) / (1 + Math.abs(upper)) || 0,
    );
    const distance = multiplier > 0 ? value - lower : upper - value;
    if (multiplier !== 0)
      complementarity = Math.max(complementarity, Math.min(Math.abs(multiplier), distance / (1 + Math.abs(value))));
  };
  for (let column = 0; column < program.numColumns; column++) {
    const value = point.primal[column];
    let reducedCost = program.cost[column];
    for (let t = program.columnStarts[column]; t < program.columnStarts[column + 1]; t++) {
      const row = program.rowIndices[t];
      activity[row] = activity[row] + program.values[t] * value;
      reducedCost -= program.values[t] * point.duals[row];
    }
    stationarity = Math.max(
      stationarity,
      Math.abs(reducedCost - point.reducedCosts[column]) / (1 + Math.abs(program.cost[column])),
    );
    check(value, program.columnLower[column], program.columnUpper[column], point.reducedCosts[column]);
  }
  for (let row = 0; row < program.numRows; row++)
    check(activity[row], program.rowLower[row], program.rowUpper[row], point.duals[row]);
  return { primal, stationarity, complementarity };
}

/** The largest of them; NaN counts as infinite. */
export function worstKktViolation(program: LinearProgram, point: Point): number {
  const { primal, stationarity, complementarity } = kktViolations(program, point);
  const worst = Math.max(primal, stationarity, complementarity);
  return Number.isNaN(worst) ? Infinity : worst;
}
