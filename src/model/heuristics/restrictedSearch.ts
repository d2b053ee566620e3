/**
 * A restricted sub-search: branch and bound on the strengthened program of a few deployments only - those that some plans rent, every
 * degree of their pairs, what the LP rents, and the closed ones of least reduced cost - with a limit on nodes.
 */
import { LinearRelaxation } from '../../bnb/linearRelaxation.ts';
import { TreeSearch } from '../../bnb/treeSearch.ts';
import { SimplexSolver } from '../../lp/simplexSolver.ts';
import { buildStrengthened } from '../formulations/strengthened.ts';
import type { IndexedPlan } from '../indexedPlan.ts';
import type { PlanningProblem } from '../planningProblem.ts';
import { planCost, planIsFeasible } from './planCost.ts';
import type { RelaxationGuide } from './relaxationDive.ts';

const branchingClasses = ['w', 'z', 'y'] as const;
/** A better plan must gain this part of the cost. */
const leastGain = 1e-6;

export interface RestrictedSearchLimits {
  /** Pairs that may be rented besides those of the plans and of the LP. */
  readonly furtherPairs: number;
  readonly nodeLimit: number;
  readonly shouldStop: () => boolean;
}

/** The same problem with only the deployments of the `allowed` pairs (by pair, 1: allowed); indices stay the same. */
export function restrictedTo(problem: PlanningProblem, allowed: Uint8Array): PlanningProblem {
  const { deployments, numQueryTypes } = problem;
  const maxFraction = problem.maxFraction.slice();
  const servableCount = problem.servableCount.slice();
  for (let d = 0; d < deployments.count; d++) {
    if (allowed[deployments.pair[d]] === 1) continue;
    servableCount[d] = 0;
    for (let i = 0; i < numQueryTypes; i++) maxFraction[i * deployments.count + d] = -1;
  }
  return { ...problem, maxFraction, servableCount };
}

/** The best plan of the neighbourhood that is cheaper than `plans` (feasible ones, cheapest first), or null. */
export function searchNeighbourhood(
  problem: PlanningProblem,
  plans: readonly IndexedPlan[],
  guide: RelaxationGuide | null,
  { furtherPairs, nodeLimit, shouldStop }: RestrictedSearchLimits,
): IndexedPlan | null {
  const restricted = restrictedTo(problem, neighbourhood(problem, plans, guide, furtherPairs));
  const formulation = buildStrengthened(restricted);
  const classOf = new Map<number, string>();
  for (const name of branchingClasses) for (const column of formulation.classes[name]) classOf.set(column, name);
  const relaxation = new LinearRelaxation<IndexedPlan>({
    program: formulation.program,
    createSolver: (program) => new SimplexSolver(program),
    decode: (point) => formulation.decode(point),
    branchingClasses,
    branchingClassOf: (column) => classOf.get(column) ?? 'y',
  });
  const stop = new AbortController();
  const incumbentCost = plans.length > 0 ? planCost(problem, plans[0]) : Infinity;
  const search = new TreeSearch(relaxation, {
    door: (plan) => (planIsFeasible(problem, plan) ? { cost: planCost(problem, plan), solution: plan } : null),
    ...(incumbentCost < Infinity ? { cutoff: incumbentCost - leastGain * Math.abs(incumbentCost) } : {}),
    nodeLimit,
    relativeGap: 1e-4,
    resumable: false,
    // Up first: a plunge ends at a plan as soon as it has rented enough.
    strategy: { branchingRule: 'pseudo-cost', childOrder: 'up', heuristics: false },
    signal: stop.signal,
    onProgress: () => {
      if (shouldStop()) stop.abort();
    },
  });
  const { solution, cost } = search.run();
  return solution !== null && cost !== null && cost < incumbentCost ? solution : null;
}

function neighbourhood(
  { deployments, numPairs, options, lastPair }: PlanningProblem,
  plans: readonly IndexedPlan[],
  guide: RelaxationGuide | null,
  furtherPairs: number,
): Uint8Array {
  const allowed = new Uint8Array(numPairs);
  for (const plan of plans) for (const { deployment } of plan.deployments) allowed[deployments.pair[deployment]] = 1;
  if (options.delayRule === 'last-deployment') allowed[lastPair] = 1;
  if (guide === null) return allowed;
  for (let d = 0; d < deployments.count; d++) if (guide.rented[d] > 1e-6) allowed[deployments.pair[d]] = 1;
  const order = Array.from(guide.reducedCost.keys()).sort(
    (a, b) => guide.reducedCost[a] - guide.reducedCost[b] || a - b,
  );
  let left = furtherPairs;
  for (const d of order) {
    if (left <= 0 || guide.reducedCost[d] === Infinity) break;
    if (allowed[deployments.pair[d]] === 1) continue;
    allowed[deployments.pair[d]] = 1;
    left--;
  }
  return allowed;
}
