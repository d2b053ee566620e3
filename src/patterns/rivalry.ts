/**
 * Another search for the same optimum beside the patterns, for where these are slow: once they have done some work
 * without a pool and the gap is still wide, the rival has a turn of so many iterations, from its own beginning; then
 * patterns go on with its bound and its plan. The next turn is longer and comes after much more work. Work is counted,
 * never timed, and a rival keeps nothing between turns: all that a saved search needs is the work, the number of turns
 * and the bound.
 */
import type { NodeRequest } from '../bnb/relaxation.ts';
import type { Steps } from '../lp/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { PatternParameters } from './parameters.ts';

interface RivalRequest {
  /** Known already; -Infinity if nothing is. */
  readonly bound: number;
  readonly incumbent: IndexedPlan | null;
  /** Simplex iterations after which it ends. */
  readonly iterations: number;
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
  readonly #parameters: PatternParameters['rival'];

  /** `rival` null: there is none. */
  constructor(rival: Rival | null, parameters: PatternParameters['rival']) {
    this.#rival = rival;
    this.#parameters = parameters;
  }

  /** In searched nodes of pricing, as which the master's iterations count too. */
  workOf(masterIterations: number, searchNodes: number): number {
    return searchNodes + this.#parameters.nodesPerMasterIteration * masterIterations;
  }

  /** Counts the work of a node that is done with. */
  add(work: number): void {
    this.#work += work;
  }

  /** The rival has no turn any more. */
  bar(): void {
    this.#isBarred = true;
  }

  /** Whether it is the rival's turn after `work` on the node in hand, of this bound. */
  isDue(work: number, bound: number, { cutoff, incumbentCost }: Pick<Request, 'cutoff' | 'incumbentCost'>): boolean {
    const { firstWork, workGrowth, leastGap } = this.#parameters;
    if (this.#rival === null || this.#isBarred || bound >= cutoff) return false;
    if (this.#work + work < firstWork * workGrowth ** this.#turns) return false;
    return incumbentCost === Infinity || incumbentCost - bound > leastGap * Math.abs(incumbentCost);
  }

  /** Gives the rival its turn, and lets its plan in; returns what the node goes by from then on. */
  *take<Asked extends Request>(request: Asked): Steps<{ readonly request: Asked; readonly simplexIterations: number }> {
    const { incumbent, shouldStop } = request;
    const { firstIterations, iterationGrowth } = this.#parameters;
    const iterations = Math.ceil(firstIterations * iterationGrowth ** this.#turns);
    const found = yield* this.#rival!({ bound: this.bound, incumbent, iterations, shouldStop });
    if (!shouldStop()) this.#turns++;
    this.bound = Math.max(this.bound, found.bound);
    const told = found.solution === null ? null : request.offer(found.solution, 'beside patterns');
    const parentBound = Math.max(request.parentBound, this.bound);
    return { request: { ...request, ...told, parentBound }, simplexIterations: found.simplexIterations };
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
