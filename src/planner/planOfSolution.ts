/** From another solver's solution of an exported program to a plan that the verifier has checked. */

import { InputError } from '../input/inputError.ts';
import { withConstantColumn } from '../lp/files/constantColumn.ts';
import type { SolutionFile } from '../lp/files/solutionReader.ts';
import type { MixedIntegerProgram } from '../lp/linearProgram.ts';
import { checkPlan, type Verification } from '../model/check/verifier.ts';
import { compileProblem } from '../model/compiled/compileProblem.ts';
import { toPlan } from '../model/compiled/indexedPlan.ts';
import { buildPublished } from '../model/formulations/published.ts';
import { buildStrengthened } from '../model/formulations/strengthened.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { resolveSolve } from './resolveSolve.ts';
import type { SolveOptions } from './solveOptions.ts';

/** Which program was exported, as `rolla export` was told. */
export interface ExportedProgram {
  readonly formulation: 'strengthened' | 'published';
  readonly robust: 'projected' | 'dual';
}

export interface PlanOfSolution {
  readonly plan: Plan;
  /** By the instance alone. */
  readonly verification: Verification;
  /** The objective that the file tells, where it differs from the plan's cost by more than 1e-5 of it; else null. */
  readonly otherObjective: number | null;
}

/**
 * The plan of a solution: integers rounded, fractions within [0, 1], auxiliary columns not read. Throws InputError
 * where the file is of another program: columns that it does not have, or columns missing.
 */
export function planOfSolution(
  instance: Instance,
  options: SolveOptions,
  { formulation, robust }: ExportedProgram,
  solution: SolutionFile,
): PlanOfSolution {
  const { instance: valid, planning } = resolveSolve(instance, options);
  const problem = compileProblem(valid, planning);
  const built = formulation === 'published' ? buildPublished(valid, planning) : buildStrengthened(problem, { robust });
  const point = pointOf(built.program, solution);
  const plan = toPlan(problem, built.decode(point));
  const verification = checkPlan(valid, planning, plan);
  const cost = verification.cost.total;
  const { objective } = solution;
  const differs = objective !== null && Math.abs(objective - cost) > 1e-5 * Math.max(1, Math.abs(cost));
  return { plan, verification, otherObjective: differs ? objective : null };
}

/**
 * Values of the columns; exported programs have one more for the constant of their objective, which is not asked for.
 */
function pointOf(program: MixedIntegerProgram, { solver, values, omitsZeros }: SolutionFile): Float64Array {
  const isNumbered = solver === 'GLPK';
  const names = withConstantColumn(program).columnNames;
  const columnOf = new Map(names.map((name, column) => [isNumbered ? String(column + 1) : name, column]));
  const point = new Float64Array(names.length);
  const strangers: string[] = [];
  for (const [name, value] of values) {
    const column = columnOf.get(name);
    if (column === undefined) strangers.push(name);
    else point[column] = value;
  }
  const asked = [...columnOf.keys()].slice(0, program.numColumns);
  const missing = omitsZeros ? [] : asked.filter((name) => !values.has(name));
  if (strangers.length > 0 || missing.length > 0) {
    const listed = (list: readonly string[]) =>
      `${list.slice(0, 3).join(', ')}${list.length > 3 ? ` and ${list.length - 3} more` : ''}`;
    const found = [
      ...(strangers.length > 0 ? [`columns that the program does not have (${listed(strangers)})`] : []),
      ...(missing.length > 0 ? [`columns missing (${listed(missing)})`] : []),
    ];
    const expected = `the ${program.numColumns} columns of the program of this instance: the same options, formulation and robust form as in rolla export, and not --fixed`;
    throw new InputError([{ path: `solution of ${solver}`, value: found.join(' and '), expected }]);
  }
  return point;
}
