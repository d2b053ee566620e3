/** How generated instances limit the share of a query type that may be dropped. */
import { refuse, showValue } from '../input/inputError.ts';

export interface UnmetCapRule {
  /** One cap for every query type, in [0, 1]. */
  readonly unmetCap?: number;
  /** Cap = min(1, this * arrivalRate), as in the published sensitivity grids. Excludes `unmetCap`. */
  readonly unmetCapPerRate?: number;
}

/** The cap of a query type. @throws InputError for a cap outside its range, or if both rules are given. */
export function unmetCapOf(rule: UnmetCapRule, arrivalRate: number, defaultCap: number): number {
  const { unmetCap, unmetCapPerRate } = rule;
  if (unmetCapPerRate !== undefined) {
    if (unmetCap !== undefined) {
      refuse([{ path: 'unmetCap', value: showValue(unmetCap), expected: 'nothing beside unmetCapPerRate' }]);
    }
    if (!(unmetCapPerRate >= 0)) {
      refuse([{ path: 'unmetCapPerRate', value: showValue(unmetCapPerRate), expected: 'a number >= 0' }]);
    }
    return Math.min(1, unmetCapPerRate * arrivalRate);
  }
  const cap = unmetCap ?? defaultCap;
  if (!(cap >= 0 && cap <= 1)) {
    refuse([{ path: 'unmetCap', value: showValue(cap), expected: 'a number from 0 to 1' }]);
  }
  return cap;
}
