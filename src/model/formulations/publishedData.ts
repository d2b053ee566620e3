/**
 * What the published formulation reads of an instance for each configuration of a (model, tier), and for each query
 * type there: row coefficients with their units, straight from the specification.
 */
import { isRentable } from '../check/permissions.ts';
import { type Configuration, configurationsOf, maxReplicasOf, onTier, utilizationOf } from '../configurations.ts';
import { type Instance, tokensPerQuery } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import { latencyOf, profilesTellLatency, residencyOfLatency, secondsPerQuery } from '../serviceTimes.ts';

/** Limits of latency are met within this, relatively: rounding of the sums that define it. */
const latencyTolerance = 1e-9;

/** A query type at a configuration; amounts for serving all of it. */
interface Service {
  readonly isAllowed: boolean;
  /** lambda s / 3600, busy replicas; 0 without profiles. */
  readonly load: number;
  /** beta r lambda T, GB over all GPUs of a replica. */
  readonly cache: number;
  /** ms per query that the delay cost charges: delay per token times r, or latency. */
  readonly delay: number;
  readonly deviation: number;
}

export interface PublishedConfiguration extends Configuration {
  /** n p. */
  readonly gpus: number;
  readonly isRentable: boolean;
  /** GB per GPU. */
  readonly weights: number;
  /** Busy replicas that one replica carries; Infinity without profiles, where the compute row counts. */
  readonly utilization: number;
  readonly leastReplicas: number;
  /** No plan needs more. */
  readonly mostReplicas: number;
  /** (i). */
  readonly services: readonly Service[];
}

export interface PublishedData {
  /** [j][k][position]. */
  readonly configurations: readonly (readonly (readonly PublishedConfiguration[])[])[];
  /** [j][k]: B_jk, GB; 0 where the precision has none. */
  readonly weightSize: readonly (readonly number[])[];
  /** [k]: usable GB per GPU. */
  readonly memory: readonly number[];
  /** Hours that penalties count for. */
  readonly penaltyHours: number;
}

export function publishedData(instance: Instance, options: PlanningOptions): PublishedData {
  const { models, tiers } = instance;
  const memory = tiers.map((tier) => tier.memory - (tier.memoryReserve ?? 0));
  return {
    configurations: models.map((model, j) =>
      tiers.map((tier, k) =>
        configurationsOf(instance, model, tier).map((each) => configured(instance, options, j, k, memory[k], each)),
      ),
    ),
    weightSize: models.map((model) => tiers.map((tier) => onTier(model.weightSize, tier) ?? 0)),
    memory,
    penaltyHours: options.penalties === 'per-period' ? instance.rentalPeriod : 1,
  };
}

function configured(
  instance: Instance,
  options: PlanningOptions,
  j: number,
  k: number,
  memory: number,
  configuration: Configuration,
): PublishedConfiguration {
  const model = instance.models[j];
  const tier = instance.tiers[k];
  const weights = onTier(model.weightSize, tier);
  const cachePerToken = onTier(model.kvCachePerToken, tier);
  const gpus = configuration.tpDegree * configuration.pipelineDegree;
  const services = instance.queryTypes.map((_, i) =>
    serviceOf(instance, options, i, j, k, cachePerToken ?? 0, configuration),
  );
  const utilization = configuration.profile === null ? Infinity : utilizationOf(instance, tier);
  const perGpu = (weights ?? 0) / gpus;
  const leastReplicas = model.minReplicas ?? 1;
  const allowed = maxReplicasOf(model, options);
  return {
    ...configuration,
    gpus,
    isRentable:
      weights !== null &&
      cachePerToken !== null &&
      leastReplicas <= allowed &&
      isRentable(instance, model.name, tier.name),
    weights: perGpu,
    utilization,
    leastReplicas,
    mostReplicas:
      allowed < Infinity
        ? allowed
        : enoughReplicas(instance, j, k, (memory - perGpu) * gpus, gpus, utilization, services),
    services,
  };
}

/**
 * Replicas that hold everything at once, that keep all of the current plan, and that may not be fewer: more serve
 * nobody.
 */
function enoughReplicas(
  instance: Instance,
  j: number,
  k: number,
  room: number,
  gpus: number,
  utilization: number,
  services: readonly Service[],
): number {
  const { models, tiers, queryTypes, currentPlan } = instance;
  const load = services.reduce((sum, service) => sum + service.load, 0);
  const cache = services.reduce((sum, service) => sum + service.cache, 0);
  const compute = queryTypes.reduce((sum, query) => sum + (query.computePerToken ?? 0) * tokensPerQuery(query), 0);
  const perReplica = (tiers[k].compute ?? Infinity) * gpus;
  const current = (currentPlan?.deployments ?? []).filter(
    (d) => d.model === models[j].name && d.tier === tiers[k].name,
  );
  return Math.max(
    models[j].minReplicas ?? 1,
    Math.ceil(load / utilization),
    utilization === Infinity ? Math.ceil(compute / perReplica) : 1,
    room > 0 ? Math.ceil(cache / room) : 1,
    Math.ceil(current.reduce((sum, deployment) => sum + deployment.gpus, 0) / gpus),
  );
}

function serviceOf(
  instance: Instance,
  options: PlanningOptions,
  i: number,
  j: number,
  k: number,
  cachePerToken: number,
  { profile }: Configuration,
): Service {
  const query = instance.queryTypes[i];
  const tokens = tokensPerQuery(query);
  const { delay, residency } = instance;
  const given = typeof residency === 'object' ? residency[i][j][k] : residency;
  const cacheFor = (hours: number) => cachePerToken * tokens * query.arrivalRate * hours;
  const seconds = profile === null ? 0 : secondsPerQuery(profile, query);
  const load = (query.arrivalRate * (seconds ?? 0)) / 3600;
  if (profile === null || !profilesTellLatency(instance)) {
    return {
      isAllowed: seconds !== null,
      load,
      cache: cacheFor(given ?? 0),
      delay: delay === undefined ? 0 : delay.nominal[i][j][k] * tokens,
      deviation: delay === undefined ? 0 : delay.deviation[i][j][k] * tokens,
    };
  }
  const { ttft, tpot, total, deviation } = latencyOf(profile, query);
  const gamma = options.uncertainty === 'none' ? 0 : (instance.uncertaintyBudget?.delay ?? 0);
  const worst = 1 + Math.min(gamma, 1) * deviation;
  const isKept = (value: number | null, most: number | undefined) =>
    most === undefined || (value !== null && value * worst <= most * (1 + latencyTolerance));
  const isKnown = total !== null || (query.delayPenalty ?? 0) === 0;
  return {
    isAllowed:
      seconds !== null &&
      isKnown &&
      isKept(total, query.delayThreshold) &&
      isKept(ttft, query.ttftThreshold) &&
      isKept(tpot, query.tpotThreshold),
    load,
    cache: cacheFor(given ?? residencyOfLatency(total ?? 0)),
    delay: total ?? 0,
    deviation: deviation * (total ?? 0),
  };
}
