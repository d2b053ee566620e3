/** The door of general programs: what a point costs, if it is a solution. */
import { feasibilityTolerance, primalViolation } from '../../lp/feasibility.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { defaultSearchParameters } from '../parameters.ts';

/**
 * The cost of a point, or null if it violates a row or a bound by more than the tolerance of feasibility, or
 * integrality.
 */
export function costOfFeasible(
  program: MixedIntegerProgram,
  point: Float64Array,
  integralityTolerance = defaultSearchParameters.tolerances.integrality,
): number | null {
  for (let column = 0; column < program.numColumns; column++) {
    const value = point[column];
    if (program.integrality[column] === 1 && Math.abs(value - Math.round(value)) > integralityTolerance) return null;
  }
  if (!(primalViolation(program, point).violation <= feasibilityTolerance)) return null;
  return program.cost.reduce((sum, cost, column) => sum + cost * point[column], program.offset);
}
