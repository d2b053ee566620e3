/**
 * The worst case of a budgeted uncertain sum (specification 5), directly: max sum_t deviation_t * xi_t over
 * 0 <= xi_t <= largestShare_t, sum xi <= gamma. All xi cost the same of gamma, so the largest deviations are filled
 * first.
 */

export interface UncertainTerm {
  /** What the sum gains at xi = 1. Terms that are not positive never deviate. */
  readonly deviation: number;
  /** Largest xi of this term: 1, or 1 - relief under decision-dependent uncertainty. */
  readonly largestShare: number;
}

/** The largest gain of the sum. Sorts `terms` in place. */
export function worstCaseGain(terms: UncertainTerm[], gamma: number): number {
  if (terms.length > 1) terms.sort((a, b) => b.deviation - a.deviation);
  let left = gamma;
  let gain = 0;
  for (const { deviation, largestShare } of terms) {
    if (left <= 0 || deviation <= 0) break;
    const xi = Math.min(largestShare, left);
    gain += deviation * xi;
    left -= xi;
  }
  return gain;
}
