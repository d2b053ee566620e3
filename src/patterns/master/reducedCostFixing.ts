/**
 * What a Lagrangian bound rules out: with L the bound, r_d a lower bound on the reduced costs of deployment d and r the
 * least (or 0) of its pair, every plan that rents d costs at least L - min(0, r) + r_d. The same with a query type
 * forced onto the deployment, by the multipliers of pricing: at least max(0, its own reduced value) more.
 */

import type { PatternPricer } from '../pricing/patternPricer.ts';
import type { BoundCertificate } from './dualPrices.ts';
import { leastOfPair, priceDuals } from './dualPrices.ts';
import type { NodeRestrictions } from './patternDecision.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

/**
 * Marks in `closed` and `blocked` what the certificate rules out for costs below `cutoff`. Returns how many marks are
 * new.
 */
export function fixByReducedCost(
  master: RestrictedMaster,
  pricer: PatternPricer,
  restrictions: NodeRestrictions,
  certificate: BoundCertificate,
  cutoff: number,
  closed: Uint8Array,
  blocked: Uint8Array,
): number {
  if (cutoff === Infinity) return 0;
  const { table } = restrictions;
  const limit = cutoff + table.parameters.master.fixingSlack * Math.max(1, Math.abs(cutoff));
  const { prices } = priceDuals(master, restrictions, certificate.duals, 2);
  let marks = 0;
  for (let d = 0; d < table.numDeployments; d++) {
    if (closed[d] === 1 || restrictions.closed[d] === 1) continue;
    const pair = table.pair[d];
    const without = certificate.bound - leastOfPair(restrictions, pair, certificate.pairLeast);
    if (without + certificate.reducedCost[d] >= limit) {
      closed[d] = 1;
      marks++;
      continue;
    }
    const base = without + pricer.quickBound(d, prices, restrictions);
    for (let e = table.start[d]; e < table.start[d + 1]; e++) {
      if (blocked[e] === 1) continue;
      if (base + Math.max(0, pricer.entryValue(d, e, prices)) >= limit) {
        blocked[e] = 1;
        marks++;
      }
    }
  }
  return marks;
}
