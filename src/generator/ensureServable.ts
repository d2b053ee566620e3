/**
 * Makes a drawn instance servable in full: a greedy plan that serves every query type is built, and what stands in its
 * way is loosened just enough. So every generated instance is feasible whatever its unmet cap, under single placement
 * with rental counted once in the budget and the per-deployment delay rule.
 */
import type { PublishedInstance, PublishedQueryType, Tensor } from '../model/instance.ts';

/**
 * Loosened limits lie this factor beyond what the least demanding pair needs, so that they are tight but not
 * degenerate.
 */
const slackFactor = 1.02;
/** Loads shrink by this factor until the greedy plan fits. */
const loadFactor = 0.8;
/** After so many times nothing is left of any load. */
const mostRounds = 1000;
/** The budget and the storage capacity hold at least this many times the greedy plan. */
const resourceFactor = 1.25;

/** A (model, tier) pair at its largest TP degree. */
interface Pair {
  readonly j: number;
  readonly k: number;
  readonly degree: number;
  readonly rental: number;
  /** GB over all its GPUs. */
  readonly memory: number;
  /** TFLOPs over all its GPUs. */
  readonly compute: number;
}

export function ensureServable(instance: PublishedInstance): PublishedInstance {
  const pairs = rentablePairs(instance);
  const queryTypes = instance.queryTypes.map((query, i) => loosenLimits(query, i, pairs, instance));
  const eligible = queryTypes.map((query, i) => pairs.filter((pair) => need(query, i, pair, instance) <= 1));
  const fitting = queryTypes.map((query, i) => {
    const share = Math.min(...eligible[i].map((pair) => shareOf(query, i, pair, instance)));
    return share <= 1 ? query : lighten(query, 1 / (slackFactor * share));
  });
  let current: PublishedInstance = { ...instance, queryTypes: fitting };
  for (let round = 0; round < mostRounds; round++) {
    const plan = greedyPlan(current, eligible);
    if (plan !== null) {
      const raised = (limit: number | undefined, use: number) =>
        limit === undefined ? {} : { limit: Math.max(limit, Math.ceil(resourceFactor * use)) };
      const budget = raised(current.budget, plan.cost).limit;
      const storageCapacity = raised(current.storageCapacity, plan.weights).limit;
      return {
        ...current,
        ...(budget !== undefined && { budget }),
        ...(storageCapacity !== undefined && { storageCapacity }),
      };
    }
    current = { ...current, queryTypes: current.queryTypes.map((query) => lighten(query, loadFactor)) };
  }
  throw new Error('a drawn instance could not be made servable');
}

function rentablePairs({ models, tiers, rentalPeriod }: PublishedInstance): Pair[] {
  const pairs: Pair[] = [];
  models.forEach((model, j) => {
    tiers.forEach((tier, k) => {
      const degree = Math.max(...(tier.tpDegrees ?? [8]));
      const memory = tier.memory * degree - model.weightSize;
      if (memory > 0) {
        pairs.push({
          j,
          k,
          degree,
          rental: rentalPeriod * tier.price * degree,
          memory,
          compute: tier.compute * degree,
        });
      }
    });
  });
  return pairs;
}

/**
 * Largest ratio of a worst case to its limit when the query type is served on the pair alone: at most 1 is servable.
 */
function need(query: PublishedQueryType, i: number, pair: Pair, instance: PublishedInstance): number {
  const { delay, error } = worstCase(query, i, pair, instance);
  return Math.max(delay / query.delayThreshold, error / query.errorThreshold);
}

function worstCase(query: PublishedQueryType, i: number, { j, k, degree }: Pair, instance: PublishedInstance) {
  const worst = (part: { nominal: Tensor; deviation: Tensor }, gamma: number) =>
    part.nominal[i][j][k] + Math.min(1, gamma) * part.deviation[i][j][k];
  const tokens = query.inputTokens + query.outputTokens;
  return {
    delay: (worst(instance.delay, instance.uncertaintyBudget.delay) * tokens) / degree,
    error: worst(instance.error, instance.uncertaintyBudget.error),
  };
}

function loosenLimits(
  query: PublishedQueryType,
  i: number,
  pairs: readonly Pair[],
  instance: PublishedInstance,
): PublishedQueryType {
  let easiest = pairs[0];
  for (const pair of pairs) {
    if (need(query, i, pair, instance) < need(query, i, easiest, instance)) easiest = pair;
  }
  const { delay, error } = worstCase(query, i, easiest, instance);
  return {
    ...query,
    delayThreshold: delay > query.delayThreshold ? Math.ceil(slackFactor * delay) : query.delayThreshold,
    errorThreshold: error > query.errorThreshold ? Math.ceil(slackFactor * error * 1e4) / 1e4 : query.errorThreshold,
  };
}

/** The share of the pair's memory or compute, whichever is larger, that serving the whole query type takes. */
function shareOf(query: PublishedQueryType, i: number, pair: Pair, { models, residency }: PublishedInstance): number {
  const tokens = query.inputTokens + query.outputTokens;
  const hours = typeof residency === 'number' ? residency : residency[i][pair.j][pair.k];
  const memory = models[pair.j].kvCachePerToken * tokens * query.arrivalRate * hours;
  return Math.max(memory / pair.memory, (query.computePerToken * tokens) / pair.compute);
}

/** Fewer queries and less compute for each. */
function lighten(query: PublishedQueryType, factor: number): PublishedQueryType {
  const arrivalRate = query.arrivalRate * factor;
  return {
    ...query,
    arrivalRate: arrivalRate >= 1 ? Math.floor(arrivalRate) : arrivalRate,
    computePerToken: query.computePerToken * factor,
  };
}

/**
 * Serves the query types that are hardest to fit first, each on the open pair where it takes the least share of memory
 * and compute, else on the pair that can take it at the least rental times share. Null if one does not fit.
 */
function greedyPlan(instance: PublishedInstance, eligible: readonly (readonly Pair[])[]) {
  const { queryTypes, models, rentalPeriod, storagePrice } = instance;
  const candidates = eligible.map((pairs, i) =>
    pairs.map((pair) => ({ pair, share: shareOf(queryTypes[i], i, pair, instance) })),
  );
  const leastShare = candidates.map((list) => list.reduce((least, { share }) => Math.min(least, share), 1));
  const order = queryTypes.map((_, i) => i).sort((a, b) => leastShare[b] - leastShare[a] || a - b);

  const used = new Map<Pair, number>();
  let rental = 0;
  let weights = 0;
  let data = 0;
  for (const i of order) {
    let best: { pair: Pair; share: number; score: number } | null = null;
    for (const { pair, share } of candidates[i]) {
      const taken = used.get(pair);
      if ((taken ?? 0) + share > 1) continue;
      // Any open pair comes before any closed one: its score is at most 1, a closed one's more.
      const score = taken === undefined ? 1 + pair.rental * share : share;
      if (best === null || score < best.score) best = { pair, share, score };
    }
    if (best === null) return null;
    const { tokenSize, inputTokens, outputTokens, arrivalRate } = queryTypes[i];
    if (!used.has(best.pair)) rental += best.pair.rental;
    used.set(best.pair, (used.get(best.pair) ?? 0) + best.share);
    weights += models[best.pair.j].weightSize;
    data += tokenSize * (inputTokens + outputTokens) * arrivalRate;
  }
  return { cost: rental + rentalPeriod * storagePrice * (weights + data), weights };
}
