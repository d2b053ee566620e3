/** A warning of the linter: what it is about, where, and what follows from it. */

export type WarningCode =
  | 'tier-memory-name'
  | 'model-too-large'
  | 'model-on-no-tier'
  | 'limit-out-of-reach'
  | 'inert-uncertainty-budget'
  | 'deviation-above-nominal'
  | 'unused-data'
  | 'budget-below-cheapest-gpu'
  | 'storage-below-smallest-model'
  | 'duplicated-tier'
  | 'free-tier'
  | 'tier-unavailable'
  | 'query-type-without-traffic'
  | 'minimum-served-beats-cap'
  | 'percent-instead-of-fraction'
  | 'dropping-is-free'
  | 'similar-names'
  | 'far-from-neighbours'
  | 'no-residency'
  | 'residency-beyond-limit'
  | 'cache-per-token'
  | 'unserved-query-type'
  | 'missing-profile'
  | 'missing-service-time'
  | 'penalties-per-hour'
  | 'current-plan-name';

export interface Warning {
  readonly code: WarningCode;
  /** The field that it is about, as in `InputError`. */
  readonly path: string;
  readonly message: string;
}
