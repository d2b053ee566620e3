/** The turns of the rival (rivalry.ts) in the work on one node, which goes on by what is known after each. */
import type { Steps } from '../lp/steps.ts';
import type { PatternRequest, Proposal } from './nodeRequest.ts';
import type { Rivalry, WorkOverPool } from './rivalry.ts';

/** What the search over a pool sees of them. */
export interface TurnsOverPool {
  /** Whether it is the rival's turn between bound and cutoff, after so much work of the node over its pool. */
  isDueOverPool(work: WorkOverPool, bound: number, cutoff: number): boolean;
  /** Lets the proposals in and gives the rival its turn; returns what the node goes by from then on. */
  take(bound: number, proposals?: readonly Proposal[]): Steps<{ readonly cutoff: number; readonly bound: number }>;
}

interface Node {
  request: PatternRequest;
  /** Work of the node without its pool. */
  readonly pricingWork: () => number;
  /** Whether the rival may have turns at all. */
  readonly isServed: boolean;
}

export class NodeTurns implements TurnsOverPool {
  /** Of the turns. */
  simplexIterations = 0;
  readonly #rivalry: Rivalry;
  readonly #node: Node;
  #workOverPool = 0;

  /** `node.request` is what the node goes by: each turn renews it. */
  constructor(rivalry: Rivalry, node: Node) {
    this.#rivalry = rivalry;
    this.#node = node;
  }

  /** All of the node so far. */
  get work(): number {
    return this.#workOverPool + this.#node.pricingWork();
  }

  /** Whether it is the rival's turn where patterns are priced, at this bound. */
  isDue(bound: number): boolean {
    return this.#isDue(bound, this.#node.request, false);
  }

  isDueOverPool(work: WorkOverPool, bound: number, cutoff: number): boolean {
    this.#workOverPool = this.#rivalry.workOverPool(work);
    return this.#isDue(bound, { cutoff, incumbentCost: cutoff }, true);
  }

  *take(bound: number, proposals: readonly Proposal[] = []): ReturnType<TurnsOverPool['take']> {
    const node = this.#node;
    for (const { solution, source } of proposals)
      node.request = { ...node.request, ...node.request.offer(solution, source) };
    const { request, simplexIterations } = yield* this.#rivalry.take(
      node.request,
      Math.max(node.request.parentBound, bound),
    );
    node.request = request;
    this.simplexIterations += simplexIterations;
    return { cutoff: request.cutoff, bound: this.#rivalry.bound };
  }

  #isDue(bound: number, known: Pick<PatternRequest, 'cutoff' | 'incumbentCost'>, isPooled: boolean): boolean {
    const { request, isServed } = this.#node;
    return isServed && this.#rivalry.isDue(this.work, Math.max(request.parentBound, bound), known, isPooled);
  }
}
