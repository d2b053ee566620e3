/** A dive from a solved master, in a copy of it: what a dive prices is mostly of use to that dive alone. */

import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { MasterPoint } from '../master/masterPoint.ts';
import { restoreRestrictions, type SavedRestrictions } from '../master/patternDecision.ts';
import { priceAll } from '../master/pricedColumns.ts';
import { RestrictedMaster, type SavedMaster } from '../master/restrictedMaster.ts';
import { PatternPricer } from '../pricing/patternPricer.ts';
import type { PatternTable } from '../pricing/patternTable.ts';
import { type DiveLimits, dive } from './patternDive.ts';

/** Where dives begin, and all that decides what a dive finds. */
export interface DiveStart {
  readonly master: SavedMaster;
  readonly point: MasterPoint;
  readonly restrictions: SavedRestrictions;
  /** Prices that pricing goes on from. */
  readonly pricing: Pick<PatternPricer, 'muA' | 'muB'>;
  /** As in `DiveLimits`. */
  readonly searchBelow: number;
  readonly target: number;
  /** Dives before this one, in all: they take turns. */
  readonly divesBefore: number;
}

export interface DiveResult {
  readonly solution: IndexedPlan | null;
  readonly simplexIterations: number;
}

/** The dive of that turn from the start. `table` is the master's, `stretched` that of the start's stretch. */
export function diveFrom(
  table: PatternTable,
  stretched: PatternTable,
  start: DiveStart,
  turn: number,
  shouldStop: () => boolean,
): DiveResult {
  const { point, searchBelow, target, divesBefore, pricing } = start;
  const master = new RestrictedMaster(table);
  master.restore(start.master);
  const restrictions = restoreRestrictions(stretched, start.restrictions);
  master.restrict(restrictions);
  const pricer = new PatternPricer(stretched);
  pricer.muA.set(pricing.muA);
  pricer.muB.set(pricing.muB);
  pricer.nodeLimit = table.parameters.plans.searchNodes;
  pricer.relativeSlack = table.parameters.plans.unprovenShare;
  const fixes = (divesBefore + turn) % 2 === 0 ? 'patterns' : 'placements';
  const limits: DiveLimits = { fixes, skip: turn >> 1, searchBelow, target, shouldStop };
  const byPricing = (allowed: typeof restrictions, tolerance: number) => {
    const duals = master.solver.duals.slice(0, master.solver.numRows);
    return master.add(priceAll(master, pricer, allowed, duals, tolerance, shouldStop).patterns);
  };
  const solution = dive(master, byPricing, restrictions, point, limits);
  return { solution, simplexIterations: master.solver.iterations };
}
