/**
 * The optimum under single placement by a dynamic program over the (model, tier) pairs with the set of query types
 * placed so far as its state: best[S] = min over T in S of best[S without T] + cost of serving exactly T on the next
 * pair. Reads the instance alone.
 *
 * Budget, storage capacity and available GPUs couple the pairs; they are left out, and the plan found is held against
 * them: where it respects them its cost is the optimum, otherwise a lower bound. The delay cost must be a sum over
 * query types (`per-query`, or a joint Gamma_d of at least I). The rules that stretch delay limits by TP degrees are
 * solved once for each possible stretch.
 */
import type { PublishedInstance } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { cheapestFractions } from './boxKnapsack.ts';

export interface SubsetOptimum {
  /** Infinity if no plan is feasible. */
  readonly cost: number;
  /** Whether the plan respects budget, storage capacity and available GPUs, so that `cost` is the optimum. */
  readonly isExact: boolean;
}

/** What one pair contributes: cost and what the coupling limits count. */
interface Part {
  readonly cost: number;
  readonly budget: number;
  readonly stored: number;
  /** GPUs by tier. */
  readonly gpus: readonly number[];
  /** Sum of the TP degrees, for the pooled rule. */
  readonly degrees: number;
}

export function subsetOptimum(instance: PublishedInstance, options: PlanningOptions): SubsetOptimum {
  if (options.placement !== 'single') throw new RangeError('the subset dynamic program is for single placement');
  const separable =
    options.uncertainty === 'none' ||
    options.delayCostBudget === 'per-query' ||
    instance.uncertaintyBudget.delay >= instance.queryTypes.length;
  if (!separable) throw new RangeError('the delay cost couples the query types');
  let best: Part | null = null;
  for (const stretch of possibleStretches(instance, options)) {
    const found = bestPlan(instance, options, stretch);
    if (found !== null && (best === null || found.cost < best.cost)) best = found;
  }
  if (best === null) return { cost: Infinity, isExact: true };
  const within = (value: number, limit = Infinity) => value <= limit * (1 + 1e-9) + 1e-9;
  const isExact =
    within(best.budget, instance.budget) &&
    within(best.stored, instance.storageCapacity) &&
    instance.tiers.every((tier, k) => within(best.gpus[k], tier.available));
  return { cost: best.cost, isExact };
}

/** Factors on the delay limits that a plan may have; more than what no delay row needs is the same as that. */
function possibleStretches(instance: PublishedInstance, options: PlanningOptions): number[] {
  if (options.delayRule === 'per-deployment') return [1];
  if (options.delayRule === 'last-deployment') return [0, ...(instance.tiers.at(-1)!.tpDegrees ?? [1, 2, 4, 8])];
  let enough = 0;
  instance.queryTypes.forEach((query, i) => {
    instance.models.forEach((_, j) => {
      instance.tiers.forEach((_, k) => {
        const worst = worstDelay(instance, options, i, j, k);
        if (query.delayThreshold > 0) enough = Math.max(enough, Math.ceil(worst / query.delayThreshold));
      });
    });
  });
  const most =
    instance.models.length * instance.tiers.reduce((sum, tier) => sum + Math.max(...(tier.tpDegrees ?? [8])), 0);
  return Array.from({ length: Math.min(enough, most) + 1 }, (_, stretch) => stretch);
}

/** Worst delay of serving all of query type i on (j, k) alone, undivided: xi at min(Gamma, 1 - gamma). */
function worstDelay(instance: PublishedInstance, options: PlanningOptions, i: number, j: number, k: number): number {
  const { delay, uncertaintyBudget, queryTypes } = instance;
  const tokens = queryTypes[i].inputTokens + queryTypes[i].outputTokens;
  const xi = worstXi(options, uncertaintyBudget.delay, delay.relief?.[j]?.[k]);
  return (delay.nominal[i][j][k] + xi * delay.deviation[i][j][k]) * tokens;
}

function worstXi(options: PlanningOptions, gamma: number, relief: number | undefined): number {
  if (options.uncertainty === 'none') return 0;
  return Math.min(gamma, options.uncertainty === 'decision-dependent' ? 1 - relief! : 1);
}

function bestPlan(instance: PublishedInstance, options: PlanningOptions, stretch: number): Part | null {
  const { models, tiers, queryTypes } = instance;
  const numSets = 1 << queryTypes.length;
  const target = options.delayRule === 'pooled' ? stretch : 0;
  // best[set * (target + 1) + degrees so far, at most target]
  let best: (Part | null)[] = Array.from({ length: numSets * (target + 1) }, () => null);
  const mayStayOut = queryTypes.map(
    (query) => options.dropped === 'unplaced' && Math.min(query.unmetCap ?? 1, 1 - (query.minimumServed ?? 0)) >= 1,
  );
  for (let set = 0; set < numSets; set++) {
    const out = queryTypes.filter((_, i) => (set >> i) & 1);
    if (!queryTypes.every((_, i) => mayStayOut[i] || !((set >> i) & 1))) continue;
    const cost = penaltyHours(instance, options) * out.reduce((sum, q) => sum + q.unmetPenalty * q.arrivalRate, 0);
    best[set * (target + 1)] = { cost, budget: 0, stored: 0, gpus: tiers.map(() => 0), degrees: 0 };
  }
  for (let j = 0; j < models.length; j++) {
    for (let k = 0; k < tiers.length; k++) {
      const isLast = j === models.length - 1 && k === tiers.length - 1;
      const forced = options.delayRule === 'last-deployment' && isLast ? stretch : null;
      const parts = pairParts(instance, options, j, k, stretch, forced);
      const next: (Part | null)[] = Array.from(best, () => null);
      for (let state = 0; state < best.length; state++) {
        const before = best[state];
        if (!before) continue;
        const set = Math.floor(state / (target + 1));
        const rest = numSets - 1 - set;
        for (let served = rest; ; served = (served - 1) & rest) {
          for (const part of parts[served]) {
            const degrees = Math.min(target, before.degrees + part.degrees);
            const at = (set | served) * (target + 1) + degrees;
            const cost = before.cost + part.cost;
            if (cost < (next[at]?.cost ?? Infinity)) next[at] = { ...joined(before, part), degrees };
          }
          if (served === 0) break;
        }
      }
      best = next;
    }
  }
  return best.at(-1)!;
}

/** What penalties, given per hour, are charged for. */
function penaltyHours({ rentalPeriod }: PublishedInstance, { penalties }: PlanningOptions): number {
  return penalties === 'per-period' ? rentalPeriod : 1;
}

function joined(first: Part, second: Part): Part {
  return {
    cost: first.cost + second.cost,
    budget: first.budget + second.budget,
    stored: first.stored + second.stored,
    gpus: first.gpus.map((gpus, k) => gpus + second.gpus[k]),
    degrees: first.degrees + second.degrees,
  };
}

/**
 * By set of query types: the ways to serve exactly these on (j, k), the cheapest for each TP degree. `forced`: that
 * degree, 0 none.
 */
function pairParts(
  instance: PublishedInstance,
  options: PlanningOptions,
  j: number,
  k: number,
  stretch: number,
  forced: number | null,
): Part[][] {
  const { queryTypes, models, tiers, rentalPeriod, storagePrice } = instance;
  const model = models[j];
  const tier = tiers[k];
  const numSets = 1 << queryTypes.length;
  const parts: Part[][] = Array.from({ length: numSets }, () => []);
  const none = tiers.map(() => 0);
  if (forced === null || forced === 0) {
    parts[0].push({ cost: switching(instance, j, k, 0), budget: 0, stored: 0, gpus: none, degrees: 0 });
  }
  const rentable = queryTypes.some((_, i) => mayServe(instance, i, j, k)) || instance.allowed === undefined;
  if (!rentable || closed(instance, j, k)) return parts;
  const rentalTimes = options.rentalInBudget === 'once' ? 1 : queryTypes.length;
  for (const n of tier.tpDegrees ?? [1, 2, 4, 8]) {
    if (model.weightSize / n > tier.memory * (1 + 1e-12) || (forced !== null && forced !== n)) continue;
    for (let served = 0; served < numSets; served++) {
      let cheapest: Part | null = null;
      for (let replicas = 1; replicas <= (options.maxReplicas as number); replicas++) {
        const fractions = servingCost(instance, options, served, j, k, n, replicas, stretch);
        if (fractions === null) continue;
        const rental = rentalPeriod * tier.price * n * replicas;
        const copies = options.weightStorage === 'per-deployment' ? 1 : bitCount(served);
        const weights = rentalPeriod * storagePrice * model.weightSize * copies;
        const cost = rental + weights + fractions.cost + switching(instance, j, k, n * replicas);
        if (cheapest !== null && cheapest.cost <= cost) continue;
        cheapest = {
          cost,
          budget: rentalTimes * rental + weights + fractions.data,
          stored: model.weightSize * copies,
          gpus: none.map((_, tierIndex) => (tierIndex === k ? n * replicas : 0)),
          degrees: n,
        };
      }
      if (cheapest !== null) parts[served].push(cheapest);
    }
  }
  return parts;
}

/**
 * Data storage, delay and unmet demand of serving exactly this set on (j, k, n) with these replicas; null if it cannot
 * be.
 */
function servingCost(
  instance: PublishedInstance,
  options: PlanningOptions,
  served: number,
  j: number,
  k: number,
  n: number,
  replicas: number,
  stretch: number,
): { cost: number; data: number } | null {
  const { queryTypes, models, tiers, residency, error, delay, uncertaintyBudget, rentalPeriod, storagePrice } =
    instance;
  const members = queryTypes.map((_, i) => i).filter((i) => (served >> i) & 1);
  if (members.some((i) => !mayServe(instance, i, j, k))) return null;
  const data = members.map((i) => {
    const query = queryTypes[i];
    return rentalPeriod * storagePrice * query.tokenSize * (query.inputTokens + query.outputTokens) * query.arrivalRate;
  });
  const hoursCharged = penaltyHours(instance, options);
  const items = members.map((i, t) => {
    const query = queryTypes[i];
    const tokens = query.inputTokens + query.outputTokens;
    const xi = worstXi(options, uncertaintyBudget.delay, delay.relief?.[j]?.[k]);
    const charged = options.delayCost === 'total' || options.uncertainty === 'none' ? delay.nominal[i][j][k] : 0;
    const delayed = tokens * (charged + xi * delay.deviation[i][j][k]);
    const delayCost = hoursCharged * query.delayPenalty * query.arrivalRate * delayed;
    const worstError =
      error.nominal[i][j][k] +
      worstXi(options, uncertaintyBudget.error, error.relief?.[j]?.[k]) * error.deviation[i][j][k];
    const delayLimit = query.delayThreshold * (options.delayRule === 'per-deployment' ? n : stretch);
    const hours = typeof residency === 'number' ? residency : residency[i][j][k];
    const cache = (models[j].kvCachePerToken * tokens * query.arrivalRate * hours) / n;
    return {
      cost: data[t] + delayCost - hoursCharged * query.unmetPenalty * query.arrivalRate,
      lower: 1 - Math.min(query.unmetCap ?? 1, 1 - (query.minimumServed ?? 0)),
      upper: Math.min(
        1,
        largest(delayLimit, worstDelay(instance, options, i, j, k)),
        largest(query.errorThreshold, worstError),
      ),
      use: [cache, query.computePerToken * tokens] as const,
    };
  });
  const room = Math.max(0, tiers[k].memory - models[j].weightSize / n) * replicas;
  const fractions = cheapestFractions(items, [room, tiers[k].compute * n * replicas]);
  if (fractions === null) return null;
  let cost = 0;
  let stored = 0;
  members.forEach((i, t) => {
    cost += items[t].cost * fractions[t] + hoursCharged * queryTypes[i].unmetPenalty * queryTypes[i].arrivalRate;
    stored += data[t] * fractions[t];
  });
  return { cost, data: stored };
}

function largest(limit: number, use: number): number {
  return use > 0 ? limit / use : Infinity;
}

function switching(
  { switchingCost, currentPlan, models, tiers }: PublishedInstance,
  j: number,
  k: number,
  gpus: number,
): number {
  if (switchingCost === undefined) return 0;
  let current = 0;
  for (const deployment of currentPlan?.deployments ?? []) {
    if (deployment.model === models[j].name && deployment.tier === tiers[k].name) current += deployment.gpus;
  }
  return gpus > current ? switchingCost.added * (gpus - current) : switchingCost.removed * (current - gpus);
}

function closed({ forbidden, models, tiers }: PublishedInstance, j: number, k: number): boolean {
  return (forbidden ?? []).some(
    ({ queryType, model = models[j].name, tier = tiers[k].name }) =>
      queryType === undefined && model === models[j].name && tier === tiers[k].name,
  );
}

function mayServe(
  { queryTypes, models, tiers, allowed, forbidden }: PublishedInstance,
  i: number,
  j: number,
  k: number,
): boolean {
  const names = [queryTypes[i].name, models[j].name, tiers[k].name];
  const hit = (entry: { queryType?: string; model?: string; tier?: string }) =>
    [entry.queryType, entry.model, entry.tier].every((name, t) => name === undefined || name === names[t]);
  return (allowed?.some(hit) ?? true) && !(forbidden?.some(hit) ?? false);
}

function bitCount(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest &= rest - 1) count += 1;
  return count;
}
