/**
 * The pool of a search: whether the root may have one, made of what plans below a cutoff can hold once that is little
 * enough to be enumerated, and the search over it, in which every node below lies.
 */
import type { Steps } from '../../lp/steps.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import type { BoundCertificate } from '../master/dualPrices.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import type { TurnsOverPool } from '../nodeInHand.ts';
import { cutoffWith, type PatternOutcome, type PatternRequest, type Proposal } from '../nodeRequest.ts';
import type { PatternParameters } from '../parameters.ts';
import type { PatternTable } from '../pricing/patternTable.ts';
import type { SavedPatternState } from '../savedPatternState.ts';
import { widestPool } from './partialPool.ts';
import { maybePooled, PatternPool, setsSuffice } from './patternPool.ts';
import { PooledSearch } from './pooledSearch.ts';
import { solvePoolNode } from './poolNode.ts';

/** As of `PatternRelaxationOptions`. */
export interface RootPoolOptions {
  readonly heuristics: boolean;
  readonly cuts: boolean;
  readonly reducedCostFixing: boolean;
  readonly enumeration: boolean;
  readonly setSearches: boolean;
  readonly parameters: PatternParameters;
}

export class RootPool {
  readonly #problem: PlanningProblem;
  readonly #options: RootPoolOptions;
  /** What reduced costs have ruled out under unstretched limits, of which pools are (`maybePooled`). */
  readonly #fixings: () => ConstructorParameters<typeof PooledSearch>[1];
  #search: PooledSearch | null = null;
  /** The smallest gap at which an enumeration was tried. */
  #hopelessGap = Infinity;

  constructor(
    problem: PlanningProblem,
    options: RootPoolOptions,
    fixings: () => ConstructorParameters<typeof PooledSearch>[1],
  ) {
    this.#problem = problem;
    this.#options = options;
    this.#fixings = fixings;
  }

  /** The search over everything that plans below the pool's cutoff can hold; null without a pool. */
  get search(): PooledSearch | null {
    return this.#search;
  }

  /** Whether plans below `cutoff` may be listed by what they hold. */
  isPossible(cutoff: number): boolean {
    return this.#options.setSearches ? maybePooled(this.#problem, cutoff) : setsSuffice(this.#problem, cutoff);
  }

  /** The table of the problem has changed: what was hopeless may not be. */
  forgetTries(): void {
    this.#hopelessGap = Infinity;
  }

  /** The door refused the plan that the pool counted on. */
  giveUp(): void {
    this.#search = null;
  }

  /** Takes what is enumerated, if it is not too much, for the nodes from here on. */
  take(search: PooledSearch | null): void {
    this.#search = search;
  }

  /** What plans cheaper than `cutoff` can hold, if that is not too much. */
  enumerate(
    master: RestrictedMaster,
    restrictions: NodeRestrictions,
    certificate: BoundCertificate | null,
    cutoff: number,
    shouldStop: () => boolean,
  ): PooledSearch | null {
    if (certificate === null || !this.#options.reducedCostFixing) return null;
    const gap = cutoff - certificate.bound;
    const { pool: limits, budgetPool } = this.#options.parameters;
    const { effort, columns } = setsSuffice(this.#problem, cutoff) ? limits : budgetPool;
    if (!(gap < limits.retryShare * this.#hopelessGap) || !this.isPossible(cutoff)) return null;
    const pool = PatternPool.enumerate(master, restrictions, certificate, cutoff, { effort, columns, shouldStop });
    if (!shouldStop()) this.#hopelessGap = gap;
    return pool && this.#searchOver(pool);
  }

  #searchOver(pool: PatternPool): PooledSearch {
    return new PooledSearch(pool, this.#fixings(), this.#options);
  }

  /** The root over a pool that has just been made. */
  *begin(
    pooled: PooledSearch,
    request: PatternRequest,
    turns: TurnsOverPool,
    proposals: readonly Proposal[],
    candidates: PatternOutcome['candidates'],
  ): Steps<PatternOutcome> {
    this.#search = pooled;
    const outcome = yield* pooled.solve(request, turns, proposals);
    if (outcome.status !== 'cutoff' || pooled.pool.cutoff >= request.cutoff) return outcome;
    // One of the proposals is optimal, if the door lets it in.
    return { ...outcome, status: 'solved', candidates };
  }

  /** At a root without a pool: the cheapest plan, or a better bound, from the widest pool that there can be. */
  *searchPartly(
    master: RestrictedMaster,
    request: PatternRequest,
    restrictions: NodeRestrictions,
    certificate: BoundCertificate | null,
    turns: TurnsOverPool,
    fractional: Omit<PatternOutcome, 'simplexIterations'>,
  ): Steps<PatternOutcome> {
    const { cuts, enumeration, reducedCostFixing } = this.#options;
    const { proposals, candidates } = fractional;
    const outcome: PatternOutcome = { ...fractional, simplexIterations: 0 };
    const cutoff = cutoffWith(this.#problem, request, proposals);
    if (!enumeration || !reducedCostFixing || certificate === null || !setsSuffice(this.#problem, cutoff))
      return outcome;
    const pool = yield* widestPool(master, restrictions, certificate, cutoff, request.shouldStop);
    if (pool === null) return outcome;
    if (pool.cutoff >= cutoff) return yield* this.begin(this.#searchOver(pool), request, turns, proposals, candidates);
    const settings = { cuts, enumeration, heuristics: false };
    const partial = { ...request, cutoff: pool.cutoff };
    const found = yield* solvePoolNode(pool, partial, restrictions, null, proposals, settings);
    const bound = Math.max(outcome.bound, found.bound);
    const { simplexIterations } = found;
    if (found.solution === null) return { ...outcome, bound, proposals: found.proposals, simplexIterations };
    return { ...found, bound, candidates, warmStart: null };
  }

  save(): Pick<SavedPatternState, 'pool' | 'hopelessGap'> {
    return { pool: this.#search?.pool.save() ?? null, hopelessGap: this.#hopelessGap };
  }

  restore(table: PatternTable, { pool, hopelessGap }: Pick<SavedPatternState, 'pool' | 'hopelessGap'>): void {
    if (pool === null || this.#search?.isOver(pool) !== true) {
      this.#search = pool && this.#searchOver(new PatternPool(table, pool));
    }
    this.#hopelessGap = hopelessGap;
  }
}
