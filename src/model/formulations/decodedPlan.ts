/** How a plan is read off a point of either formulation. */
import type { IndexedPlan } from '../compiled/indexedPlan.ts';

type RentedDeployment = IndexedPlan['deployments'][number];
type IndexedRoute = IndexedPlan['routing'][number];

/** Fractions at or below this are not routed where nothing need be placed: what a simplex leaves of a zero. */
const leastRoutedFraction = 1e-9;

/** What a point says of one deployment: `opened` is w, `replicas` m. */
export function readDeployment(deployment: number, opened: number, replicas: number): RentedDeployment | null {
  return opened < 0.5 ? null : { deployment, replicas: Math.max(1, Math.round(replicas)) };
}

/**
 * What it says of one query type, `fraction` being the share served and `placement` z (1 where there is no such
 * column). With `mayBeEmpty` a placement counts that serves nothing. Fractions that add up to more than 1 by rounding
 * are scaled back to 1.
 */
export function readRoutes(
  queryType: number,
  served: readonly { readonly deployment: number; readonly fraction: number; readonly placement: number }[],
  mayBeEmpty: boolean,
): IndexedRoute[] {
  const routes = served
    .map(({ deployment, fraction, placement }) => {
      return { queryType, deployment, fraction: Math.min(1, Math.max(0, fraction)), placement };
    })
    .filter(({ fraction, placement }) => placement > 0.5 && (mayBeEmpty || fraction > leastRoutedFraction));
  const total = routes.reduce((sum, { fraction }) => sum + fraction, 0);
  return routes.map(({ deployment, fraction }) => ({ queryType, deployment, fraction: fraction / Math.max(1, total) }));
}
