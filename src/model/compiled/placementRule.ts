/**
 * How plans place query types (specification 5), by what the rest asks: whether each has one place, and how often the
 * weights of a deployment are stored.
 */
import type { PlanningOptions } from '../options.ts';

export interface PlacementRule {
  /** Each query type is served by one (model, tier) pair at most. */
  readonly isSingle: boolean;
  /** Weights are stored once for each query type placed on them; otherwise once for each deployment. */
  readonly storesPerPlacement: boolean;
}

export function placementRuleOf({ placement, weightStorage }: PlanningOptions): PlacementRule {
  return { isSingle: placement === 'single', storesPerPlacement: weightStorage === 'per-placement' };
}
