/** The patterns that a plan consists of, so that every incumbent is a point of the master. */
import type { IndexedPlan } from '../indexedPlan.ts';
import type { Pattern } from './pattern.ts';
import type { PatternTable } from './patternTable.ts';

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
