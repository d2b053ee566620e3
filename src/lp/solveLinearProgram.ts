/**
 * Solves one linear program from nothing: presolve, simplex, postsolve, and a check of the answer on the original
 * program. Whatever presolve cannot vouch for is solved again without it.
 */
import { checkProgram } from './checkProgram.ts';
import type { LinearProgram } from './linearProgram.ts';
import {
  type CheckedPoint,
  checkOptimality,
  isWithinTolerances,
  type OptimalityViolations,
} from './optimalityCheck.ts';
import { type PresolveResult, presolve } from './presolve/presolve.ts';
import { type SimplexOptions, SimplexSolver } from './simplex/simplexSolver.ts';
import type { LpStatus } from './simplexTypes.ts';

export interface SolveLinearProgramOptions extends SimplexOptions {
  /** Whether the program is presolved. Default: true. The answer is the same within tolerances. */
  readonly presolve?: boolean;
  /** Stop after this many simplex iterations in all. Default: none. */
  readonly iterationLimit?: number;
  /** Stop after this many seconds of wall time. Default: none. */
  readonly timeLimit?: number;
}

/** What presolve left of a program. */
export interface PresolveSummary {
  readonly rows: number;
  readonly columns: number;
  readonly nonzeros: number;
  readonly reductions: PresolveResult['reductions'];
}

export interface LinearProgramSolution {
  readonly status: Exclude<LpStatus, 'cutoff'>;
  /** Objective of the optimum, offset included; null unless `optimal`. */
  readonly objective: number | null;
  /** Values of the columns; null unless `optimal`. So are the four that follow. */
  readonly primal: Float64Array | null;
  readonly rowActivity: Float64Array | null;
  /** Row duals y with reducedCosts = cost - A'y. */
  readonly duals: Float64Array | null;
  readonly reducedCosts: Float64Array | null;
  readonly violations: OptimalityViolations | null;
  /**
   * Row multipliers that prove infeasibility, and direction of the columns that proves unboundedness; else null. An
   * infeasible program on which only presolve came to an answer has no multipliers either.
   */
  readonly farkasRay: Float64Array | null;
  readonly unboundedRay: Float64Array | null;
  /** Simplex iterations. */
  readonly iterations: number;
  /** What presolve left, null where the answer was found without it. */
  readonly presolved: PresolveSummary | null;
}

/**
 * Solves a linear program; integrality of columns, if the program has any, is not looked at.
 * @throws RangeError for data that are no program (see `checkProgram`).
 */
export function solveLinearProgram(
  program: LinearProgram,
  options: SolveLinearProgramOptions = {},
): LinearProgramSolution {
  checkProgram(program);
  const deadline = options.timeLimit === undefined ? Infinity : performance.now() / 1000 + options.timeLimit;
  let spent = 0;
  let provenInfeasible = false;
  if (options.presolve ?? true) {
    const presolved = presolve(program);
    if (presolved.status === 'reduced') {
      const attempt = solveReduced(program, presolved, options, deadline);
      if (attempt.solution !== null) return attempt.solution;
      spent = attempt.iterations;
    }
    provenInfeasible = presolved.status === 'infeasible';
    // Infeasible, unbounded or in trouble: the simplex on the original program gives a verdict with a ray.
  }
  const solution = solveDirectly(program, options, deadline, spent);
  // Where the simplex cannot make up its mind, what presolve has seen in the bounds alone stands, without a ray.
  return provenInfeasible && solution.status === 'numerical-trouble' ? { ...solution, status: 'infeasible' } : solution;
}

function solveReduced(
  program: LinearProgram,
  presolved: PresolveResult,
  options: SolveLinearProgramOptions,
  deadline: number,
): { solution: LinearProgramSolution | null; iterations: number } {
  const summary: PresolveSummary = {
    rows: presolved.program.numRows,
    columns: presolved.program.numColumns,
    nonzeros: presolved.program.values.length,
    reductions: presolved.reductions,
  };
  if (summary.rows === 0 && summary.columns === 0) {
    const nothing = new Float64Array(0);
    const point = presolved.postsolve({ primal: nothing, duals: nothing, reducedCosts: nothing });
    return { solution: acceptedSolution(checkOptimality(program, point), 0, summary), iterations: 0 };
  }
  const solver = new SimplexSolver(presolved.program, options);
  const status = solver.solve(limitsOf(options, deadline, 0));
  const { iterations } = solver;
  if (status === 'optimal') {
    const checked = checkOptimality(program, presolved.postsolve(solver));
    return { solution: acceptedSolution(checked, iterations, summary), iterations };
  }
  if (status === 'iteration-limit' || status === 'time-limit')
    return { solution: withoutPoint(status, iterations, summary), iterations };
  return { solution: null, iterations };
}

function solveDirectly(
  program: LinearProgram,
  options: SolveLinearProgramOptions,
  deadline: number,
  spent: number,
): LinearProgramSolution {
  const solver = new SimplexSolver(program, options);
  const status = solver.solve(limitsOf(options, deadline, spent));
  const iterations = spent + solver.iterations;
  if (status === 'optimal') {
    const point = {
      primal: solver.primal.slice(0, program.numColumns),
      duals: solver.duals.slice(0, program.numRows),
      reducedCosts: solver.reducedCosts.slice(0, program.numColumns),
    };
    const accepted = acceptedSolution(checkOptimality(program, point), iterations, null);
    return accepted ?? withoutPoint('numerical-trouble', iterations, null);
  }
  return {
    ...withoutPoint(status === 'cutoff' ? 'numerical-trouble' : status, iterations, null),
    farkasRay: solver.farkasRay?.slice(0, program.numRows) ?? null,
    unboundedRay: solver.unboundedRay?.slice(0, program.numColumns) ?? null,
  };
}

function limitsOf(options: SolveLinearProgramOptions, deadline: number, spent: number) {
  return {
    ...(options.iterationLimit === undefined ? {} : { iterationLimit: Math.max(0, options.iterationLimit - spent) }),
    ...(deadline === Infinity ? {} : { timeLimit: Math.max(0, deadline - performance.now() / 1000) }),
  };
}

/** The point as an answer, or null if it is not good enough to be called optimal. */
function acceptedSolution(
  checked: CheckedPoint,
  iterations: number,
  presolved: PresolveSummary | null,
): LinearProgramSolution | null {
  if (!isWithinTolerances(checked.violations)) return null;
  return { ...withoutPoint('optimal', iterations, presolved), ...checked };
}

function withoutPoint(
  status: LinearProgramSolution['status'],
  iterations: number,
  presolved: PresolveSummary | null,
): LinearProgramSolution {
  return {
    status,
    objective: null,
    primal: null,
    rowActivity: null,
    duals: null,
    reducedCosts: null,
    violations: null,
    farkasRay: null,
    unboundedRay: null,
    iterations,
    presolved,
  };
}
