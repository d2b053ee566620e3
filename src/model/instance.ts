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
  /** alpha, TFLOP per token. */
  readonly computePerToken: number;
  /** theta, GB per token. */
  readonly tokenSize: number;
  /** rho, $ per ms per query. */
  readonly delayPenalty: number;
  /** phi, $ per dropped query. */
  readonly unmetPenalty: number;
  /** Delta, ms. */
  readonly delayThreshold: number;
  /** eps, fraction. */
  readonly errorThreshold: number;
  /** zeta, the largest share that may be dropped. Default 1. */
  readonly unmetCap?: number;
  /** The least share that must be served. Default: none. */
  readonly minimumServed?: number;
}

/** The largest share of a query type that may be dropped: min(zeta, 1 - minimumServed). */
export function effectiveUnmetCap({ unmetCap = 1, minimumServed = 0 }: QueryType): number {
  return Math.min(unmetCap, 1 - minimumServed);
}

export interface Model {
  readonly name: string;
  /** B, GB. */
  readonly weightSize: number;
  /** beta, GB per token. */
  readonly kvCachePerToken: number;
}

export interface Tier {
  readonly name: string;
  /** C, GB per GPU. */
  readonly memory: number;
  /** P, TFLOPs per GPU. */
  readonly compute: number;
  /** p, $ per GPU-hour. */
  readonly price: number;
  /** N_k, allowed tensor-parallel degrees. Default 1, 2, 4, 8. */
  readonly tpDegrees?: readonly number[];
  /** A label only. */
  readonly precision?: string;
  /** Hard cap on GPUs of this tier over all models. Absent: no cap; 0: none available. */
  readonly available?: number;
}

/** N_k. */
export function tpDegreesOf({ tpDegrees = [1, 2, 4, 8] }: Tier): readonly number[] {
  return tpDegrees;
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

export interface Instance extends Remarks {
  readonly format: 'rolla-instance/1';
  readonly name?: string;
  readonly queryTypes: readonly QueryType[];
  readonly models: readonly Model[];
  readonly tiers: readonly Tier[];
  /** ms per token. */
  readonly delay: UncertainTensor;
  /** Fractions. */
  readonly error: UncertainTensor;
  /** T, hours that a query's cache stays in memory: one number for all, or I x J x K. */
  readonly residency: number | Tensor;
  /** Gamma_d and Gamma_e, any number >= 0. */
  readonly uncertaintyBudget: { readonly delay: number; readonly error: number };
  /** dT, hours. */
  readonly rentalPeriod: number;
  /** delta, $. Absent: no limit. */
  readonly budget?: number;
  /** C_s, GB. Absent: no limit. */
  readonly storageCapacity?: number;
  /** p_s, $ per GB-hour. */
  readonly storagePrice: number;
  /**
   * When present, a triple (query type, model, tier) may be used only if it matches at least one entry; an empty list
   * allows nothing. A (model, tier) may be rented only if some triple of it may be used.
   */
  readonly allowed?: readonly Pairing[];
  /**
   * A triple that matches any entry may not be used; an entry without `queryType` also forbids renting what it matches.
   */
  readonly forbidden?: readonly Pairing[];
  /** What is rented now; with `switchingCost`. */
  readonly currentPlan?: Plan;
  readonly switchingCost?: SwitchingCost;
}

/** A deployment that is rented: `model` on `tier` at `tpDegree`; gpus = tpDegree * replicas. */
export interface PlannedDeployment {
  readonly model: string;
  readonly tier: string;
  readonly tpDegree: number;
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
