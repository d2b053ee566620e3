/**
 * Plans made from the points of masters that are priced: by rounding with local search, and by dives, at the root and
 * every few nodes. Over a pool nodes make their own (poolNode.ts). At large roots, where all that takes long, each plan
 * is offered as it comes, and the best one is improved by large neighbourhoods.
 */

import { planCost, planIsFeasible } from '../../heuristics/index.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { BoundCertificate } from '../master/dualPrices.ts';
import type { MasterPoint } from '../master/masterPoint.ts';
import { type NodeRestrictions, saveRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import type { PatternRequest, Proposal } from '../nodeRequest.ts';
import { improveByNeighbourhoods } from '../pool/neighbourhoods.ts';
import type { PatternPricer } from '../pricing/patternPricer.ts';
import type { PatternTable } from '../pricing/patternTable.ts';
import { patternsOfPlan } from '../pricing/planPatterns.ts';
import { type DiveStart, diveFrom } from './copiedDive.ts';
import { roundMasterPoint } from './patternRounding.ts';

/** A master with its point, and what it was priced with; `table` is that of the stretch. */
export interface PricedPoint {
  readonly master: RestrictedMaster;
  readonly point: MasterPoint;
  readonly restrictions: NodeRestrictions;
  readonly stretch: number;
  readonly table: PatternTable;
  readonly pricer: Pick<PatternPricer, 'muA' | 'muB'>;
  /** Null where nothing is proven. */
  readonly certificate: BoundCertificate | null;
}

export class PricedPlans {
  /** Nodes solved by pricing, counted by who solves them, whether plans are made there or not. */
  nodes = 0;
  dives = 0;
  /** Of dives and neighbourhoods. */
  simplexIterations = 0;
  readonly #table: PatternTable;

  constructor(table: PatternTable) {
    this.#table = table;
  }

  /** The plans of the node counted last; the patterns of those of dives go into its master. */
  *make(request: PatternRequest, priced: PricedPoint, bound: number): Steps<Proposal[]> {
    const { problem, parameters } = this.#table;
    const { roundingPeriod, divePeriod, largeDivePeriod, rootDives, rootDivesInBudget, leastRoundedSize } =
      parameters.plans;
    const isRoot = request.depth === 0;
    const proposals: Proposal[] = [];
    const isRounded = isRoot || (problem.numQueryTypes >= leastRoundedSize && this.nodes % roundingPeriod === 0);
    const rounded = isRounded ? this.round(request, priced.master, priced.point, bound) : null;
    if (rounded !== null) proposals.push({ solution: rounded, source: 'rounding' });
    const period = problem.numQueryTypes > parameters.largeSize ? largeDivePeriod : divePeriod;
    const atRoot = priced.point.budgetBinds ? rootDivesInBudget : rootDives;
    const dives = isRoot ? atRoot : this.nodes % period === 0 ? 1 : 0;
    const isOffered = isRoot && problem.numQueryTypes > parameters.largeSize;
    if (isOffered && rounded !== null) request.offer(rounded, 'rounding');
    for (const solution of yield* this.#dive(request, priced, dives, targetOf(request, bound), isOffered)) {
      proposals.push({ solution, source: 'dive' });
      priced.master.add(patternsOfPlan(this.#table, solution));
    }
    if (isOffered) {
      const improved = yield* this.#improve(request, priced, proposals, targetOf(request, bound));
      if (improved !== null) proposals.push({ solution: improved, source: 'neighbourhoods' });
    }
    return proposals;
  }

  /** The best of the plans known at a large root, improved; null where it is not. */
  *#improve(
    request: PatternRequest,
    { master, point, restrictions, certificate }: PricedPoint,
    proposals: readonly Proposal[],
    target: number,
  ): Steps<IndexedPlan | null> {
    const { problem } = this.#table;
    const plans = proposals.map(({ solution }) => solution).filter((plan) => planIsFeasible(problem, plan));
    if (request.incumbent !== null) plans.push(request.incumbent);
    plans.sort((one, other) => planCost(problem, one) - planCost(problem, other));
    if (certificate === null || plans.length === 0 || planCost(problem, plans[0]) <= target) return null;
    const root = { master, point, restrictions, certificate };
    const { plan, simplexIterations } = yield* improveByNeighbourhoods(root, plans[0], request);
    this.simplexIterations += simplexIterations;
    if (plan === plans[0]) return null;
    request.offer(plan, 'neighbourhoods');
    return plan;
  }

  /** At the root a plan that `bound` proves within the gap is searched no further. */
  round(request: PatternRequest, master: RestrictedMaster, point: MasterPoint, bound: number): IndexedPlan | null {
    const { problem, parameters } = this.#table;
    const { depth, shouldStop } = request;
    const { leastRoundedSize, searchedRootSize } = parameters.plans;
    const { numQueryTypes } = problem;
    const isSearched = depth === 0 && numQueryTypes >= leastRoundedSize && numQueryTypes <= searchedRootSize;
    const effort = isSearched ? 1 : 0;
    return roundMasterPoint(master, point, { effort, shouldStop, target: targetOf(request, bound) });
  }

  /**
   * The plans of `count` dives from the point; at the root there are several, until one of them is proven within the
   * gap. Where they are `isOffered`, each at once, their work is bounded too.
   */
  *#dive(
    { depth, cutoff, shouldStop, offer }: PatternRequest,
    { master, point, restrictions, table, pricer: { muA, muB } }: PricedPoint,
    count: number,
    target: number,
    isOffered: boolean,
  ): Steps<IndexedPlan[]> {
    if (count === 0) return [];
    const start: DiveStart = {
      master: master.save(),
      point,
      restrictions: saveRestrictions(restrictions),
      pricing: { muA, muB },
      searchBelow: depth === 0 ? cutoff : -Infinity,
      target,
      divesBefore: this.dives,
    };
    this.dives += count;
    const plans: IndexedPlan[] = [];
    const { problem, parameters } = this.#table;
    const mostIterations = isOffered ? this.simplexIterations + parameters.plans.largeRootIterations : Infinity;
    for (let turn = 0; turn < count; turn++) {
      const { solution, simplexIterations } = diveFrom(this.#table, table, start, turn, shouldStop);
      this.simplexIterations += simplexIterations;
      if (solution !== null) {
        plans.push(solution);
        if (isOffered) offer(solution, 'dive');
        if (planCost(problem, solution) <= target && planIsFeasible(problem, solution)) break;
      }
      yield;
      if (this.simplexIterations >= mostIterations || shouldStop()) break;
    }
    return plans;
  }
}

/** The cost that `bound` proves within the gap, at the root; below it a node's bound proves nothing of the whole. */
function targetOf({ depth, relativeGap }: PatternRequest, bound: number): number {
  return depth === 0 ? bound / (1 - relativeGap) : -Infinity;
}
