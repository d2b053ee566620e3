/**
 * Oddities of fleets: times of another unit, caches that the weights do not suggest, query types that nothing can
 * serve, deployments that were left out, names that look the same, amounts far from their neighbours.
 */
import { configurationsOf, onTier, tpDegreesOf } from './configurations.ts';
import type { Instance, Profile, QueryType } from './instance.ts';
import type { Warning } from './lintWarning.ts';
import type { PlanningOptions } from './options.ts';
import { latencyOf, profilesTellLatency, secondsPerQuery } from './serviceTimes.ts';

/** Residency and the time that a query may take differ by more than this only by a slip of units. */
const farResidency = 10;
/**
 * GB of cache per token for each GB of weights: from small models with full attention down to large ones with few
 * heads.
 */
const usualCacheShare = { least: 1e-7, most: 1e-4 };
/** Neighbouring rates and prices differ by less than this, mostly. */
const farNeighbour = 100;

export function fleetWarnings(instance: Instance, options: PlanningOptions): Warning[] {
  return [
    ...similarNames(instance),
    ...farNeighbours(instance),
    ...residencyWarnings(instance),
    ...cacheWarnings(instance),
    ...unservedQueryTypes(instance),
    ...missingServiceTimes(instance),
    ...missingRecords(instance),
    ...largeDeviations(instance),
    ...moneyWarnings(instance, options),
    ...currentPlanNames(instance),
  ];
}

/** Names that differ only in blanks, or in the Unicode form of the same letters. */
function similarNames(instance: Instance): Warning[] {
  const plain = (name: string) => name.normalize('NFKC').replace(/\s+/g, ' ').trim();
  return (['queryTypes', 'models', 'tiers'] as const).flatMap((group) =>
    instance[group].flatMap(({ name }, position): Warning[] => {
      const first = instance[group].findIndex((other) => plain(other.name) === plain(name));
      if (first === position) return [];
      const message = `${JSON.stringify(name)} and ${JSON.stringify(instance[group][first].name)} (${group}[${first}]) look the same: they differ only in blanks or in the form of their letters.`;
      return [{ code: 'similar-names', path: `${group}[${position}].name`, message }];
    }),
  );
}

/** Rates and prices orders of magnitude away from the median of the others. */
function farNeighbours({ queryTypes, tiers }: Instance): Warning[] {
  const among = (values: readonly number[], what: string, path: (at: number) => string): Warning[] => {
    const known = values.filter((value) => value > 0).toSorted((a, b) => a - b);
    if (known.length < 3) return [];
    const median = known[Math.floor(known.length / 2)];
    return values.flatMap((value, at): Warning[] => {
      if (value <= 0 || Math.max(value / median, median / value) < farNeighbour) return [];
      const message = `${what} ${text(value)} is far from the others, whose median is ${text(median)}: is it of the same unit?`;
      return [{ code: 'far-from-neighbours', path: path(at), message }];
    });
  };
  const rates = queryTypes.map(({ arrivalRate }) => arrivalRate);
  const prices = tiers.map(({ price }) => price);
  return [
    ...among(rates, 'The arrival rate (queries per hour)', (i) => `queryTypes[${i}].arrivalRate`),
    ...among(prices, 'The price ($ per GPU-hour)', (k) => `tiers[${k}].price`),
  ];
}

/** Hours in memory against the time that a query may take at most; and no cache at all for want of both. */
function residencyWarnings(instance: Instance): Warning[] {
  const { residency, queryTypes, models } = instance;
  const hasCache = models.some(({ kvCachePerToken }) => kvCachePerToken !== 0);
  if (residency === undefined) {
    if (!hasCache || profilesTellLatency(instance)) return [];
    const message = 'No cache is counted in memory: there is neither residency (hours) nor a latency of profiles.';
    return [{ code: 'no-residency', path: 'residency', message }];
  }
  if (!hasCache) return [];
  const limits = queryTypes.flatMap(({ delayThreshold = [] }) => delayThreshold);
  const hoursOf = (i: number) => (typeof residency === 'number' ? [residency] : residency[i].flat());
  for (const [i, { name, delayThreshold }] of queryTypes.entries()) {
    if (delayThreshold === undefined || limits.length === 0) continue;
    const limit = delayThreshold / 3.6e6;
    const longest = Math.max(...hoursOf(i));
    if (longest <= farResidency * limit) continue;
    const message = `A query of ${name} stays ${text(longest)} h in memory (residency) but may take ${text(delayThreshold)} ms: ${text(longest / limit)} times as long. Residency is in hours.`;
    return [{ code: 'residency-beyond-limit', path: 'residency', message }];
  }
  return [];
}

function cacheWarnings({ models, tiers }: Instance): Warning[] {
  return models.flatMap((model, j): Warning[] => {
    for (const tier of tiers) {
      const weights = onTier(model.weightSize, tier) ?? 0;
      const cache = onTier(model.kvCachePerToken, tier) ?? 0;
      if (weights === 0 || cache === 0) continue;
      const share = cache / weights;
      if (share >= usualCacheShare.least && share <= usualCacheShare.most) continue;
      const message = `${model.name} caches ${text(cache)} GB per token, ${text(share)} of its weights (${text(weights)} GB); models have 1e-7 to 1e-4 of them. A token takes ${text(cache * 1e6)} kB: is that the unit?`;
      return [{ code: 'cache-per-token', path: `models[${j}].kvCachePerToken`, message }];
    }
    return [];
  });
}

/** Query types that no profile can serve, and why. */
function unservedQueryTypes(instance: Instance): Warning[] {
  const { profiles, queryTypes } = instance;
  if (profiles === undefined) return [];
  return queryTypes.flatMap((query, i): Warning[] => {
    const reasons = profiles.map((profile) => reasonAgainst(instance, profile, query));
    if (reasons.some((reason) => reason === null)) return [];
    const found = new Map<string, { count: number; fastest: number }>();
    for (const reason of reasons) {
      const { count, fastest } = found.get(reason!.text) ?? { count: 0, fastest: Infinity };
      found.set(reason!.text, { count: count + 1, fastest: Math.min(fastest, reason!.milliseconds ?? Infinity) });
    }
    const why = [...found]
      .map(([reason, { count, fastest }]) => {
        const best = fastest < Infinity ? `; the fastest takes ${text(fastest)} ms` : '';
        return `${reason} (${count} of ${profiles.length}${best})`;
      })
      .join(', ');
    return [
      { code: 'unserved-query-type', path: `queryTypes[${i}]`, message: `No profile can serve ${query.name}: ${why}.` },
    ];
  });
}

/** Query types that some records serve, and others say nothing of; a measured rate of 0 is meant. */
function missingServiceTimes({ profiles = [], queryTypes }: Instance): Warning[] {
  return queryTypes.flatMap((query, i): Warning[] => {
    const silent = profiles.filter(
      (profile) =>
        secondsPerQuery(profile, query) === null &&
        !profile.measured?.some(({ queryType }) => queryType === query.name),
    );
    if (silent.length === 0) return [];
    const names = silent.map(({ model, tier, tpDegree }) => `${model} on ${tier} TP ${tpDegree}`);
    const message = `${query.name} has no profile on ${names.join(', ')}: it cannot be placed there. Add a measured entry for it (queriesPerHour), or the three secondsPer...Token.`;
    return [{ code: 'missing-service-time', path: `queryTypes[${i}]`, message }];
  });
}

/**
 * Why a profile cannot serve a query type even at nominal latency, and what it takes where it is too slow; null if it
 * can.
 */
function reasonAgainst(
  instance: Instance,
  profile: Profile,
  query: QueryType,
): { readonly text: string; readonly milliseconds: number | null } | null {
  if (secondsPerQuery(profile, query) === null) return { text: 'no service time', milliseconds: null };
  if (!profilesTellLatency(instance)) return null;
  const { ttft, tpot, total } = latencyOf(profile, query);
  const limits = [
    { milliseconds: ttft, limit: query.ttftThreshold, text: 'too slow to the first token' },
    { milliseconds: tpot, limit: query.tpotThreshold, text: 'too slow per output token' },
    { milliseconds: total, limit: query.delayThreshold, text: 'too slow as a whole' },
  ];
  return (
    limits.find(({ milliseconds, limit }) => limit !== undefined && (milliseconds === null || milliseconds > limit)) ??
    null
  );
}

/** With profiles, degrees that the lists offer and that have no record: they cannot be rented. */
function missingRecords(instance: Instance): Warning[] {
  const { profiles, models, tiers } = instance;
  if (profiles === undefined) return [];
  let count = 0;
  const byModel: string[] = [];
  for (const model of models) {
    const onTiers: string[] = [];
    for (const tier of tiers) {
      const known = new Set(configurationsOf(instance, model, tier).map(({ tpDegree }) => tpDegree));
      const asked = tier.tpDegrees ?? model.tpDegrees;
      const offered = asked === undefined ? (known.size === 0 ? [0] : []) : tpDegreesOf({ ...tier, tpDegrees: asked });
      const missing = offered.filter(
        (degree) => !known.has(degree) && !(degree > 0 && model.tpDegrees?.includes(degree) === false),
      );
      if (missing.length === 0) continue;
      count += missing.length;
      onTiers.push(missing[0] === 0 ? tier.name : `${tier.name} (TP ${missing.join(', ')})`);
    }
    if (onTiers.length > 0) byModel.push(`${model.name} on ${onTiers.join(', ')}`);
  }
  if (count === 0) return [];
  const counted = count === 1 ? '1 deployment is' : `${count} deployments are`;
  const message = `${counted} not planned with, since no profile says how fast: ${byModel.join('; ')}.`;
  return [{ code: 'missing-profile', path: 'profiles', message }];
}

/** Latencies that may be more than twice what they are: 20 for 20 %. */
function largeDeviations({ profiles = [] }: Instance): Warning[] {
  return profiles.flatMap(({ model, tier, latency }, position): Warning[] => {
    const deviation = latency?.deviation ?? 0;
    if (deviation <= 1) return [];
    const message = `Latencies of ${model} on ${tier} may be ${text(1 + deviation)} times as long; the deviation is a fraction, so 20 % is 0.2.`;
    return [{ code: 'percent-instead-of-fraction', path: `profiles[${position}].latency.deviation`, message }];
  });
}

function moneyWarnings({ queryTypes, rentalPeriod }: Instance, { penalties }: PlanningOptions): Warning[] {
  const isCharged = queryTypes.some(({ unmetPenalty = 0, delayPenalty = 0 }) => unmetPenalty > 0 || delayPenalty > 0);
  if (penalties !== 'per-hour' || rentalPeriod <= 1 || !isCharged) return [];
  const message = `Penalties count for one hour beside rental for ${text(rentalPeriod)} h: dropping looks ${text(rentalPeriod)} times cheaper than it is. The option penalties "per-period" counts both for the period.`;
  return [{ code: 'penalties-per-hour', path: 'rentalPeriod', message }];
}

/** GPUs of the current plan on what is gone count as removed; a typing error looks the same. */
function currentPlanNames({ currentPlan, models, tiers }: Instance): Warning[] {
  return (currentPlan?.deployments ?? []).flatMap((deployment, d) =>
    (['model', 'tier'] as const).flatMap((key): Warning[] => {
      const list = key === 'model' ? models : tiers;
      if (list.some(({ name }) => name === deployment[key])) return [];
      const message = `${JSON.stringify(deployment[key])} is no ${key} of the instance: its ${deployment.gpus} GPUs count as removed.`;
      return [{ code: 'current-plan-name', path: `currentPlan.deployments[${d}].${key}`, message }];
    }),
  );
}

/** Six significant digits at most. */
function text(value: number): string {
  return String(Number(value.toPrecision(6)));
}
