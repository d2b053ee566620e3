/**
 * The search over sets of deployments that may be rented together (rentedSets.ts): the linear program of
 * each set by itself, which is small and mostly costs more than the best plan; what is left is searched through. Ends
 * with a bound on all plans, which meets the best plan where all sets could be listed.
 */

import type { Relaxation } from '../../bnb/relaxation.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import { namedDeployments } from '../pricing/planPatterns.ts';
import type { RentedSet, RentedSets } from './rentedSets.ts';
import { searchAmong } from './searchAmong.ts';
import { SetPrograms } from './setPrograms.ts';

export interface RentedSetRequest<Decision, WarmStart> {
  readonly master: RestrictedMaster;
  readonly restrictions: NodeRestrictions;
  readonly listed: RentedSets;
  readonly cutoff: number;
  /** Lets a plan in; returns the cutoff from then on. */
  readonly offer: (plan: IndexedPlan) => number;
  readonly relativeGap: number;
  /** Of a problem with fewer deployments. */
  readonly makeRelaxation: (problem: PlanningProblem) => Relaxation<Decision, IndexedPlan, WarmStart>;
  readonly shouldStop: () => boolean;
}

export interface RentedSetOutcome {
  /** On every plan cheaper than the best one. */
  readonly bound: number;
  /** Whether no set of plans cheaper than that was left out. */
  readonly isComplete: boolean;
  readonly simplexIterations: number;
}

/** Whether plans are told by sets: budget in force or alike things merged, and nothing that stretches limits. */
export function setsCanBeRented({ table, budgetRow }: RestrictedMaster): boolean {
  return (budgetRow >= 0 || table.isMerged) && table.problem.delayRule.stretchingPair < 0;
}

/**
 * Best first: of all sets left the one of least bound has its program solved, or, if that has been done, is searched
 * through. Bounds of the others rise with each program.
 */
export function* searchRentedSets<Decision, WarmStart>(
  request: RentedSetRequest<Decision, WarmStart>,
): Steps<RentedSetOutcome> {
  const { master, restrictions, listed, offer, makeRelaxation, relativeGap, shouldStop } = request;
  const { table } = master;
  const { sets, beyond } = listed;
  let { cutoff } = request;
  const { iterationsOfAll, iterationsOfSome } = table.parameters.rentedSets;
  const mostIterations = beyond >= cutoff ? iterationsOfAll : iterationsOfSome;
  const programs = new SetPrograms(master, restrictions);
  const solved = new Set<RentedSet>();
  let remaining = sets;
  let iterations = 0;
  /** Least of the sets that were searched, though not to their end. */
  let searched = Infinity;
  while (remaining.length > 0) {
    // At the end of the programs what plans there are among the sets solved is looked for all the same.
    const isLate = iterations > mostIterations;
    const set = leastOf(isLate ? remaining.filter((other) => solved.has(other)) : remaining);
    if (set === null || set.bound >= cutoff || iterations > 2 * mostIterations || shouldStop()) break;
    yield;
    if (solved.has(set)) {
      const found = yield* searchAmong(table.problem, namedDeployments(table, set.deployments), makeRelaxation, {
        cutoff,
        relativeGap,
        iterations: 2 * mostIterations - iterations,
        shouldStop,
      });
      iterations += found.simplexIterations;
      if (found.solution !== null) cutoff = offer(found.solution);
      searched = Math.min(searched, Math.max(set.bound, found.bound));
      remaining = remaining.filter((other) => other !== set && other.bound < cutoff);
    } else {
      const program = yield* programs.solve(set.deployments, cutoff, shouldStop);
      iterations += program.simplexIterations;
      solved.add(set);
      set.bound = Math.max(set.bound, program.bound);
      if (program.certificate !== null) programs.raise(remaining, program.certificate, cutoff);
      remaining = remaining.filter((other) => other.bound < cutoff);
    }
  }
  const left = leastOf(remaining)?.bound ?? Infinity;
  return {
    bound: Math.min(beyond, searched, left, cutoff),
    isComplete: Math.min(beyond, left) >= cutoff,
    simplexIterations: iterations,
  };
}

function leastOf(sets: readonly RentedSet[]): RentedSet | null {
  return sets.reduce<RentedSet | null>((least, set) => (least === null || set.bound < least.bound ? set : least), null);
}
