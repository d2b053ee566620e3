/**
 * Plans made from the points of masters that are priced: by rounding with local search, and by dives, at the root and
 * every few nodes. Over a pool nodes make their own (poolNode.ts).
 */

import { planCost, planIsFeasible } from '../../heuristics/index.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { MasterPoint } from '../master/masterPoint.ts';
import { type NodeRestrictions, saveRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import type { PatternRequest, Proposal } from '../nodeRequest.ts';
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
}

export class PricedPlans {
  /** Nodes solved by pricing, counted by who solves them, whether plans are made there or not. */
  nodes = 0;
  dives = 0;
  /** Of dives. */
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
    for (const solution of yield* this.#dive(request, priced, dives, targetOf(request, bound))) {
      proposals.push({ solution, source: 'dive' });
      priced.master.add(patternsOfPlan(this.#table, solution));
    }
    return proposals;
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
   * gap.
   */
  *#dive(
    { depth, cutoff, shouldStop }: PatternRequest,
    { master, point, restrictions, table, pricer: { muA, muB } }: PricedPoint,
    count: number,
    target: number,
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
    const { problem } = this.#table;
    for (let turn = 0; turn < count; turn++) {
      const { solution, simplexIterations } = diveFrom(this.#table, table, start, turn, shouldStop);
      this.simplexIterations += simplexIterations;
      if (solution !== null) {
        plans.push(solution);
        if (planCost(problem, solution) <= target && planIsFeasible(problem, solution)) break;
      }
      yield;
    }
    return plans;
  }
}

/** The cost that `bound` proves within the gap, at the root; below it a node's bound proves nothing of the whole. */
function targetOf({ depth, relativeGap }: PatternRequest, bound: number): number {
  return depth === 0 ? bound / (1 - relativeGap) : -Infinity;
}
