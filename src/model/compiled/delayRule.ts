/**
 * The delay rules (specification 5) by what the rest asks of them: whether a deployment's TP degree divides its own
 * delay, or TP degrees of rented pairs stretch every limit.
 */
import type { PlanningOptions } from '../options.ts';

export interface DelayRule {
  /** Delays are divided by the TP degree of their deployment, and limits stand as they are. */
  readonly divides: boolean;
  /** The TP degrees of all rented pairs together stretch every limit. */
  readonly isPooled: boolean;
  /** The one pair whose TP degree stretches every limit, or -1. */
  readonly stretchingPair: number;
}

export function delayRuleOf({ delayRule }: PlanningOptions, numPairs: number): DelayRule {
  return {
    divides: delayRule === 'per-deployment',
    isPooled: delayRule === 'pooled',
    stretchingPair: delayRule === 'last-deployment' ? numPairs - 1 : -1,
  };
}

/** Whether renting the pair stretches the limits. */
export function stretchesLimits({ isPooled, stretchingPair }: DelayRule, pair: number): boolean {
  return isPooled || pair === stretchingPair;
}
