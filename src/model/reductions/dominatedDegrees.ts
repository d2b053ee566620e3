/**
 * Of two configurations of one (model, tier) at most one is rented, so replacing d by d' in a plan meets no other use
 * of d'. Serving there costs no more, query type by query type (with profiles costs differ within a pair).
 *
 * Fewer GPUs: d' with its least replicas stands in for d with any number if everything that can ever be on d together
 * fits into them (memory and load), if each query type may have the same fraction there, if no delay row suffers, and
 * if GPUs and their switching cost come no dearer. Rental, budget, available GPUs and fleet limits only gain. Delay
 * rows: under single placement the largest fraction says it; under split placement the row must be slack wherever the
 * query type can go (a worst case is at most the mean of the worst cases of the parts); `last-deployment` does not
 * divide delays, and `pooled` (and the last pair) would lose stretch, so they are left out.
 *
 * More GPUs: d' with as many replicas, where it has no smaller TP degree and no query type takes a larger part of a
 * replica's memory or load. Everything but rental, budget, available GPUs and fleet limits gains, so it pays where GPUs
 * are free, or where the current plan has them, giving them up costs more and there is no budget.
 */
import { stretchesLimits } from '../compiled/delayRule.ts';
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
  const { gpus } = working.base.deployments;
  if (gpus[better] === gpus[d] || working.base.deployments.maxReplicas[better] < 1) return false;
  const isSmaller = gpus[better] < gpus[d];
  if (isSmaller && !holdsEverything(working, better, d)) return false;
  if (working.servableAt(d).some((i) => working.fraction(i, better) < working.fraction(i, d))) return false;
  if (!servesNoDearer(working, better, d)) return false;
  return isSmaller ? smallerDominates(working, better, d) : largerDominates(working, better, d);
}

function smallerDominates(working: WorkingProblem, better: number, d: number): boolean {
  const { base } = working;
  const { deployments, placement, delayRule } = base;
  const pair = deployments.pair[d];
  if (stretchesLimits(delayRule, pair)) return false;
  if (delayRule.divides && !placement.isSingle) {
    if (
      deployments.tpDegree[better] < deployments.tpDegree[d] &&
      !working.servableAt(d).every((i) => isDelaySlack(working, i))
    )
      return false;
  }
  const gpus = deployments.gpus[better] * deployments.minReplicas[better];
  return decidingReplicas(working, d, [d]).every((replicas) =>
    costsNoMore(working, pair, gpus, deployments.gpus[d] * replicas),
  );
}

function largerDominates(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments, available, fleetLimits, budget, instance, loadUse, cacheUse } = working.base;
  const { count, tier, tpDegree, gpus, memoryRoom, loadCapacity } = deployments;
  const k = tier[d];
  if (available[k] < Infinity || fleetLimits.some(({ perGpu }) => perGpu[k] > 0)) return false;
  if (budget < Infinity && instance.tiers[k].price > 0) return false;
  if (tpDegree[better] < tpDegree[d] || deployments.maxReplicas[better] < deployments.maxReplicas[d]) return false;
  const takesMore = (i: number) =>
    loadUse[i * count + better] * loadCapacity[d] > loadUse[i * count + d] * loadCapacity[better] ||
    cacheUse[i * count + better] * memoryRoom[d] * gpus[d] >
      cacheUse[i * count + d] * memoryRoom[better] * gpus[better];
  if (working.servableAt(d).some(takesMore)) return false;
  return decidingReplicas(working, d, [d, better]).every((replicas) =>
    costsNoMore(working, deployments.pair[d], gpus[better] * replicas, gpus[d] * replicas),
  );
}

/** Whether no query type pays more for delay at `better`, whatever else is at its worst. */
function servesNoDearer(working: WorkingProblem, better: number, d: number): boolean {
  const { nominalDelayCost, deviationDelayCost, deployments } = working.base;
  const { count } = deployments;
  return working
    .servableAt(d)
    .every(
      (i) =>
        nominalDelayCost[i * count + better] <= nominalDelayCost[i * count + d] &&
        deviationDelayCost[i * count + better] <= deviationDelayCost[i * count + d],
    );
}

/** Whether the least replicas of `better` hold the largest fractions of all that can be placed on d. */
function holdsEverything(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments, cacheUse, loadUse } = working.base;
  const { count } = deployments;
  let memory = 0;
  let load = 0;
  for (const i of working.servableAt(d)) {
    memory += working.fraction(i, d) * cacheUse[i * count + better];
    load += working.fraction(i, d) * loadUse[i * count + better];
  }
  const replicas = deployments.minReplicas[better];
  return (
    memory <= deployments.memoryRoom[better] * deployments.gpus[better] * replicas &&
    load <= deployments.loadCapacity[better] * replicas
  );
}

/** Whether the delay row of query type i holds however it is split over the places that it has left. */
function isDelaySlack(working: WorkingProblem, i: number): boolean {
  const { delayLimit, deployments, worstDelay, numPairs } = working.base;
  return working
    .candidatesOf(i)
    .every((d) => worstDelay[i * numPairs + deployments.pair[d]] <= delayLimit[i] * deployments.tpDegree[d]);
}

/**
 * Numbers of replicas of d that decide for all: costs of GPUs are linear in them but for a bend at the GPUs of the
 * current plan, for each of `bends` as the deployment whose GPUs are counted.
 */
function decidingReplicas(working: WorkingProblem, d: number, bends: readonly number[]): number[] {
  const { deployments, currentGpus } = working.base;
  const least = deployments.minReplicas[d];
  const most = Math.max(least, deployments.maxReplicas[d]);
  const around = bends.map((each) => currentGpus[deployments.pair[d]] / deployments.gpus[each]);
  return [least, most, ...around.flatMap((bend) => [Math.floor(bend), Math.ceil(bend)])].map((replicas) =>
    Math.min(most, Math.max(least, replicas)),
  );
}

/**
 * Whether `gpus` of a pair cost no more than `former`, rental and switching; committed GPUs may be free or not, by what
 * else is rented.
 */
function costsNoMore(working: WorkingProblem, pair: number, gpus: number, former: number): boolean {
  const { instance, numTiers, committed } = working.base;
  const tier = pair % numTiers;
  const price = instance.rentalPeriod * instance.tiers[tier].price;
  const isWorse = (each: number) => gpuCost(working, pair, gpus, each) > gpuCost(working, pair, former, each);
  return !isWorse(price) && !(committed[tier] > 0 && isWorse(0));
}

function gpuCost(working: WorkingProblem, pair: number, gpus: number, price: number): number {
  const { currentGpus, switchingAdded, switchingRemoved } = working.base;
  const change = gpus - currentGpus[pair];
  const switching = change > 0 ? switchingAdded * change : -switchingRemoved * change;
  return price * gpus + switching;
}
