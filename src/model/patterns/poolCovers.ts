/** A node of a pool settled by its covers (coverSearch.ts): what the search needs to know of the node, and the plan that it finds. */
import type { IndexedPlan } from '../indexedPlan.ts';
import { type CoverLimits, searchCovers } from './coverSearch.ts';
import { type Pattern, patternCost, patternStorage } from './pattern.ts';
import type { NodeRestrictions } from './patternDecision.ts';
import type { PatternPool } from './patternPool.ts';
import { planOfPatterns } from './patternsOfPlan.ts';
import type { PoolOutcome } from './poolGeneration.ts';

export interface NodeCovers {
  /** No plan of the node is cheaper; from the cutoff on there is none below that. */
  readonly bound: number;
  /** The node's cheapest plan, at a cost of `bound`; null where there is none below the cutoff or the search was given up. */
  readonly plan: IndexedPlan | null;
}

/** `generated`: the node's last pass over the pool. */
export function* settleByCovers(
  pool: PatternPool,
  restrictions: NodeRestrictions,
  { left, floor, value, subsets }: PoolOutcome,
  limits: Pick<CoverLimits, 'bound' | 'cutoff' | 'effort' | 'shouldStop'>,
): Generator<void, NodeCovers, void> {
  // A deployment that serves nothing covers nothing, and would go unseen.
  if (left.some((c) => pool.queryTypesOf(c).length === 0)) return { bound: limits.bound, plan: null };
  const { table } = pool;
  const patternsOf = (columns: readonly number[]) => columns.map((c) => pool.pattern(c));
  const costOf = (columns: readonly number[]) => {
    const patterns = patternsOf(columns);
    if (!rowsHold(restrictions, patterns)) return Infinity;
    return patterns.reduce((sum, pattern) => sum + patternCost(table, pattern), table.objectiveOffset);
  };
  const { bound, columns } = yield* searchCovers(pool, left, floor, subsets, { ...limits, value, costOf });
  return { bound, plan: columns && planOfPatterns(table, patternsOf(columns)) };
}

/** Whether patterns of different pairs that cover every query type once keep to the master's other rows; the budget cannot bind. */
function rowsHold({ table, required, counts }: NodeRestrictions, patterns: readonly Pattern[]): boolean {
  const { problem } = table;
  const isRented = new Uint8Array(problem.numPairs);
  const gpus = new Float64Array(problem.numTiers);
  let storage = 0;
  for (const pattern of patterns) {
    isRented[table.pair[pattern.option]] = 1;
    gpus[problem.deployments.tier[table.deployment[pattern.option]]] += table.gpus[pattern.option];
    storage += patternStorage(table, pattern);
  }
  if (storage > problem.storageCapacity || gpus.some((used, k) => used > problem.available[k])) return false;
  if (required.some((isRequired, pair) => isRequired > isRented[pair])) return false;
  return [...counts.values()].every(({ pairs, least, most }) => {
    const count = pairs.reduce((sum, pair) => sum + isRented[pair], 0);
    return count >= least && count <= most;
  });
}
