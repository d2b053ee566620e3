/**
 * The node in hand: its request, which plans that are let in and turns of the rival (rivalry.ts) renew, and the work
 * that was done on it. All that works on the node goes by `request` as it is by then.
 */
import { letIn } from '../bnb/relaxation.ts';
import type { Steps } from '../lp/steps.ts';
import { counting, type PatternRequest, type Proposal } from './nodeRequest.ts';
import type { Rivalry, WorkOverPool } from './rivalry.ts';

/** What the search over a pool sees of the rival's turns. */
export interface TurnsOverPool {
  /** Whether it is the rival's turn between bound and cutoff, after so much work of the node over its pool. */
  isDueOverPool(work: WorkOverPool, bound: number, cutoff: number): boolean;
  /** Lets the proposals in and gives the rival its turn; returns what the node goes by from then on. */
  take(bound: number, proposals?: readonly Proposal[]): Steps<{ readonly cutoff: number; readonly bound: number }>;
}

/** Of a node where patterns are priced. */
interface PricingWork {
  /** Of the master that lives on. */
  readonly iterations: number;
  readonly searchNodes: number;
}

export class NodeInHand implements TurnsOverPool {
  #request: PatternRequest;
  readonly #rivalry: Rivalry;
  readonly #isServed: boolean;
  readonly #pricingWork: () => PricingWork;
  #workOverPool = 0;
  #iterationsBeside = 0;

  /** `isServed`: whether the rival may have turns at all; `pricingWork`: on the node so far. */
  constructor(request: PatternRequest, rivalry: Rivalry, isServed: boolean, pricingWork: () => PricingWork) {
    this.#request = request;
    this.#rivalry = rivalry;
    this.#isServed = isServed;
    this.#pricingWork = pricingWork;
  }

  get request(): PatternRequest {
    return this.#request;
  }

  /** The request as work sees it that counts its own simplex iterations from 0. */
  get further(): PatternRequest {
    return counting(this.#request, this.simplexIterations);
  }

  /** So far, but those over a pool. */
  get simplexIterations(): number {
    return this.#pricingWork().iterations + this.#iterationsBeside;
  }

  /** All so far, as rivals count it. */
  get work(): number {
    const { iterations, searchNodes } = this.#pricingWork();
    return this.#workOverPool + this.#rivalry.workOf(iterations, searchNodes);
  }

  letIn(proposals: readonly Proposal[]): void {
    this.#request = letIn(this.#request, proposals);
  }

  /** Takes what was found beside the master: a bound on the node, and the simplex iterations for it. */
  learn(bound: number, simplexIterations: number): void {
    this.#iterationsBeside += simplexIterations;
    this.#request = { ...this.#request, parentBound: Math.max(this.#request.parentBound, bound) };
  }

  /** Whether it is the rival's turn where patterns are priced, at this bound. */
  isDue(bound: number): boolean {
    return this.#isDue(bound, this.#request, false);
  }

  isDueOverPool(work: WorkOverPool, bound: number, cutoff: number): boolean {
    this.#workOverPool = this.#rivalry.workOverPool(work);
    return this.#isDue(bound, { cutoff, incumbentCost: cutoff }, true);
  }

  *take(bound: number, proposals: readonly Proposal[] = []): ReturnType<TurnsOverPool['take']> {
    this.letIn(proposals);
    const found = yield* this.#rivalry.take(this.#request, Math.max(this.#request.parentBound, bound));
    this.letIn(found.proposals);
    this.learn(this.#rivalry.bound, found.simplexIterations);
    return { cutoff: this.#request.cutoff, bound: this.#rivalry.bound };
  }

  #isDue(bound: number, known: Pick<PatternRequest, 'cutoff' | 'incumbentCost'>, isPooled: boolean): boolean {
    if (!this.#isServed) return false;
    return this.#rivalry.isDue(this.work, Math.max(this.#request.parentBound, bound), known, isPooled);
  }
}
