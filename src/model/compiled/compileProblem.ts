/**
 * From an instance and its options to the flat arrays of the compiled problem: what each query type uses and costs on
 * each deployment, what is served there at most, and how many replicas there can be.
 */
import { maxReplicasOf, onTier } from '../configurations.ts';
import {
  effectiveUnmetCap,
  type Instance,
  type QueryType,
  type Tensor,
  tokensPerQuery,
  type UncertainTensor,
} from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import {
  latencyOf,
  profilesTellLatency,
  type QueryLatency,
  residencyOfLatency,
  secondsPerQuery,
} from '../serviceTimes.ts';
import { delayCostRuleOf } from './delayCostRule.ts';
import { type DelayRule, delayRuleOf } from './delayRule.ts';
import { type DeploymentTable, layOutDeployments, permittedTriples, rentablePairs } from './deploymentTable.ts';
import { placementRuleOf } from './placementRule.ts';
import { type CompiledFleetLimit, fractionTolerance, type PlanningProblem } from './planningProblem.ts';
import { fillLargestFractions, fillServableFractions, ratio, usableReplicas } from './servableFractions.ts';

/**
 * Lays out an instance (already validated) under its options. Throws RangeError if decision-dependent data is missing.
 */
export function compileProblem(instance: Instance, options: PlanningOptions): PlanningProblem {
  const { queryTypes, models, tiers, delay, error, residency, storagePrice = 0, uncertaintyBudget } = instance;
  const numQueryTypes = queryTypes.length;
  const numModels = models.length;
  const numTiers = tiers.length;
  const numPairs = numModels * numTiers;
  const hours = instance.rentalPeriod;
  const uncertain = options.uncertainty !== 'none';
  const dependent = options.uncertainty === 'decision-dependent';
  const gammaDelay = uncertain ? (uncertaintyBudget?.delay ?? 0) : 0;
  const gammaError = uncertain ? (uncertaintyBudget?.error ?? 0) : 0;
  const shareOf = (tensor: UncertainTensor | undefined) => {
    const shares = new Float64Array(numPairs).fill(1);
    if (!dependent || tensor === undefined) return shares;
    if (tensor.relief === undefined) throw new RangeError('uncertainty "decision-dependent" needs relief data');
    for (let pair = 0; pair < numPairs; pair++) {
      shares[pair] = 1 - tensor.relief[Math.floor(pair / numTiers)][pair % numTiers];
    }
    return shares;
  };
  const delayShare = shareOf(delay);
  const errorShare = shareOf(error);

  const permitted = permittedTriples(instance);
  const rentable = rentablePairs(instance, permitted);
  const deployments = layOutDeployments(instance, rentable);
  const { count } = deployments;
  const deploymentsOfPair: number[][] = Array.from({ length: numPairs }, () => []);
  for (let d = 0; d < count; d++) deploymentsOfPair[deployments.pair[d]].push(d);
  const { currentGpus, retiredGpus } = currentPlanGpus(instance);

  const perQuery = () => new Float64Array(numQueryTypes);
  const perQueryPair = () => new Float64Array(numQueryTypes * numPairs);
  const perQueryDeployment = () => new Float64Array(numQueryTypes * count);
  const unmetCost = perQuery();
  const unmetCap = perQuery();
  const dataCost = perQuery();
  const nominalDelay = perQueryPair();
  const deviationDelay = perQueryPair();
  const nominalError = perQueryPair();
  const deviationError = perQueryPair();
  const worstDelay = perQueryPair();
  const worstError = perQueryPair();
  const loadUse = perQueryDeployment();
  const cacheUse = perQueryDeployment();
  const nominalDelayCost = perQueryDeployment();
  const deviationDelayCost = perQueryDeployment();
  const servingCost = perQueryDeployment();
  /** (i, d): 1 where the profile lets the query type be placed. */
  const isServed = new Uint8Array(numQueryTypes * count).fill(1);
  const tellsLatency = profilesTellLatency(instance);
  const penaltyHours = options.penalties === 'per-period' ? hours : 1;
  const delayCost = delayCostRuleOf(options, gammaDelay, numQueryTypes);
  const cachePerToken = Float64Array.from({ length: numPairs }, (_, pair) => {
    return onTier(models[Math.floor(pair / numTiers)].kvCachePerToken, tiers[pair % numTiers]) ?? 0;
  });
  const weightSize = Float64Array.from({ length: numPairs }, (_, pair) => {
    return onTier(models[Math.floor(pair / numTiers)].weightSize, tiers[pair % numTiers]) ?? 0;
  });

  queryTypes.forEach((query, i) => {
    const tokens = tokensPerQuery(query);
    unmetCost[i] = (query.unmetPenalty ?? 0) * query.arrivalRate * penaltyHours;
    unmetCap[i] = effectiveUnmetCap(query);
    dataCost[i] = hours * storagePrice * (query.tokenSize ?? 0) * tokens * query.arrivalRate;
    const delayRate = (query.delayPenalty ?? 0) * query.arrivalRate * penaltyHours;
    for (let pair = 0; pair < numPairs; pair++) {
      const j = Math.floor(pair / numTiers);
      const k = pair % numTiers;
      const at = i * numPairs + pair;
      if (delay !== undefined) {
        nominalDelay[at] = tensorAt(delay.nominal, i, j, k) * tokens;
        if (uncertain) deviationDelay[at] = tensorAt(delay.deviation, i, j, k) * tokens;
      }
      if (error !== undefined) {
        nominalError[at] = tensorAt(error.nominal, i, j, k);
        if (uncertain) deviationError[at] = tensorAt(error.deviation, i, j, k);
      }
      worstDelay[at] = nominalDelay[at] + Math.min(gammaDelay, delayShare[pair]) * deviationDelay[at];
      worstError[at] = nominalError[at] + Math.min(gammaError, errorShare[pair]) * deviationError[at];
    }
    for (let d = 0; d < count; d++) {
      const pair = deployments.pair[d];
      const at = i * count + d;
      const profile = deployments.profile[d];
      let nominal = nominalDelay[i * numPairs + pair];
      let deviation = deviationDelay[i * numPairs + pair];
      let hoursInMemory =
        typeof residency === 'object'
          ? tensorAt(residency, i, deployments.model[d], deployments.tier[d])
          : (residency ?? 0);
      if (profile === null) loadUse[at] = (query.computePerToken ?? 0) * tokens;
      else {
        const seconds = secondsPerQuery(profile, query);
        if (seconds === null) isServed[at] = 0;
        else loadUse[at] = (query.arrivalRate * seconds) / 3600;
        if (tellsLatency) {
          const latency = latencyOf(profile, query);
          const swing = uncertain ? latency.deviation : 0;
          const worstFactor = 1 + Math.min(gammaDelay, 1) * swing;
          if (!latencyIsKept(query, latency, worstFactor)) isServed[at] = 0;
          nominal = latency.total ?? 0;
          deviation = swing * nominal;
          if (residency === undefined) hoursInMemory = residencyOfLatency(nominal);
        }
      }
      cacheUse[at] = cachePerToken[pair] * tokens * query.arrivalRate * hoursInMemory;
      nominalDelayCost[at] = delayCost.chargesNominal ? delayRate * nominal : 0;
      deviationDelayCost[at] = delayRate * deviation;
      const worstShare = Math.min(gammaDelay, delayShare[pair]);
      servingCost[at] =
        dataCost[i] + nominalDelayCost[at] + (delayCost.isSeparable ? worstShare * deviationDelayCost[at] : 0);
    }
  });

  const placement = placementRuleOf(options);
  const delayRule = delayRuleOf(options, numPairs);
  const stretch = largestDelayStretch(delayRule, deployments, deploymentsOfPair);
  const limit = (value: number | undefined) => value ?? Infinity;
  const delayLimit = Float64Array.from(queryTypes, (query) => (tellsLatency ? Infinity : limit(query.delayThreshold)));
  const errorLimit = Float64Array.from(queryTypes, (query) => limit(query.errorThreshold));
  const maxFraction = perQueryDeployment();
  const uses = { permitted, isServed, delayLimit, errorLimit, worstDelay, worstError, loadUse, cacheUse };
  for (let i = 0; i < numQueryTypes; i++) {
    fillLargestFractions(maxFraction, i, numPairs, deployments, uses, delayRule.divides ? null : stretch);
  }
  const available = Float64Array.from(tiers, (tier) => tier.available ?? Infinity);
  const fleetLimits: CompiledFleetLimit[] = (instance.fleetLimits ?? []).map(({ name, perGpu, most }) => ({
    name,
    perGpu: Float64Array.from(tiers, (tier) => (Object.hasOwn(perGpu, tier.name) ? perGpu[tier.name] : 0)),
    most,
  }));
  const switchingRemoved = instance.switchingCost?.removed ?? 0;
  for (let d = 0; d < count; d++) {
    const usable = usableReplicas(deployments, d, maxFraction, loadUse, cacheUse, numQueryTypes);
    const kept = switchingRemoved > 0 ? Math.ceil(currentGpus[deployments.pair[d]] / deployments.gpus[d]) : 0;
    const allowed = Math.min(
      maxReplicasOf(models[deployments.model[d]], options),
      replicasWithin(deployments, d, available, fleetLimits),
    );
    const least = deployments.minReplicas[d];
    deployments.maxReplicas[d] = least > allowed ? 0 : Math.min(allowed, Math.max(least, usable, kept));
  }

  const servableCount = new Int32Array(count);
  for (let i = 0; i < numQueryTypes; i++) {
    const mayStandEmpty = placement.isSingle && (options.dropped === 'placed' || unmetCap[i] < 1);
    const least = mayStandEmpty ? 1 - unmetCap[i] : null;
    fillServableFractions(maxFraction, servableCount, i, deployments, uses, least);
  }

  return {
    instance,
    options,
    numQueryTypes,
    numModels,
    numTiers,
    numPairs,
    deployments,
    deploymentsOfPair,
    placement,
    delayRule,
    delayCost,
    unmetCost,
    unmetCap,
    loadUse,
    dataCost,
    weightCost: weightSize.map((size) => hours * storagePrice * size),
    weightSize,
    cacheUse,
    delayLimit,
    errorLimit,
    nominalDelay,
    deviationDelay,
    nominalError,
    deviationError,
    delayShare,
    errorShare,
    gammaDelay,
    gammaError,
    worstDelay,
    worstError,
    nominalDelayCost,
    deviationDelayCost,
    servingCost,
    maxFraction,
    servableCount,
    rentalBudgetFactor: options.rentalInBudget === 'once' ? 1 : numQueryTypes,
    budget: instance.budget ?? Infinity,
    storageCapacity: instance.storageCapacity ?? Infinity,
    available,
    fleetLimits,
    committed: Float64Array.from(tiers, (tier) => tier.committed ?? 0),
    currentGpus,
    retiredGpus,
    switchingAdded: instance.switchingCost?.added ?? 0,
    switchingRemoved,
  };
}

/** GPUs of the current plan by pair, and those on models and tiers that the instance no longer has. */
function currentPlanGpus({ models, tiers, currentPlan }: Instance) {
  const currentGpus = new Float64Array(models.length * tiers.length);
  let retiredGpus = 0;
  for (const { model, tier, gpus } of currentPlan?.deployments ?? []) {
    const j = models.findIndex(({ name }) => name === model);
    const k = tiers.findIndex(({ name }) => name === tier);
    if (j < 0 || k < 0) retiredGpus += gpus;
    else currentGpus[j * tiers.length + k] += gpus;
  }
  return { currentGpus, retiredGpus };
}

/** Whether every limit on the latency of a query is known to be kept, and its cost is known. */
function latencyIsKept(query: QueryType, { ttft, tpot, total }: QueryLatency, worstFactor: number): boolean {
  const isKept = (value: number | null, most: number | undefined) =>
    most === undefined || (value !== null && value * worstFactor <= most * (1 + fractionTolerance));
  return (
    isKept(total, query.delayThreshold) &&
    isKept(ttft, query.ttftThreshold) &&
    isKept(tpot, query.tpotThreshold) &&
    (total !== null || (query.delayPenalty ?? 0) === 0)
  );
}

/** Replicas of d alone within available GPUs and fleet limits; Infinity for no limit. */
function replicasWithin(
  { tier, gpus }: DeploymentTable,
  d: number,
  available: Float64Array,
  fleetLimits: readonly CompiledFleetLimit[],
): number {
  const k = tier[d];
  const limits = fleetLimits.map(({ perGpu, most }) => ratio(most, perGpu[k]));
  return Math.floor(Math.min(available[k], ...limits) / gpus[d] + fractionTolerance);
}

function tensorAt(tensor: Tensor, i: number, j: number, k: number): number {
  return tensor[i][j][k];
}

/**
 * The largest factor on Delta under the rules that stretch it by TP degrees: of the last pair, or summed over all
 * pairs.
 */
function largestDelayStretch(
  { isPooled, stretchingPair }: DelayRule,
  deployments: DeploymentTable,
  deploymentsOfPair: readonly (readonly number[])[],
): number {
  const largestDegree = (pair: number) =>
    deploymentsOfPair[pair].reduce((most, d) => Math.max(most, deployments.tpDegree[d]), 0);
  if (stretchingPair >= 0) return largestDegree(stretchingPair);
  return isPooled ? deploymentsOfPair.reduce((sum, _, pair) => sum + largestDegree(pair), 0) : 1;
}
