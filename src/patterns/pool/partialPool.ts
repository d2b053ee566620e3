/**
 * Where everything that a plan below the cutoff can hold is too much for a pool, what a plan nearer to the bound can
 * hold may not be: the widest pool that stays small. Searched through, it holds the cheapest plan, or proves that there
 * is none up to its own cutoff.
 */
import type { Steps } from '../../lp/steps.ts';
import type { BoundCertificate } from '../master/dualPrices.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import { PatternPool } from './patternPool.ts';

/**
 * Null where even the smallest is too much, or where it is stopped before there is one. Its cutoff is `cutoff` if it is
 * whole.
 */
export function* widestPool(
  master: RestrictedMaster,
  restrictions: NodeRestrictions,
  certificate: BoundCertificate,
  cutoff: number,
  shouldStop: () => boolean,
): Steps<PatternPool | null> {
  const { bound } = certificate;
  const { partialPool } = master.table.parameters;
  const { firstShare, shareGrowth, firstSizeGrowth, columns, effort: most, effortPerTwo } = partialPool;
  let effort = Math.min(most, effortPerTwo * master.table.problem.numQueryTypes ** 2);
  let widest: PatternPool | null = null;
  for (let share = firstShare; bound < cutoff && !shouldStop(); share = Math.min(1, share * shareGrowth)) {
    const limit = share === 1 ? cutoff : bound + share * (cutoff - bound);
    const pool = PatternPool.enumerate(master, restrictions, certificate, limit, { effort, columns, shouldStop });
    if (pool === null) return widest;
    effort -= pool.sets;
    const growth = widest === null ? firstSizeGrowth : pool.size / Math.max(1, widest.size);
    widest = pool;
    if (share === 1 || pool.size * growth > columns) return widest;
    yield;
  }
  return widest;
}
