/**
 * Cost and feasibility of a plan by index, straight from specification 3-5 on the compiled problem, for choosing among
 * plans. Worst cases are computed by sorting. The incumbent door's verifier, which reads the instance only, has the
 * last word.
 */

import { type UncertainTerm, worstCaseGain } from '../check/worstCase.ts';
import type { IndexedPlan } from './indexedPlan.ts';
import type { PlanningProblem } from './planningProblem.ts';

/** Violations below this, relative to the limit, are rounding of the sums that define it. */
const violationTolerance = 1e-7;

/** The factor on delay limits that a plan's degrees give; 1 under the per-deployment rule. */
export function delayStretch(problem: PlanningProblem, plan: IndexedPlan): number {
  const { tpDegree, pair } = problem.deployments;
  if (problem.options.delayRule === 'per-deployment') return 1;
  let stretch = 0;
  for (const { deployment } of plan.deployments) {
    if (problem.options.delayRule === 'pooled' || pair[deployment] === problem.lastPair)
      stretch += tpDegree[deployment];
  }
  return stretch;
}

/** $ over the rental period, switching included. Says nothing about feasibility. */
export function planCost(problem: PlanningProblem, plan: IndexedPlan): number {
  const { deployments, numPairs, options } = problem;
  const gpus = new Float64Array(numPairs);
  let total = 0;
  for (const { deployment, replicas } of plan.deployments) {
    total += deployments.rental[deployment] * replicas;
    if (options.weightStorage === 'per-deployment') total += problem.weightCost[deployments.model[deployment]];
    gpus[deployments.pair[deployment]] += deployments.tpDegree[deployment] * replicas;
  }
  for (let pair = 0; pair < numPairs; pair++) {
    const more = gpus[pair] - problem.currentGpus[pair];
    total += more > 0 ? more * problem.switchingAdded : -more * problem.switchingRemoved;
  }
  const unmet = new Float64Array(problem.numQueryTypes).fill(1);
  const swings: UncertainTerm[][] = Array.from({ length: problem.numQueryTypes }, () => []);
  for (const { queryType, deployment, fraction } of plan.routing) {
    const pair = deployments.pair[deployment];
    const at = queryType * numPairs + pair;
    unmet[queryType] -= fraction;
    total += (problem.dataCost[queryType] + problem.nominalDelayCost[at]) * fraction;
    if (options.weightStorage === 'per-placement') total += problem.weightCost[deployments.model[deployment]];
    swings[queryType].push({
      deviation: problem.deviationDelayCost[at] * fraction,
      largestShare: problem.delayShare[pair],
    });
  }
  for (let i = 0; i < unmet.length; i++) total += Math.max(0, unmet[i]) * problem.unmetCost[i];
  if (options.delayCostBudget === 'joint') return total + worstCaseGain(swings.flat(), problem.gammaDelay);
  return swings.reduce((sum, list) => sum + worstCaseGain(list, problem.gammaDelay), total);
}

/** Whether the plan keeps every limit within `violationTolerance`. */
export function planIsFeasible(problem: PlanningProblem, plan: IndexedPlan): boolean {
  return largestViolation(problem, plan) <= violationTolerance;
}

/** The largest excess over any limit, relative to max(1, |limit|); Infinity for what no amount could repair. */
export function largestViolation(problem: PlanningProblem, plan: IndexedPlan): number {
  const { deployments, numPairs, numTiers, options, instance } = problem;
  const rentedAt = new Int32Array(numPairs).fill(-1);
  const replicasAt = new Float64Array(numPairs);
  const gpus = new Float64Array(numTiers);
  let worst = 0;
  const check = (use: number, limit: number) => {
    if (use > limit) worst = Math.max(worst, (use - limit) / Math.max(1, Math.abs(limit)));
  };
  let rental = 0;
  let stored = 0;
  let storageCost = 0;
  const storeWeights = (model: number) => {
    stored += problem.weightSize[model];
    storageCost += problem.weightCost[model];
  };
  for (const { deployment, replicas } of plan.deployments) {
    const pair = deployments.pair[deployment];
    if (rentedAt[pair] >= 0 || replicas < 1 || replicas > options.maxReplicas) return Infinity;
    rentedAt[pair] = deployment;
    replicasAt[pair] = replicas;
    gpus[deployments.tier[deployment]] += deployments.tpDegree[deployment] * replicas;
    rental += deployments.rental[deployment] * replicas;
    if (options.weightStorage === 'per-deployment') storeWeights(deployments.model[deployment]);
  }
  const stretch = delayStretch(problem, plan);
  const memory = new Float64Array(numPairs);
  const compute = new Float64Array(numPairs);
  const routesOf: { readonly deployment: number; readonly fraction: number }[][] = instance.queryTypes.map(() => []);
  for (const { queryType, deployment, fraction } of plan.routing) {
    const pair = deployments.pair[deployment];
    if (rentedAt[pair] !== deployment || problem.maxFraction[queryType * deployments.count + deployment] < 0) {
      return Infinity;
    }
    check(-fraction, 0);
    routesOf[queryType].push({ deployment, fraction });
    memory[pair] += problem.memoryUse[queryType * numPairs + pair] * fraction;
    compute[pair] += problem.computeUse[queryType] * fraction;
    storageCost += problem.dataCost[queryType] * fraction;
    if (options.weightStorage === 'per-placement') storeWeights(deployments.model[deployment]);
  }
  for (let pair = 0; pair < numPairs; pair++) {
    const d = rentedAt[pair];
    if (d < 0) continue;
    check(memory[pair], deployments.memoryRoom[d] * deployments.tpDegree[d] * replicasAt[pair]);
    check(compute[pair], deployments.compute[d] * replicasAt[pair]);
  }
  for (let k = 0; k < numTiers; k++) check(gpus[k], problem.available[k]);
  check(stored, problem.storageCapacity);
  check(problem.rentalBudgetFactor * rental + storageCost, problem.budget);
  for (let i = 0; i < routesOf.length; i++) {
    const routes = routesOf[i];
    if (options.placement === 'single' && routes.length !== 1) return Infinity;
    let served = 0;
    let delay = 0;
    let error = 0;
    const delaySwings: UncertainTerm[] = [];
    const errorSwings: UncertainTerm[] = [];
    for (const { deployment, fraction } of routes) {
      const pair = deployments.pair[deployment];
      const at = i * numPairs + pair;
      const divisor = options.delayRule === 'per-deployment' ? deployments.tpDegree[deployment] : 1;
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
    check(1 - served, problem.unmetCap[i]);
    check(delay + worstCaseGain(delaySwings, problem.gammaDelay), instance.queryTypes[i].delayThreshold * stretch);
    check(error + worstCaseGain(errorSwings, problem.gammaError), instance.queryTypes[i].errorThreshold);
  }
  return worst;
}
