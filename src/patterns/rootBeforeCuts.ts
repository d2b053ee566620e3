/**
 * What a root does once its master is solved, before cuts are priced: where all that cheaper plans can hold may be
 * listed it is, and the search goes on over that pool. Where the budget binds what fits into it is hard to find, and
 * plans rule out much of what cuts would be priced for; where what is alike is merged it is told by how many of each
 * are rented: there sets of deployments are gone through, and plans are made at once.
 */
import type { Relaxation } from '../bnb/relaxation.ts';
import type { Steps } from '../lp/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { candidatesAt } from './master/patternBranching.ts';
import type { NodeInHand } from './nodeInHand.ts';
import { cutoffWith, type PatternOutcome, type Proposal } from './nodeRequest.ts';
import type { PricedPlans, PricedPoint } from './plans/pricedPlans.ts';
import { searchRentedSets, setsCanBeRented } from './plans/rentedSetSearch.ts';
import { setsSuffice } from './pool/patternPool.ts';
import type { PooledSearch } from './pool/pooledSearch.ts';
import type { RootPool } from './pool/rootPool.ts';

export interface RootBeforeCuts {
  readonly node: NodeInHand;
  readonly problem: PlanningProblem;
  /** Of the master's last generation, with its bound. */
  readonly priced: PricedPoint;
  readonly bound: number;
  /** On every plan that proven counts rule out. */
  readonly boundOfCounts: number;
  readonly pool: RootPool;
  readonly plans: PricedPlans;
  readonly heuristics: boolean;
  readonly setSearches: boolean;
  /** Rules out what the bound does. */
  readonly fix: () => void;
  /** Of the problem with fewer deployments. */
  readonly makeRelaxation: (problem: PlanningProblem) => Relaxation<unknown, IndexedPlan>;
}

export interface BeforeCuts {
  /** Null where the root goes on. */
  readonly outcome: PatternOutcome | null;
  /** Whether plans have been made of the point, and what they rule out is ruled out. */
  readonly hasPlans: boolean;
}

const nothing = { solution: null, proposals: [], candidates: [], warmStart: null, simplexIterations: 0 };

export function* searchBeforeCuts(root: RootBeforeCuts): Steps<BeforeCuts> {
  const { problem, priced, bound, pool, heuristics, setSearches } = root;
  const fillsBudget = priced.point.budgetBinds && heuristics;
  const isPooled = fillsBudget ? setsSuffice(problem, bound) : pool.isPossible(bound);
  const outcome = isPooled ? yield* searchOverPool(root) : null;
  const isSearched = outcome === null && (fillsBudget || (priced.master.table.isMerged && setSearches));
  return isSearched ? { outcome: yield* searchSetsFirst(root), hasPlans: true } : { outcome, hasPlans: false };
}

/** Over the pool of what is cheaper than a rounding, if there is one; null where there is none. */
function* searchOverPool(root: RootBeforeCuts): Steps<PatternOutcome | null> {
  const { node, problem, priced, bound, pool, plans, heuristics } = root;
  const { master, point, restrictions } = priced;
  const proposals: Proposal[] = [];
  const rounded = heuristics ? plans.round(node.request, master, point, bound) : null;
  if (rounded !== null) proposals.push({ solution: rounded, source: 'rounding' });
  const cutoff = cutoffWith(problem, node.request, proposals);
  const candidates = candidatesAt(master, restrictions, point);
  // Nothing is left to search, if the door lets the plan in.
  if (bound >= cutoff) return { ...nothing, status: 'solved', bound, proposals, candidates };
  const pooled = enumerate(root, cutoff);
  return pooled && (yield* pool.begin(pooled, node.further, node, proposals, candidates));
}

/** Through sets of deployments and by plans, then over the pool that is left, if there is one. */
function* searchSetsFirst(root: RootBeforeCuts): Steps<PatternOutcome | null> {
  const { node, priced, bound, pool, plans, setSearches, fix } = root;
  const { master, point, restrictions, certificate } = priced;
  fix();
  // What fits into a budget is told by sets of deployments sooner than by patterns.
  let pooled = master.table.isMerged ? enumerate(root, node.request.cutoff) : null;
  let isDone = pooled !== null;
  if (!isDone && certificate !== null && setSearches && setsCanBeRented(master)) {
    const { further } = node;
    const found = yield* searchRentedSets({
      master,
      restrictions,
      certificate,
      cutoff: node.request.cutoff,
      relativeGap: node.request.relativeGap,
      offer: (solution) => {
        node.letIn([{ solution, source: 'rented sets' }]);
        return node.request.cutoff;
      },
      makeRelaxation: root.makeRelaxation,
      onBound: (bound, round, simplexIterations) => {
        const { patterns, numCuts: cuts } = master;
        further.onRound?.({
          round,
          bound: Math.min(bound, root.boundOfCounts),
          cuts,
          columns: patterns.length,
          simplexIterations,
        });
      },
      shouldStop: node.request.shouldStop,
    });
    node.learn(found.bound, found.simplexIterations);
    if (found.bound >= node.request.cutoff) return { ...nothing, status: 'cutoff', bound: found.bound };
    isDone = found.isComplete;
  }
  if (!isDone) node.letIn(yield* plans.make(node.request, priced, bound));
  if (bound >= node.request.cutoff) return null;
  pooled ??= enumerate(root, node.request.cutoff);
  return pooled && (yield* pool.begin(pooled, node.further, node, [], candidatesAt(master, restrictions, point)));
}

function enumerate({ node, priced, pool }: RootBeforeCuts, cutoff: number): PooledSearch | null {
  const { master, restrictions, certificate } = priced;
  return pool.enumerate(master, restrictions, certificate, cutoff, node.request.shouldStop);
}
