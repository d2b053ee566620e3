/**
 * The patterns that a plan consists of, so that every incumbent is a point of the master, and back. Where the table
 * merges what is alike, a plan's patterns are those of the leads; back, members are handed out in their order.
 */
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { firstMembers, type Pattern } from './pattern.ts';
import type { PatternTable } from './patternTable.ts';

export function patternsOfPlan(table: PatternTable, plan: IndexedPlan): Pattern[] {
  return plan.deployments.flatMap(({ deployment: own, replicas }) => {
    const deployment = leadOf(table, own);
    // The cap on replicas is a reduction: a plan may rent more.
    if (replicas < table.leastReplicas[deployment] || replicas > table.mostReplicas[deployment]) return [];
    const placed = plan.routing
      .filter((route) => route.deployment === own)
      .sort((one, other) => one.queryType - other.queryType);
    const pattern = {
      deployment,
      replicas,
      queryTypes: Int32Array.from(placed, (route) => route.queryType),
      fractions: Float64Array.from(placed, (route) => route.fraction),
    };
    return [table.isMerged ? firstMembers(table, pattern) : pattern];
  });
}

/** The plan of patterns, no more on a pair than it stands for. */
export function planOfPatterns(table: PatternTable, patterns: readonly Pattern[]): IndexedPlan {
  const { queryTypes } = table.alike;
  const placed = new Map<number, number>();
  const rented = namedDeployments(
    table,
    patterns.map(({ deployment }) => deployment),
  );
  const plan = patterns.map((pattern, at) => {
    const deployment = rented[at];
    const routing = Array.from(pattern.queryTypes, (named, t) => {
      const first = queryTypes.lead[named];
      const queryType = queryTypes.members[first][turnOf(placed, first)] ?? named;
      return { queryType, deployment, fraction: Math.min(1, pattern.fractions[t]) };
    });
    return { deployment: { deployment, replicas: pattern.replicas }, routing };
  });
  return {
    deployments: plan.map(({ deployment }) => deployment),
    routing: plan.flatMap(({ routing }) => routing),
  };
}

/** Deployments of leads by names of their own: those on pairs that are alike are on different ones. */
export function namedDeployments(table: PatternTable, deployments: readonly number[]): number[] {
  const { members } = table.alike.pairs;
  const rented = new Map<number, number>();
  return deployments.map((d) => {
    const lead = table.pair[d];
    return deploymentOn(table, d, members[lead][turnOf(rented, lead)] ?? lead);
  });
}

/** How often the lead has come up before. */
function turnOf(seen: Map<number, number>, lead: number): number {
  const count = seen.get(lead) ?? 0;
  seen.set(lead, count + 1);
  return count;
}

/** The deployment of the lead that stands for this one. */
function leadOf(table: PatternTable, deployment: number): number {
  return deploymentOn(table, deployment, table.alike.pairs.lead[table.pair[deployment]]);
}

/**
 * The deployment on `pair` that is like `deployment`; alike pairs have theirs in the same order. Among all of a pair,
 * as those that the reductions leave out may be in plans that were made before them.
 */
function deploymentOn({ pair: pairOf }: PatternTable, deployment: number, pair: number): number {
  const own = pairOf[deployment];
  if (own === pair) return deployment;
  const place = pairOf.subarray(0, deployment).reduce((count, other) => count + (other === own ? 1 : 0), 0);
  let left = place;
  return pairOf.findIndex((other) => other === pair && left-- === 0);
}
