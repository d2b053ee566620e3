/**
 * An instance under its options, as flat typed arrays: what every formulation, cut, heuristic and pricing routine
 * reads. The verifier does not read this file; it is the independent check.
 *
 * Index conventions: i query type, j model, k tier; `pair` = j * K + k is a (model, tier); `deployment` d is a (model,
 * tier, TP degree, pipeline degree) whose weights fit and that may be rented, in the order of j, then k, then its
 * configurations; (i, pair) arrays are at i * numPairs + pair, (i, d) arrays at i * numDeployments + d. All "per
 * fraction" figures are for serving the whole of a query type.
 */
import type { Instance } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import type { DelayCostRule } from './delayCostRule.ts';
import type { DelayRule } from './delayRule.ts';
import type { DeploymentTable } from './deploymentTable.ts';
import type { PlacementRule } from './placementRule.ts';

/** Fractions closer than this to a limit count as meeting it: rounding of the sums that define the limit, not slack. */
export const fractionTolerance = 1e-9;
/** sum_k perGpu_k (GPUs of k) <= most. */
export interface CompiledFleetLimit {
  readonly name: string;
  /** (k). */
  readonly perGpu: Float64Array;
  readonly most: number;
}

export interface PlanningProblem {
  readonly instance: Instance;
  readonly options: PlanningOptions;
  readonly numQueryTypes: number;
  readonly numModels: number;
  readonly numTiers: number;
  readonly numPairs: number;
  readonly deployments: DeploymentTable;
  /** Deployments of each pair (an empty list: cannot be rented). */
  readonly deploymentsOfPair: readonly (readonly number[])[];

  readonly placement: PlacementRule;
  readonly delayRule: DelayRule;
  readonly delayCost: DelayCostRule;

  /** (i): phi * lambda (times dT under `per-period`), $ for dropping the whole query type. */
  readonly unmetCost: Float64Array;
  /** (i): the largest droppable share, min(zeta, 1 - minimumServed). */
  readonly unmetCap: Float64Array;
  /**
   * (i, d): alpha * r TFLOPs, or with profiles lambda * s / 3600 busy replicas, per fraction; against `loadCapacity`.
   */
  readonly loadUse: Float64Array;
  /** (i): dT * p_s * theta * r * lambda, $ per fraction; part of C2. */
  readonly dataCost: Float64Array;
  /** (pair): dT * p_s * B_jk, $ for storing the weights once; part of C2. */
  readonly weightCost: Float64Array;
  /** (pair): B_jk, GB, against the storage capacity; 0 where the precision has none. */
  readonly weightSize: Float64Array;
  /** (i, d): beta * r * lambda * T, GB per fraction summed over the GPUs of a replica; divide by n p for one GPU. */
  readonly cacheUse: Float64Array;
  /** (i): Delta, ms; Infinity for no limit, and where the latency of profiles decides before. */
  readonly delayLimit: Float64Array;
  /** (i): eps; Infinity for no limit. */
  readonly errorLimit: Float64Array;
  /** (i, pair): dbar * r, ms per fraction, undivided by n. */
  readonly nominalDelay: Float64Array;
  /** (i, pair): dhat * r; 0 under `uncertainty: none`. */
  readonly deviationDelay: Float64Array;
  /** (i, pair): ebar. */
  readonly nominalError: Float64Array;
  /** (i, pair): ehat; 0 under `uncertainty: none`. */
  readonly deviationError: Float64Array;
  /** (pair): largest xi of a delay entry, 1 - gamma (1 when budgeted). */
  readonly delayShare: Float64Array;
  /** (pair): largest xi of an error entry, 1 - eta. */
  readonly errorShare: Float64Array;
  readonly gammaDelay: number;
  readonly gammaError: number;
  /**
   * (i, pair): worst delay when the query type is served there alone: nominal + min(Gamma_d, share) * deviation.
   * Undivided by n.
   */
  readonly worstDelay: Float64Array;
  /** (i, pair): the same for the error. */
  readonly worstError: Float64Array;
  /**
   * (i, d): rho * lambda * nominal delay or latency if the cost holds it (`total` or no uncertainty), else 0. $ per
   * fraction.
   */
  readonly nominalDelayCost: Float64Array;
  /** (i, d): rho * lambda * deviation. $ per fraction at xi = 1. */
  readonly deviationDelayCost: Float64Array;
  /**
   * (i, d): $ per fraction that single placement pays: data storage, nominal delay and, if separable, its worst
   * deviation.
   */
  readonly servingCost: Float64Array;

  /**
   * (i, d): the largest fraction servable there by delay, error, memory and load (all replicas, nothing else beside
   * it), or -1 where impossible (forbidden, too slow, or below 1 - unmetCap under single placement, or 0 where nothing
   * need be placed). Under `pooled` and `last-deployment` the delay limit is stretched by the largest total TP degree
   * that any plan can have.
   */
  readonly maxFraction: Float64Array;
  /** (d): number of query types that can be placed there (`maxFraction` >= 0). */
  readonly servableCount: Int32Array;

  /** c of specification 4.2 (1 or I). */
  readonly rentalBudgetFactor: number;
  /** $ or Infinity. */
  readonly budget: number;
  /** GB or Infinity. */
  readonly storageCapacity: number;
  /** (k): GPUs or Infinity. */
  readonly available: Float64Array;
  readonly fleetLimits: readonly CompiledFleetLimit[];
  /** (k): GPUs that are paid for whether they are used or not. */
  readonly committed: Float64Array;
  /** (pair): GPUs in the current plan; all 0 without one. */
  readonly currentGpus: Float64Array;
  /** GPUs of the current plan on models and tiers that are gone: removed in every plan. */
  readonly retiredGpus: number;
  readonly switchingAdded: number;
  readonly switchingRemoved: number;
}

/** Whether query type i has to be placed somewhere, served or not, under single placement. */
export function mustBePlaced({ options, unmetCap }: PlanningProblem, i: number): boolean {
  return options.dropped === 'placed' || unmetCap[i] < 1;
}
