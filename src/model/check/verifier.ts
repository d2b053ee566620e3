/**
 * The independent check of a plan: cost and every constraint of specification 4 and 5 recomputed from instance, options
 * and plan alone, with worst cases computed directly (sort and fill), never through duals, formulations or a compiled
 * problem.
 */

import { effectiveUnmetCap, type Instance, type Plan, type UncertainTensor } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import { type ConstraintCheck, type ConstraintGroup, ConstraintList, feasibilityTolerance } from './constraintCheck.ts';
import type { PlanCost } from './cost.ts';
import { itemisedCost, rentalCost, storedWeights } from './itemisedCost.ts';
import { isRentable, isUsable } from './permissions.ts';
import {
  amountOn,
  at,
  largestShare,
  type ResolvedPlan,
  type ResolvedRoute,
  resolvePlan,
  tokensOf,
  weightsOf,
} from './resolvedPlan.ts';
import { hasLatency, profileOf, serviceOfRoute } from './routeService.ts';
import { worstCaseGain } from './worstCase.ts';

export type { ConstraintCheck, ConstraintGroup } from './constraintCheck.ts';

/** GPUs and shares of whole things are compared as numbers from JSON; a difference below this is rounding. */
const countTolerance = 1e-9;
const millisecondsPerHour = 3.6e6;

export interface Verification {
  /** Whether every constraint holds within the tolerances. */
  readonly ok: boolean;
  readonly cost: PlanCost;
  /** Every constraint, group by group in the order of specification 4. */
  readonly constraints: readonly ConstraintCheck[];
  /** Those that do not hold. */
  readonly violations: readonly ConstraintCheck[];
  /** Largest violated amount in units of the limit (of 1 where the limit is smaller); 0 if nothing is exceeded. */
  readonly largestViolation: number;
}

/**
 * Checks `plan` against `instance` under `options`. Both must be valid (`validateInstance`, `validatePlan`).
 * Throws RangeError if the plan names things that the instance does not have.
 */
export function checkPlan(instance: Instance, options: PlanningOptions, plan: Plan): Verification {
  const resolved = resolvePlan(instance, plan);
  const cost = itemisedCost(resolved, options);
  const list = new ConstraintList();
  checkDemand(list, resolved);
  checkBudget(list, resolved, options, cost);
  checkDegrees(list, resolved, options);
  checkCapacities(list, resolved);
  checkStorage(list, resolved, options);
  checkPlacement(list, resolved, options);
  checkDelay(list, resolved, options);
  checkLatency(list, resolved, options);
  checkError(list, resolved, options);
  checkUnmet(list, resolved);
  checkAvailability(list, resolved);
  checkFleetLimits(list, resolved);
  checkPermissions(list, resolved);
  const violations = list.checks.filter((check) => !check.ok);
  let largestViolation = 0;
  for (const { violation, limit } of list.checks) {
    largestViolation = Math.max(largestViolation, violation / Math.max(1, Math.abs(limit ?? 0)));
  }
  return { ok: violations.length === 0, cost, constraints: list.checks, violations, largestViolation };
}

/** sum_jk x_ijk + u_i = 1, with every share in [0, 1]. */
function checkDemand(list: ConstraintList, { instance, routes, routesOf, unmet }: ResolvedPlan): void {
  instance.queryTypes.forEach((query, i) => {
    const served = routesOf[i].reduce((sum, route) => sum + route.fraction, 0);
    list.equal('demand', query.name, served + unmet[i], 1, 'share');
  });
  let outside = 0;
  for (const { fraction } of routes) outside = Math.max(outside, -fraction, fraction - 1);
  for (const fraction of unmet) outside = Math.max(outside, -fraction, fraction - 1);
  list.shareAtMost('demand', 'largest excess of a share beyond [0, 1]', outside, 0);
}

/** c * C1 + C2 <= delta. */
function checkBudget(list: ConstraintList, resolved: ResolvedPlan, options: PlanningOptions, cost: PlanCost): void {
  const { instance } = resolved;
  const factor = options.rentalInBudget === 'once' ? 1 : instance.queryTypes.length;
  const spent = factor * rentalCost(resolved) + cost.storage.model + cost.storage.data;
  list.atMost('budget', 'rental and storage', spent, instance.budget ?? null, '$');
}

/**
 * One configuration for each (model, tier), one that can be rented and holds the weights; replicas and GPUs as they
 * should be.
 */
function checkDegrees(list: ConstraintList, { instance, plan, pairs }: ResolvedPlan, options: PlanningOptions): void {
  const { models, tiers } = instance;
  for (const { model, tier, listed } of pairs) {
    list.atMost('one-degree', `${models[model].name} on ${tiers[tier].name}`, listed, 1, 'TP degrees');
  }
  for (const { model, tier, tpDegree, pipelineDegree = 1, replicas, gpus } of plan.deployments) {
    const j = models.findIndex(({ name }) => name === model);
    const k = tiers.findIndex(({ name }) => name === tier);
    const subject = deploymentText(model, tier, tpDegree, pipelineDegree);
    const { minReplicas = 1, maxReplicas = options.maxReplicas, weightSize } = models[j];
    const weights = amountOn(weightSize, tiers[k]);
    const usable = tiers[k].memory - (tiers[k].memoryReserve ?? 0);
    const fits = weights !== null && weights / (tpDegree * pipelineDegree) <= usable * (1 + feasibilityTolerance);
    list.holds(
      'tp-degree',
      `${subject}: ${instance.profiles === undefined ? 'a degree of model and tier' : 'has a profile'}`,
      isConfiguration(instance, { model: j, tier: k, tpDegree, pipelineDegree }),
    );
    list.holds('tp-degree', `${subject}: weights fit`, fits && amountOn(models[j].kvCachePerToken, tiers[k]) !== null);
    const isWhole = Number.isInteger(replicas) && replicas >= 1;
    list.holds('replicas', `${subject}: at least one, whole`, isWhole);
    if (minReplicas > 1) list.atLeast('replicas', `${subject}: at least`, replicas, minReplicas, 'replicas');
    list.atMost('replicas', subject, replicas, maxReplicas === 'none' ? null : maxReplicas, 'replicas');
    const expected = tpDegree * pipelineDegree * replicas;
    list.holds('gpus', `${subject}: degree times replicas`, Math.abs(gpus - expected) <= countTolerance);
  }
}

/** Whether the degrees are offered: by a record, or by the lists of model and tier. */
function isConfiguration(
  instance: Instance,
  deployment: { model: number; tier: number; tpDegree: number; pipelineDegree: number },
): boolean {
  if (instance.profiles !== undefined) return profileOf(instance, deployment) !== undefined;
  const { tpDegrees, pipelineDegrees = [1], gpusPerNode } = instance.tiers[deployment.tier];
  const ofModel = instance.models[deployment.model].tpDegrees;
  const usual = [1, 2, 4, 8].filter((degree) => gpusPerNode === undefined || degree <= gpusPerNode);
  return (
    (tpDegrees ?? usual).includes(deployment.tpDegree) &&
    (ofModel === undefined || ofModel.includes(deployment.tpDegree)) &&
    pipelineDegrees.includes(deployment.pipelineDegree)
  );
}

/**
 * Memory of each GPU of a deployment, (B/np) m + sum (beta/np) r lambda T x <= (C - reserve) m, per replica; and what
 * each pair carries: compute against its GPUs, or with profiles busy replicas against its utilization.
 */
function checkCapacities(list: ConstraintList, { instance, pairs, routes }: ResolvedPlan): void {
  const { queryTypes, models, tiers, residency, profiles } = instance;
  const cacheOf = new Map(pairs.map((pair) => [pair, 0]));
  const loadOf = new Map(pairs.map((pair) => [pair, 0]));
  for (const route of routes) {
    const { queryType, fraction, pair } = route;
    if (pair === null) continue;
    const query = queryTypes[queryType];
    const tokens = tokensOf(instance, queryType);
    const service = serviceOfRoute(instance, route);
    let hours = (service?.latency ?? 0) / millisecondsPerHour;
    if (residency !== undefined) hours = typeof residency === 'number' ? residency : at(residency, route);
    const perToken = amountOn(models[route.model].kvCachePerToken, tiers[route.tier]) ?? 0;
    const cache = perToken * tokens * query.arrivalRate * hours * fraction;
    cacheOf.set(pair, cacheOf.get(pair)! + cache);
    const load = profiles === undefined ? (query.computePerToken ?? 0) * tokens : (service?.busyReplicas ?? 0);
    loadOf.set(pair, loadOf.get(pair)! + load * fraction);
  }
  for (const pair of pairs) {
    const model = models[pair.model];
    const tier = tiers[pair.tier];
    const weights = weightsOf(instance, pair);
    const perGpu = (weights + cacheOf.get(pair)! / pair.replicas) / (pair.tpDegree * pair.pipelineDegree);
    list.atMost(
      'memory',
      deploymentText(model.name, tier.name, pair.tpDegree, pair.pipelineDegree),
      perGpu,
      tier.memory - (tier.memoryReserve ?? 0),
      'GB per GPU',
      tier.name,
    );
  }
  for (const pair of pairs) {
    const tier = tiers[pair.tier];
    const subject = deploymentText(models[pair.model].name, tier.name, pair.tpDegree, pair.pipelineDegree);
    const load = loadOf.get(pair)!;
    if (profiles !== undefined) {
      const utilization = tier.utilization ?? instance.utilization ?? 0.8;
      list.atMost('load', subject, load, utilization * pair.replicas, 'busy replicas', tier.name);
    } else if (tier.compute !== undefined) {
      list.atMost('compute', subject, load, tier.compute * pair.gpus, 'TFLOPs', tier.name);
    }
  }
}

/** S <= C_s. */
function checkStorage(list: ConstraintList, resolved: ResolvedPlan, options: PlanningOptions): void {
  const limit = resolved.instance.storageCapacity ?? null;
  list.atMost('storage', 'stored weights', storedWeights(resolved, options), limit, 'GB');
}

/**
 * x <= z <= q, placements only where the profile has a service time, and under single placement exactly one placement
 * of each query type, served or not; none will do for one that may be dropped altogether, if the option says so.
 */
function checkPlacement(list: ConstraintList, { instance, routesOf }: ResolvedPlan, options: PlanningOptions): void {
  instance.queryTypes.forEach((query, i) => {
    const homeless = routesOf[i].filter((route) => route.pair === null).length;
    list.atMost('placement', `${query.name}: routes to what is not rented`, homeless, 0, 'routes');
    if (instance.profiles !== undefined) {
      const unserved = routesOf[i].filter((route) => (serviceOfRoute(instance, route)?.busyReplicas ?? null) === null);
      list.atMost('placement', `${query.name}: routes without a service time`, unserved.length, 0, 'routes');
    }
    if (options.placement !== 'single') return;
    const mayStayOut = options.dropped === 'unplaced' && effectiveUnmetCap(query) >= 1;
    if (mayStayOut) list.atMost('placement', `${query.name}: placements`, routesOf[i].length, 1, 'placements');
    else list.equal('placement', `${query.name}: placements`, routesOf[i].length, 1, 'placements');
  });
}

/**
 * Worst latency, time to the first token and time per output token of each query, at the slowest of its deployments.
 */
function checkLatency(list: ConstraintList, { instance, routesOf }: ResolvedPlan, options: PlanningOptions): void {
  if (!hasLatency(instance)) return;
  const gamma = options.uncertainty === 'none' ? 0 : (instance.uncertaintyBudget?.delay ?? 0);
  instance.queryTypes.forEach((query, i) => {
    const services = routesOf[i].filter(({ pair }) => pair !== null).map((route) => serviceOfRoute(instance, route));
    const check = (group: ConstraintGroup, limit: number | undefined, of: 'latency' | 'ttft' | 'tpot') => {
      if (limit === undefined) return;
      let slowest = 0;
      for (const service of services) {
        const nominal = service?.[of] ?? null;
        // Where nothing is known nothing may be placed.
        const worst = nominal === null ? Infinity : nominal * (1 + Math.min(gamma, 1) * (service?.deviation ?? 0));
        slowest = Math.max(slowest, worst);
      }
      list.atMost(group, query.name, slowest, limit, 'ms');
    };
    check('delay', query.delayThreshold, 'latency');
    check('ttft', query.ttftThreshold, 'ttft');
    check('tpot', query.tpotThreshold, 'tpot');
    if ((query.delayPenalty ?? 0) > 0) {
      const known = services.every((service) => service !== null && service.latency !== null);
      list.holds('placement', `${query.name}: latency known, which is charged for`, known);
    }
  });
}

/** Robust delay of each query type under the delay rule (specification 5). */
function checkDelay(list: ConstraintList, resolved: ResolvedPlan, options: PlanningOptions): void {
  const { instance, pairs, routesOf } = resolved;
  const { models, tiers, delay } = instance;
  if (hasLatency(instance)) return;
  let stretch = 1;
  if (options.delayRule === 'pooled') stretch = pairs.reduce((sum, pair) => sum + pair.tpDegree, 0);
  if (options.delayRule === 'last-deployment') {
    const last = pairs.find((pair) => pair.model === models.length - 1 && pair.tier === tiers.length - 1);
    stretch = last?.tpDegree ?? 0;
  }
  const divides = options.delayRule === 'per-deployment';
  instance.queryTypes.forEach((query, i) => {
    const tokens = tokensOf(instance, i);
    const factor = (route: ResolvedRoute) => tokens / (divides ? (route.pair?.tpDegree ?? 1) : 1);
    const worst = robustSum(routesOf[i], delay, instance.uncertaintyBudget?.delay ?? 0, options, factor);
    const limit = query.delayThreshold === undefined ? null : query.delayThreshold * stretch;
    list.atMost('delay', query.name, worst, limit, 'ms');
  });
}

/** Robust error of each query type. */
function checkError(list: ConstraintList, { instance, routesOf }: ResolvedPlan, options: PlanningOptions): void {
  instance.queryTypes.forEach((query, i) => {
    const gamma = instance.uncertaintyBudget?.error ?? 0;
    const worst = robustSum(routesOf[i], instance.error, gamma, options, () => 1);
    list.atMost('error', query.name, worst, query.errorThreshold ?? null, 'fraction');
  });
}

/** sum nominal * x * factor plus the worst case of its deviations. */
function robustSum(
  routes: readonly ResolvedRoute[],
  uncertain: UncertainTensor | undefined,
  gamma: number,
  options: PlanningOptions,
  factor: (route: ResolvedRoute) => number,
): number {
  let sum = 0;
  for (const route of routes) sum += at(uncertain?.nominal, route) * factor(route) * route.fraction;
  if (options.uncertainty === 'none') return sum;
  const terms = routes.map((route) => ({
    deviation: at(uncertain?.deviation, route) * factor(route) * route.fraction,
    largestShare: largestShare(uncertain, route, options),
  }));
  return sum + worstCaseGain(terms, gamma);
}

/** u_i <= zeta_i, and the least share that must be served. */
function checkUnmet(list: ConstraintList, { instance, routesOf, unmet }: ResolvedPlan): void {
  instance.queryTypes.forEach((query, i) => {
    const { unmetPenalty, unmetCap = unmetPenalty === undefined ? 0 : 1 } = query;
    list.shareAtMost('unmet', query.name, unmet[i], unmetCap);
  });
  instance.queryTypes.forEach((query, i) => {
    if (query.minimumServed === undefined) return;
    const served = routesOf[i].reduce((sum, route) => sum + route.fraction, 0);
    list.atLeast('minimum-served', query.name, served, query.minimumServed, 'share');
  });
}

/** GPUs of each capped tier over all models. */
function checkAvailability(list: ConstraintList, { instance, pairs }: ResolvedPlan): void {
  instance.tiers.forEach((tier, k) => {
    if (tier.available === undefined) return;
    const used = pairs.reduce((sum, pair) => sum + (pair.tier === k ? pair.gpus : 0), 0);
    list.atMost('availability', tier.name, used, tier.available, 'GPUs', tier.name);
  });
}

/** sum_k perGpu_k (GPUs of k) <= most. */
function checkFleetLimits(list: ConstraintList, { instance, pairs }: ResolvedPlan): void {
  for (const { name, unit = 'units', perGpu, most } of instance.fleetLimits ?? []) {
    const used = pairs.reduce((sum, { tier, gpus }) => sum + (perGpu[instance.tiers[tier].name] ?? 0) * gpus, 0);
    list.atMost('fleet-limit', name, used, most, unit);
  }
}

/** The `allowed` and `forbidden` lists. */
function checkPermissions(list: ConstraintList, { instance, pairs, routes }: ResolvedPlan): void {
  if (instance.allowed === undefined && instance.forbidden === undefined) return;
  const { queryTypes, models, tiers } = instance;
  for (const { model, tier } of pairs) {
    const names = [models[model].name, tiers[tier].name] as const;
    list.holds('pairing', names.join(' on '), isRentable(instance, ...names));
  }
  for (const { queryType, model, tier } of routes) {
    const names = [queryTypes[queryType].name, models[model].name, tiers[tier].name] as const;
    list.holds('pairing', `${names[0]} on ${names[1]} on ${names[2]}`, isUsable(instance, ...names));
  }
}

/** A deployment as the rows name it. */
export function deploymentText(model: string, tier: string, tpDegree: number, pipelineDegree: number): string {
  return `${model} on ${tier} TP ${tpDegree}${pipelineDegree === 1 ? '' : ` PP ${pipelineDegree}`}`;
}
