/** Between points of the strengthened formulation and plans. */
import type { IndexedPlan } from '../compiled/indexedPlan.ts';
import { mustBePlaced, type PlanningProblem } from '../compiled/planningProblem.ts';
import type { StrengthenedColumns } from './formulation.ts';

/** Fractions at or below this are not routed where nothing need be placed: what a simplex leaves of a zero. */
const leastRoutedFraction = 1e-9;

/**
 * The plan of an integral point. Fractions of a query type that add up to more than 1 by rounding are scaled back to 1.
 */
export function decodeStrengthened(
  problem: PlanningProblem,
  { w, m, v, z }: StrengthenedColumns,
  point: ArrayLike<number>,
): IndexedPlan {
  const { deployments: table, numQueryTypes, placement } = problem;
  const deployments: { deployment: number; replicas: number }[] = [];
  for (let d = 0; d < table.count; d++) {
    if (w[d] < 0 || point[w[d]] < 0.5) continue;
    deployments.push({ deployment: d, replicas: Math.max(1, Math.round(point[m[d]])) });
  }
  const routing: { queryType: number; deployment: number; fraction: number }[] = [];
  for (let i = 0; i < numQueryTypes; i++) {
    const mayBeEmpty = placement.isSingle && mustBePlaced(problem, i);
    const routes: { queryType: number; deployment: number; fraction: number }[] = [];
    for (const { deployment } of deployments) {
      const at = i * table.count + deployment;
      if (v[at] < 0) continue;
      const fraction = Math.min(1, Math.max(0, point[v[at]]));
      const placed = z[at] < 0 || point[z[at]] > 0.5;
      if (placed && (mayBeEmpty || fraction > leastRoutedFraction)) {
        routes.push({ queryType: i, deployment, fraction });
      }
    }
    const total = routes.reduce((sum, route) => sum + route.fraction, 0);
    routing.push(...routes.map((route) => ({ ...route, fraction: route.fraction / Math.max(1, total) })));
  }
  return { deployments, routing };
}

/**
 * w, m, z, v of a plan; every other column 0. Throws RangeError on a plan that uses something left out as impossible.
 */
export function encodeStrengthened(
  problem: PlanningProblem,
  { w, m, v, z }: StrengthenedColumns,
  numColumns: number,
  plan: IndexedPlan,
): Float64Array {
  const point = new Float64Array(numColumns);
  for (const { deployment, replicas } of plan.deployments) {
    if (w[deployment] < 0) throw new RangeError(`deployment ${deployment} is not in the formulation`);
    point[m[deployment]] = replicas;
    point[w[deployment]] = 1;
  }
  for (const { queryType, deployment, fraction } of plan.routing) {
    const at = queryType * problem.deployments.count + deployment;
    if (v[at] < 0) throw new RangeError(`query type ${queryType} cannot be placed on deployment ${deployment}`);
    point[v[at]] = fraction;
    if (z[at] >= 0) point[z[at]] = 1;
  }
  return point;
}
