/** The tree that the events of a search tell of (`onProgress`, `--log-json`). */
import type { NodeEnd, ProgressEvent } from '../bnb/progress.ts';

export interface TreeNode {
  readonly id: number;
  readonly depth: number;
  /** Null for the root, and for a node whose parent the log does not have. */
  readonly parent: TreeNode | null;
  readonly direction: 'down' | 'up' | null;
  /** The down child first. */
  readonly children: TreeNode[];
  /** Proven for all below it, before it is settled by its parent; null: no finite one. */
  bound: number | null;
  /** `open`: opened and never settled, given up once its bound reached the cutoff, or left over. */
  end: NodeEnd | 'open';
  branching: { readonly on: string; readonly value: number } | null;
  /** Seconds of the search when it was settled; null: never. */
  seconds: number | null;
  /** Letters of the incumbents that came up in it. */
  letters: string;
}

export interface SearchTree {
  /** A parent before its children. */
  readonly nodes: readonly TreeNode[];
  readonly roots: readonly TreeNode[];
  /** Where bound and incumbent stood, in order. */
  readonly moments: readonly ProgressEvent[];
  /** Of how many searches in the events it is the last. */
  readonly searches: number;
}

/**
 * The tree of the last search among the events. (A solve that has numerical trouble searches again; one that was
 * stopped and resumed goes on with the same tree.) `afterNodes`: as it was when so many nodes were settled; default: as
 * it was at the end.
 */
export function searchTree(events: Iterable<ProgressEvent>, afterNodes = Infinity): SearchTree {
  const searches = searchesOf(events);
  const byId = new Map<number, TreeNode>();
  let moments: ProgressEvent[] = [];
  for (const event of searches.at(-1) ?? []) {
    if (event.nodes > afterNodes) continue;
    // A resumed search begins some nodes before the point where it was stopped.
    if (event.kind === 'restart') moments = moments.filter(({ nodes }) => nodes <= event.nodes);
    moments.push(event);
    if (event.kind === 'incumbent' && event.node !== null) nodeIn(byId, event.node, 0).letters += event.letter ?? '';
    if (event.kind === 'root' || event.kind === 'node') settle(byId, event);
  }
  const nodes = [...byId.values()];
  for (const { children } of nodes) children.sort((a, b) => rank(a) - rank(b));
  return { nodes, roots: nodes.filter(({ parent }) => parent === null), moments, searches: searches.length };
}

/** A search ends with `end`; what follows is another one, unless it begins with `restart`. */
function searchesOf(events: Iterable<ProgressEvent>): ProgressEvent[][] {
  const searches: ProgressEvent[][] = [];
  let hasEnded = true;
  for (const event of events) {
    if (searches.length === 0 || (hasEnded && event.kind !== 'restart')) searches.push([]);
    searches.at(-1)!.push(event);
    hasEnded = event.kind === 'end';
  }
  return searches;
}

function settle(byId: Map<number, TreeNode>, { node, seconds }: Extract<ProgressEvent, { kind: 'root' | 'node' }>) {
  const { bound, end, branching } = node;
  const settled = Object.assign(nodeIn(byId, node.id, node.depth), { bound, end, branching, seconds });
  for (const { id, direction, bound: known } of node.children) {
    // A node is made once, by its parent: whatever a log says, it is a tree.
    if (byId.has(id)) continue;
    const child = { ...newNode(id, settled.depth + 1), parent: settled, direction, bound: known };
    byId.set(id, child);
    settled.children.push(child);
  }
}

function nodeIn(byId: Map<number, TreeNode>, id: number, depth: number): TreeNode {
  const known = byId.get(id) ?? newNode(id, depth);
  byId.set(id, known);
  return known;
}

function newNode(id: number, depth: number): TreeNode {
  return {
    id,
    depth,
    parent: null,
    direction: null,
    children: [],
    bound: null,
    end: 'open',
    branching: null,
    seconds: null,
    letters: '',
  };
}

const rank = ({ direction }: TreeNode) => (direction === 'up' ? 1 : 0);
