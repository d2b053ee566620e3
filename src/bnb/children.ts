/**
 * From a solved node to its children: what is branched on, which child comes first, and what each is predicted to cost.
 */
import { chooseBranching } from './branching.ts';
import { approximateBytes, type OpenNode } from './nodeStore.ts';
import { nodeOrderOf } from './plugins/nodeOrders.ts';
import type { Probe } from './plugins/plugin.ts';
import type { PseudoCosts } from './pseudoCosts.ts';
import type { BranchingCandidate, NodeOutcome } from './relaxation.ts';
import type { SearchStrategy } from './strategy.ts';

/** Objects that a node brings along besides its own data, in bytes; for the memory limit only. */
export const nodeOverheadBytes = 200;

type Direction = 'down' | 'up';
type Estimates = Readonly<Record<Direction, number>>;

export interface BranchingState<Decision, WarmStart> {
  readonly strategy: SearchStrategy;
  readonly classOrder: readonly string[];
  readonly pseudoCosts: PseudoCosts;
  readonly cutoff: number;
  /** Lower bound of the node. */
  readonly bound: number;
  /** Null where strong branching is not offered. */
  readonly probe: Probe<Decision, WarmStart> | null;
  readonly nextId: () => number;
}

export interface Children<Decision, WarmStart> {
  readonly candidate: BranchingCandidate<Decision>;
  /** The preferred one first; null where its bound has passed the cutoff. */
  readonly children: readonly (OpenNode<Decision, WarmStart> | null)[];
  /** Least finite bound of those that passed it; Infinity: none. */
  readonly prunedBound: number;
}

/** The children of a node whose outcome has candidates. */
export function branch<Decision, Solution, WarmStart>(
  node: OpenNode<Decision, WarmStart>,
  { candidates, warmStart }: NodeOutcome<Decision, Solution, WarmStart>,
  state: BranchingState<Decision, WarmStart>,
): Children<Decision, WarmStart> {
  const { strategy, cutoff, bound } = state;
  const choice = chooseBranching(candidates, { ...state, nodeBound: bound, depth: node.depth });
  const { candidate } = choice;
  const estimates = childEstimates(candidates, candidate, state);
  const fraction = candidate.value - Math.floor(candidate.value);
  const first = preferredDirection(candidate, estimates, strategy);
  let prunedBound = Infinity;
  const children = [first, first === 'down' ? ('up' as const) : ('down' as const)].map((direction) => {
    const isDown = direction === 'down';
    const { bound: childBound, warmStart: own } = isDown ? choice.down : choice.up;
    if (childBound >= cutoff) {
      if (childBound < Infinity) prunedBound = Math.min(prunedBound, childBound);
      return null;
    }
    return {
      id: state.nextId(),
      depth: node.depth + 1,
      bound: childBound,
      estimate: Math.max(childBound, estimates[direction]),
      decisions: { decision: isDown ? candidate.down : candidate.up, previous: node.decisions },
      warmStart: own ?? warmStart,
      origin: {
        key: candidate.key,
        branchingClass: candidate.branchingClass,
        direction,
        distance: isDown ? fraction : 1 - fraction,
        parentBound: bound,
      },
      bytes:
        nodeOverheadBytes +
        (own === undefined ? approximateBytes(warmStart) / 2 : approximateBytes(own)) +
        approximateBytes(candidate.down),
    };
  });
  return { candidate, children, prunedBound };
}

/** Bound plus the least predicted gain of every candidate; the branched one on its own side. */
function childEstimates<Decision, WarmStart>(
  candidates: readonly BranchingCandidate<Decision>[],
  branched: BranchingCandidate<Decision>,
  { strategy, pseudoCosts, bound }: BranchingState<Decision, WarmStart>,
): Estimates {
  const own = pseudoCosts.predictedGains(branched);
  let others = 0;
  if (nodeOrderOf(strategy).usesEstimates === true) {
    for (const candidate of candidates) {
      if (candidate === branched) continue;
      const { down, up } = pseudoCosts.predictedGains(candidate);
      others += Math.min(down, up);
    }
  }
  return { down: bound + others + own.down, up: bound + others + own.up };
}

function preferredDirection<Decision>(
  { value }: BranchingCandidate<Decision>,
  estimates: Estimates,
  { childOrder }: SearchStrategy,
): Direction {
  switch (childOrder) {
    case 'down':
    case 'up':
      return childOrder;
    case 'estimate':
      return estimates.down < estimates.up ? 'down' : 'up';
    default:
      return value - Math.floor(value) < 0.5 ? 'down' : 'up';
  }
}
