/**
 * Reduced-cost fixing: with LP value z and reduced cost d_j > 0 of a column at its lower bound, any solution of cost at
 * most c has x_j <= lower_j + (c - z) / d_j; likewise from above (Dantzig, Fulkerson and Johnson 1954). Applied to
 * integer columns only.
 */
import type { SearchParameters } from '../parameters.ts';

/** An LP's answer as far as fixing needs it; kept for the root so that later incumbents fix globally. */
export interface ReducedCostRecord {
  readonly objective: number;
  readonly reducedCosts: Float64Array;
  /** Column bounds under which the LP was solved. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Calls `tighten(column, lower, upper)` for each integer column whose bounds can shrink; the number of calls is
 * returned.
 */
export function fixByReducedCost(
  record: ReducedCostRecord,
  integerColumns: ArrayLike<number>,
  cutoff: number,
  tolerances: SearchParameters['tolerances'],
  tighten: (column: number, lower: number, upper: number) => void,
): number {
  const room = cutoff - record.objective;
  if (!Number.isFinite(room) || room < 0) return 0;
  let count = 0;
  for (let at = 0; at < integerColumns.length; at++) {
    const column = integerColumns[at];
    const lower = record.lower[column];
    const upper = record.upper[column];
    const reducedCost = record.reducedCosts[column];
    if (lower === upper || Math.abs(reducedCost) <= tolerances.reducedCost) continue;
    const steps = Math.floor(room / Math.abs(reducedCost) + tolerances.integrality);
    if (steps >= upper - lower) continue;
    if (reducedCost > 0) tighten(column, lower, lower + steps);
    else tighten(column, upper - steps, upper);
    count++;
  }
  return count;
}
