/** How generated instances limit the share of a query type that may be dropped. */

export interface UnmetCapRule {
  /** One cap for every query type, in [0, 1]. */
  readonly unmetCap?: number;
  /** Cap = min(1, this * arrivalRate), as in the published sensitivity grids. Excludes `unmetCap`. */
  readonly unmetCapPerRate?: number;
}

/** The cap of a query type. */
export function unmetCapOf(
  { unmetCap, unmetCapPerRate }: UnmetCapRule,
  arrivalRate: number,
  defaultCap: number,
): number {
  return unmetCapPerRate === undefined ? (unmetCap ?? defaultCap) : Math.min(1, unmetCapPerRate * arrivalRate);
}
