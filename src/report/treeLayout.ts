/**
 * Which nodes of a search tree are drawn and where they lie. Leaves stand side by side, a parent over the middle of its
 * children. Of a large tree the largest subtrees are unfolded, and before them the ways to incumbents: each node that
 * is not unfolded stands for all that is below it.
 */
import type { SearchTree, TreeNode } from './searchTree.ts';

export interface PlacedNode {
  readonly node: TreeNode;
  /** 0 to 1. */
  readonly across: number;
  /** Nodes below it that are not drawn. */
  readonly folded: number;
}

/** The drawn nodes, at most `mostNodes` (and the roots), a parent before its children. */
export function placeNodes({ nodes, roots }: SearchTree, mostNodes: number): PlacedNode[] {
  const below = new Map<TreeNode, number>();
  const hasIncumbent = new Set<TreeNode>();
  for (const node of nodes.toReversed()) {
    const { parent } = node;
    if (node.letters !== '') hasIncumbent.add(node);
    if (parent === null) continue;
    below.set(parent, (below.get(parent) ?? 0) + 1 + (below.get(node) ?? 0));
    if (hasIncumbent.has(node)) hasIncumbent.add(parent);
  }
  const sizeOf = (node: TreeNode) => below.get(node) ?? 0;
  const rank = (node: TreeNode) => (hasIncumbent.has(node) ? nodes.length : 0) + sizeOf(node);
  // A parent ranks above its children: so they are unfolded from the roots down.
  const unfolded = new Set<TreeNode>();
  let drawn = roots.length;
  for (const node of nodes.filter(({ children }) => children.length > 0).sort((a, b) => rank(b) - rank(a))) {
    if (drawn + node.children.length > mostNodes) break;
    unfolded.add(node);
    drawn += node.children.length;
  }
  const isDrawn = ({ parent }: TreeNode) => parent === null || unfolded.has(parent);
  const across = acrossOf(roots, unfolded);
  return nodes.filter(isDrawn).map((node) => ({
    node,
    across: across.get(node)!,
    folded: unfolded.has(node) ? 0 : sizeOf(node),
  }));
}

function acrossOf(roots: readonly TreeNode[], unfolded: ReadonlySet<TreeNode>): ReadonlyMap<TreeNode, number> {
  const across = new Map<TreeNode, number>();
  let leaves = 0;
  // Without recursion: trees may be thousands of nodes deep. A node is met twice, before and after its children.
  const work = roots.toReversed().map((node) => ({ node, isSecond: false }));
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { node, isSecond } = next;
    if (isSecond) {
      const places = node.children.map((child) => across.get(child)!);
      across.set(node, places.reduce((sum, place) => sum + place, 0) / places.length);
    } else if (unfolded.has(node)) {
      work.push({ node, isSecond: true });
      for (const child of node.children.toReversed()) work.push({ node: child, isSecond: false });
    } else across.set(node, leaves++ + 0.5);
  }
  for (const [node, place] of across) across.set(node, place / leaves);
  return across;
}
