/**
 * What a node of the pattern relaxation hands to its children, and the restrictions that it comes to with the node's
 * decisions.
 */
import { type Fixings, type NodeRestrictions, type PatternDecision, restrictionsOf } from './master/patternDecision.ts';
import type { PooledNode } from './pool/poolMaster.ts';
import type { PatternTable } from './pricing/patternTable.ts';

/** What a node's bound leaves below it, as deployments ruled out or, once there is a pool, as its columns. */
export type PatternWarmStart =
  | { readonly kind: 'deployments'; readonly closed: Uint8Array }
  | { readonly kind: 'pool'; readonly node: PooledNode };

/** The restrictions of a node: its decisions, and the deployments that its parent ruled out. */
export function restrictionsAt(
  table: PatternTable,
  decisions: readonly PatternDecision[],
  warmStart: PatternWarmStart | null,
  fixings: Fixings,
): NodeRestrictions {
  const restrictions = restrictionsOf(table, decisions, fixings);
  if (warmStart?.kind === 'deployments') {
    warmStart.closed.forEach((mark, d) => {
      if (mark === 1) restrictions.closed[d] = 1;
    });
  }
  return restrictions;
}
