/**
 * Plans as points of the published program and points as plans: the columns that a plan sets, and what is read off
 * those of a solution. Columns that follow from them (switching, duals) are completed where their rows are made.
 */
import type { IndexedPlan } from '../compiled/indexedPlan.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import { effectiveUnmetCap, type Instance } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import type { PublishedColumns } from './publishedColumns.ts';
import type { PublishedData } from './publishedData.ts';

/** Model, tier and position among its configurations. */
export interface ConfigurationTriple {
  readonly j: number;
  readonly k: number;
  readonly t: number;
}

/** Fractions at or below this are not routed where nothing need be placed: what a simplex leaves of a zero. */
const leastRoutedFraction = 1e-9;

/** Those of the deployments of the compiled problem, in its order: what plans by index refer to. */
export function configurationTriples(
  { deployments }: PlanningProblem,
  { configurations }: PublishedData,
): ConfigurationTriple[] {
  return Array.from({ length: deployments.count }, (_, d) => {
    const j = deployments.model[d];
    const k = deployments.tier[d];
    const t = configurations[j][k].findIndex(
      ({ tpDegree, pipelineDegree }) =>
        tpDegree === deployments.tpDegree[d] && pipelineDegree === deployments.pipelineDegree[d],
    );
    return { j, k, t };
  });
}

export function decodePublished(
  instance: Instance,
  options: PlanningOptions,
  triples: readonly ConfigurationTriple[],
  { x, z, w, m }: PublishedColumns,
  point: ArrayLike<number>,
): IndexedPlan {
  const deployments: { deployment: number; replicas: number }[] = [];
  const placements: { queryType: number; deployment: number; fraction: number }[] = [];
  triples.forEach(({ j, k, t }, deployment) => {
    if (point[w[j][k][t]] < 0.5) return;
    deployments.push({ deployment, replicas: Math.max(1, Math.round(point[m[j][k][t]])) });
    instance.queryTypes.forEach((query, queryType) => {
      const fraction = Math.min(1, Math.max(0, point[x[queryType][j][k]]));
      const placed = point[z[queryType][j][k]] > 0.5;
      const mayBeEmpty =
        options.placement === 'single' && (options.dropped === 'placed' || effectiveUnmetCap(query) < 1);
      if (placed && (mayBeEmpty || fraction > leastRoutedFraction)) {
        placements.push({ queryType, deployment, fraction });
      }
    });
  });
  const routing = instance.queryTypes.flatMap((_, i) => {
    const routes = placements.filter((route) => route.queryType === i);
    const total = routes.reduce((sum, route) => sum + route.fraction, 0);
    return routes.map((route) => ({ ...route, fraction: route.fraction / Math.max(1, total) }));
  });
  return { deployments, routing };
}

export function encodePublished(
  { configurations }: PublishedData,
  triples: readonly ConfigurationTriple[],
  { x, z, u, y, q, w, m, W, v }: PublishedColumns,
  numColumns: number,
  plan: IndexedPlan,
): Float64Array {
  const point = new Float64Array(numColumns);
  for (const column of u) point[column] = 1;
  for (const { deployment, replicas } of plan.deployments) {
    const { j, k, t } = triples[deployment];
    point[m[j][k][t]] = replicas;
    point[w[j][k][t]] = 1;
    point[W[j][k][t]] = 1;
    point[q[j][k]] = 1;
    point[y[j][k]] += replicas * configurations[j][k][t].gpus;
  }
  for (const { queryType, deployment, fraction } of plan.routing) {
    const { j, k, t } = triples[deployment];
    point[x[queryType][j][k]] = fraction;
    point[v[queryType][j][k][t]] = fraction;
    point[z[queryType][j][k]] = 1;
    point[u[queryType]] -= fraction;
  }
  return point;
}
