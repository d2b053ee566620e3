/**
 * Rows that tighten the `last-deployment` rule under single placement. For a level L of TP degrees of the last pair let
 * c_d be the largest fraction that degrees below L let query type i have at deployment d. Since one d at most has
 * z_d = 1,
 *   sum_d (v_d - c_d z_d) <= max_d (fraction_d - c_d) * sum_{n >= L} w_n.
 * Without them the LP meets the delay limits with a small part of the largest degree.
 */
import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import { fractionTolerance, type PlanningProblem } from '../compiled/planningProblem.ts';
import type { StrengthenedColumns } from './formulation.ts';
import { servableFraction } from './planColumns.ts';

export function addDegreeLevelRows(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  { w, v, z }: StrengthenedColumns,
): void {
  const { deployments, numQueryTypes, numPairs, placement, worstDelay, delayLimit, delayRule } = problem;
  if (!placement.isSingle || delayRule.stretchingPair < 0) return;
  const last = problem.deploymentsOfPair[delayRule.stretchingPair].filter((d) => w[d] >= 0);
  const degrees = [...new Set(last.map((d) => deployments.tpDegree[d]))].sort((a, b) => a - b);
  for (let i = 0; i < numQueryTypes; i++) {
    const limit = delayLimit[i];
    if (limit === Infinity) continue;
    degrees.forEach((level, t) => {
      const nextLower = t === 0 ? 0 : degrees[t - 1];
      const indices: number[] = [];
      const values: number[] = [];
      let most = 0;
      for (let d = 0; d < deployments.count; d++) {
        const at = i * deployments.count + d;
        const delay = worstDelay[i * numPairs + deployments.pair[d]];
        if (v[at] < 0 || delay <= 0) continue;
        const below = (limit * nextLower) / delay;
        const gain = servableFraction(problem, i, d) - below;
        if (gain <= fractionTolerance) continue;
        most = Math.max(most, gain);
        indices.push(v[at], z[at]);
        values.push(1, -below);
      }
      if (indices.length === 0) return;
      const atLeast = last.filter((d) => deployments.tpDegree[d] >= level);
      indices.push(...atLeast.map((d) => w[d]));
      values.push(...atLeast.map(() => -most));
      builder.addRow({ upper: 0, indices, values, name: `level_${i}_${level}` });
    });
  }
}
