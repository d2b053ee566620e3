/**
 * What the data of a fleet say of one query type on one configuration, written from the specification alone: shares no
 * code with the library, so that oracles built on it test the verifier as well as the solver.
 */
import type { ByPrecision, Instance, Profile } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';

export interface Place {
  readonly j: number;
  readonly k: number;
  readonly n: number;
  readonly p: number;
}

/** Serving all of a query type at a place. */
export interface Service {
  /** Busy replicas (5') or TFLOPs (5), against `capacity` for each replica. */
  readonly load: number;
  readonly capacity: number;
  /** GB over all GPUs of a replica. */
  readonly cache: number;
  /** ms per query, undivided, and its largest deviation, with the largest xi. */
  readonly delay: number;
  readonly swing: number;
  readonly share: number;
}

export function byPrecision(amount: ByPrecision, precision: string | undefined): number {
  if (typeof amount === 'number') return amount;
  const found = precision === undefined ? undefined : amount[precision];
  return found ?? Number.NaN;
}

const profileAt = ({ profiles, models, tiers }: Instance, { j, k, n, p }: Place): Profile | undefined =>
  profiles?.find(
    (each) =>
      each.model === models[j].name &&
      each.tier === tiers[k].name &&
      each.tpDegree === n &&
      (each.pipelineDegree ?? 1) === p,
  );

/** Whether latency of profiles stands in place of delays. */
export function isLatencyTold({ profiles = [] }: Instance): boolean {
  return profiles.some(
    (each) =>
      each.latency !== undefined || each.measured?.some((one) => one.ttft !== undefined || one.tpot !== undefined),
  );
}

/** Every configuration of a (model, tier) that the data offer and whose weights fit. */
export function places(instance: Instance, j: number, k: number): Place[] {
  const model = instance.models[j];
  const tier = instance.tiers[k];
  const list: Place[] = [];
  if (instance.profiles !== undefined) {
    for (const each of instance.profiles) {
      if (each.model === model.name && each.tier === tier.name)
        list.push({ j, k, n: each.tpDegree, p: each.pipelineDegree ?? 1 });
    }
  } else {
    const usual = [1, 2, 4, 8].filter((n) => n <= (tier.gpusPerNode ?? 8));
    for (const n of tier.tpDegrees ?? usual) {
      if (model.tpDegrees !== undefined && !model.tpDegrees.includes(n)) continue;
      for (const p of tier.pipelineDegrees ?? [1]) list.push({ j, k, n, p });
    }
  }
  const weights = byPrecision(model.weightSize, tier.precision);
  const cache = byPrecision(model.kvCachePerToken, tier.precision);
  const usable = tier.memory - (tier.memoryReserve ?? 0);
  return list.filter(({ n, p }) => !Number.isNaN(cache) && weights / (n * p) <= usable + 1e-9);
}

/** Null where the query type cannot be placed. */
export function serviceAt(instance: Instance, options: PlanningOptions, i: number, place: Place): Service | null {
  const { j, k, n, p } = place;
  const query = instance.queryTypes[i];
  const tier = instance.tiers[k];
  const r = query.inputTokens + query.outputTokens;
  const beta = byPrecision(instance.models[j].kvCachePerToken, tier.precision);
  const given = typeof instance.residency === 'object' ? instance.residency[i][j][k] : instance.residency;
  const cacheFor = (hours: number) => beta * r * query.arrivalRate * hours;
  const dependent = options.uncertainty === 'decision-dependent';
  let delay = (instance.delay?.nominal[i][j][k] ?? 0) * r;
  let swing = (instance.delay?.deviation[i][j][k] ?? 0) * r;
  let hours = given ?? 0;
  const share = dependent ? 1 - (instance.delay?.relief?.[j][k] ?? 0) : 1;
  const profile = profileAt(instance, place);
  if (profile === undefined) {
    const load = (query.computePerToken ?? 0) * r;
    return { load, capacity: (tier.compute ?? 1) * n * p, cache: cacheFor(hours), delay, swing, share };
  }
  const measured = profile.measured?.find((each) => each.queryType === query.name);
  const fresh = query.inputTokens * (1 - (query.cachedShare ?? 0));
  let rate = 0;
  if (measured !== undefined) rate = measured.queriesPerHour;
  else if (profile.secondsPerInputToken !== undefined) {
    const f = query.outputTokens;
    const a = profile.secondsPerInputToken * fresh;
    const b = profile.secondsPerOutputToken! * f;
    const c = profile.secondsPerContextToken! * (f * query.inputTokens + (f * f) / 2);
    rate = 3600 / (a + b + c);
  }
  if (!(rate > 0)) return null;
  if (isLatencyTold(instance)) {
    const { latency } = profile;
    const ttft = measured?.ttft ?? (latency && latency.firstToken + latency.perInputToken * fresh);
    const tpot = measured?.tpot ?? latency?.perOutputToken;
    const steps = Math.max(0, query.outputTokens - 1);
    const total = ttft === undefined || (tpot === undefined && steps > 0) ? undefined : ttft + (tpot ?? 0) * steps;
    const deviation = latency?.deviation ?? 0;
    const gamma = options.uncertainty === 'none' ? 0 : (instance.uncertaintyBudget?.delay ?? 0);
    const worst = 1 + Math.min(gamma, 1) * deviation;
    const breaks = (value: number | undefined, limit: number | undefined) =>
      limit !== undefined && !(value !== undefined && value * worst <= limit * (1 + 1e-9));
    if (breaks(total, query.delayThreshold) || breaks(ttft, query.ttftThreshold) || breaks(tpot, query.tpotThreshold))
      return null;
    if (total === undefined && (query.delayPenalty ?? 0) > 0) return null;
    delay = total ?? 0;
    swing = deviation * delay;
    if (given === undefined) hours = delay / 3.6e6;
  }
  const capacity = tier.utilization ?? instance.utilization ?? 0.8;
  return { load: query.arrivalRate / rate, capacity, cache: cacheFor(hours), delay, swing, share };
}

/** The largest gain of sum a xi, 0 <= xi <= share, sum xi <= gamma. */
export function worstGain(terms: readonly { readonly size: number; readonly share: number }[], gamma: number): number {
  let left = gamma;
  let gain = 0;
  for (const { size, share } of [...terms].sort((a, b) => b.size - a.size)) {
    const xi = Math.max(0, Math.min(share, left));
    gain += xi * size;
    left -= xi;
  }
  return gain;
}
