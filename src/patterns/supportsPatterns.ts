/** Which problems the pattern relaxation can serve, and why not the others. */
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { countDelayCostRows } from './master/delayCostRows.ts';
import { defaultPatternParameters, type PatternParameters } from './parameters.ts';
import { buildPatternTable } from './pricing/patternTable.ts';

export type PatternSupport = { readonly supported: true } | { readonly supported: false; readonly reason: string };

/**
 * Everything under single placement, but for a joint delay cost under decision-dependent uncertainty (Gamma_d < I) with
 * so many different relief values that its steps alone are thousands of rows: those of `reduced`, asked for only there.
 */
export function supportsPatterns(
  problem: PlanningProblem,
  reduced = (): PlanningProblem => problem,
  { delayCostRowLimit }: Pick<PatternParameters, 'delayCostRowLimit'> = defaultPatternParameters,
): PatternSupport {
  if (!problem.placement.isSingle) {
    return { supported: false, reason: 'patterns need single placement; query types may be split here' };
  }
  if (!problem.delayCost.isSeparable && problem.options.uncertainty === 'decision-dependent') {
    const rows = countDelayCostRows(buildPatternTable(reduced()));
    if (rows > delayCostRowLimit) {
      const reason = `the joint decision-dependent delay cost would take ${rows} rows, more than ${delayCostRowLimit}`;
      return { supported: false, reason };
    }
  }
  return { supported: true };
}
