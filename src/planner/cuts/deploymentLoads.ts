/** What query types take of a deployment's memory and load, as the cuts on capacities need it. */

import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { leastServed, servableFraction } from '../../model/formulations/planColumns.ts';

/**
 * One resource of one deployment: sum use * v <= capacity * m, with v <= fraction * z and, under single placement,
 * v >= least * z.
 */
export interface DeploymentLoad {
  readonly deployment: number;
  readonly w: number;
  /** Of all replicas together: the capacity when w is 1. */
  readonly capacity: number;
  readonly queryTypes: readonly number[];
  readonly v: readonly number[];
  readonly z: readonly number[];
  /** Amount taken by the whole of a query type. */
  readonly use: readonly number[];
  readonly fraction: readonly number[];
  readonly least: readonly number[];
}

/** Memory and load of every deployment that has placement columns and where some query type uses the resource. */
export function deploymentLoads({ problem, columns }: StrengthenedFormulation): DeploymentLoad[] {
  const { deployments, numQueryTypes, cacheUse, loadUse } = problem;
  const { count } = deployments;
  const single = problem.placement.isSingle;
  const loads: DeploymentLoad[] = [];
  for (let d = 0; d < deployments.count; d++) {
    if (columns.w[d] < 0) continue;
    const replicas = deployments.maxReplicas[d];
    const addLoad = (capacity: number, useOf: (i: number) => number) => {
      const queryTypes: number[] = [];
      for (let i = 0; i < numQueryTypes; i++) {
        const at = i * deployments.count + d;
        if (columns.v[at] >= 0 && columns.z[at] >= 0 && useOf(i) > 0) queryTypes.push(i);
      }
      if (queryTypes.length === 0) return;
      const at = (i: number) => i * deployments.count + d;
      loads.push({
        deployment: d,
        w: columns.w[d],
        capacity,
        queryTypes,
        v: queryTypes.map((i) => columns.v[at(i)]),
        z: queryTypes.map((i) => columns.z[at(i)]),
        use: queryTypes.map(useOf),
        fraction: queryTypes.map((i) => servableFraction(problem, i, d)),
        least: queryTypes.map((i) => (single ? leastServed(problem, i) : 0)),
      });
    };
    addLoad(deployments.memoryRoom[d] * deployments.gpus[d] * replicas, (i) => cacheUse[i * count + d]);
    addLoad(deployments.loadCapacity[d] * replicas, (i) => loadUse[i * count + d]);
  }
  return loads;
}
