/**
 * Which problems the dynamic program over sets serves: those of few query types in any case, and larger ones where rent
 * leads. Rents are paid whole, so that what a linear program pays of them in parts is far below what they cost; where
 * serving costs as much, the parts do not matter.
 */
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { defaultPatternParameters, type PatternParameters } from '../parameters.ts';
import { sharedResources } from './setPatterns.ts';

/** Few sets in all; or more of them, once a known plan shows that rent leads. */
export type SubsetService = 'few' | 'led by rent';

/** Null where it cannot serve. */
export function subsetServiceFor(problem: PlanningProblem, parameters: PatternParameters): SubsetService | null {
  if (hasFewSubsets(problem, parameters)) return 'few';
  return mayBeLedByRent(problem, parameters) ? 'led by rent' : null;
}

/**
 * Whether the dynamic program can serve a problem: single placement, costs that are sums over deployments, delay limits
 * that stand or hang on one pair, no commitments, and few sets of query types in all.
 */
export function hasFewSubsets(
  problem: PlanningProblem,
  { subsets }: Pick<PatternParameters, 'subsets'> = defaultPatternParameters,
): boolean {
  const { numQueryTypes, servableCount, deployments } = problem;
  if (!isSumOfPatterns(problem) || numQueryTypes > subsets.mostQueryTypes) return false;
  let steps = 0;
  for (let d = 0; d < deployments.count; d++) {
    steps += 3 ** servableCount[d] * 2 ** (numQueryTypes - servableCount[d]);
  }
  const numTables = ownTables + sharedResources(problem).length;
  return (
    numSets(problem) <= subsets.mostSets &&
    steps <= subsets.mostSteps &&
    numEntries(problem) * numTables <= subsets.mostEntries
  );
}

/** By cost, by spend, at the best price and at the one that is tried; one more for each limit that plans share. */
const ownTables = 4;

/** One pass over one table settles it, as plans share nothing. */
function mayBeLedByRent(problem: PlanningProblem, { subsets }: PatternParameters): boolean {
  const { mostQueryTypes, mostSets } = subsets.ledByRent;
  if (!isSumOfPatterns(problem) || problem.numQueryTypes > mostQueryTypes) return false;
  if (problem.budget < Infinity || problem.delayRule.stretchingPair >= 0 || sharedResources(problem).length > 0)
    return false;
  return numSets(problem) <= mostSets && numEntries(problem) <= subsets.mostEntries;
}

/** Whether rent is much of what a plan costs. */
export function isLedByRent(
  { deployments }: PlanningProblem,
  plan: IndexedPlan,
  cost: number,
  { subsets }: PatternParameters,
): boolean {
  const rent = plan.deployments.reduce(
    (sum, rented) => sum + deployments.rental[rented.deployment] * rented.replicas,
    0,
  );
  return rent > 0 && rent >= subsets.ledByRent.leastShare * cost;
}

function isSumOfPatterns({ placement, delayCost, delayRule, committed }: PlanningProblem): boolean {
  return placement.isSingle && delayCost.isSeparable && !delayRule.isPooled && !committed.some((gpus) => gpus > 0);
}

function numSets({ deployments, servableCount }: PlanningProblem): number {
  let sets = 0;
  for (let d = 0; d < deployments.count; d++) sets += 2 ** servableCount[d];
  return sets;
}

/** Of one table. */
function numEntries(problem: PlanningProblem): number {
  return (numRentable(problem) + 1) * 2 ** problem.numQueryTypes;
}

/** Pairs that can be rented. */
export function numRentable({ deploymentsOfPair }: PlanningProblem): number {
  return deploymentsOfPair.filter(({ length }) => length > 0).length;
}
