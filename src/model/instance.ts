/**
 * The instance: the data of one planning problem, as in `rolla-instance/1` (specification 1 and 8). Names and units are
 * there.
 */

/** I x J x K numbers, indexed [queryType][model][tier]. */
export type Tensor = readonly (readonly (readonly number[])[])[];
/** J x K numbers, indexed [model][tier]. */
export type Matrix = readonly (readonly number[])[];

export interface QueryType {
  readonly name: string;
  /** h, tokens per query. */
  readonly inputTokens: number;
  /** f, tokens per query. */
  readonly outputTokens: number;
  /** lambda, queries per hour. */
  readonly arrivalRate: number;
  /**
   * alpha, TFLOP per token. Given for all query types and tiers or for none; without it there is no compute row (4.5).
   */
  readonly computePerToken?: number;
  /** theta, GB per token. Default 0. */
  readonly tokenSize?: number;
  /** rho, $ per ms per query. Default 0. */
  readonly delayPenalty?: number;
  /** phi, $ per dropped query. Absent: nothing may be dropped. */
  readonly unmetPenalty?: number;
  /** Delta, ms. With `latency` profiles a limit on the latency of every query. Absent: no limit. */
  readonly delayThreshold?: number;
  /** ms to the first token, for every query. Needs profiles that tell. Absent: no limit. */
  readonly ttftThreshold?: number;
  /** ms from one token to the next, for every query. Needs profiles that tell. Absent: no limit. */
  readonly tpotThreshold?: number;
  /** eps, fraction. Absent: no limit. */
  readonly errorThreshold?: number;
  /** Share of the input tokens that a prefix cache holds, in [0, 1). Default 0. */
  readonly cachedShare?: number;
  /** zeta, the largest share that may be dropped. Default 1, or 0 without `unmetPenalty`. */
  readonly unmetCap?: number;
  /** The least share that must be served. Default: none. */
  readonly minimumServed?: number;
}

/** The largest share of a query type that may be dropped: min(zeta, 1 - minimumServed). */
export function effectiveUnmetCap({ unmetPenalty, unmetCap, minimumServed = 0 }: QueryType): number {
  return Math.min(unmetCap ?? (unmetPenalty === undefined ? 0 : 1), 1 - minimumServed);
}

/** r_i = h_i + f_i, tokens per query. */
export function tokensPerQuery({ inputTokens, outputTokens }: QueryType): number {
  return inputTokens + outputTokens;
}

/** One number, or one for each precision of a tier (`Tier.precision`). */
export type ByPrecision = number | Readonly<Record<string, number>>;

export interface Model {
  readonly name: string;
  /** B, GB. */
  readonly weightSize: ByPrecision;
  /** beta, GB per token. */
  readonly kvCachePerToken: ByPrecision;
  /** TP degrees that the model allows: a degree must be the tier's as well. Default: all. */
  readonly tpDegrees?: readonly number[];
  /** Largest number of replicas of a deployment; instead of the option `maxReplicas`. */
  readonly maxReplicas?: number | 'none';
  /** Least number of replicas of a deployment that is rented. Default 1. */
  readonly minReplicas?: number;
}

export interface Tier {
  readonly name: string;
  /** C, GB per GPU. */
  readonly memory: number;
  /** GB per GPU that are not usable. Default 0. */
  readonly memoryReserve?: number;
  /** P, TFLOPs per GPU. Given for all tiers and query types or for none; without it there is no compute row (4.5). */
  readonly compute?: number;
  /** p, $ per GPU-hour. */
  readonly price: number;
  /**
   * N_k, allowed tensor-parallel degrees. Default 1, 2, 4, 8 up to `gpusPerNode`; with profiles, those of the records.
   */
  readonly tpDegrees?: readonly number[];
  /** Allowed pipeline degrees. Default 1; with profiles, those of the records. */
  readonly pipelineDegrees?: readonly number[];
  /** GPUs of a node: no TP degree is larger. Absent: no bound. */
  readonly gpusPerNode?: number;
  /** Which entry of `weightSize` and `kvCachePerToken` counts here, where they are given by precision. */
  readonly precision?: string;
  /** Largest part of the time that a replica may be busy, in (0, 1]; instead of the instance's. Read with profiles. */
  readonly utilization?: number;
  /** GPUs that are paid for whether they are used or not. Default 0. */
  readonly committed?: number;
  /** Hard cap on GPUs of this tier over all models. Absent: no cap; 0: none available. */
  readonly available?: number;
}

/** Nominal value and largest deviation of an uncertain quantity; `relief` only for decision-dependent uncertainty. */
export interface UncertainTensor {
  readonly nominal: Tensor;
  readonly deviation: Tensor;
  /** gamma (delay) or eta (error), J x K, in [0, 1). */
  readonly relief?: Matrix;
}

/** Names a set of (query type, model, tier) triples; an absent key matches everything. At least one key is present. */
export interface Pairing {
  readonly queryType?: string;
  readonly model?: string;
  readonly tier?: string;
}

export interface SwitchingCost {
  /** $ per GPU of a (model, tier) beyond the current plan's. */
  readonly added: number;
  /** $ per GPU of a (model, tier) short of the current plan's. */
  readonly removed: number;
}

/** What files that people write may hold beside their data; nothing reads it. */
interface Remarks {
  /** Address of the JSON schema, for editors. */
  readonly $schema?: string;
  readonly notes?: string | readonly string[];
}

/** Latency of a query on one replica, in ms (specification 1). */
interface Latency {
  /** ms before the first token, whatever the input. */
  readonly firstToken: number;
  /** ms to the first token for each input token that no prefix cache holds. */
  readonly perInputToken: number;
  /** ms for each further output token. */
  readonly perOutputToken: number;
  /** Largest deviation, as a share of the latency. Default 0. */
  readonly deviation?: number;
}

/** What was measured for one query type on one replica. */
export interface Measurement {
  readonly queryType: string;
  /** Queries that one replica completes in an hour when it is always busy; 0: it cannot serve them. */
  readonly queriesPerHour: number;
  /** ms to the first token. */
  readonly ttft?: number;
  /** ms for each further output token. */
  readonly tpot?: number;
}

/**
 * How fast one replica of a deployment serves: service times by formula, all three of them, or measured, or both.
 * Measured values go before the formula.
 */
export interface Profile {
  readonly model: string;
  readonly tier: string;
  readonly tpDegree: number;
  /** Default 1. */
  readonly pipelineDegree?: number;
  /** a, s. */
  readonly secondsPerInputToken?: number;
  /** b, s. */
  readonly secondsPerOutputToken?: number;
  /** c, s for each output token and each token that it looks back on. */
  readonly secondsPerContextToken?: number;
  readonly measured?: readonly Measurement[];
  readonly latency?: Latency;
}

/** sum_k perGpu_k (GPUs of k) <= most: a pool that tiers share, a quota, power. Tiers that are not named count 0. */
interface FleetLimit {
  readonly name: string;
  readonly unit?: string;
  readonly perGpu: Readonly<Record<string, number>>;
  readonly most: number;
}

export interface Instance extends Remarks {
  readonly format: 'rolla-instance/1';
  readonly name?: string;
  readonly queryTypes: readonly QueryType[];
  readonly models: readonly Model[];
  readonly tiers: readonly Tier[];
  /**
   * Service times. When present, the load row 4.5' replaces 4.5, and a deployment without a record cannot be rented.
   */
  readonly profiles?: readonly Profile[];
  /** Largest part of the time that a replica may be busy, in (0, 1]. Default 0.8. Read with profiles. */
  readonly utilization?: number;
  readonly fleetLimits?: readonly FleetLimit[];
  /** ms per token. Absent: no delay (or the latency of the profiles). */
  readonly delay?: UncertainTensor;
  /** Fractions. Absent: no errors. */
  readonly error?: UncertainTensor;
  /**
   * T, hours that a query's cache stays in memory: one number for all, or I x J x K. Absent: the latency of the
   * profiles; without it no cache is counted.
   */
  readonly residency?: number | Tensor;
  /** Gamma_d and Gamma_e, any number >= 0. Default 0 and 0. */
  readonly uncertaintyBudget?: { readonly delay: number; readonly error: number };
  /** dT, hours. */
  readonly rentalPeriod: number;
  /** delta, $. Absent: no limit. */
  readonly budget?: number;
  /** C_s, GB. Absent: no limit. */
  readonly storageCapacity?: number;
  /** p_s, $ per GB-hour. Default 0. */
  readonly storagePrice?: number;
  /**
   * When present, a triple (query type, model, tier) may be used only if it matches at least one entry; an empty list
   * allows nothing. A (model, tier) may be rented only if some triple of it may be used.
   */
  readonly allowed?: readonly Pairing[];
  /**
   * A triple that matches any entry may not be used; an entry without `queryType` also forbids renting what it matches.
   */
  readonly forbidden?: readonly Pairing[];
  /**
   * What is rented now; with `switchingCost`. Only its deployments are read; they may name models and tiers that are
   * gone.
   */
  readonly currentPlan?: Plan;
  readonly switchingCost?: SwitchingCost;
}

/** The published data in full: what has no profiles and leaves nothing out that only the additions make optional. */
export interface PublishedInstance extends Instance {
  readonly queryTypes: readonly PublishedQueryType[];
  readonly models: readonly PublishedModel[];
  readonly tiers: readonly (Tier & Required<Pick<Tier, 'compute'>>)[];
  readonly delay: UncertainTensor;
  readonly error: UncertainTensor;
  readonly residency: number | Tensor;
  readonly uncertaintyBudget: { readonly delay: number; readonly error: number };
  readonly storagePrice: number;
}

interface PublishedModel extends Model {
  readonly weightSize: number;
  readonly kvCachePerToken: number;
}

export type PublishedQueryType = QueryType &
  Required<
    Pick<
      QueryType,
      'computePerToken' | 'tokenSize' | 'delayPenalty' | 'unmetPenalty' | 'delayThreshold' | 'errorThreshold'
    >
  >;

/** A deployment that is rented: `model` on `tier` at its degrees; gpus = tpDegree * pipelineDegree * replicas. */
export interface PlannedDeployment {
  readonly model: string;
  readonly tier: string;
  readonly tpDegree: number;
  /** Default 1; written only when it is not 1. */
  readonly pipelineDegree?: number;
  readonly replicas: number;
  readonly gpus: number;
}

/** A query type placed on a deployment; `fraction` of its queries are served there (0: placed but unserved). */
export interface Route {
  readonly queryType: string;
  readonly model: string;
  readonly tier: string;
  readonly fraction: number;
}

/** A plan by names, `rolla-plan/1` (specification 8). */
export interface Plan extends Remarks {
  readonly format: 'rolla-plan/1';
  readonly deployments: readonly PlannedDeployment[];
  readonly routing: readonly Route[];
  /** Every query type with the share of it that is dropped. */
  readonly unmet: readonly { readonly queryType: string; readonly fraction: number }[];
}
