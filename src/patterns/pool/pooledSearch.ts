/**
 * The search once all useful patterns are in a pool: nodes are solved and their children tried over it. A node depends
 * on the pool and its request alone.
 */

import type { Steps } from '../../lp/steps.ts';
import type { Fixings, NodeRestrictions, PatternDecision } from '../master/patternDecision.ts';
import type { TurnsOverPool } from '../nodeInHand.ts';
import type { PatternOutcome, PatternRequest, Proposal } from '../nodeRequest.ts';
import { restrictionsAt } from '../patternWarmStart.ts';
import type { PatternPool, SavedPool } from './patternPool.ts';
import type { PooledNode } from './poolMaster.ts';
import { type PoolNodeOutcome, solvePoolNode } from './poolNode.ts';
import { PoolTrials } from './poolTrials.ts';

export interface PooledSearchOptions {
  readonly cuts: boolean;
  readonly heuristics: boolean;
  readonly enumeration: boolean;
}

export class PooledSearch {
  readonly pool: PatternPool;
  readonly #fixings: Fixings;
  readonly #options: PooledSearchOptions;
  /** The node solved last and what it hands down, to try its children; the trials once there are any. */
  #solved: { readonly node: PooledNode; readonly restrictions: NodeRestrictions } | null = null;
  #trials: PoolTrials | null = null;

  constructor(pool: PatternPool, fixings: Fixings, options: PooledSearchOptions) {
    this.pool = pool;
    this.#fixings = fixings;
    this.#options = options;
  }

  /** Whether this is the search over the pool that was saved as `saved`. */
  isOver(saved: SavedPool): boolean {
    return this.pool.floor === saved.floor;
  }

  /** Solves a node; `found` came up before. */
  *solve(request: PatternRequest, turns: TurnsOverPool, found: readonly Proposal[] = []): Steps<PatternOutcome> {
    const { decisions, warmStart } = request;
    const restrictions = restrictionsAt(this.pool.table, decisions, warmStart, this.#fixings);
    const outcome = yield* this.#solveNode(request, restrictions, turns, found);
    const node = outcome.warmStart;
    this.#solved = node && { node, restrictions };
    this.#trials = null;
    return { ...outcome, warmStart: node && { kind: 'pool', node } };
  }

  /** A few rounds of a child of the node solved last; null for those of other nodes. */
  probe(
    { decisions, warmStart, cutoff, parentBound, shouldStop }: PatternRequest,
    child: PatternDecision,
  ): { readonly bound: number; readonly simplexIterations: number } | null {
    const solved = this.#solved;
    if (solved === null || warmStart?.kind !== 'pool' || warmStart.node !== solved.node) return null;
    const restrictions = restrictionsAt(this.pool.table, [...decisions, child], warmStart, this.#fixings);
    if (restrictions.contradicts) return { bound: Infinity, simplexIterations: 0 };
    this.#trials ??= new PoolTrials(this.pool, solved.restrictions, solved.node);
    return this.#trials.run(restrictions, { cutoff, bound: parentBound, shouldStop });
  }

  *#solveNode(
    request: PatternRequest,
    restrictions: NodeRestrictions,
    turns: TurnsOverPool,
    found: readonly Proposal[],
  ): Steps<PoolNodeOutcome> {
    if (restrictions.contradicts) return { ...nothing, status: 'infeasible', bound: Infinity };
    const parent = request.warmStart?.kind === 'pool' ? request.warmStart.node : null;
    return yield* solvePoolNode(this.pool, request, restrictions, parent, found, { ...this.#options, turns });
  }
}

const nothing = { solution: null, proposals: [], candidates: [], warmStart: null, simplexIterations: 0 } as const;
