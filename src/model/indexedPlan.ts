/**
 * A plan by indices of a `PlanningProblem`: what heuristics, relaxations and the incumbent door pass around. `toPlan` gives the
 * plan by names (spec.md 8) that the verifier and users see.
 */
import type { Plan } from './instance.ts';
import type { PlanningProblem } from './planningProblem.ts';

export interface IndexedPlan {
  /** Rented deployments, at most one per (model, tier) pair. */
  readonly deployments: readonly { readonly deployment: number; readonly replicas: number }[];
  /** Placements; under single placement one for each query type, fraction 0 if it is wholly dropped. */
  readonly routing: readonly { readonly queryType: number; readonly deployment: number; readonly fraction: number }[];
}

/** Names the plan; unmet shares are what the routing leaves. */
export function toPlan(problem: PlanningProblem, indexed: IndexedPlan): Plan {
  const { instance, deployments: table } = problem;
  const names = (d: number) => ({
    model: instance.models[table.model[d]!]!.name,
    tier: instance.tiers[table.tier[d]!]!.name,
  });
  const served = new Float64Array(problem.numQueryTypes);
  for (const route of indexed.routing) served[route.queryType]! += route.fraction;
  const byDeployment = <T extends { deployment: number }>(list: readonly T[]) =>
    [...list].sort((a, b) => a.deployment - b.deployment);
  return {
    format: 'rolla-plan/1',
    deployments: byDeployment(indexed.deployments).map(({ deployment, replicas }) => ({
      ...names(deployment),
      tpDegree: table.tpDegree[deployment]!,
      replicas,
      gpus: table.tpDegree[deployment]! * replicas,
    })),
    routing: byDeployment(indexed.routing)
      .sort((a, b) => a.queryType - b.queryType)
      .map(({ queryType, deployment, fraction }) => ({
        queryType: instance.queryTypes[queryType]!.name,
        ...names(deployment),
        fraction,
      })),
    unmet: instance.queryTypes.map((query, i) => ({ queryType: query.name, fraction: Math.max(0, 1 - served[i]!) })),
  };
}
