/**
 * Solves one linear program from nothing: presolve, simplex, postsolve, and a check of the answer on the original
 * program. Whatever presolve cannot vouch for is solved again without it.
 */
import { attempt, type InputIssue, refuse } from '../input/inputError.ts';
import { checkOptions, functionRule, numberRule, type OptionRule, switchRule } from '../input/optionRules.ts';
import { checkProgram } from './checkProgram.ts';
import { contradictedRow, workingTolerance } from './feasibility.ts';
import type { LinearProgram } from './linearProgram.ts';
import {
  type CheckedPoint,
  checkOptimality,
  isWithinTolerances,
  type OptimalityViolations,
} from './optimalityCheck.ts';
import { type PresolveResult, presolve } from './presolve/presolve.ts';
import { type SimplexOptions, SimplexSolver, simplexRules } from './simplex/simplexSolver.ts';
import { drain, type Steps } from './steps.ts';

export interface SolveLinearProgramOptions extends SimplexOptions {
  /** Whether the program is presolved. Default: true. The answer is the same within tolerances. */
  readonly presolve?: boolean;
  /** Stop after this many simplex iterations in all. Default: none. */
  readonly iterationLimit?: number;
  /** Stop after this many seconds of wall time. Default: none. */
  readonly timeLimit?: number;
  /** Asked now and then; true ends the solve with `interrupted`. Default: never. */
  readonly shouldStop?: () => boolean;
}

/** What presolve left of a program. */
export interface PresolveSummary {
  readonly rows: number;
  readonly columns: number;
  readonly nonzeros: number;
  readonly reductions: PresolveResult['reductions'];
}

interface SolutionFigures {
  /** Simplex iterations. */
  readonly iterations: number;
  /** What presolve left, null where the answer was found without it. */
  readonly presolved: PresolveSummary | null;
}

/** What an answer without a point lacks; what does not exist is null. */
interface WithoutPoint {
  readonly objective: null;
  readonly primal: null;
  readonly rowActivity: null;
  readonly duals: null;
  readonly reducedCosts: null;
  readonly violations: null;
}

export interface OptimalSolution extends SolutionFigures {
  readonly status: 'optimal';
  /** Objective of the optimum, offset included. */
  readonly objective: number;
  /** Values of the columns. */
  readonly primal: Float64Array;
  readonly rowActivity: Float64Array;
  /** Row duals y with reducedCosts = cost - A'y. */
  readonly duals: Float64Array;
  readonly reducedCosts: Float64Array;
  readonly violations: OptimalityViolations;
  readonly farkasRay: null;
  readonly unboundedRay: null;
}

export interface InfeasibleSolution extends SolutionFigures, WithoutPoint {
  readonly status: 'infeasible';
  /** Row multipliers that prove it. */
  readonly farkasRay: Float64Array;
  readonly unboundedRay: null;
}

export interface UnboundedSolution extends SolutionFigures, WithoutPoint {
  readonly status: 'unbounded';
  readonly farkasRay: null;
  /** Direction of the columns in which the objective falls for ever. */
  readonly unboundedRay: Float64Array;
}

/** A limit, a stop or surrender. */
export interface UnfinishedSolution extends SolutionFigures, WithoutPoint {
  readonly status: 'iteration-limit' | 'time-limit' | 'interrupted' | 'numerical-trouble';
  /** No point costs less, as far as the simplex came; null where it has shown none. */
  readonly bound: number | null;
  readonly farkasRay: null;
  readonly unboundedRay: null;
}

/** `status` tells which: an optimal solution has a point, an infeasible or unbounded one its proof. */
export type LinearProgramSolution = OptimalSolution | InfeasibleSolution | UnboundedSolution | UnfinishedSolution;

const optionRules: { readonly [Name in keyof SolveLinearProgramOptions]-?: OptionRule } = {
  ...simplexRules,
  presolve: switchRule,
  iterationLimit: numberRule('a number >= 0 (iterations)', (value) => value >= 0),
  timeLimit: numberRule('a number >= 0 (seconds)', (value) => value >= 0),
  shouldStop: functionRule,
};

/**
 * Solves a linear program; integrality of columns, if the program has any, is not looked at.
 * Throws InputError with every fault of the options and of data that are no program (`checkProgram`).
 */
export function solveLinearProgram(
  program: LinearProgram,
  options: SolveLinearProgramOptions = {},
): LinearProgramSolution {
  return drain(solveLinearProgramInSteps(program, options));
}

/** As `solveLinearProgram`, yielding where the work may pause, so that an event loop can run in between. */
export function* solveLinearProgramInSteps(
  program: LinearProgram,
  options: SolveLinearProgramOptions = {},
): Steps<LinearProgramSolution> {
  const issues: InputIssue[] = [];
  attempt(() => checkProgram(program), issues);
  attempt(() => checkOptions(options, optionRules), issues);
  refuse(issues);
  const deadline = options.timeLimit === undefined ? Infinity : performance.now() / 1000 + options.timeLimit;
  let spent = 0;
  let second: LinearProgramSolution | null = null;
  if (options.presolve ?? true) {
    yield;
    const presolved = presolve(program, true);
    yield;
    if (presolved.status === 'reduced') {
      const attempt = yield* solveReduced(program, presolved, options, deadline);
      const { solution } = attempt;
      // A point that presolve brought back with more than the simplex leaves is only taken if nothing better comes.
      if (solution !== null && (solution.violations?.primal ?? 0) <= workingTolerance) return solution;
      second = solution;
      spent = attempt.iterations;
    }
    // Infeasible, unbounded or in trouble: the simplex on the original program gives a verdict with a ray.
  }
  const solution = yield* solveDirectly(program, options, deadline, spent);
  if (solution.status !== 'numerical-trouble') return solution;
  if (second !== null) return second;
  // Where the simplex cannot make up its mind a single row may still say it.
  const farkasRay = contradictedRow(program);
  const { iterations, presolved } = solution;
  return farkasRay === null
    ? solution
    : { ...noPoint, status: 'infeasible', farkasRay, unboundedRay: null, iterations, presolved };
}

function* solveReduced(
  program: LinearProgram,
  presolved: PresolveResult,
  options: SolveLinearProgramOptions,
  deadline: number,
): Steps<{ solution: LinearProgramSolution | null; iterations: number }> {
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
  const solver = new SimplexSolver(presolved.program, ofSolver(options), true);
  const status = yield* solver.solveInSteps(limitsOf(options, deadline, 0));
  const { iterations } = solver;
  if (status === 'optimal') {
    const checked = checkOptimality(program, presolved.postsolve(solver));
    return { solution: acceptedSolution(checked, iterations, summary), iterations };
  }
  if (status === 'iteration-limit' || status === 'time-limit')
    return { solution: unfinished(status, iterations, summary, solver, options), iterations };
  return { solution: null, iterations };
}

function* solveDirectly(
  program: LinearProgram,
  options: SolveLinearProgramOptions,
  deadline: number,
  spent: number,
): Steps<LinearProgramSolution> {
  const solver = new SimplexSolver(program, ofSolver(options), true);
  const status = yield* solver.solveInSteps(limitsOf(options, deadline, spent));
  const iterations = spent + solver.iterations;
  if (status === 'optimal') {
    const point = {
      primal: solver.primal.slice(0, program.numColumns),
      duals: solver.duals.slice(0, program.numRows),
      reducedCosts: solver.reducedCosts.slice(0, program.numColumns),
    };
    const accepted = acceptedSolution(checkOptimality(program, point), iterations, null);
    return accepted ?? unfinished('numerical-trouble', iterations, null, solver, options);
  }
  const figures = { ...noPoint, iterations, presolved: null };
  if (status === 'infeasible') return { ...figures, status, farkasRay: solver.farkasRay!, unboundedRay: null };
  if (status === 'unbounded') return { ...figures, status, farkasRay: null, unboundedRay: solver.unboundedRay! };
  return unfinished(status === 'cutoff' ? 'numerical-trouble' : status, iterations, null, solver, options);
}

function ofSolver({ scale, factorization, perturb, pricing }: SolveLinearProgramOptions): SimplexOptions {
  return {
    ...(scale === undefined ? {} : { scale }),
    ...(factorization === undefined ? {} : { factorization }),
    ...(perturb === undefined ? {} : { perturb }),
    ...(pricing === undefined ? {} : { pricing }),
  };
}

function limitsOf(options: SolveLinearProgramOptions, deadline: number, spent: number) {
  return {
    ...(options.iterationLimit === undefined ? {} : { iterationLimit: Math.max(0, options.iterationLimit - spent) }),
    ...(deadline === Infinity ? {} : { timeLimit: Math.max(0, deadline - performance.now() / 1000) }),
    ...(options.shouldStop && { shouldStop: options.shouldStop }),
  };
}

/** The point as an answer, or null if it is not good enough to be called optimal. */
function acceptedSolution(
  checked: CheckedPoint,
  iterations: number,
  presolved: PresolveSummary | null,
): LinearProgramSolution | null {
  if (!isWithinTolerances(checked.violations)) return null;
  return { ...checked, status: 'optimal', farkasRay: null, unboundedRay: null, iterations, presolved };
}

const noPoint: WithoutPoint = {
  objective: null,
  primal: null,
  rowActivity: null,
  duals: null,
  reducedCosts: null,
  violations: null,
};

function unfinished(
  ended: Exclude<UnfinishedSolution['status'], 'interrupted'>,
  iterations: number,
  presolved: PresolveSummary | null,
  { dualBound }: SimplexSolver,
  { shouldStop }: SolveLinearProgramOptions,
): UnfinishedSolution {
  const status = ended === 'time-limit' && shouldStop?.() === true ? 'interrupted' : ended;
  const bound = ended !== 'numerical-trouble' && dualBound > -Infinity ? dualBound : null;
  return { ...noPoint, status, bound, farkasRay: null, unboundedRay: null, iterations, presolved };
}
