/**
 * Dives from a solved master, each in a copy of it: what a dive prices is mostly of use to that dive alone, and the
 * copies are independent of each other, so that a team may dive while this thread does.
 */

import type { Steps } from '../../lp/steps.ts';
import { restoreRestrictions } from '../master/patternDecision.ts';
import { priceAll } from '../master/pricedColumns.ts';
import { RestrictedMaster } from '../master/restrictedMaster.ts';
import type { DiveJob, DiveResult, PatternTeam } from '../patternTeam.ts';
import { PatternPricer } from '../pricing/patternPricer.ts';
import type { PatternTable } from '../pricing/patternTable.ts';
import { type DiveLimits, dive } from './patternDive.ts';

/** One dive. `table` is that of the start's stretch. */
export function diveFrom(table: PatternTable, { id, start }: DiveJob, shouldStop: () => boolean): DiveResult {
  const { point, searchBelow, divesBefore, pricing } = start;
  const master = new RestrictedMaster(table);
  master.restore(start.master);
  const restrictions = restoreRestrictions(table, start.restrictions);
  master.restrict(restrictions);
  const pricer = new PatternPricer(table);
  pricer.muA.set(pricing.muA);
  pricer.muB.set(pricing.muB);
  pricer.nodeLimit = table.parameters.plans.searchNodes;
  pricer.relativeSlack = table.parameters.plans.unprovenShare;
  const fixes = (divesBefore + id) % 2 === 0 ? 'patterns' : 'placements';
  const limits: DiveLimits = { fixes, skip: id >> 1, searchBelow, shouldStop };
  const byPricing = (allowed: typeof restrictions, tolerance: number) => {
    const duals = master.solver.duals.slice(0, master.solver.numRows);
    return master.add(priceAll(master, pricer, allowed, duals, tolerance).patterns);
  };
  const solution = dive(master, byPricing, restrictions, point, limits);
  return { solution, simplexIterations: master.solver.iterations };
}

/** The results of the jobs in their order; those that the team has no hands for are done by `diveHere`. */
export function* shareDives(
  jobs: readonly DiveJob[],
  team: PatternTeam | null,
  diveHere: (job: DiveJob) => DiveResult,
  shouldStop: () => boolean,
): Steps<DiveResult[]> {
  const results = new Map<number, DiveResult>();
  const others = jobs.slice(1, 1 + (team?.room ?? 0));
  if (others.length > 0) team?.offer(others);
  const settle = (job: DiveJob): boolean => {
    const found = others.includes(job) ? team?.take(job.id) : 'mine';
    if (found === 'under way') return false;
    const isAnswer = typeof found === 'object' && found.kind === 'dive';
    results.set(job.id, isAnswer ? found.result : diveHere(job));
    return true;
  };
  // First what nobody has begun, then what others are at.
  const left: DiveJob[] = [];
  for (const job of jobs) {
    if (!settle(job)) left.push(job);
    yield;
  }
  for (const job of left) {
    while (!shouldStop() && !settle(job)) {
      team?.wait(job.id);
      yield;
    }
  }
  if (others.length > 0) team?.withdraw();
  return jobs.flatMap(({ id }) => results.get(id) ?? []);
}
