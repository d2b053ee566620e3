/** A planning problem with fewer deployments, for searches among a few of them, and for plans that do without some. */
import type { PlanningProblem } from './planningProblem.ts';

/** The same problem with only the deployments that `isAllowed` names; indices stay the same. */
export function restrictedTo(problem: PlanningProblem, isAllowed: (d: number) => boolean): PlanningProblem {
  const { deployments, numQueryTypes } = problem;
  const maxFraction = problem.maxFraction.slice();
  const servableCount = problem.servableCount.slice();
  for (let d = 0; d < deployments.count; d++) {
    if (isAllowed(d)) continue;
    servableCount[d] = 0;
    for (let i = 0; i < numQueryTypes; i++) maxFraction[i * deployments.count + d] = -1;
  }
  return { ...problem, maxFraction, servableCount };
}

/** Deployments by some of what tells them apart: what is absent may be anything. */
export interface DeploymentPattern {
  readonly model?: string;
  readonly tier: string;
  readonly tpDegree?: number;
  readonly pipelineDegree?: number;
}

/** The same problem where nothing that `gone` matches can be rented, not even idle; indices stay the same. */
export function withoutDeployments(problem: PlanningProblem, gone: readonly DeploymentPattern[]): PlanningProblem {
  if (gone.length === 0) return problem;
  const { deployments, instance } = problem;
  const isGone = (d: number) =>
    gone.some(
      ({ model, tier, tpDegree, pipelineDegree }) =>
        (model === undefined || instance.models[deployments.model[d]].name === model) &&
        instance.tiers[deployments.tier[d]].name === tier &&
        (tpDegree === undefined || deployments.tpDegree[d] === tpDegree) &&
        (pipelineDegree === undefined || deployments.pipelineDegree[d] === pipelineDegree),
    );
  const left = restrictedTo(problem, (d) => !isGone(d));
  return { ...left, deploymentsOfPair: problem.deploymentsOfPair.map((list) => list.filter((d) => !isGone(d))) };
}
