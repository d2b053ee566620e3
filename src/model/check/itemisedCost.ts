/**
 * The cost of a plan, recomputed from the instance and the plan alone: C1 to C4 of specification 3 and the switching
 * cost.
 */
import type { Instance } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import type { PlanCost } from './cost.ts';
import { at, largestShare, type ResolvedPlan, tokensOf, weightsOf } from './resolvedPlan.ts';
import { hasLatency, serviceOfRoute } from './routeService.ts';
import { type UncertainTerm, worstCaseGain } from './worstCase.ts';

export function itemisedCost(resolved: ResolvedPlan, options: PlanningOptions): PlanCost {
  const { instance, unmet } = resolved;
  const rental = rentalCost(resolved);
  const storage = {
    model: instance.rentalPeriod * (instance.storagePrice ?? 0) * storedWeights(resolved, options),
    data: dataStorageCost(resolved),
  };
  const delay = delayCost(resolved, options);
  const dropped =
    instance.queryTypes.reduce((sum, query, i) => sum + (query.unmetPenalty ?? 0) * query.arrivalRate * unmet[i], 0) *
    penaltyHours(instance, options);
  const parts = rental + storage.model + storage.data + delay + dropped;
  if (instance.switchingCost === undefined) return { total: parts, rental, storage, delay, unmet: dropped };
  const switching = switchingCost(resolved);
  return { total: parts + switching, rental, storage, delay, unmet: dropped, switching };
}

/** Hours that the penalties of C3 and C4 count for. */
function penaltyHours({ rentalPeriod }: Instance, { penalties }: PlanningOptions): number {
  return penalties === 'per-period' ? rentalPeriod : 1;
}

/** C1 = dT * sum_k p_k max(committed_k, sum_j y_jk). */
export function rentalCost({ instance, pairs }: ResolvedPlan): number {
  let perHour = pairs.reduce((sum, pair) => sum + instance.tiers[pair.tier].price * pair.gpus, 0);
  instance.tiers.forEach(({ committed = 0, price }, k) => {
    if (committed === 0) return;
    const used = pairs.reduce((sum, pair) => sum + (pair.tier === k ? pair.gpus : 0), 0);
    if (used < committed) perHour += price * (committed - used);
  });
  return instance.rentalPeriod * perHour;
}

/** S in GB: weights once per placement (served or not), or once per rented (model, tier). */
export function storedWeights({ instance, pairs, routes }: ResolvedPlan, { weightStorage }: PlanningOptions): number {
  const holders = weightStorage === 'per-placement' ? routes : pairs;
  return holders.reduce((sum, holder) => sum + weightsOf(instance, holder), 0);
}

/** dT * p_s * sum theta_i r_i lambda_i x_ijk. */
function dataStorageCost({ instance, routes }: ResolvedPlan): number {
  const gigabytes = routes.reduce((sum, { queryType, fraction }) => {
    const query = instance.queryTypes[queryType];
    return sum + (query.tokenSize ?? 0) * tokensOf(instance, queryType) * query.arrivalRate * fraction;
  }, 0);
  return instance.rentalPeriod * (instance.storagePrice ?? 0) * gigabytes;
}

/**
 * C3 (specification 5): nominal part if the option charges it or nothing is uncertain, and the worst case of the
 * deviations.
 */
function delayCost({ instance, routesOf }: ResolvedPlan, options: PlanningOptions): number {
  const uncertain = options.uncertainty !== 'none';
  const gamma = instance.uncertaintyBudget?.delay ?? 0;
  const tellsLatency = hasLatency(instance);
  const chargesNominal = options.delayCost === 'total' || !uncertain;
  const perQuery = options.delayCostBudget === 'per-query';
  let nominal = 0;
  let worst = 0;
  let terms: UncertainTerm[] = [];
  instance.queryTypes.forEach((query, i) => {
    const dollarsPerMs = (query.delayPenalty ?? 0) * query.arrivalRate;
    const dollarsPerDelay = dollarsPerMs * tokensOf(instance, i);
    for (const route of routesOf[i]) {
      if (tellsLatency) {
        const service = serviceOfRoute(instance, route);
        const expected = dollarsPerMs * (service?.latency ?? 0) * route.fraction;
        if (chargesNominal) nominal += expected;
        if (uncertain) terms.push({ deviation: expected * (service?.deviation ?? 0), largestShare: 1 });
        continue;
      }
      const weight = dollarsPerDelay * route.fraction;
      if (chargesNominal) nominal += weight * at(instance.delay?.nominal, route);
      if (uncertain) {
        const deviation = weight * at(instance.delay?.deviation, route);
        terms.push({ deviation, largestShare: largestShare(instance.delay, route, options) });
      }
    }
    if (perQuery) {
      worst += worstCaseGain(terms, gamma);
      terms = [];
    }
  });
  return (nominal + worst + worstCaseGain(terms, gamma)) * penaltyHours(instance, options);
}

/**
 * added * (y - y0)+ + removed * (y0 - y)+ over all (model, tier), those that are gone too; without a current plan y0 is
 * 0 everywhere.
 */
function switchingCost({ instance, pairs }: ResolvedPlan): number {
  const { added, removed } = instance.switchingCost!;
  const key = (model: string, tier: string) => JSON.stringify([model, tier]);
  const change = new Map<string, number>();
  for (const { model, tier, gpus } of pairs) {
    change.set(key(instance.models[model].name, instance.tiers[tier].name), gpus);
  }
  for (const { model, tier, gpus } of instance.currentPlan?.deployments ?? []) {
    change.set(key(model, tier), (change.get(key(model, tier)) ?? 0) - gpus);
  }
  let cost = 0;
  for (const gpus of change.values()) cost += gpus > 0 ? added * gpus : removed * -gpus;
  return cost;
}
