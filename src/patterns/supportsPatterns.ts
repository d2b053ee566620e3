/** Which problems the pattern relaxation can serve, and why not the others. */
import { mustBePlaced, type PlanningProblem } from '../model/compiled/planningProblem.ts';
import { countDelayCostRows } from './master/delayCostRows.ts';
import { defaultPatternParameters } from './parameters.ts';
import { buildPatternTable } from './pricing/patternTable.ts';

export type PatternSupport = { readonly supported: true } | { readonly supported: false; readonly reason: string };

/**
 * Options of all deployments together, one for each number of replicas, above which tables and master would be slower
 * than the LP.
 */
const optionLimit = 4000;

/** What the rows of the master leave out, or null. */
function unknownToMaster(problem: PlanningProblem): string | null {
  const { deployments, fleetLimits, committed, numQueryTypes } = problem;
  if (fleetLimits.length > 0) return 'fleet limits';
  if (committed.some((gpus) => gpus > 0)) return 'committed GPUs';
  for (let i = 0; i < numQueryTypes; i++) if (!mustBePlaced(problem, i)) return 'query types that need not be placed';
  const options = deployments.maxReplicas.reduce((sum, most) => sum + most, 0);
  return options > optionLimit ? `so many replicas (${options} in all)` : null;
}

/**
 * Everything under single placement, but for a joint delay cost under decision-dependent uncertainty (Gamma_d < I) with
 * so many different relief values that its steps alone are thousands of rows: those of `reduced`, asked for only there.
 */
export function supportsPatterns(
  problem: PlanningProblem,
  reduced = (): PlanningProblem => problem,
  { delayCostRowLimit } = defaultPatternParameters,
): PatternSupport {
  if (problem.options.placement !== 'single') {
    return { supported: false, reason: 'patterns need single placement; query types may be split here' };
  }
  const unknown = unknownToMaster(problem);
  if (unknown !== null) return { supported: false, reason: `patterns do not know ${unknown} yet` };
  if (!problem.delayCostIsSeparable && problem.options.uncertainty === 'decision-dependent') {
    const rows = countDelayCostRows(buildPatternTable(reduced()));
    if (rows > delayCostRowLimit) {
      const reason = `the joint decision-dependent delay cost would take ${rows} rows, more than ${delayCostRowLimit}`;
      return { supported: false, reason };
    }
  }
  return { supported: true };
}
