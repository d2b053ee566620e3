/** The variants of the problem (specification 6) and the presets that name four of them. */

export interface PlanningOptions {
  /**
   * `single`: each query type is placed on exactly one deployment. `split`: its queries may be shared among several.
   */
  readonly placement: 'single' | 'split';
  /**
   * `none` plans for nominal values; `budgeted` for the worst Gamma deviations; `decision-dependent` lets relief data
   * shrink them.
   */
  readonly uncertainty: 'none' | 'budgeted' | 'decision-dependent';
  /**
   * `per-deployment`: tensor parallelism divides the delay of its own deployment. `pooled`: a query type's limit is
   * stretched by the TP degrees of all deployments (eq. 10a). `last-deployment`: by that of the last model on the last
   * tier (the reference code's quirk).
   */
  readonly delayRule: 'per-deployment' | 'pooled' | 'last-deployment';
  /** `total` charges nominal delay and its worst deviation; `deviation` the deviation only. */
  readonly delayCost: 'total' | 'deviation';
  /** `joint`: one Gamma_d over all query types in the delay cost; `per-query`: one for each. */
  readonly delayCostBudget: 'joint' | 'per-query';
  /** `once`: rental counts once against the budget; `per-query-type`: I times, as the reference code has it. */
  readonly rentalInBudget: 'once' | 'per-query-type';
  /**
   * `per-placement`: weights are stored for each query type placed; `per-deployment`: once per rented (model, tier).
   */
  readonly weightStorage: 'per-placement' | 'per-deployment';
  /**
   * Largest number of replicas of a deployment, or `none` for no limit; memory room and load scale with replicas, delay
   * does not.
   */
  readonly maxReplicas: number | 'none';
  /**
   * Of single placement. `placed`: a query type that is dropped altogether is placed somewhere all the same, with
   * fraction 0. `unplaced`: it need not be where its cap is 1, so that no traffic rents no GPU.
   */
  readonly dropped: 'placed' | 'unplaced';
  /**
   * Penalties of delay and unmet demand: `per-hour`, beside rental per period, or `per-period`, times the rental period
   * in hours.
   */
  readonly penalties: 'per-hour' | 'per-period';
}

export type PresetName = 'recommended' | 'corrected' | 'paper' | 'reference';

export const presets: Readonly<Record<PresetName, PlanningOptions>> = {
  /** What we think that a planner should solve: fleets that follow their load, money over one period. */
  recommended: {
    placement: 'single',
    uncertainty: 'budgeted',
    delayRule: 'per-deployment',
    delayCost: 'total',
    delayCostBudget: 'joint',
    rentalInBudget: 'once',
    weightStorage: 'per-deployment',
    maxReplicas: 'none',
    dropped: 'unplaced',
    penalties: 'per-period',
  },
  /** The published problem with its slips mended: one replica, penalties per hour, every query type placed. */
  corrected: {
    placement: 'single',
    uncertainty: 'budgeted',
    delayRule: 'per-deployment',
    delayCost: 'total',
    delayCostBudget: 'joint',
    rentalInBudget: 'once',
    weightStorage: 'per-deployment',
    maxReplicas: 1,
    dropped: 'placed',
    penalties: 'per-hour',
  },
  /** The article read literally (eq. 5c, 10a, 12b, 13b). */
  paper: {
    placement: 'single',
    uncertainty: 'budgeted',
    delayRule: 'pooled',
    delayCost: 'total',
    delayCostBudget: 'joint',
    rentalInBudget: 'per-query-type',
    weightStorage: 'per-placement',
    maxReplicas: 1,
    dropped: 'placed',
    penalties: 'per-hour',
  },
  /** The published program, quirks and all. */
  reference: {
    placement: 'single',
    uncertainty: 'budgeted',
    delayRule: 'last-deployment',
    delayCost: 'deviation',
    delayCostBudget: 'per-query',
    rentalInBudget: 'per-query-type',
    weightStorage: 'per-placement',
    maxReplicas: 1,
    dropped: 'placed',
    penalties: 'per-hour',
  },
};
