/** Sets of deployments listed by the bounds of a root's duals, and by those of programs solved since. */
import type { BoundCertificate } from '../../../src/patterns/master/dualPrices.ts';
import type { NodeRestrictions } from '../../../src/patterns/master/patternDecision.ts';
import type { RestrictedMaster } from '../../../src/patterns/master/restrictedMaster.ts';
import { type RentedSets, rentedSets } from '../../../src/patterns/plans/rentedSets.ts';
import { SetBounds } from '../../../src/patterns/plans/setBounds.ts';
import { SetCounts } from '../../../src/patterns/plans/setCounts.ts';
import { SetPrograms } from '../../../src/patterns/plans/setPrograms.ts';
import { neverStop } from '../../../src/patterns/stopQuestion.ts';

export function rootSets(master: RestrictedMaster, restrictions: NodeRestrictions, certificate: BoundCertificate) {
  const programs = new SetPrograms(master, restrictions);
  const open = Array.from(restrictions.closed.keys()).filter((d) => restrictions.closed[d] === 0);
  const bounds = new SetBounds(master.table, open, master.budgetRow >= 0);
  const counts = new SetCounts(master, restrictions, certificate.duals);
  bounds.add(programs.boundOf({ master, duals: certificate.duals }, Infinity, restrictions.counts));
  return {
    programs,
    bounds,
    counts,
    list: (mostSets = 1e6, limit = Infinity) => list(bounds, counts, mostSets, limit),
  };
}

export function list(
  bounds: SetBounds,
  counts: SetCounts,
  mostSets = 1e6,
  limit = Infinity,
  shouldStop = neverStop,
): RentedSets {
  const boundOf = () => -Infinity;
  return rentedSets(bounds, counts, { limit, mostSets, mostLooked: 1e8, boundOf, shouldStop, stopPeriod: 5 });
}
