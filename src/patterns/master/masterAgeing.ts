/**
 * Keeps a master that is priced small: before a node it is made anew without the patterns that were far from use in its
 * last solve. They are priced again where a node wants them; a master that only grows spends its time on them.
 */
import { BasisStatus } from '../../lp/simplexTypes.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

/**
 * The master without its idle patterns; itself where they are few, or where it has not been solved since it was made.
 */
export function withoutIdlePatterns(master: RestrictedMaster): RestrictedMaster {
  const { patterns, table, solver } = master;
  const { numQueryTypes } = table.problem;
  const { keptPerQueryType, mostPerQueryType } = table.parameters.master;
  if (!master.isSolved || patterns.length <= mostPerQueryType * numQueryTypes) return master;
  const { columns } = solver.saveBasis();
  const keep = new Uint8Array(patterns.length);
  const others: number[] = [];
  patterns.forEach((_, p) => {
    if (columns[master.columnOf(p)] === BasisStatus.basic) keep[p] = 1;
    else others.push(p);
  });
  others.sort((one, other) => master.reducedCost(one) - master.reducedCost(other) || one - other);
  for (const p of others.slice(0, keptPerQueryType * numQueryTypes)) keep[p] = 1;
  return master.reduced(keep);
}
