/** What a solve returns: `rolla-result/1` (specification 8). Plain data, safe for JSON; what does not exist is null. */
import type { SearchStatus } from '../bnb/progress.ts';
import type { PlanCost } from '../model/check/cost.ts';
import type { Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';

/** When an incumbent came, from where, and what it cost. */
export interface IncumbentRecord {
  readonly source: string;
  readonly cost: number;
  readonly seconds: number;
  readonly node: number;
}

/** The figures that every result has. */
export interface SolveStatistics {
  /** Proven lower bound on the total cost; null if none was found. */
  readonly bound: number | null;
  /** |cost - bound| / |cost|, 0 when they are equal; null without both, or for a cost of 0 with another bound. */
  readonly gap: number | null;
  readonly nodes: number;
  readonly simplexIterations: number;
  /** Wall time. */
  readonly seconds: number;
  /** Bound at the root before and after cuts or columns; null where the root did not end. */
  readonly rootBound: number | null;
  readonly incumbents: readonly IncumbentRecord[];
  /** The relaxation that was used, and why where it was chosen automatically. */
  readonly relaxation: { readonly name: string; readonly reason: string };
}

/** Why a solve stopped without a proof (`SearchStatus`). */
export type LimitStatus = Exclude<SearchStatus, 'optimal' | 'infeasible'>;

interface ResultHead extends SolveStatistics {
  readonly format: 'rolla-result/1';
  readonly instance: string | null;
  readonly options: PlanningOptions;
  /** Options that were given and have no effect under the others: a sentence each. */
  readonly notices: readonly string[];
  /** What differs from the default strategy, by name or by a parameter's path; absent where nothing does. */
  readonly strategy?: Readonly<Record<string, unknown>>;
}

/** Proven within `gap`, and accepted by the verifier. */
export interface OptimalResult extends ResultHead {
  readonly status: 'optimal';
  readonly cost: PlanCost;
  readonly bound: number;
  readonly gap: number;
  readonly plan: Plan;
}

/** Proven: no plan satisfies all requirements. */
export interface InfeasibleResult extends ResultHead {
  readonly status: 'infeasible';
  readonly cost: null;
  readonly gap: null;
  readonly plan: null;
}

/** A limit struck; the best plan so far, if any. */
export interface LimitResult extends ResultHead {
  readonly status: LimitStatus;
  readonly cost: PlanCost | null;
  readonly plan: Plan | null;
}

export type SolveResult = OptimalResult | InfeasibleResult | LimitResult;
