/**
 * A deployment d gives way to d' of another (model, tier) under single placement. In a plan with d, move its query
 * types to the pair of d': if that pair is not rented, rent d' with its least replicas; if it is rented with fewer GPUs
 * a replica, go over to d'; if with more, keep it. The plan stays feasible and gets no dearer if
 * - everything that can be on d or on that pair fits together into the least replicas of d', and of each larger
 *   deployment there;
 * - each query type of d has there, at d' and at every larger one, at least the same largest fraction, and each query
 *   type of smaller ones
 *   at d' too; delay and serving costs are no higher, entry by entry where the joint worst case mixes them;
 * - rental of d' <= rental of d, weights of its model no larger, GPUs available (its tier is not capped, or is the tier
 *   of d, with no more GPUs),
 *   and no fleet limit used more. GPUs that are committed may be free: then only on the same tier with no more GPUs.
 * Switching costs and the `pooled` rule tie pairs together otherwise: then nothing is done. Under `last-deployment` the
 * last pair itself stays. Without the first condition this would be wrong: two pairs rented together have twice the
 * room of one.
 */
import type { WorkingProblem } from './workingProblem.ts';

export function removeDominatedPairs(working: WorkingProblem, name: string): void {
  const { placement, switchingAdded, switchingRemoved, delayRule, deployments } = working.base;
  if (!placement.isSingle || delayRule.isPooled) return;
  if (switchingAdded > 0 || switchingRemoved > 0) return;
  // What does not even hold its own query types holds no others; on large instances this leaves few to compare.
  const roomy = working.alive().filter((d) => deployments.maxReplicas[d] >= 1 && holdsEverything(working, d, [d]));
  for (const d of working.alive()) {
    if (deployments.pair[d] === delayRule.stretchingPair) continue;
    const better = roomy.find((other) => working.isAlive(other) && dominates(working, other, d));
    if (better === undefined) continue;
    const reason = `${working.describe(better)} can take all that ${working.describe(d)} can, and is no dearer`;
    working.removeDeployment(name, d, reason);
  }
}

function dominates(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments, weightSize } = working.base;
  const { pair, gpus } = deployments;
  if (pair[better] === pair[d] || weightSize[pair[better]] > weightSize[pair[d]]) return false;
  if (!usesNoMoreGpus(working, better, d)) return false;
  const there = working.aliveOfPair(pair[better]);
  return there.every((other) => {
    const isSmaller = gpus[other] < gpus[better];
    const [from, to] = isSmaller ? [other, better] : [d, other];
    return (
      servesAtLeastAsMuch(working, from, to) &&
      servesNoDearer(working, from, to) &&
      (isSmaller || holdsEverything(working, to, [d, ...there]))
    );
  });
}

/** Rental, available GPUs and fleet limits: the least replicas of `better` in place of d. */
function usesNoMoreGpus(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments, available, fleetLimits, committed } = working.base;
  const { tier, minReplicas } = deployments;
  const rental = (each: number) => deployments.rental[each] * minReplicas[each];
  const gpus = (each: number) => deployments.gpus[each] * minReplicas[each];
  if (rental(better) > rental(d)) return false;
  const isContained = tier[better] === tier[d] && gpus(better) <= gpus(d);
  if (available[tier[better]] < Infinity && !isContained) return false;
  if (committed[tier[d]] > 0 && !isContained && rental(better) > 0) return false;
  return fleetLimits.every(({ perGpu }) => perGpu[tier[better]] * gpus(better) <= perGpu[tier[d]] * gpus(d));
}

function servesAtLeastAsMuch(working: WorkingProblem, from: number, to: number): boolean {
  return working.servableAt(from).every((i) => working.fraction(i, to) >= working.fraction(i, from));
}

function servesNoDearer(working: WorkingProblem, from: number, to: number): boolean {
  const { base } = working;
  const { numPairs, delayRule, delayCost, delayShare, gammaDelay, worstDelay } = base;
  const { pair, count } = base.deployments;
  return working.servableAt(from).every((i) => {
    const here = i * count + from;
    const there = i * count + to;
    if (delayRule.stretchingPair >= 0 && worstDelay[i * numPairs + pair[to]] > worstDelay[i * numPairs + pair[from]])
      return false;
    if (delayCost.isSeparable) return base.servingCost[there] <= base.servingCost[here];
    return (
      base.nominalDelayCost[there] <= base.nominalDelayCost[here] &&
      base.deviationDelayCost[there] <= base.deviationDelayCost[here] &&
      (gammaDelay === 0 || delayShare[pair[to]] <= delayShare[pair[from]])
    );
  });
}

/** Whether the least replicas of `to` hold the largest fractions of all that can be on any of `sources`. */
function holdsEverything(working: WorkingProblem, to: number, sources: readonly number[]): boolean {
  const { deployments, cacheUse, loadUse, numQueryTypes } = working.base;
  let memory = 0;
  let load = 0;
  for (let i = 0; i < numQueryTypes; i++) {
    const most = sources.reduce((largest, source) => Math.max(largest, working.fraction(i, source)), 0);
    memory += most * cacheUse[i * deployments.count + to];
    load += most * loadUse[i * deployments.count + to];
  }
  const replicas = deployments.minReplicas[to];
  return (
    memory <= deployments.memoryRoom[to] * deployments.gpus[to] * replicas &&
    load <= deployments.loadCapacity[to] * replicas
  );
}
