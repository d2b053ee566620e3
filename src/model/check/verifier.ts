/**
 * The independent check of a plan: cost and every constraint of specification 4 and 5 recomputed from instance, options
 * and plan alone, with worst cases computed directly (sort and fill), never through duals, formulations or a compiled
 * problem.
 */

import type { Instance, Plan, UncertainTensor } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import { type ConstraintCheck, ConstraintList, feasibilityTolerance } from './constraintCheck.ts';
import type { PlanCost } from './cost.ts';
import { itemisedCost, rentalCost, storedWeights } from './itemisedCost.ts';
import { isRentable, isUsable } from './permissions.ts';
import { at, largestShare, type ResolvedPlan, type ResolvedRoute, resolvePlan, tokensOf } from './resolvedPlan.ts';
import { worstCaseGain } from './worstCase.ts';

export type { ConstraintCheck, ConstraintGroup } from './constraintCheck.ts';

/** GPUs and shares of whole things are compared as numbers from JSON; a difference below this is rounding. */
const countTolerance = 1e-9;

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
  checkError(list, resolved, options);
  checkUnmet(list, resolved);
  checkAvailability(list, resolved);
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

/** One TP degree for each (model, tier), one of the tier's, whose weights fit; replicas and GPUs as they should be. */
function checkDegrees(list: ConstraintList, { instance, plan, pairs }: ResolvedPlan, options: PlanningOptions): void {
  const { models, tiers } = instance;
  for (const { model, tier, listed } of pairs) {
    list.atMost('one-degree', `${models[model].name} on ${tiers[tier].name}`, listed, 1, 'TP degrees');
  }
  const modelNamed = new Map(models.map((model) => [model.name, model]));
  const tierNamed = new Map(tiers.map((tier) => [tier.name, tier]));
  for (const { model, tier, tpDegree, replicas, gpus } of plan.deployments) {
    const subject = deploymentText(model, tier, tpDegree);
    const { memory, tpDegrees = [1, 2, 4, 8] } = tierNamed.get(tier)!;
    const fits = modelNamed.get(model)!.weightSize / tpDegree <= memory * (1 + feasibilityTolerance);
    list.holds('tp-degree', `${subject}: a degree of the tier`, tpDegrees.includes(tpDegree));
    list.holds('tp-degree', `${subject}: weights fit`, fits);
    list.holds('replicas', `${subject}: at least one, whole`, Number.isInteger(replicas) && replicas >= 1);
    list.atMost('replicas', subject, replicas, options.maxReplicas, 'replicas');
    list.holds('gpus', `${subject}: degree times replicas`, Math.abs(gpus - tpDegree * replicas) <= countTolerance);
  }
}

/**
 * Memory of each GPU of a deployment, (B/n) m + sum (beta/n) r lambda T x <= C m, per replica; and compute of each
 * pair.
 */
function checkCapacities(list: ConstraintList, { instance, pairs, routes }: ResolvedPlan): void {
  const { queryTypes, models, tiers, residency } = instance;
  const cacheOf = new Map(pairs.map((pair) => [pair, 0]));
  const loadOf = new Map(pairs.map((pair) => [pair, 0]));
  for (const route of routes) {
    const { queryType, model, fraction, pair } = route;
    if (pair === null) continue;
    const query = queryTypes[queryType];
    const tokens = tokensOf(instance, queryType);
    const hours = typeof residency === 'number' ? residency : at(residency, route);
    const cache = models[model].kvCachePerToken * tokens * query.arrivalRate * hours * fraction;
    cacheOf.set(pair, cacheOf.get(pair)! + cache);
    loadOf.set(pair, loadOf.get(pair)! + query.computePerToken * tokens * fraction);
  }
  for (const pair of pairs) {
    const model = models[pair.model];
    const tier = tiers[pair.tier];
    const perGpu = (model.weightSize + cacheOf.get(pair)! / pair.replicas) / pair.tpDegree;
    list.atMost(
      'memory',
      deploymentText(model.name, tier.name, pair.tpDegree),
      perGpu,
      tier.memory,
      'GB per GPU',
      tier.name,
    );
  }
  for (const pair of pairs) {
    const tier = tiers[pair.tier];
    const subject = deploymentText(models[pair.model].name, tier.name, pair.tpDegree);
    list.atMost('compute', subject, loadOf.get(pair)!, tier.compute * pair.gpus, 'TFLOPs', tier.name);
  }
}

/** S <= C_s. */
function checkStorage(list: ConstraintList, resolved: ResolvedPlan, options: PlanningOptions): void {
  const limit = resolved.instance.storageCapacity ?? null;
  list.atMost('storage', 'stored weights', storedWeights(resolved, options), limit, 'GB');
}

/** x <= z <= q, and under single placement exactly one placement of each query type, served or not. */
function checkPlacement(list: ConstraintList, { instance, routesOf }: ResolvedPlan, options: PlanningOptions): void {
  instance.queryTypes.forEach((query, i) => {
    const homeless = routesOf[i].filter((route) => route.pair === null).length;
    list.atMost('placement', `${query.name}: routes to what is not rented`, homeless, 0, 'routes');
    if (options.placement === 'single') {
      list.equal('placement', `${query.name}: placements`, routesOf[i].length, 1, 'placements');
    }
  });
}

/** Robust delay of each query type under the delay rule (specification 5). */
function checkDelay(list: ConstraintList, resolved: ResolvedPlan, options: PlanningOptions): void {
  const { instance, pairs, routesOf } = resolved;
  const { models, tiers, delay } = instance;
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
    const worst = robustSum(routesOf[i], delay, instance.uncertaintyBudget.delay, options, factor);
    list.atMost('delay', query.name, worst, query.delayThreshold * stretch, 'ms');
  });
}

/** Robust error of each query type. */
function checkError(list: ConstraintList, { instance, routesOf }: ResolvedPlan, options: PlanningOptions): void {
  instance.queryTypes.forEach((query, i) => {
    const worst = robustSum(routesOf[i], instance.error, instance.uncertaintyBudget.error, options, () => 1);
    list.atMost('error', query.name, worst, query.errorThreshold, 'fraction');
  });
}

/** sum nominal * x * factor plus the worst case of its deviations. */
function robustSum(
  routes: readonly ResolvedRoute[],
  uncertain: UncertainTensor,
  gamma: number,
  options: PlanningOptions,
  factor: (route: ResolvedRoute) => number,
): number {
  let sum = 0;
  for (const route of routes) sum += at(uncertain.nominal, route) * factor(route) * route.fraction;
  if (options.uncertainty === 'none') return sum;
  const terms = routes.map((route) => ({
    deviation: at(uncertain.deviation, route) * factor(route) * route.fraction,
    largestShare: largestShare(uncertain, route, options),
  }));
  return sum + worstCaseGain(terms, gamma);
}

/** u_i <= zeta_i, and the least share that must be served. */
function checkUnmet(list: ConstraintList, { instance, routesOf, unmet }: ResolvedPlan): void {
  instance.queryTypes.forEach((query, i) => {
    list.shareAtMost('unmet', query.name, unmet[i], query.unmetCap ?? 1);
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

function deploymentText(model: string, tier: string, tpDegree: number): string {
  return `${model} on ${tier} TP ${tpDegree}`;
}
