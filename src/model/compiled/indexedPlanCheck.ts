/**
 * Cost and feasibility of a plan by index, straight from specification 3-5 on the compiled problem, for choosing among
 * plans. Worst cases are computed by sorting. The incumbent door's verifier, which reads the instance only, has the
 * last word.
 */

import { type UncertainTerm, worstCaseGain } from '../check/worstCase.ts';
import { maxReplicasOf } from '../configurations.ts';
import { stretchesLimits } from './delayRule.ts';
import type { IndexedPlan } from './indexedPlan.ts';
import { mustBePlaced, type PlanningProblem } from './planningProblem.ts';

/**
 * Violations below this, relative to the larger of use and limit, are rounding of the sums that define them. Together
 * with what the search raises limits by (`searchInstance.ts`) it is within what the verifier allows.
 */
const violationTolerance = 1e-9;

/** The factor on delay limits that a plan's degrees give; 1 under the per-deployment rule. */
export function delayStretch({ deployments, delayRule }: PlanningProblem, plan: IndexedPlan): number {
  if (delayRule.divides) return 1;
  let stretch = 0;
  for (const { deployment } of plan.deployments) {
    if (stretchesLimits(delayRule, deployments.pair[deployment])) stretch += deployments.tpDegree[deployment];
  }
  return stretch;
}

/** $ over the rental period for committed GPUs that the plan leaves idle: the rest of C1. */
function idleCommitment({ deployments, committed, instance }: PlanningProblem, plan: IndexedPlan): number {
  const idle = committed.slice();
  for (const { deployment, replicas } of plan.deployments) {
    idle[deployments.tier[deployment]] -= deployments.gpus[deployment] * replicas;
  }
  return idle.reduce((sum, gpus, k) => sum + instance.rentalPeriod * instance.tiers[k].price * Math.max(0, gpus), 0);
}

/** $ over the rental period, switching included. Says nothing about feasibility. */
export function planCost(problem: PlanningProblem, plan: IndexedPlan): number {
  const { deployments, numPairs, placement } = problem;
  const gpus = new Float64Array(numPairs);
  let total = idleCommitment(problem, plan) + problem.switchingRemoved * problem.retiredGpus;
  for (const { deployment, replicas } of plan.deployments) {
    const pair = deployments.pair[deployment];
    total += deployments.rental[deployment] * replicas;
    if (!placement.storesPerPlacement) total += problem.weightCost[pair];
    gpus[pair] += deployments.gpus[deployment] * replicas;
  }
  for (let pair = 0; pair < numPairs; pair++) {
    const more = gpus[pair] - problem.currentGpus[pair];
    total += more > 0 ? more * problem.switchingAdded : -more * problem.switchingRemoved;
  }
  const unmet = new Float64Array(problem.numQueryTypes).fill(1);
  const swings: UncertainTerm[][] = Array.from({ length: problem.numQueryTypes }, () => []);
  for (const { queryType, deployment, fraction } of plan.routing) {
    const pair = deployments.pair[deployment];
    const at = queryType * deployments.count + deployment;
    unmet[queryType] -= fraction;
    total += (problem.dataCost[queryType] + problem.nominalDelayCost[at]) * fraction;
    if (placement.storesPerPlacement) total += problem.weightCost[pair];
    swings[queryType].push({
      deviation: problem.deviationDelayCost[at] * fraction,
      largestShare: problem.delayShare[pair],
    });
  }
  for (let i = 0; i < unmet.length; i++) total += Math.max(0, unmet[i]) * problem.unmetCost[i];
  if (problem.delayCost.isJoint) return total + worstCaseGain(swings.flat(), problem.gammaDelay);
  return swings.reduce((sum, list) => sum + worstCaseGain(list, problem.gammaDelay), total);
}

/** Whether the plan keeps every limit within `violationTolerance`. */
export function planIsFeasible(problem: PlanningProblem, plan: IndexedPlan): boolean {
  return largestViolation(problem, plan) <= violationTolerance;
}

/**
 * The largest excess over any limit, relative to the larger of use and limit; Infinity for what nothing could repair.
 */
export function largestViolation(problem: PlanningProblem, plan: IndexedPlan): number {
  const { deployments, numPairs, numTiers, options, placement, instance } = problem;
  const rentedAt = new Int32Array(numPairs).fill(-1);
  const replicasAt = new Float64Array(numPairs);
  const gpus = new Float64Array(numTiers);
  let worst = 0;
  const check = (use: number, limit: number, size = Math.max(Math.abs(use), Math.abs(limit))) => {
    if (use > limit) worst = Math.max(worst, (use - limit) / size);
  };
  let rental = idleCommitment(problem, plan);
  let stored = 0;
  let storageCost = 0;
  const storeWeights = (pair: number) => {
    stored += problem.weightSize[pair];
    storageCost += problem.weightCost[pair];
  };
  for (const { deployment, replicas } of plan.deployments) {
    const pair = deployments.pair[deployment];
    const most = maxReplicasOf(instance.models[deployments.model[deployment]], options);
    if (rentedAt[pair] >= 0 || replicas < deployments.minReplicas[deployment] || replicas > most) return Infinity;
    rentedAt[pair] = deployment;
    replicasAt[pair] = replicas;
    gpus[deployments.tier[deployment]] += deployments.gpus[deployment] * replicas;
    rental += deployments.rental[deployment] * replicas;
    if (!placement.storesPerPlacement) storeWeights(pair);
  }
  const stretch = delayStretch(problem, plan);
  const memory = new Float64Array(numPairs);
  const load = new Float64Array(numPairs);
  const routesOf: { readonly deployment: number; readonly fraction: number }[][] = instance.queryTypes.map(() => []);
  for (const { queryType, deployment, fraction } of plan.routing) {
    const pair = deployments.pair[deployment];
    if (rentedAt[pair] !== deployment || problem.maxFraction[queryType * deployments.count + deployment] < 0) {
      return Infinity;
    }
    check(-fraction, 0, 1);
    routesOf[queryType].push({ deployment, fraction });
    memory[pair] += problem.cacheUse[queryType * deployments.count + deployment] * fraction;
    load[pair] += problem.loadUse[queryType * deployments.count + deployment] * fraction;
    storageCost += problem.dataCost[queryType] * fraction;
    if (placement.storesPerPlacement) storeWeights(pair);
  }
  for (let pair = 0; pair < numPairs; pair++) {
    const d = rentedAt[pair];
    if (d < 0) continue;
    check(memory[pair], deployments.memoryRoom[d] * deployments.gpus[d] * replicasAt[pair]);
    check(load[pair], deployments.loadCapacity[d] * replicasAt[pair]);
  }
  for (let k = 0; k < numTiers; k++) check(gpus[k], problem.available[k]);
  check(stored, problem.storageCapacity);
  for (const { perGpu, most } of problem.fleetLimits) {
    check(
      perGpu.reduce((sum, use, k) => sum + use * gpus[k], 0),
      most,
    );
  }
  check(problem.rentalBudgetFactor * rental + storageCost, problem.budget);
  for (let i = 0; i < routesOf.length; i++) {
    const routes = routesOf[i];
    if (placement.isSingle && routes.length !== 1 && (routes.length > 1 || mustBePlaced(problem, i))) {
      return Infinity;
    }
    let served = 0;
    let delay = 0;
    let error = 0;
    const delaySwings: UncertainTerm[] = [];
    const errorSwings: UncertainTerm[] = [];
    for (const { deployment, fraction } of routes) {
      const pair = deployments.pair[deployment];
      const at = i * numPairs + pair;
      const divisor = problem.delayRule.divides ? deployments.tpDegree[deployment] : 1;
      served += fraction;
      delay += (problem.nominalDelay[at] * fraction) / divisor;
      error += problem.nominalError[at] * fraction;
      delaySwings.push({
        deviation: (problem.deviationDelay[at] * fraction) / divisor,
        largestShare: problem.delayShare[pair],
      });
      errorSwings.push({ deviation: problem.deviationError[at] * fraction, largestShare: problem.errorShare[pair] });
    }
    check(served, 1);
    check(1 - served, problem.unmetCap[i], 1);
    const delayLimit = problem.delayLimit[i] === Infinity ? Infinity : problem.delayLimit[i] * stretch;
    check(delay + worstCaseGain(delaySwings, problem.gammaDelay), delayLimit);
    check(error + worstCaseGain(errorSwings, problem.gammaError), problem.errorLimit[i]);
  }
  return worst;
}
