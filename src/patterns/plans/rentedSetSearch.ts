/**
 * The search over sets of deployments that may be rented together (rentedSets.ts): logic-based Benders decomposition
 * (Hooker, Ottosson, Mathematical Programming 96 (2003)). The linear program of a set by itself is small and mostly
 * costs more than the best plan, and its duals bound all other sets as well. Sets are listed anew by all bounds so far,
 * below a limit that rises to the cutoff; what no bound rules out is searched through. Ends with a bound on all plans,
 * which meets the best plan where that was not too much.
 */
import type { Relaxation } from '../../bnb/relaxation.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import type { BoundCertificate } from '../master/dualPrices.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import { namedDeployments } from '../pricing/planPatterns.ts';
import { type RentedSet, rentedSets } from './rentedSets.ts';
import { searchAmong } from './searchAmong.ts';
import { SetBounds } from './setBounds.ts';
import { SetCounts } from './setCounts.ts';
import { SetPrograms } from './setPrograms.ts';

export interface RentedSetRequest<Decision, WarmStart> {
  readonly master: RestrictedMaster;
  readonly restrictions: NodeRestrictions;
  /** The root's. */
  readonly certificate: BoundCertificate;
  readonly cutoff: number;
  /** Lets a plan in; returns the cutoff from then on. */
  readonly offer: (plan: IndexedPlan) => number;
  readonly relativeGap: number;
  /** Of a problem with fewer deployments. */
  readonly makeRelaxation: (problem: PlanningProblem) => Relaxation<Decision, IndexedPlan, WarmStart>;
  /** Told the bound on all plans each time that sets have been listed. */
  readonly onBound: (bound: number, lists: number, simplexIterations: number) => void;
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

export function* searchRentedSets<Decision, WarmStart>(
  request: RentedSetRequest<Decision, WarmStart>,
): Steps<RentedSetOutcome> {
  const { master, restrictions, certificate, offer, makeRelaxation, relativeGap, shouldStop } = request;
  const { table } = master;
  const { parameters } = table;
  const { firstShare, mostLookedInAll, mostLooked, mostSets, iterationsOfAll, iterationsOfSome, stopPeriod } =
    parameters.rentedSets;
  let { cutoff } = request;
  const programs = new SetPrograms(master, restrictions);
  const open = Array.from(restrictions.closed.keys()).filter((d) => restrictions.closed[d] === 0);
  const bounds = new SetBounds(table, open, master.budgetRow >= 0);
  bounds.add(programs.boundOf({ master, duals: certificate.duals }, cutoff, restrictions.counts));
  const counts = new SetCounts(master, restrictions, certificate.duals);
  /** Sets whose programs are solved; those that are searched through have bound Infinity. */
  const solved = new Map<string, RentedSet>();
  const solvedOf = (deployments: readonly number[]) => solved.get(nameOf(deployments));
  const boundOf = (deployments: readonly number[]) => solvedOf(deployments)?.bound ?? -Infinity;
  let iterations = 0;
  let looked = 0;
  let lists = 0;
  let share = firstShare;
  /** On plans of all sets that are not searched through. */
  let proven = certificate.bound;
  /** Least of the sets that were searched, though not to their end. */
  let searched = Infinity;
  /** They go on as the bound rises. */
  const mostIterations = () => {
    const risen = cutoff < Infinity ? (proven - certificate.bound) / (cutoff - certificate.bound) : 0;
    return Math.max(iterationsOfSome, Math.min(1, risen) * iterationsOfAll);
  };

  function* solve(set: RentedSet): Steps<void> {
    const program = yield* programs.solve(set.deployments, cutoff, shouldStop);
    iterations += program.simplexIterations;
    set.bound = Math.max(set.bound, program.bound);
    solved.set(nameOf(set.deployments), set);
    if (program.certificate !== null) bounds.add(programs.boundOf(program.certificate, cutoff));
  }
  function* search(set: RentedSet): Steps<void> {
    const found = yield* searchAmong(table.problem, namedDeployments(table, set.deployments), makeRelaxation, {
      cutoff,
      relativeGap,
      iterations: 2 * mostIterations() - iterations,
      shouldStop,
    });
    iterations += found.simplexIterations;
    if (found.solution !== null) cutoff = offer(found.solution);
    searched = Math.min(searched, Math.max(set.bound, found.bound));
    set.bound = Infinity;
  }

  while (proven < cutoff && looked < mostLookedInAll && iterations <= mostIterations() && !shouldStop()) {
    const limit = share < 1 ? proven + share * (cutoff - proven) : cutoff;
    const { sets, beyond, ...done } = rentedSets(bounds, counts, {
      limit,
      mostSets: Math.min(mostSets, 1 + solved.size),
      mostLooked: Math.min(mostLooked, mostLookedInAll - looked),
      boundOf,
      shouldStop,
      stopPeriod,
    });
    looked += done.looked;
    if (sets.length === 0 && beyond === -Infinity) break;
    request.onBound(Math.min(proven, searched, cutoff), ++lists, iterations);
    share = sets.length === 0 ? Math.min(1, 2 * share) : firstShare;
    for (;;) {
      const set = leastOf(sets);
      proven = Math.max(proven, Math.min(beyond, set?.bound ?? Infinity));
      // One that is level with the next list's first is taken, so that each list comes to something.
      const isNext = set !== null && set.bound < cutoff && set.bound <= (beyond === -Infinity ? limit : beyond);
      if (!isNext || iterations > mostIterations() || shouldStop()) break;
      yield;
      const known = solvedOf(set.deployments);
      if (known !== undefined) {
        yield* search(known);
        set.bound = known.bound;
      } else {
        yield* solve(set);
        for (const other of sets) other.bound = Math.max(other.bound, bounds.byLast(other.deployments));
      }
    }
  }
  // What plans there are among the sets solved is looked for all the same.
  for (let set = leastOf(solved.values()); set !== null && set.bound < cutoff; set = leastOf(solved.values())) {
    if (proven >= cutoff || iterations >= 2 * mostIterations() || shouldStop()) break;
    yield;
    yield* search(set);
  }
  return {
    bound: Math.min(proven, searched, cutoff),
    isComplete: proven >= cutoff,
    simplexIterations: iterations,
  };
}

const nameOf = (deployments: readonly number[]) => deployments.join();

function leastOf(sets: Iterable<RentedSet>): RentedSet | null {
  let least: RentedSet | null = null;
  for (const set of sets) if (least === null || set.bound < least.bound) least = set;
  return least;
}
