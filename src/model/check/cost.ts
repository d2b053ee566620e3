/** What a plan costs, by parts (specification 3). */

/** $ over the rental period. The parts add up to `total`. */
export interface PlanCost {
  readonly total: number;
  /** C1. */
  readonly rental: number;
  /** C2: stored weights and query data. */
  readonly storage: { readonly model: number; readonly data: number };
  /** C3: worst-case delay penalty. */
  readonly delay: number;
  /** C4. */
  readonly unmet: number;
  /** GPUs added and removed against the current plan; present only if the instance has `switchingCost`. */
  readonly switching?: number;
}
