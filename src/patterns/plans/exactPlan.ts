/**
 * The best plan with given deployments, replicas and sets of query types: a linear program in the fractions alone, with
 * every row of the problem as it stands. What a master says of a point holds within its artificial columns and the
 * rounding of its weights; where all is decided, this is the last word.
 */
import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { planCost } from '../../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { restrictedTo } from '../../model/compiled/restrictedProblem.ts';
import { buildStrengthened } from '../../model/formulations/strengthened.ts';
import { withUnitRows } from '../../model/formulations/unitRows.ts';

export type ExactPlan =
  | { readonly status: 'solved'; readonly plan: IndexedPlan; readonly cost: number }
  | { readonly status: 'infeasible' | 'numerical-trouble' };

/** `choice` says what is rented and placed; its fractions do not matter. */
export function exactPlan(problem: PlanningProblem, choice: IndexedPlan): ExactPlan {
  const rented = new Set(choice.deployments.map(({ deployment }) => deployment));
  const formulation = buildStrengthened(restrictedTo(problem, (d) => rented.has(d)));
  const { columns } = formulation;
  const program = withUnitRows(formulation.program);
  const chosen = new Float64Array(program.numColumns);
  for (const { deployment, replicas } of choice.deployments) {
    // What can serve nothing and need not be rented has no column.
    if (columns.w[deployment] < 0) continue;
    chosen[columns.m[deployment]] = replicas;
    chosen[columns.w[deployment]] = 1;
  }
  for (const { queryType, deployment } of choice.routing) {
    const column = columns.z[queryType * problem.deployments.count + deployment];
    if (column < 0) return { status: 'infeasible' };
    chosen[column] = 1;
  }
  const columnLower = program.columnLower.slice();
  const columnUpper = program.columnUpper.slice();
  program.integrality.forEach((integer, column) => {
    if (integer !== 1) return;
    columnLower[column] = chosen[column];
    columnUpper[column] = chosen[column];
  });
  const solver = createLinearSolver({ ...program, columnLower, columnUpper });
  const status = solver.solve();
  if (status === 'infeasible') return { status };
  if (status !== 'optimal') return { status: 'numerical-trouble' };
  const plan = formulation.decode(solver.primal);
  return { status: 'solved', plan, cost: planCost(problem, plan) };
}
