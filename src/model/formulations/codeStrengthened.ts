/** Between points of the strengthened formulation and plans. */
import type { IndexedPlan } from '../compiled/indexedPlan.ts';
import { mustBePlaced, type PlanningProblem } from '../compiled/planningProblem.ts';
import { readDeployment, readRoutes } from './decodedPlan.ts';
import type { StrengthenedColumns, StrengthenedFormulation } from './formulation.ts';

/** The plan of an integral point. */
export function decodeStrengthened(
  problem: PlanningProblem,
  { w, m, v, z }: StrengthenedColumns,
  point: ArrayLike<number>,
): IndexedPlan {
  const { deployments: table, numQueryTypes, placement } = problem;
  const deployments = Array.from({ length: table.count }, (_, d) =>
    w[d] < 0 ? null : readDeployment(d, point[w[d]], point[m[d]]),
  ).filter((rented) => rented !== null);
  const routing = Array.from({ length: numQueryTypes }, (_, i) => {
    const served = deployments.flatMap(({ deployment }) => {
      const at = i * table.count + deployment;
      return v[at] < 0 ? [] : { deployment, fraction: point[v[at]], placement: z[at] < 0 ? 1 : point[z[at]] };
    });
    return readRoutes(i, served, placement.isSingle && mustBePlaced(problem, i));
  }).flat();
  return { deployments, routing };
}

/** Whether the program has columns for all that the plan uses: reductions take some out that no best plan needs. */
export function hasColumnsFor(
  { problem: { deployments }, columns: { w, v } }: Pick<StrengthenedFormulation, 'problem' | 'columns'>,
  plan: IndexedPlan,
): boolean {
  return (
    plan.deployments.every(({ deployment }) => w[deployment] >= 0) &&
    plan.routing.every(({ queryType, deployment }) => v[queryType * deployments.count + deployment] >= 0)
  );
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
