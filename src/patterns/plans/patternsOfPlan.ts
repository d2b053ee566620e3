/** The patterns that a plan consists of, so that every incumbent is a point of the master, and back. */
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { Pattern } from '../pricing/pattern.ts';
import type { PatternTable } from '../pricing/patternTable.ts';

export function patternsOfPlan(table: PatternTable, plan: IndexedPlan): Pattern[] {
  return plan.deployments.flatMap(({ deployment, replicas }) => {
    const pair = table.problem.deployments.pair[deployment];
    const option = table.optionsOfPair[pair].find(
      (o) => table.deployment[o] === deployment && table.replicas[o] === replicas,
    );
    if (option === undefined) return [];
    const placed = plan.routing
      .filter((route) => route.deployment === deployment)
      .sort((one, other) => one.queryType - other.queryType);
    return [
      {
        option,
        queryTypes: Int32Array.from(placed, (route) => route.queryType),
        fractions: Float64Array.from(placed, (route) => route.fraction),
      },
    ];
  });
}

/** The plan of patterns of different pairs. */
export function planOfPatterns(table: PatternTable, patterns: readonly Pattern[]): IndexedPlan {
  return {
    deployments: patterns.map(({ option }) => ({
      deployment: table.deployment[option],
      replicas: table.replicas[option],
    })),
    routing: patterns.flatMap(({ option, queryTypes, fractions }) =>
      Array.from(queryTypes, (queryType, t) => ({
        queryType,
        deployment: table.deployment[option],
        fraction: Math.min(1, fractions[t]),
      })),
    ),
  };
}
