/** The patterns that a plan consists of, so that every incumbent is a point of the master, and back. */
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { Pattern } from '../pricing/pattern.ts';
import type { PatternTable } from '../pricing/patternTable.ts';

export function patternsOfPlan(table: PatternTable, plan: IndexedPlan): Pattern[] {
  return plan.deployments.flatMap(({ deployment, replicas }) => {
    // The cap on replicas is a reduction: a plan may rent more.
    if (replicas < table.leastReplicas[deployment] || replicas > table.mostReplicas[deployment]) return [];
    const placed = plan.routing
      .filter((route) => route.deployment === deployment)
      .sort((one, other) => one.queryType - other.queryType);
    return [
      {
        deployment,
        replicas,
        queryTypes: Int32Array.from(placed, (route) => route.queryType),
        fractions: Float64Array.from(placed, (route) => route.fraction),
      },
    ];
  });
}

/** The plan of patterns of different pairs. */
export function planOfPatterns(patterns: readonly Pattern[]): IndexedPlan {
  return {
    deployments: patterns.map(({ deployment, replicas }) => ({ deployment, replicas })),
    routing: patterns.flatMap(({ deployment, queryTypes, fractions }) =>
      Array.from(queryTypes, (queryType, t) => ({ queryType, deployment, fraction: Math.min(1, fractions[t]) })),
    ),
  };
}
