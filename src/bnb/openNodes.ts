/**
 * The nodes that are not settled: those in the store, the child that a plunge goes on with, and the one in hand.
 * Invariant: every solution cheaper than the cutoff lies below one of them; `prunedBound` is the least bound at which
 * subtrees were given up.
 */
import { NodeStore, type OpenNode } from './nodeStore.ts';
import type { SearchParameters } from './parameters.ts';
import { nodeOrderOf } from './plugins/nodeOrders.ts';
import type { SearchStrategy } from './strategy.ts';

export interface SavedOpenNodes<Decision, WarmStart> {
  readonly nodes: readonly OpenNode<Decision, WarmStart>[];
  /** The child that a plunge goes on with; also open, but outside the store. */
  readonly nextNode: OpenNode<Decision, WarmStart> | null;
}

export class OpenNodes<Decision, WarmStart> {
  readonly #store: NodeStore<Decision, WarmStart>;
  readonly #plunges: boolean;
  readonly #parameters: SearchParameters['plunges'];
  #next: OpenNode<Decision, WarmStart> | null = null;
  /** Taken and not yet settled. */
  #current: OpenNode<Decision, WarmStart> | null = null;
  /** Depth at which the present plunge began. */
  plungeStart = 0;
  prunedBound = Infinity;

  constructor(strategy: Pick<SearchStrategy, 'nodeSelection' | 'parameters' | 'plugins'>) {
    const order = nodeOrderOf(strategy);
    this.#parameters = strategy.parameters.plunges;
    this.#store = new NodeStore(order);
    this.#plunges = order.plunges ?? false;
  }

  get size(): number {
    return this.#store.size + (this.#next === null ? 0 : 1) + (this.#current === null ? 0 : 1);
  }

  /** Of the node in hand. */
  get currentId(): number | null {
    return this.#current?.id ?? null;
  }

  /** Approximate bytes of the store. */
  get bytes(): number {
    return this.#store.bytes;
  }

  /** Least bound of the open nodes and of what was given up. */
  get bound(): number {
    const { leastBound } = this.#store;
    return Math.min(leastBound, this.#next?.bound ?? Infinity, this.#current?.bound ?? Infinity, this.prunedBound);
  }

  push(node: OpenNode<Decision, WarmStart>): void {
    this.#store.push(node);
  }

  /** Opens the children of the node in hand, the preferred one first; a plunge goes on with the first that there is. */
  pushChildren(children: readonly (OpenNode<Decision, WarmStart> | null)[]): void {
    for (const child of children) {
      if (child === null) continue;
      if (this.#plunges && this.#next === null) this.#next = child;
      else this.#store.push(child);
    }
  }

  /**
   * Takes the plunge's child if there is one that is still good enough, else the first of the store; null if that can
   * be given up.
   */
  take(cutoff: number): OpenNode<Decision, WarmStart> | null {
    const plunging = this.#next;
    this.#next = null;
    if (plunging !== null) {
      if (this.#mayPlungeInto(plunging, cutoff)) return this.#takeOrPrune(plunging, cutoff);
      this.#store.push(plunging);
    }
    const node = this.#store.pop();
    if (node === undefined) return null;
    this.plungeStart = node.depth;
    return this.#takeOrPrune(node, cutoff);
  }

  /** The node in hand is done with. */
  settle(): void {
    this.#current = null;
  }

  /** The node in hand is to be taken again, as `node`. */
  putBack(node: OpenNode<Decision, WarmStart>): void {
    this.#next = { ...node, bound: Math.max(node.bound, this.#current?.bound ?? -Infinity) };
    this.#current = null;
  }

  /** The node in hand turns out to have this bound. */
  raise(bound: number): void {
    if (this.#current !== null && bound > this.#current.bound) this.#current = { ...this.#current, bound };
  }

  /** A subtree of this bound is not searched. */
  giveUp(bound: number): void {
    this.prunedBound = Math.min(this.prunedBound, bound);
  }

  /** Drops what a better incumbent makes useless. */
  prune(cutoff: number): void {
    this.giveUp(this.#store.prune(cutoff));
  }

  save(): SavedOpenNodes<Decision, WarmStart> {
    return { nodes: [...this.#store.nodes], nextNode: this.#next };
  }

  restore({ nodes, nextNode }: SavedOpenNodes<Decision, WarmStart>): void {
    for (const node of nodes) this.#store.push(node);
    this.#next = nextNode;
  }

  #takeOrPrune(node: OpenNode<Decision, WarmStart>, cutoff: number): OpenNode<Decision, WarmStart> | null {
    if (node.bound < cutoff) {
      this.#current = node;
      return node;
    }
    this.giveUp(node.bound);
    return null;
  }

  #mayPlungeInto(node: OpenNode<Decision, WarmStart>, cutoff: number): boolean {
    const { leastDepth, boundQuotient } = this.#parameters;
    if (cutoff === Infinity || node.depth - this.plungeStart <= leastDepth) return true;
    const least = Math.min(this.#store.leastBound, node.bound);
    return node.bound <= least + boundQuotient * (cutoff - least);
  }
}
