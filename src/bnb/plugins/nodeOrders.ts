/** Orders of the open nodes by name. */
import { calling, type NodeFacts, type NodeOrder, type Plugin, PluginError } from './plugin.ts';

type Ordering = (a: NodeFacts, b: NodeFacts) => number;

/** Total: no two nodes have one id. */
export const byBound: Ordering = (a, b) => a.bound - b.bound || b.depth - a.depth || a.id - b.id;

export const nodeOrders = {
  plunging: { kind: 'node-order', name: 'plunging', compare: byBound, plunges: true },
  'best-bound': { kind: 'node-order', name: 'best-bound', compare: byBound },
  'depth-first': { kind: 'node-order', name: 'depth-first', compare: (a, b) => b.depth - a.depth || a.id - b.id },
  'best-estimate': {
    kind: 'node-order',
    name: 'best-estimate',
    compare: (a, b) => a.estimate - b.estimate,
    plunges: true,
    usesEstimates: true,
  },
} as const satisfies Readonly<Record<string, NodeOrder>>;

/** A strategy as far as node orders go. */
export interface OrderingStrategy {
  readonly nodeSelection: string;
  readonly plugins: readonly Plugin[];
}

/** The order that a strategy names. */
export function nodeOrderOf({ nodeSelection, plugins }: OrderingStrategy): NodeOrder {
  const own = plugins.find(({ kind, name }) => kind === 'node-order' && name === nodeSelection);
  if (own !== undefined) return own as NodeOrder;
  return nodeOrders[nodeSelection as keyof typeof nodeOrders];
}

/** The order made total; a user's own is called as plugins are. */
export function orderingOf(order: NodeOrder): Ordering {
  const { compare } = order;
  if (compare === byBound) return byBound;
  if (Object.values<NodeOrder>(nodeOrders).includes(order)) return (a, b) => compare(a, b) || byBound(a, b);
  return (a, b) => {
    const found = calling(order, () => order.compare(a, b));
    if (typeof found !== 'number' || Number.isNaN(found))
      throw new PluginError(order, `compare gave ${String(found)}, expected a number`);
    return found || byBound(a, b);
  };
}
