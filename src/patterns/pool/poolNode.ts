/**
 * A node of the tree whose patterns are all in the pool: solve its master over the pool, with covers of GPU limits, at
 * the root with subset rows while they help, go through its covers, make plans, and hand down what its bound leaves.
 * The outcome depends on nothing but the pool and the arguments.
 */

import type { NodeOutcome, NodeRequest } from '../../bnb/relaxation.ts';
import { planCost } from '../../heuristics/index.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { priceDuals } from '../master/dualPrices.ts';
import { type MasterPoint, planOf, readPoint } from '../master/masterPoint.ts';
import { candidatesAt } from '../master/patternBranching.ts';
import type { NodeRestrictions, PatternDecision } from '../master/patternDecision.ts';
import { separateSubsetRows } from '../master/subsetRowCuts.ts';
import { undecidedCandidates } from '../master/undecided.ts';
import { addGpuCovers } from '../master/violatedRows.ts';
import type { TurnsOverPool } from '../nodeInHand.ts';
import type { Proposal } from '../nodeRequest.ts';
import { type AddPatterns, dive } from '../plans/patternDive.ts';
import { roundMasterPoint } from '../plans/patternRounding.ts';
import { endOfNode } from '../plans/wholePoint.ts';
import type { PatternPool } from './patternPool.ts';
import { settleByCovers } from './poolCovers.ts';
import { generateFromPool, type PoolOutcome } from './pooledColumns.ts';
import { lowest, type PooledNode, PoolMaster } from './poolMaster.ts';

type Request = Pick<
  NodeRequest<PatternDecision, IndexedPlan, never>,
  'id' | 'parentBound' | 'depth' | 'cutoff' | 'shouldStop' | 'onRound'
>;
/** Plain data. */
export type PoolNodeOutcome = NodeOutcome<PatternDecision, IndexedPlan, PooledNode>;

export interface PoolNodeSettings {
  readonly cuts: boolean;
  /** Whether the node may be settled by its covers. */
  readonly enumeration: boolean;
  /** Whether points are rounded and improved, and dived from. */
  readonly heuristics: boolean;
  /** Where a rival may have a turn. */
  readonly turns?: TurnsOverPool;
  /** Columns that the search of covers may look at. Default: as many as at a node of the tree. */
  readonly coverEffort?: number;
}

export function* solvePoolNode(
  pool: PatternPool,
  request: Request,
  restrictions: NodeRestrictions,
  parent: PooledNode | null,
  found: readonly Proposal[],
  settings: PoolNodeSettings,
): Steps<PoolNodeOutcome> {
  const isRoot = request.depth === 0;
  const { problem, parameters } = pool.table;
  const { pooledRounds, leastPooledGain, pooledPerRound, pooledPerMember } = parameters.cuts;
  const { rootRounds, nodeRounds } = parameters.gpuCovers;
  const { roundingPeriod, divePeriod, rootDives, mostFailures, pooledColumnsPerQueryType } = parameters.plans;
  const { shouldStop } = request;
  const { turns } = settings;
  let cutoff = Math.min(request.cutoff, pool.cutoff);
  let proposals = [...found];
  let list = pool.allowed(parent?.columns ?? null, restrictions, cutoff);
  const pooled = new PoolMaster(pool, restrictions, list, parent);
  const { master } = pooled;
  let generated: PoolOutcome;
  let point: MasterPoint | null = null;
  let bound = request.parentBound;
  let boundBefore = bound;
  let coverRounds = 0;
  const isRivalsTurn = (reached: number, covers = 0) => {
    const done = { iterations: master.solver.iterations, columns: pooled.columnsPriced, covers };
    return turns?.isDueOverPool(done, reached, cutoff) ?? false;
  };
  const giveTurn = function* (): Steps<void> {
    const told = yield* turns!.take(bound, proposals);
    proposals = [];
    cutoff = Math.min(cutoff, told.cutoff);
    bound = Math.max(bound, told.bound);
  };
  const finish = (outcome: Partial<PoolNodeOutcome> & Pick<PoolNodeOutcome, 'status' | 'bound'>): PoolNodeOutcome => ({
    solution: null,
    proposals,
    candidates: [],
    warmStart: null,
    ...outcome,
    simplexIterations: master.solver.iterations,
  });
  for (let cutRounds = 0; ; ) {
    const boundInRounds = bound;
    generated = yield* generateFromPool(pooled, list, restrictions, {
      cutoff,
      bound,
      shouldStop: () => shouldStop() || isRivalsTurn(boundInRounds),
      onRound: (step, value, columns) => {
        // The pool knows nothing beyond the cutoff.
        const proven = Math.min(value, cutoff);
        const { iterations: simplexIterations } = master.solver;
        const cuts = master.numCuts;
        if (isRoot) request.onRound?.({ round: step, bound: proven, cuts, columns, simplexIterations });
      },
    });
    list = generated.left;
    bound = generated.bound;
    if (!shouldStop() && isRivalsTurn(boundInRounds)) {
      // The rounds may have brought the gap below what a turn is for: then they go on.
      if (isRivalsTurn(bound)) yield* giveTurn();
      if (bound >= cutoff) return finish({ status: 'cutoff', bound: cutoff });
      if (generated.status === 'limit') continue;
    }
    const gain = generated.bound - boundBefore;
    boundBefore = generated.bound;
    if (generated.status !== 'converged') break;
    point = readPoint(master);
    if (point.isIntegral || !settings.cuts) break;
    if (coverRounds < (isRoot ? rootRounds : nodeRounds) && addGpuCovers(master, point)) {
      coverRounds++;
      continue;
    }
    if (!isRoot || cutRounds >= pooledRounds) break;
    if (cutRounds > 0 && gain < leastPooledGain * Math.abs(bound)) break;
    const most = Math.ceil(pooledPerRound * problem.numQueryTypes);
    const triples = separateSubsetRows(master, point, most, pooledPerMember);
    if (triples.length === 0) break;
    master.addSubsetRows(triples);
    cutRounds++;
  }
  // Without a pattern below the pool's cutoff there may be plans at it: those among the proposals.
  if (generated.status === 'infeasible' || generated.status === 'cutoff') {
    return finish({ status: 'cutoff', bound: cutoff });
  }
  if (generated.status !== 'converged' || point === null) {
    const status = generated.status === 'limit' ? 'limit' : 'numerical-trouble';
    const unsolved = { status, bound, solution: null } as const;
    return finish(shouldStop() ? unsolved : endOfNode(restrictions, null, unsolved));
  }
  if (!point.isIntegral && settings.enumeration) {
    const { rootEffort, nodeEffort, mergedRootEffort, doubtfulShare } = parameters.covers;
    const atRoot = pool.table.isMerged ? mergedRootEffort : rootEffort;
    const effort = settings.coverEffort ?? (isRoot ? atRoot : nodeEffort);
    const isDoubtful = isRivalsTurn(bound, effort);
    const short = isDoubtful ? doubtfulShare * effort : effort;
    let covers = yield* settleByCovers(pool, generated, { bound, cutoff, effort: short, shouldStop });
    if (isDoubtful && !covers.isCheapest && covers.bound < cutoff && !shouldStop()) {
      bound = covers.bound;
      if (covers.plan !== null) proposals.push({ solution: covers.plan, source: 'covers' });
      yield* giveTurn();
      if (bound >= cutoff) return finish({ status: 'cutoff', bound: cutoff });
      covers = yield* settleByCovers(pool, generated, { bound, cutoff, effort, shouldStop });
    }
    bound = covers.bound;
    if (covers.isCheapest) {
      const candidates = undecidedCandidates(restrictions, point);
      return finish({ status: 'solved', bound, solution: covers.plan, candidates });
    }
    if (bound >= cutoff) return finish({ status: 'cutoff', bound: cutoff });
    if (covers.plan !== null) proposals.push({ solution: covers.plan, source: 'covers' });
    if (shouldStop()) return finish({ status: 'limit', bound });
  }
  const warmStart = pooled.handDown(list, generated.floor);
  if (isRoot) pool.raiseFloors(list, generated.floor);
  const solved = { status: 'solved', bound, warmStart } as const;
  if (point.isIntegral)
    return finish({ warmStart, ...endOfNode(restrictions, point, { ...solved, solution: planOf(master, point) }) });
  // One in so many by their names: the number of nodes solved before is not a node's own.
  if (settings.heuristics && (isRoot || request.id % roundingPeriod === 0)) {
    const rounded = roundMasterPoint(master, point, { effort: 0, shouldStop });
    if (rounded !== null) proposals.push({ solution: rounded, source: 'rounding' });
  }
  if (settings.heuristics && (isRoot || request.id % divePeriod === 0)) {
    let best = Math.min(cutoff, ...proposals.map(({ solution }) => planCost(problem, solution)));
    let failures = 0;
    for (let turn = 0; turn < (isRoot ? rootDives : 1) && failures < mostFailures && !shouldStop(); turn++) {
      const fixes = (turn + request.depth) % 2 === 0 ? 'patterns' : 'placements';
      const limits = { fixes, skip: turn >> 1, searchBelow: isRoot ? best : -Infinity, shouldStop } as const;
      const columns = lowest(list, generated.floor, pooledColumnsPerQueryType * problem.numQueryTypes);
      const solution = dive(master, fromPool(pooled, columns), restrictions, point, limits);
      failures++;
      if (solution === null) continue;
      proposals.push({ solution, source: 'dive' });
      const cost = planCost(problem, solution);
      if (cost >= best) continue;
      best = cost;
      failures = 0;
      list = list.filter((c) => generated.floor[c] < cost);
    }
  }
  return finish({ ...solved, candidates: candidatesAt(master, restrictions, point) });
}

/** Takes patterns from `columns` of the pool for one dive, whose restrictions only ever tighten. */
function fromPool(pooled: PoolMaster, columns: Int32Array): AddPatterns {
  const { master, pool } = pooled;
  const pairLeast = new Float64Array(pool.table.problem.numPairs);
  let allowed = columns;
  return (restrictions, tolerance) => {
    const { solver } = master;
    const { prices } = priceDuals(master, restrictions, solver.duals.slice(0, solver.numRows));
    allowed = pool.allowed(allowed, restrictions, Infinity);
    pool.price(allowed, prices, 0, pairLeast);
    const improving = allowed.filter((c) => pool.reducedCost[c] < -tolerance);
    return pooled.put(lowest(improving, pool.reducedCost, pool.table.parameters.plans.pooledColumnsAdded));
  };
}
