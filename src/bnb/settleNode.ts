/** What becomes of a node once its relaxation is solved: closed, left unsettled, or branched on. */
import { branch, type Children } from './children.ts';
import type { OpenNode } from './nodeStore.ts';
import type { NodeEnd, SettledNode } from './progress.ts';
import type { NodeOutcome, NodeRequest, Relaxation } from './relaxation.ts';
import { finiteOrNull, type SearchState } from './searchState.ts';
import type { SearchStrategy } from './strategy.ts';

/** The search that the node belongs to. */
export interface NodeSettling<Decision, Solution, WarmStart> {
  readonly relaxation: Relaxation<Decision, Solution, WarmStart>;
  readonly strategy: SearchStrategy;
  readonly state: SearchState<Decision, Solution, WarmStart>;
  /** The relaxation's branching classes in the strategy's order. */
  readonly classOrder: readonly string[];
}

/**
 * Settles `node`, whose outcome came of `request`, with the better `bound` of its own and its parent's. What it leaves
 * open goes into the state.
 */
export function settleNode<Decision, Solution, WarmStart>(
  search: NodeSettling<Decision, Solution, WarmStart>,
  node: OpenNode<Decision, WarmStart>,
  request: NodeRequest<Decision, Solution, WarmStart>,
  outcome: NodeOutcome<Decision, Solution, WarmStart>,
  bound: number,
): SettledNode {
  const { state } = search;
  const isClosed = outcome.status === 'infeasible' || outcome.status === 'cutoff';
  if (node.origin !== null) state.pseudoCosts.recordEnd(node.origin, isClosed, outcome.inferences ?? 0);
  if (outcome.status === 'infeasible') return settledNode(node, outcome.bound, 'infeasible');
  const learn = (proven: number) => {
    if (node.origin !== null) state.pseudoCosts.record(node.origin, proven - node.origin.parentBound);
  };
  if (outcome.status === 'cutoff') {
    // The relaxation proved that the bound is above the cutoff it was given, by rounding perhaps hardly so.
    const proven = Math.max(bound, request.cutoff);
    learn(proven);
    state.open.giveUp(proven);
    return settledNode(node, proven, 'cutoff');
  }
  if (outcome.status === 'solved') learn(bound);
  if (bound >= state.incumbents.cutoff) {
    state.open.giveUp(bound);
    return settledNode(node, bound, outcome.solution === null ? 'cutoff' : 'solution');
  }
  if (outcome.candidates.length > 0) {
    const found = branchOn(search, node, request, outcome, bound);
    const isBranched = found.children.some((child) => child !== null);
    return settledNode(node, bound, isBranched ? 'branched' : 'cutoff', found);
  }
  // A leaf whose solution costs more than its bound says, by more than the gap, is not settled: tolerances of the
  // relaxation lie between.
  state.unsettledBound = Math.min(state.unsettledBound, bound);
  return settledNode(node, bound, 'unsettled');
}

function branchOn<Decision, Solution, WarmStart>(
  { relaxation, strategy, state, classOrder }: NodeSettling<Decision, Solution, WarmStart>,
  node: OpenNode<Decision, WarmStart>,
  request: NodeRequest<Decision, Solution, WarmStart>,
  outcome: NodeOutcome<Decision, Solution, WarmStart>,
  bound: number,
): Children<Decision, WarmStart> {
  const { cutoff } = state.incumbents;
  const mayProbe = relaxation.probe !== undefined && outcome.status === 'solved';
  const probeRequest = { ...request, warmStart: outcome.warmStart, parentBound: bound, cutoff };
  const probe = (child: Decision) => {
    const trial = relaxation.probe!(probeRequest, child, strategy.strongIterations);
    state.simplexIterations += trial?.simplexIterations ?? 0;
    return trial === null ? null : { ...trial, bound: Math.max(bound, trial.bound) };
  };
  const found = branch(node, outcome, {
    strategy,
    classOrder,
    pseudoCosts: state.pseudoCosts,
    cutoff,
    bound,
    probe: mayProbe ? probe : null,
    nextId: () => state.nextId++,
  });
  state.open.giveUp(found.prunedBound);
  state.open.pushChildren(found.children);
  return found;
}

/** As the log has it. */
function settledNode<Decision, WarmStart>(
  { id, depth }: OpenNode<Decision, WarmStart>,
  bound: number,
  end: NodeEnd,
  branched: Children<Decision, WarmStart> | null = null,
): SettledNode {
  const children = branched?.children.flatMap((child) =>
    child === null ? [] : [{ id: child.id, direction: child.origin!.direction, bound: finiteOrNull(child.bound) }],
  );
  return {
    id,
    depth,
    bound: finiteOrNull(bound),
    end,
    branching: branched === null ? null : { on: branched.candidate.key, value: branched.candidate.value },
    children: children ?? [],
  };
}
