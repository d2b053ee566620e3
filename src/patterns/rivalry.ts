/**
 * Another search for the same optimum beside the patterns, for where these are slow: once they have done some work and
 * the gap is still wide, the rival has a turn of so many iterations, from its own beginning, longer where it is ahead
 * by then; then patterns go on with its bound and its plan. The next turn is longer and comes after much more work.
 * Work is counted, never timed, and a rival keeps nothing between turns: all that a saved search needs is the work, the
 * number of turns and the bound.
 */
import type { NodeRequest } from '../bnb/relaxation.ts';
import type { Steps } from '../lp/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import type { PatternOutcome } from './nodeRequest.ts';
import type { PatternParameters } from './parameters.ts';

interface RivalRequest {
  /** Known already; -Infinity if nothing is. */
  readonly bound: number;
  readonly incumbent: IndexedPlan | null;
  /** Simplex iterations after which it ends, and those where its own bound has passed the patterns' by then. */
  readonly iterations: number;
  readonly iterationsAhead: number;
  readonly patternBound: number;
  readonly shouldStop: () => boolean;
}

interface RivalOutcome {
  /** On every plan; Infinity: there is none. */
  readonly bound: number;
  readonly solution: IndexedPlan | null;
  readonly simplexIterations: number;
}

/** Deterministic; yields wherever its work may pause. */
export type Rival = (request: RivalRequest) => Steps<RivalOutcome>;

/** What was done over a pool. */
export interface WorkOverPool {
  /** Of its masters. */
  readonly iterations: number;
  /** Looked at by passes over the pool, and by covers. */
  readonly columns: number;
  readonly covers: number;
}

export interface SavedRivalry {
  readonly work: number;
  readonly turns: number;
  readonly bound: number;
  readonly isBarred: boolean;
}

export class Rivalry {
  /** The best that a rival has proven. */
  bound = -Infinity;
  /** Of nodes that are done with. */
  #work = 0;
  #turns = 0;
  #isBarred = false;
  readonly #rival: Rival | null;
  readonly #isSmall: boolean;
  readonly #parameters: PatternParameters['rival'];

  /** `rival` null: there is none. */
  constructor(
    rival: Rival | null,
    { numQueryTypes, deployments }: Pick<PlanningProblem, 'numQueryTypes' | 'deployments'>,
    parameters: PatternParameters['rival'],
  ) {
    this.#rival = rival;
    this.#isSmall = numQueryTypes * deployments.count <= parameters.smallProgram;
    this.#parameters = parameters;
  }

  /** In searched nodes of pricing, as which the master's iterations count too. */
  workOf(masterIterations: number, searchNodes: number): number {
    return searchNodes + this.#parameters.nodesPerMasterIteration * masterIterations;
  }

  /** The same over a pool. */
  workOverPool({ iterations, columns, covers }: WorkOverPool): number {
    const { nodesPerPooledColumn, nodesPerCoverColumn } = this.#parameters;
    return this.workOf(iterations, nodesPerPooledColumn * columns + nodesPerCoverColumn * covers);
  }

  /** Counts the work of a node that is done with. */
  add(work: number): void {
    this.#work += work;
  }

  /** The budget binds: from now on only a small program has turns. */
  barBudget(): void {
    this.#isBarred = !this.#isSmall;
  }

  /** Whether it is the rival's turn after `work` on the node in hand, of this bound, over a pool or without one. */
  isDue(
    work: number,
    bound: number,
    { cutoff, incumbentCost }: Pick<Request, 'cutoff' | 'incumbentCost'>,
    isPooled: boolean,
  ): boolean {
    const { firstWork, workGrowth, leastPricedGap, leastPooledGap, narrowWork } = this.#parameters;
    if (this.#rival === null || this.#isBarred || bound >= cutoff) return false;
    const due = firstWork * workGrowth ** this.#turns;
    const done = this.#work + work;
    if (done < due) return false;
    const leastGap = isPooled ? leastPooledGap : leastPricedGap;
    if (incumbentCost === Infinity || incumbentCost - bound > leastGap * Math.abs(incumbentCost)) return true;
    return this.#isSmall && !isPooled && done >= narrowWork * due;
  }

  /** Gives the rival its turn; `bound` holds from then on. Returns its plan, if it has one. */
  *take(
    { incumbent, shouldStop }: Pick<Request, 'incumbent' | 'shouldStop'>,
    patternBound: number,
  ): Steps<Pick<PatternOutcome, 'proposals' | 'simplexIterations'>> {
    const { firstIterations, iterationGrowth } = this.#parameters;
    const iterations = Math.ceil(firstIterations * iterationGrowth ** this.#turns);
    const found = yield* this.#rival!({
      bound: this.bound,
      incumbent,
      iterations,
      iterationsAhead: iterations * iterationGrowth,
      patternBound,
      shouldStop,
    });
    if (!shouldStop()) this.#turns++;
    this.bound = Math.max(this.bound, found.bound);
    const { solution, simplexIterations } = found;
    const proposals = solution === null ? [] : [{ solution, source: 'beside patterns' }];
    return { proposals, simplexIterations };
  }

  save(): SavedRivalry {
    return { work: this.#work, turns: this.#turns, bound: this.bound, isBarred: this.#isBarred };
  }

  restore({ work, turns, bound, isBarred }: SavedRivalry): void {
    this.#isBarred = isBarred;
    this.#work = work;
    this.#turns = turns;
    this.bound = bound;
  }
}

type Request = NodeRequest<unknown, IndexedPlan, unknown>;
