/** `explain`: why an instance has no plan and what would have to give, or what limits its best plan. */

import type { PlanCost } from '../model/check/cost.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import { optionTable } from '../planner/optionTable.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import type { LimitStatus } from '../planner/solveResult.ts';
import { type Solving, solveAll, solveAllAsync, solved } from '../planner/solving.ts';
import { explainDefaults } from './explainDefaults.ts';
import { explainFeasible, type Limits } from './explainFeasible.ts';
import { explainInfeasible, type Infeasibility } from './explainInfeasible.ts';
import { FeasibilityOracle } from './feasibilityOracle.ts';

export type { Loosening } from './leastLoosening.ts';
export type { RequirementText } from './requirement.ts';

export interface ExplainOptions extends SolveOptions {
  /** Seconds for all solves together. Default 300; Infinity: none. `timeLimit` bounds each of them. */
  readonly totalTimeLimit?: number;
}

interface ExplanationHead {
  readonly format: 'rolla-explanation/1';
  readonly instance: string | null;
  readonly options: PlanningOptions;
  /** Options that were given and have no effect under the others: a sentence each. */
  readonly notices: readonly string[];
  readonly solves: number;
  readonly seconds: number;
  /** Seconds for all solves together; null: none. */
  readonly totalTimeLimit: number | null;
  /** Whether that limit left something unanswered. */
  readonly isStoppedByTotalTimeLimit: boolean;
}

export interface InfeasibleExplanation extends ExplanationHead, Infeasibility {
  readonly status: 'infeasible';
}

export interface FeasibleExplanation extends ExplanationHead, Limits {
  readonly status: 'feasible';
  /** Whether the plan is proven best; if not (a limit struck), nothing is valued. */
  readonly isProven: boolean;
  readonly cost: PlanCost;
  readonly plan: Plan;
}

/** A limit struck before it was known whether there is a plan. */
interface UnknownExplanation extends ExplanationHead {
  readonly status: LimitStatus;
}

export type Explanation = InfeasibleExplanation | FeasibleExplanation | UnknownExplanation;

/**
 * Explains an instance by solving it and variants of it. Throws InputError with every fault of instance and options.
 * Plain data, safe for JSON.
 */
export function explain(instance: Instance, options: ExplainOptions = {}): Explanation {
  return solveAll(explaining(instance, options));
}

/**
 * As `explain`, letting the event loop run about every 20 ms, so that `options.signal` stops the work: what is known by
 * then is told.
 */
export async function explainAsync(instance: Instance, options: ExplainOptions = {}): Promise<Explanation> {
  return solveAllAsync(explaining(instance, options));
}

function* explaining(data: Instance, options: ExplainOptions): Solving<Explanation> {
  const began = performance.now();
  const { instance, planning, notices } = resolveSolve(data, options, { totalTimeLimit: optionTable.timeLimit });
  const { totalTimeLimit = explainDefaults.totalTimeLimit, ...solveOptions } = options;
  const { preset: _, startPlan, onProgress: _progress, ...control } = solveOptions;
  const deadline = began + 1000 * totalTimeLimit;
  const firstLimit = Math.min(control.timeLimit ?? Infinity, totalTimeLimit);
  const result = yield* solved(instance, {
    ...control,
    ...planning,
    ...(startPlan === undefined ? {} : { startPlan }),
    ...(firstLimit < Infinity ? { timeLimit: firstLimit } : {}),
  });
  const head = (solves: number) => ({
    format: 'rolla-explanation/1' as const,
    instance: instance.name ?? null,
    options: planning,
    notices,
    solves,
    seconds: (performance.now() - began) / 1000,
    totalTimeLimit: totalTimeLimit < Infinity ? totalTimeLimit : null,
    isStoppedByTotalTimeLimit: performance.now() >= deadline,
  });
  const feasible = function* (plan: Plan, cost: PlanCost, gap: number | null): Solving<FeasibleExplanation> {
    const { solves, ...limits } = yield* explainFeasible(instance, planning, control, { plan, cost, gap }, deadline);
    return { ...head(1 + solves), status: 'feasible', isProven: gap !== null, cost, plan, ...limits };
  };
  if (result.status === 'optimal') return yield* feasible(result.plan, result.cost, result.gap);
  if (result.status === 'infeasible') {
    const oracle = new FeasibilityOracle(planning, control, deadline);
    const infeasibility = yield* explainInfeasible(instance, oracle);
    return { ...head(1 + oracle.solves), status: 'infeasible', ...infeasibility };
  }
  if (result.plan !== null && result.cost !== null) return yield* feasible(result.plan, result.cost, null);
  return { ...head(1), status: result.status };
}
