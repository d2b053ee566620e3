/**
 * A dive guided by the strengthened LP: the most rented fractional deployment is fixed as rented (or, if that is
 * infeasible, as not rented) and the LP solved again, until all w are whole; then fractions follow. Ends in as many LPs
 * as deployments are rented, or fewer.
 */
import { createLinearSolver } from '../lp/createLinearSolver.ts';
import type { LinearSolver } from '../lp/simplexTypes.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import type { StrengthenedFormulation } from '../model/formulations/formulation.ts';
import { withoutPlacements } from '../model/formulations/withoutPlacements.ts';
import { defaultHeuristicParameters, type HeuristicParameters } from './parameters.ts';

/** What the LP says about deployments. */
export interface RelaxationGuide {
  readonly formulation: StrengthenedFormulation;
  /** (d): w at the root's LP, 0 where there is no column. */
  readonly rented: Float64Array;
  readonly solver: LinearSolver;
  /** The root's LP value. */
  readonly bound: number;
}

/** Solves the LP of `formulation`, without placements; null if it does not end as optimal. */
export function guideBy(formulation: StrengthenedFormulation): RelaxationGuide | null {
  const solver = createLinearSolver(withoutPlacements(formulation));
  if (solver.solve() !== 'optimal') return null;
  const { w } = formulation.columns;
  const { count } = formulation.problem.deployments;
  const rented = new Float64Array(count);
  for (let d = 0; d < count; d++) {
    if (w[d] < 0) continue;
    rented[d] = solver.primal[w[d]];
  }
  return { formulation, rented, solver, bound: solver.objective };
}

/**
 * Deployments and routing weights at the end of a dive from the root's LP; null if it ran into infeasibility, above
 * `cutoff` or the limit. The solver's bounds are as before afterwards.
 */
export function dive(
  problem: PlanningProblem,
  { formulation, solver }: RelaxationGuide,
  cutoff: number,
  shouldStop: () => boolean,
  { mostPrograms, integralityTolerance }: HeuristicParameters['split'] = defaultHeuristicParameters.split,
): { readonly rented: number[]; readonly weight: (i: number, d: number) => number } | null {
  const { program, columns } = formulation;
  const { count } = problem.deployments;
  const fixed: number[] = [];
  const limits = cutoff < Infinity ? { objectiveCutoff: cutoff } : {};
  try {
    /** Of the last solve that ended as optimal; deployments that are whole already are fixed without another one. */
    let point = new Float64Array(0);
    const solve = (): boolean => {
      if (solver.solve(limits) !== 'optimal') return false;
      point = solver.primal.slice();
      return true;
    };
    let isSolved = solve();
    for (let programs = 0; programs < mostPrograms && !shouldStop(); programs++) {
      if (!isSolved) return null;
      let candidate = -1;
      let value = integralityTolerance;
      for (const column of columns.w) {
        if (column < 0 || solver.columnLower(column) === 1) continue;
        const here = point[column];
        if (here <= value) continue;
        value = here;
        candidate = column;
      }
      if (candidate < 0) break;
      fixed.push(candidate);
      solver.setColumnBounds(candidate, 1, 1);
      if (value > 1 - integralityTolerance) continue;
      isSolved = solve();
      if (isSolved) continue;
      solver.setColumnBounds(candidate, 0, 0);
      isSolved = solve();
    }
    if (!isSolved) return null;
    const valueAt = (column: number) => (column < 0 ? 0 : point[column]);
    const rented: number[] = [];
    for (let d = 0; d < count; d++) if (valueAt(columns.w[d]) > 0.5) rented.push(d);
    const weights = new Float64Array(problem.numQueryTypes * count);
    for (let at = 0; at < weights.length; at++) weights[at] = Math.max(valueAt(columns.z[at]), valueAt(columns.v[at]));
    return { rented, weight: (i, d) => weights[i * count + d] };
  } finally {
    for (const column of fixed) {
      solver.setColumnBounds(column, program.columnLower[column], program.columnUpper[column]);
    }
  }
}
