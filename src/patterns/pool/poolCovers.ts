/**
 * A node of a pool settled by its covers (coverSearch.ts): what the search needs to know of the node, and the plan that
 * it finds.
 */

import { planCost, planIsFeasible } from '../../heuristics/index.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { mustBePlaced } from '../../model/compiled/planningProblem.ts';
import { planOfPatterns } from '../pricing/planPatterns.ts';
import { patternsWithin } from './coverBudget.ts';
import { type CoverLimits, searchCovers } from './coverSearch.ts';
import type { PatternPool } from './patternPool.ts';
import type { PoolOutcome } from './pooledColumns.ts';

export interface NodeCovers {
  /** No plan of the node is cheaper; from the cutoff on there is none below that. */
  readonly bound: number;
  /** The cheapest plan met; it may break the node's decisions, not the problem's limits. */
  readonly plan: IndexedPlan | null;
  /** Whether `plan` costs `bound`. */
  readonly isCheapest: boolean;
}

/** `generated`: the node's last pass over the pool. */
export function* settleByCovers(
  pool: PatternPool,
  { left, floor, value, subsets }: PoolOutcome,
  limits: Pick<CoverLimits, 'bound' | 'cutoff' | 'effort' | 'shouldStop'>,
): Steps<NodeCovers> {
  const { problem } = pool.table;
  // A deployment that serves nothing but saves removing it covers nothing, and would go unseen; covers know no gaps.
  const hasGaps = problem.unmetCap.some((_, i) => !mustBePlaced(problem, i));
  if (hasGaps || left.some((c) => pool.queryTypesOf(c).length === 0))
    return { bound: limits.bound, plan: null, isCheapest: false };
  const planOf = (columns: readonly number[]) => {
    const patterns = patternsWithin(pool, columns);
    return patterns && planOfPatterns(pool.table, patterns);
  };
  const costOf = (columns: readonly number[]) => {
    const plan = planOf(columns);
    return plan !== null && planIsFeasible(problem, plan) ? planCost(problem, plan) : Infinity;
  };
  const firstOfSets = left.filter((c, at) => at === 0 || pool.set[c] !== pool.set[left[at - 1]]);
  const { bound, best } = yield* searchCovers(pool, firstOfSets, floor, subsets, { ...limits, value, costOf });
  return { bound, plan: best && planOf(best.columns), isCheapest: best !== null && best.cost <= bound };
}
