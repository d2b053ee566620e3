/**
 * A plan by indices of a `PlanningProblem`: what heuristics, relaxations and the incumbent door pass around. `toPlan`
 * gives the plan by names (specification 8) that the verifier and users see.
 */
import type { Plan } from '../instance.ts';
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
    model: instance.models[table.model[d]].name,
    tier: instance.tiers[table.tier[d]].name,
  });
  const served = new Float64Array(problem.numQueryTypes);
  for (const route of indexed.routing) served[route.queryType] += route.fraction;
  const byDeployment = <T extends { deployment: number }>(list: readonly T[]) =>
    [...list].sort((a, b) => a.deployment - b.deployment);
  return {
    format: 'rolla-plan/1',
    deployments: byDeployment(indexed.deployments).map(({ deployment, replicas }) => ({
      ...names(deployment),
      tpDegree: table.tpDegree[deployment],
      ...(table.pipelineDegree[deployment] === 1 ? {} : { pipelineDegree: table.pipelineDegree[deployment] }),
      replicas,
      gpus: table.gpus[deployment] * replicas,
    })),
    routing: byDeployment(indexed.routing)
      .sort((a, b) => a.queryType - b.queryType)
      .map(({ queryType, deployment, fraction }) => ({
        queryType: instance.queryTypes[queryType].name,
        ...names(deployment),
        fraction,
      })),
    unmet: instance.queryTypes.map((query, i) => ({ queryType: query.name, fraction: unmetShare(served[i]) })),
  };
}

/** Served shares this near 1 are all of it: the demand row holds well within its tolerance (specification 9.1). */
const servedTolerance = 1e-9;

function unmetShare(served: number): number {
  return served >= 1 - servedTolerance ? 0 : 1 - served;
}

/** The plan by indices, without what the problem does not have: query types, and deployments that it cannot rent. */
export function fromPlan(problem: PlanningProblem, plan: Plan): IndexedPlan {
  const { instance, deployments: table, deploymentsOfPair, numTiers } = problem;
  const indexIn = (list: readonly { readonly name: string }[], name: string) => list.findIndex((x) => x.name === name);
  const deploymentOfPair = new Map<number, number>();
  const pairOf = (model: string, tier: string) => {
    const j = indexIn(instance.models, model);
    const k = indexIn(instance.tiers, tier);
    return j < 0 || k < 0 ? -1 : j * numTiers + k;
  };
  const deployments: { deployment: number; replicas: number }[] = [];
  for (const { model, tier, tpDegree, pipelineDegree = 1, replicas } of plan.deployments) {
    const pair = pairOf(model, tier);
    const deployment = deploymentsOfPair[pair]?.find(
      (d) => table.tpDegree[d] === tpDegree && table.pipelineDegree[d] === pipelineDegree,
    );
    if (deployment === undefined) continue;
    deploymentOfPair.set(pair, deployment);
    deployments.push({ deployment, replicas });
  }
  const routing: { queryType: number; deployment: number; fraction: number }[] = [];
  for (const { queryType, model, tier, fraction } of plan.routing) {
    const deployment = deploymentOfPair.get(pairOf(model, tier));
    const i = indexIn(instance.queryTypes, queryType);
    if (deployment === undefined || i < 0) continue;
    routing.push({ queryType: i, deployment, fraction });
  }
  return { deployments, routing };
}
