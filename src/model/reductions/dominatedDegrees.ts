/**
 * Of two TP degrees of one (model, tier) at most one is rented, so replacing d by d' in a plan meets no other use of
 * d'.
 *
 * Fewer GPUs (n' < n): d' with one replica stands in for d with any number if everything that can ever be on d together
 * fits into one replica of d' (memory and compute), if each query type may have the same fraction there, if no delay
 * row suffers, and if GPUs and their switching cost come no dearer. Rental, budget and available GPUs only gain. Delay
 * rows: under single placement the largest fraction says it; under split placement the row must be slack wherever the
 * query type can go (a worst case is at most the mean of the worst cases of the parts); `last-deployment` does not
 * divide delays, and `pooled` (and the last pair) would lose stretch, so they are left out.
 *
 * More GPUs (n' > n): everything but rental, budget and available GPUs gains, so it pays where GPUs are free, or where
 * the current plan has them, giving them up costs more and there is no budget.
 */
import type { WorkingProblem } from './workingProblem.ts';

export function removeDominatedDegrees(working: WorkingProblem, name: string): void {
  const { numPairs, deployments } = working.base;
  for (let pair = 0; pair < numPairs; pair++) {
    for (const d of working.aliveOfPair(pair).reverse()) {
      const better = working.aliveOfPair(pair).find((other) => other !== d && dominates(working, other, d));
      if (better === undefined) continue;
      const reason = `TP ${deployments.tpDegree[better]} does all that ${working.describe(d)} can, and is no dearer`;
      working.removeDeployment(name, d, reason);
    }
  }
}

function dominates(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments } = working.base;
  if (deployments.tpDegree[better] < deployments.tpDegree[d] && !holdsEverything(working, better, d)) return false;
  if (working.servableAt(d).some((i) => working.fraction(i, better) < working.fraction(i, d))) return false;
  return deployments.tpDegree[better] < deployments.tpDegree[d]
    ? smallerDominates(working, better, d)
    : largerDominates(working, better, d);
}

function smallerDominates(working: WorkingProblem, better: number, d: number): boolean {
  const { base } = working;
  const { deployments, options, lastPair } = base;
  const pair = deployments.pair[d];
  if (options.delayRule === 'pooled' || (options.delayRule === 'last-deployment' && pair === lastPair)) return false;
  if (working.largestReplicas(better) < 1) return false;
  if (options.delayRule === 'per-deployment' && options.placement === 'split') {
    if (!working.servableAt(d).every((i) => isDelaySlack(working, i))) return false;
  }
  for (let replicas = 1; replicas <= Math.max(1, working.largestReplicas(d)); replicas++) {
    const gpus = deployments.tpDegree[d] * replicas;
    if (gpuCost(working, pair, deployments.tpDegree[better]) > gpuCost(working, pair, gpus)) return false;
  }
  return true;
}

function largerDominates(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments, available, budget, instance, options } = working.base;
  const tier = deployments.tier[d];
  if (available[tier] < Infinity) return false;
  if (budget < Infinity && instance.tiers[tier].price > 0) return false;
  for (let replicas = 1; replicas <= options.maxReplicas; replicas++) {
    const more = gpuCost(working, deployments.pair[d], deployments.tpDegree[better] * replicas);
    if (more > gpuCost(working, deployments.pair[d], deployments.tpDegree[d] * replicas)) return false;
  }
  return true;
}

/** Whether one replica of `better` holds the largest fractions of all that can be placed on d. */
function holdsEverything(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments, memoryUse, computeUse, numPairs } = working.base;
  let memory = 0;
  let compute = 0;
  for (const i of working.servableAt(d)) {
    memory += working.fraction(i, d) * memoryUse[i * numPairs + deployments.pair[d]];
    compute += working.fraction(i, d) * computeUse[i];
  }
  return (
    memory <= deployments.memoryRoom[better] * deployments.tpDegree[better] && compute <= deployments.compute[better]
  );
}

/** Whether the delay row of query type i holds however it is split over the places that it has left. */
function isDelaySlack(working: WorkingProblem, i: number): boolean {
  const { instance, deployments, worstDelay, numPairs } = working.base;
  const limit = instance.queryTypes[i].delayThreshold;
  return working
    .candidatesOf(i)
    .every((d) => worstDelay[i * numPairs + deployments.pair[d]] <= limit * deployments.tpDegree[d]);
}

/** $ for this many GPUs of a pair: rental and switching. */
function gpuCost(working: WorkingProblem, pair: number, gpus: number): number {
  const { instance, numTiers, currentGpus, switchingAdded, switchingRemoved } = working.base;
  const change = gpus - currentGpus[pair];
  const switching = change > 0 ? switchingAdded * change : -switchingRemoved * change;
  return instance.rentalPeriod * instance.tiers[pair % numTiers].price * gpus + switching;
}
