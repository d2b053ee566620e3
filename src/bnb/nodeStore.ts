/**
 * The open nodes of a search: a binary heap in the order of the node selection, ties broken by depth and age, so that
 * the order is total and the search deterministic. Where that order is not by bound, a second heap keeps the least
 * bound at hand.
 */
import { byBound, orderingOf } from './plugins/nodeOrders.ts';
import type { NodeOrder } from './plugins/plugin.ts';
import type { BranchingOrigin } from './pseudoCosts.ts';

/** The decisions of a node, as a list shared with its relatives: the last decision first. */
export interface DecisionLink<Decision> {
  readonly decision: Decision;
  readonly previous: DecisionLink<Decision> | null;
}

/** An open node: plain data; it can be rebuilt from the root's data, its decisions and the warm start. */
export interface OpenNode<Decision, WarmStart> {
  /** Order of creation. */
  readonly id: number;
  readonly depth: number;
  /** Valid lower bound of the subtree. */
  readonly bound: number;
  /** Predicted cost of the best solution of the subtree. */
  readonly estimate: number;
  readonly decisions: DecisionLink<Decision> | null;
  /** The parent's, shared with the sibling, or one that a trial of this node left. */
  readonly warmStart: WarmStart | null;
  readonly origin: BranchingOrigin | null;
  /** Approximate share of memory. */
  readonly bytes: number;
}

class BinaryHeap<Item> {
  readonly #isBefore: (a: Item, b: Item) => number;
  #items: Item[] = [];

  constructor(order: (a: Item, b: Item) => number) {
    this.#isBefore = order;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  get top(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isBefore(items[parent], item) <= 0) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  pop(): Item | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length > 0 && last !== undefined) {
      items[0] = last;
      this.#sink(0);
    }
    return top;
  }

  keepOnly(wanted: (item: Item) => boolean): void {
    this.#items = this.#items.filter(wanted);
    for (let at = (this.#items.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  #sink(start: number): void {
    const items = this.#items;
    const item = items[start];
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#isBefore(items[child + 1], items[child]) < 0) child++;
      if (this.#isBefore(item, items[child]) <= 0) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = item;
  }
}

export class NodeStore<Decision, WarmStart> {
  readonly #heap: BinaryHeap<OpenNode<Decision, WarmStart>>;
  /** Null where the selection itself is by bound. Holds taken nodes until they reach its top. */
  readonly #boundHeap: BinaryHeap<OpenNode<Decision, WarmStart>> | null;
  readonly #open = new Set<number>();
  #bytes = 0;

  constructor(order: NodeOrder) {
    const ordering = orderingOf(order);
    this.#heap = new BinaryHeap<OpenNode<Decision, WarmStart>>(ordering);
    this.#boundHeap = ordering === byBound ? null : new BinaryHeap<OpenNode<Decision, WarmStart>>(byBound);
  }

  get size(): number {
    return this.#open.size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** All open nodes, in no particular order. */
  get nodes(): readonly OpenNode<Decision, WarmStart>[] {
    return this.#heap.items;
  }

  /** Least bound of the open nodes; Infinity if there are none. */
  get leastBound(): number {
    if (this.#boundHeap === null) return this.#heap.top?.bound ?? Infinity;
    while (this.#boundHeap.top !== undefined && !this.#open.has(this.#boundHeap.top.id)) this.#boundHeap.pop();
    return this.#boundHeap.top?.bound ?? Infinity;
  }

  push(node: OpenNode<Decision, WarmStart>): void {
    this.#heap.push(node);
    this.#boundHeap?.push(node);
    this.#open.add(node.id);
    this.#bytes += node.bytes;
  }

  /** Takes the next node in the order of the selection. */
  pop(): OpenNode<Decision, WarmStart> | undefined {
    const node = this.#heap.pop();
    if (node === undefined) return undefined;
    this.#open.delete(node.id);
    this.#bytes -= node.bytes;
    return node;
  }

  /** Drops the nodes whose bound is at least `cutoff`; returns the least bound dropped (Infinity: none). */
  prune(cutoff: number): number {
    let least = Infinity;
    for (const node of this.#heap.items) {
      if (node.bound < cutoff) continue;
      least = Math.min(least, node.bound);
      this.#open.delete(node.id);
      this.#bytes -= node.bytes;
    }
    if (least === Infinity) return least;
    const isOpen = (node: OpenNode<Decision, WarmStart>) => this.#open.has(node.id);
    this.#heap.keepOnly(isOpen);
    this.#boundHeap?.keepOnly(isOpen);
    return least;
  }
}

/** Bytes of an object header and its fields, roughly; for counting only. */
const objectBytes = 64;

/** Approximate bytes of plain data, typed arrays included. */
export function approximateBytes(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length + 16;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return value.byteLength + objectBytes;
  let bytes = objectBytes;
  for (const entry of Object.values(value)) bytes += approximateBytes(entry);
  return bytes;
}
