/**
 * Plans as points of the published program and points as plans: the columns that a plan sets, and what is read off
 * those of a solution. Columns that follow from them (switching, duals) are completed where their rows are made.
 */
import type { IndexedPlan } from '../compiled/indexedPlan.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import { effectiveUnmetCap, type Instance } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import { readDeployment, readRoutes } from './decodedPlan.ts';
import type { PublishedColumns } from './publishedColumns.ts';
import type { PublishedData } from './publishedData.ts';

/** Model, tier and position among its configurations. */
export interface ConfigurationTriple {
  readonly j: number;
  readonly k: number;
  readonly t: number;
}

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
  const deployments = triples.flatMap(
    ({ j, k, t }, deployment) => readDeployment(deployment, point[w[j][k][t]], point[m[j][k][t]]) ?? [],
  );
  const routing = instance.queryTypes.flatMap((query, i) => {
    const served = deployments.map(({ deployment }) => {
      const { j, k } = triples[deployment];
      return { deployment, fraction: point[x[i][j][k]], placement: point[z[i][j][k]] };
    });
    const mayBeEmpty = options.placement === 'single' && (options.dropped === 'placed' || effectiveUnmetCap(query) < 1);
    return readRoutes(i, served, mayBeEmpty);
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
