/**
 * How delays are charged (specification 5), by what the rest asks: whether nominal delays count, over what one Gamma
 * goes, and whether the worst case couples query types. Verifier, published program and proof checker read the options
 * themselves: they are what this is checked against.
 */
import type { PlanningOptions } from '../options.ts';

export interface DelayCostRule {
  /** The nominal delay is charged, and not its worst deviation alone. */
  readonly chargesNominal: boolean;
  /** One Gamma_d is shared by the delay costs of all query types. */
  readonly isJoint: boolean;
  /**
   * Whether, under single placement, the worst-case delay cost is a sum over query types: `per-query`, no uncertainty,
   * or a joint Gamma_d >= I. Then `servingCost` holds all of it; otherwise only the nominal part.
   */
  readonly isSeparable: boolean;
}

/** Without uncertainty there is no deviation to charge: the nominal delay is all that there is. */
export function chargesNominalDelay({ delayCost, uncertainty }: PlanningOptions): boolean {
  return delayCost === 'total' || uncertainty === 'none';
}

export function delayCostRuleOf(options: PlanningOptions, gammaDelay: number, numQueryTypes: number): DelayCostRule {
  const isCertain = options.uncertainty === 'none';
  const isJoint = options.delayCostBudget === 'joint';
  return {
    chargesNominal: chargesNominalDelay(options),
    isJoint,
    isSeparable: isCertain || !isJoint || gammaDelay >= numQueryTypes,
  };
}
