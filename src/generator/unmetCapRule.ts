/** How generated instances limit the share of a query type that may be dropped. */

export interface UnmetCapRule {
  /** One cap for every query type, in [0, 1]. */
  readonly unmetCap?: number;
  /** Cap = min(1, this * arrivalRate), as in the published sensitivity grids. Excludes `unmetCap`. */
  readonly unmetCapPerRate?: number;
}

/** The cap of a query type. @throws RangeError for a cap outside its range, or if both rules are given. */
export function unmetCapOf(rule: UnmetCapRule, arrivalRate: number, defaultCap: number): number {
  const { unmetCap, unmetCapPerRate } = rule;
  if (unmetCapPerRate !== undefined) {
    if (unmetCap !== undefined) throw new RangeError('unmetCap and unmetCapPerRate exclude each other');
    if (!(unmetCapPerRate >= 0)) {
      throw new RangeError(`unmetCapPerRate: ${unmetCapPerRate} found, a number >= 0 expected`);
    }
    return Math.min(1, unmetCapPerRate * arrivalRate);
  }
  const cap = unmetCap ?? defaultCap;
  if (!(cap >= 0 && cap <= 1)) throw new RangeError(`unmetCap: ${cap} found, a number from 0 to 1 expected`);
  return cap;
}
