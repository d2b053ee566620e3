/** What a search for alternatives returns: `rolla-alternatives/1` (specification 19). Plain data, safe for JSON. */
import type { PlanCost } from '../model/check/cost.ts';
import type { Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import type { SolveResult } from './solveResult.ts';

export const waysToDiffer = ['deployment', 'configuration', 'tier'] as const;
export type DifferIn = (typeof waysToDiffer)[number];

export interface Alternative {
  readonly cost: PlanCost;
  readonly plan: Plan;
  /** What every plan costs at least that does without something of each plan before. */
  readonly bound: number;
  /** |cost - bound| / |cost|, 0 when they are equal; null for a cost of 0 above its bound. */
  readonly gap: number | null;
  /** Whether the gap is at most the one asked for. */
  readonly isProven: boolean;
}

export interface Alternatives {
  readonly format: 'rolla-alternatives/1';
  readonly instance: string | null;
  readonly options: PlanningOptions;
  readonly notices: readonly string[];
  readonly differIn: DifferIn;
  /**
   * `complete`: as many as asked for; `exhausted`: proven that there are no more; else what stopped the solve that hid
   * the next one.
   */
  readonly status: 'complete' | 'exhausted' | Exclude<SolveResult['status'], 'optimal' | 'infeasible'>;
  /** Best first. */
  readonly alternatives: readonly Alternative[];
  readonly solves: number;
  readonly nodes: number;
  /** Wall time. */
  readonly seconds: number;
}
