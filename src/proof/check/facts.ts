/**
 * What an instance means under its options (specification 1 to 15), exactly: every number of the instance is the
 * rational that its double is, and every limit already holds the allowance of specification 9.1. Both claims of a proof
 * are read against this and nothing else.
 *
 * The allowance: left <= limit + 1e-8 max(left, limit) is, for left and limit >= 0, left <= limit / (1 - 1e-8).
 */
import type { ByPrecision, Instance, Model, Pairing, Profile, QueryType, Tier } from '../../model/instance.ts';
import type { PlanningOptions } from '../../model/options.ts';
import {
  compare,
  exactly,
  greatest,
  least,
  minus,
  one,
  over,
  plus,
  type Rational,
  roundedDown,
  times,
  whole,
  zero,
} from './rational.ts';

/** 1 / (1 - 1e-8). */
const stretched: Rational = { n: 100_000_000n, d: 99_999_999n };
const allowance: Rational = { n: 1n, d: 100_000_000n };
const allowed = (limit: Rational) => times(limit, stretched);

/** A part of a row with a worst case: nominal + xi deviation, 0 <= xi <= share. */
export interface Uncertain {
  readonly nominal: Rational;
  readonly deviation: Rational;
  readonly share: Rational;
}

/** A query type placed on a configuration; amounts are for serving all of it. */
export interface Placement {
  /** $: data, nominal delay, and the worst deviation where every xi can be at its largest. */
  readonly serving: Rational;
  /** $ at xi = 1, where Gamma does not reach all of them; else 0. */
  readonly deviation: Rational;
  /** The largest xi. */
  readonly share: Rational;
  /** GB over the GPUs of a replica, and load; against the rooms of a configuration. */
  readonly cache: Rational;
  readonly load: Rational;
  /** ms of its delay row, divided by the TP degree under `per-deployment`. */
  readonly delay: Uncertain;
  readonly error: Uncertain;
  /** The worst of `delay` if it is served here alone, where TP degrees of the plan stretch limits; else 0. */
  readonly stretchedDelay: Rational;
  /** The fraction that its own limits of error and delay allow here alone, perhaps above 1; null: no limit. */
  readonly most: Rational | null;
}

export interface Configuration {
  readonly tpDegree: number;
  readonly pipelineDegree: number;
  readonly gpus: bigint;
  readonly leastReplicas: bigint;
  /** As the model, available GPUs and fleet limits leave it alone. Null: no limit. */
  readonly mostReplicas: bigint | null;
  /** Of one replica: GB beside the weights; TFLOPs or busy share, null for no such row. */
  readonly memoryRoom: Rational;
  readonly loadRoom: Rational | null;
  /** (i): null where it cannot be placed. */
  readonly placements: readonly (Placement | null)[];
}

export interface Pair {
  readonly model: number;
  readonly tier: number;
  /** By TP degree, then pipeline degree; only those that can be rented. */
  readonly configurations: readonly Configuration[];
  /** B, GB. */
  readonly weights: Rational;
  readonly currentGpus: bigint;
}

export interface Facts {
  readonly instance: Instance;
  readonly options: PlanningOptions;
  /** Whether a query type may be served on several pairs. */
  readonly isSplit: boolean;
  /** Gamma of delay and error rows, of each query type its own. */
  readonly gammaDelay: Rational;
  readonly gammaError: Rational;
  readonly queryTypes: readonly {
    /** The least fraction served, and what it is without allowance. */
    readonly least: Rational;
    readonly leastPublished: Rational;
    /** Whether it may be placed nowhere. */
    readonly mayStayOut: boolean;
    /** $ for dropping all of it. */
    readonly dropCost: Rational;
    /** $ of data for serving all of it: part of `serving` that counts against the budget. */
    readonly dataCost: Rational;
    /** ms, for each unit of stretch where TP degrees of the plan stretch it; null for no row. */
    readonly delayLimit: Rational | null;
    readonly errorLimit: Rational | null;
  }[];
  /** By model, then tier. */
  readonly pairs: readonly Pair[];
  readonly tiers: readonly {
    readonly rental: Rational;
    readonly committed: bigint;
    readonly available: bigint | null;
  }[];
  readonly fleetLimits: readonly { readonly perGpu: readonly Rational[]; readonly most: Rational }[];
  /** Null: no limit. */
  readonly budget: Rational | null;
  readonly rentalInBudget: Rational;
  readonly storage: Rational | null;
  /** $ for storing a GB. */
  readonly storedGigabyte: Rational;
  /** Gamma of the delay cost where it does not reach all xi (`per-query`: of each query type its own); else null. */
  readonly gamma: Rational | null;
  readonly added: Rational;
  readonly removed: Rational;
  /** GPUs of the current plan in all. */
  readonly currentGpus: bigint;
}

const number = (value: number | undefined, absent = 0) => exactly(value ?? absent);

export function factsOf(instance: Instance, options: PlanningOptions): Facts {
  const { queryTypes, models, tiers, currentPlan, switchingCost } = instance;
  const hours = exactly(instance.rentalPeriod);
  const uncertain = options.uncertainty !== 'none';
  const penaltyHours = options.penalties === 'per-period' ? hours : one;
  const storedGigabyte = times(hours, number(instance.storagePrice));
  const gammaDelay = uncertain ? number(instance.uncertaintyBudget?.delay) : zero;
  const isSplit = options.placement === 'split';
  const isJoint = options.delayCostBudget === 'joint';
  // How many xi share a Gamma: under single placement a query type has one.
  const sharing = (isJoint ? queryTypes.length : 1) * (isSplit ? models.length * tiers.length : 1);
  const couples = uncertain && (isJoint || isSplit) && compare(gammaDelay, whole(BigInt(sharing))) < 0;
  const tellsLimit = !tellsLatency(instance);
  const current = currentPlan?.deployments ?? [];
  const dataCosts = queryTypes.map((query) =>
    times(storedGigabyte, number(query.tokenSize), tokensOf(query), exactly(query.arrivalRate)),
  );
  const setting = { instance, options, penaltyHours, gammaDelay, couples, dataCosts };
  return {
    instance,
    options,
    isSplit,
    gammaDelay,
    gammaError: uncertain ? number(instance.uncertaintyBudget?.error) : zero,
    queryTypes: queryTypes.map((query, i) => {
      const cap = number(query.unmetCap, query.unmetPenalty === undefined ? 0 : 1);
      const served = number(query.minimumServed);
      const limit = (threshold: number | undefined) => (threshold === undefined ? null : allowed(exactly(threshold)));
      return {
        // u <= zeta + 1e-8 and x >= minimumServed (1 - 1e-8).
        leastPublished: greatest(minus(one, cap), served),
        least: greatest(zero, greatest(minus(minus(one, cap), allowance), times(served, minus(one, allowance)))),
        mayStayOut: isSplit || (options.dropped === 'unplaced' && compare(cap, one) >= 0 && served.n === 0n),
        dropCost: times(number(query.unmetPenalty), exactly(query.arrivalRate), penaltyHours),
        dataCost: dataCosts[i],
        delayLimit: tellsLimit ? limit(query.delayThreshold) : null,
        errorLimit: limit(query.errorThreshold),
      };
    }),
    pairs: models.flatMap((model, j) =>
      tiers.map((tier, k) => ({
        model: j,
        tier: k,
        configurations: configurationsOf(setting, j, k),
        weights: onTier(model.weightSize, tier) ?? zero,
        currentGpus: current
          .filter((deployment) => deployment.model === model.name && deployment.tier === tier.name)
          .reduce((sum, { gpus }) => sum + BigInt(gpus), 0n),
      })),
    ),
    tiers: tiers.map(({ price, committed = 0, available }) => ({
      rental: times(hours, exactly(price)),
      committed: BigInt(committed),
      available: available === undefined ? null : roundedDown(allowed(exactly(available))),
    })),
    fleetLimits: (instance.fleetLimits ?? []).map(({ perGpu, most }) => ({
      perGpu: tiers.map(({ name }) => (Object.hasOwn(perGpu, name) ? exactly(perGpu[name]) : zero)),
      most: allowed(exactly(most)),
    })),
    budget: instance.budget === undefined ? null : allowed(exactly(instance.budget)),
    rentalInBudget: options.rentalInBudget === 'once' ? one : whole(BigInt(queryTypes.length)),
    storage: instance.storageCapacity === undefined ? null : allowed(exactly(instance.storageCapacity)),
    storedGigabyte,
    gamma: couples ? gammaDelay : null,
    added: number(switchingCost?.added),
    removed: number(switchingCost?.removed),
    currentGpus: current.reduce((sum, { gpus }) => sum + BigInt(gpus), 0n),
  };
}

interface Setting {
  readonly instance: Instance;
  readonly options: PlanningOptions;
  readonly penaltyHours: Rational;
  readonly gammaDelay: Rational;
  readonly couples: boolean;
  readonly dataCosts: readonly Rational[];
}

/** Specification 10.1, 12.1, 4.4 and 8.2: what can be rented of a pair. */
function configurationsOf(setting: Setting, j: number, k: number): Configuration[] {
  const { instance, options } = setting;
  const model = instance.models[j];
  const tier = instance.tiers[k];
  const weights = onTier(model.weightSize, tier);
  const cachePerToken = onTier(model.kvCachePerToken, tier);
  if (weights === null || cachePerToken === null || !isRentable(instance, model, tier)) return [];
  const usable = allowed(minus(exactly(tier.memory), number(tier.memoryReserve)));
  const placing = instance.queryTypes.map((query, i) =>
    isUsable(instance, query, model, tier) ? placementOnPair(setting, i, j, k) : null,
  );
  return degreesOf(instance, model, tier)
    .sort((a, b) => a.tpDegree - b.tpDegree || a.pipelineDegree - b.pipelineDegree)
    .flatMap(({ tpDegree, pipelineDegree, profile }): Configuration[] => {
      const gpus = BigInt(tpDegree) * BigInt(pipelineDegree);
      const memoryRoom = minus(times(whole(gpus), usable), weights);
      if (memoryRoom.n < 0n) return [];
      let loadRoom: Rational | null = null;
      if (profile !== null) loadRoom = allowed(number(tier.utilization ?? instance.utilization, 0.8));
      else if (tier.compute !== undefined) loadRoom = allowed(times(exactly(tier.compute), whole(gpus)));
      return [
        {
          tpDegree,
          pipelineDegree,
          gpus,
          leastReplicas: BigInt(model.minReplicas ?? 1),
          mostReplicas: mostReplicas(instance, tier, gpus, model.maxReplicas ?? options.maxReplicas),
          memoryRoom,
          loadRoom,
          placements: placing.map((place, i) =>
            place === null ? null : place(profile, tpDegree, instance.queryTypes[i]),
          ),
        },
      ];
    });
}

function mostReplicas({ fleetLimits = [] }: Instance, tier: Tier, gpus: bigint, most: number | 'none'): bigint | null {
  const limits: Rational[] = most === 'none' ? [] : [allowed(exactly(most))];
  if (tier.available !== undefined) limits.push(over(allowed(exactly(tier.available)), whole(gpus)));
  for (const { perGpu, most: units } of fleetLimits) {
    const each = Object.hasOwn(perGpu, tier.name) ? exactly(perGpu[tier.name]) : zero;
    if (each.n > 0n) limits.push(over(allowed(exactly(units)), times(each, whole(gpus))));
  }
  return limits.length === 0 ? null : roundedDown(limits.reduce(least));
}

function degreesOf({ profiles }: Instance, model: Model, tier: Tier) {
  if (profiles !== undefined) {
    return profiles
      .filter((profile) => profile.model === model.name && profile.tier === tier.name)
      .map((profile) => ({ tpDegree: profile.tpDegree, pipelineDegree: profile.pipelineDegree ?? 1, profile }));
  }
  const {
    gpusPerNode = Infinity,
    tpDegrees = [1, 2, 4, 8].filter((n) => n <= gpusPerNode),
    pipelineDegrees = [1],
  } = tier;
  return tpDegrees
    .filter((n) => model.tpDegrees?.includes(n) ?? true)
    .flatMap((tpDegree) => pipelineDegrees.map((pipelineDegree) => ({ tpDegree, pipelineDegree, profile: null })));
}

/** Specification 5 and 11: a query type on a pair, to be asked for one of its configurations. */
function placementOnPair(
  { instance, options, penaltyHours, gammaDelay, couples, dataCosts }: Setting,
  i: number,
  j: number,
  k: number,
) {
  const query = instance.queryTypes[i];
  const { delay, error, residency } = instance;
  const cachePerToken = onTier(instance.models[j].kvCachePerToken, instance.tiers[k])!;
  const uncertain = options.uncertainty !== 'none';
  const dependent = options.uncertainty === 'decision-dependent';
  const tokens = tokensOf(query);
  const rate = exactly(query.arrivalRate);
  const isTold = tellsLatency(instance);
  const shareOf = (relief: Instance['delay']) =>
    dependent && relief?.relief !== undefined ? minus(one, exactly(relief.relief[j][k])) : one;
  const share = shareOf(delay);
  const worst = (part: Uncertain, gamma: Rational) =>
    plus(part.nominal, times(least(gamma, part.share), part.deviation));
  const msNominal = times(number(delay?.nominal[i][j][k]), tokens);
  const msDeviation = uncertain ? times(number(delay?.deviation[i][j][k]), tokens) : zero;
  const gammaError = uncertain ? number(instance.uncertaintyBudget?.error) : zero;
  const errorPart: Uncertain = {
    nominal: number(error?.nominal[i][j][k]),
    deviation: uncertain ? number(error?.deviation[i][j][k]) : zero,
    share: shareOf(error),
  };
  const limit = (most: Rational | null, threshold: number | undefined, use: Rational) => {
    if (threshold === undefined || use.n <= 0n) return most;
    const within = over(allowed(exactly(threshold)), use);
    return most === null ? within : least(most, within);
  };
  const mostByError = limit(null, query.errorThreshold, worst(errorPart, gammaError));
  const dollarsPerMs = times(number(query.delayPenalty), rate, penaltyHours);
  const cacheFor = (time: Rational) => times(cachePerToken, tokens, rate, time);
  const residencyTime =
    residency === undefined ? null : exactly(typeof residency === 'number' ? residency : residency[i][j][k]);

  return (profile: Profile | null, tpDegree: number, { name }: QueryType): Placement | null => {
    let most = mostByError;
    let load = times(number(query.computePerToken), tokens);
    let nominal = msNominal;
    let deviation = msDeviation;
    let xi = share;
    let time = residencyTime ?? zero;
    if (profile !== null) {
      const measured = profile.measured?.find(({ queryType }) => queryType === name);
      const seconds = secondsPerQuery(profile, measured, query);
      if (seconds === null) return null;
      load = over(times(rate, seconds), whole(3600n));
      if (isTold) {
        const latency = latencyOf(profile, measured, query);
        const swing = uncertain ? number(profile.latency?.deviation) : zero;
        const factor = plus(one, times(least(gammaDelay, one), swing));
        const isKept = (value: Rational | null, threshold: number | undefined) =>
          threshold === undefined ||
          (value !== null && compare(times(value, factor), allowed(exactly(threshold))) <= 0);
        if (!isKept(latency.total, query.delayThreshold)) return null;
        if (!isKept(latency.ttft, query.ttftThreshold) || !isKept(latency.tpot, query.tpotThreshold)) return null;
        if (latency.total === null && (query.delayPenalty ?? 0) > 0) return null;
        nominal = latency.total ?? zero;
        deviation = times(swing, nominal);
        xi = one;
        time = residencyTime ?? over(nominal, whole(3_600_000n));
      }
    }
    const divisor = whole(options.delayRule === 'per-deployment' ? BigInt(tpDegree) : 1n);
    const delayPart: Uncertain = { nominal: over(msNominal, divisor), deviation: over(msDeviation, divisor), share };
    const alone = isTold ? zero : worst(delayPart, gammaDelay);
    if (options.delayRule === 'per-deployment') most = limit(most, query.delayThreshold, alone);
    const charged = options.delayCost === 'total' || !uncertain ? times(dollarsPerMs, nominal) : zero;
    const swingCost = times(dollarsPerMs, deviation);
    const settled = couples ? zero : times(least(gammaDelay, xi), swingCost);
    return {
      serving: plus(plus(dataCosts[i], charged), settled),
      deviation: couples ? swingCost : zero,
      share: xi,
      cache: cacheFor(time),
      load,
      delay: delayPart,
      error: errorPart,
      stretchedDelay: options.delayRule === 'per-deployment' ? zero : alone,
      most,
    };
  };
}

type Measured = NonNullable<Profile['measured']>[number] | undefined;

/** Specification 10.2; null: it cannot be placed there. */
function secondsPerQuery(profile: Profile, measured: Measured, query: QueryType): Rational | null {
  if (measured !== undefined) {
    return measured.queriesPerHour > 0 ? over(whole(3600n), exactly(measured.queriesPerHour)) : null;
  }
  const { secondsPerInputToken, secondsPerOutputToken, secondsPerContextToken } = profile;
  if (secondsPerInputToken === undefined) return null;
  const input = exactly(query.inputTokens);
  const output = exactly(query.outputTokens);
  const prefill = times(exactly(secondsPerInputToken), freshTokens(query));
  const decode = times(number(secondsPerOutputToken), output);
  const context = times(number(secondsPerContextToken), output, plus(input, over(output, whole(2n))));
  return plus(plus(prefill, decode), context);
}

/** Specification 11.1, nominal; null where the profile does not tell. */
function latencyOf({ latency }: Profile, measured: Measured, query: QueryType) {
  const byFormula =
    latency === undefined
      ? null
      : plus(exactly(latency.firstToken), times(exactly(latency.perInputToken), freshTokens(query)));
  const ttft = measured?.ttft === undefined ? byFormula : exactly(measured.ttft);
  const perToken = measured?.tpot ?? latency?.perOutputToken;
  const tpot = perToken === undefined ? null : exactly(perToken);
  const further = greatest(zero, minus(exactly(query.outputTokens), one));
  const decode = further.n === 0n ? zero : tpot && times(tpot, further);
  return { ttft, tpot, total: ttft === null || decode === null ? null : plus(ttft, decode) };
}

function freshTokens({ inputTokens, cachedShare = 0 }: QueryType): Rational {
  return times(exactly(inputTokens), minus(one, exactly(cachedShare)));
}

/** r = h + f. */
function tokensOf({ inputTokens, outputTokens }: QueryType): Rational {
  return plus(exactly(inputTokens), exactly(outputTokens));
}

/** Whether latency of profiles takes the place of delays. */
function tellsLatency({ profiles = [] }: Instance): boolean {
  return profiles.some(
    ({ latency, measured = [] }) =>
      latency !== undefined || measured.some(({ ttft, tpot }) => ttft !== undefined || tpot !== undefined),
  );
}

function onTier(value: ByPrecision, { precision }: Tier): Rational | null {
  if (typeof value === 'number') return exactly(value);
  return precision !== undefined && Object.hasOwn(value, precision) ? exactly(value[precision]) : null;
}

/** Specification 8.2. */
function isUsable({ allowed: open, forbidden }: Instance, query: QueryType, model: Model, tier: Tier): boolean {
  const hit = (entry: Pairing) =>
    (entry.queryType ?? query.name) === query.name &&
    (entry.model ?? model.name) === model.name &&
    (entry.tier ?? tier.name) === tier.name;
  return (open === undefined || open.some(hit)) && !(forbidden ?? []).some(hit);
}

function isRentable(instance: Instance, model: Model, tier: Tier): boolean {
  const closes = ({ queryType, model: j, tier: k }: Pairing) =>
    queryType === undefined && (j ?? model.name) === model.name && (k ?? tier.name) === tier.name;
  if (instance.forbidden?.some(closes)) return false;
  return instance.allowed === undefined || instance.queryTypes.some((query) => isUsable(instance, query, model, tier));
}
