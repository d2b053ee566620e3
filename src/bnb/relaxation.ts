/**
 * The seam between the tree and what it bounds (docs/architecture.md). The tree knows nodes, cutoffs and incumbents; a
 * relaxation turns the branching decisions of a node into a bound, and says how the node may be branched. `Decision`
 * and `WarmStart` are opaque to the tree, but plain data, so that a search can be saved as JSON (typed arrays allowed)
 * and resumed. `Solution` is what the incumbent door takes.
 */
import type { Steps } from '../lp/steps.ts';

export interface BranchingCandidate<Decision> {
  /** Class of the branching order, such as 'w', 'z', 'y'; one of `Relaxation.branchingClasses`. */
  readonly branchingClass: string;
  /** Names the same thing at every node; key of its pseudo-costs. */
  readonly key: string;
  /** The fractional value; `value - floor(value)` is its distance from the down child, the rest from the up child. */
  readonly value: number;
  /** How many alternatives each child keeps of a set branching (1 and 1 for one variable); for balance. */
  readonly downSize?: number;
  readonly upSize?: number;
  readonly down: Decision;
  readonly up: Decision;
}

export type NodeStatus =
  /** No point that is cheaper than the cutoff satisfies the decisions (proven); `bound` is Infinity. */
  | 'infeasible'
  /** The bound passed the cutoff; `bound` is that bound. */
  | 'cutoff'
  /**
   * `bound` is the relaxation's value (or a valid lower bound on it). Without `candidates` nothing is left to decide:
   * then `solution` attains it. With both the candidates count where the solution does not settle the node.
   */
  | 'solved'
  /** A time, iteration or abort limit struck first; `bound` is still valid (perhaps the parent's). */
  | 'limit'
  /** The arithmetic failed; `bound` is the parent's. The tree may branch on `candidates` or must give up its claim. */
  | 'numerical-trouble';

export interface NodeOutcome<Decision, Solution, WarmStart> {
  readonly status: NodeStatus;
  readonly bound: number;
  /** When the relaxation's point is integral: the solution that it stands for. */
  readonly solution: Solution | null;
  /** Further solutions that came up on the way (rounding, restricted master, ...), with the name of their source. */
  readonly proposals: readonly { readonly solution: Solution; readonly source: string }[];
  readonly candidates: readonly BranchingCandidate<Decision>[];
  readonly warmStart: WarmStart | null;
  readonly simplexIterations: number;
  /**
   * The least bound of parts of the node that the relaxation has settled by itself, to within the gap, and does not
   * count in `bound` any more; absent: none.
   */
  readonly givenUp?: number;
  /** Bounds that propagation tightened because of the node's own branching; absent: nothing is propagated. */
  readonly inferences?: number;
}

export interface NodeRequest<Decision, Solution, WarmStart> {
  /** Names the node within its search; 0 is the root. */
  readonly id: number;
  /** All decisions from the root to this node, in order. */
  readonly decisions: readonly Decision[];
  readonly warmStart: WarmStart | null;
  /** The parent's bound; -Infinity at the root. */
  readonly parentBound: number;
  readonly depth: number;
  /** A solution within this share of its cost of its node's bound settles the node. */
  readonly relativeGap: number;
  /** Bounds above this need no further work. Infinity without an incumbent. */
  readonly cutoff: number;
  /** Cost of the incumbent (Infinity: none) and the incumbent itself. */
  readonly incumbentCost: number;
  readonly incumbent: Solution | null;
  /** Asked now and then during long node work; true means stop with status `limit`. */
  readonly shouldStop: () => boolean;
  /** Offers a solution to the door while the node is still worked on; gives what holds from then on. */
  readonly offer: (
    solution: Solution,
    source: string,
  ) => Pick<NodeRequest<Decision, Solution, WarmStart>, 'cutoff' | 'incumbentCost' | 'incumbent'>;
  /** At the root: told of each round of cuts or columns, with a bound on the node that holds whatever comes. */
  readonly onRound?: (round: {
    readonly round: number;
    readonly bound: number;
    readonly cuts: number;
    readonly columns: number;
    /** Of the node so far. */
    readonly simplexIterations: number;
  }) => void;
  /** At the root: told that the relaxation starts anew, such as with a smaller program. */
  readonly onRestart?: () => void;
}

/** What is known of a child before it is solved. */
export interface ChildKnowledge<WarmStart> {
  /** A valid lower bound; Infinity: infeasible. */
  readonly bound: number;
  /** Where it may start from instead of the node. */
  readonly warmStart?: WarmStart;
}

/** What a trial of a child gives. */
export interface ProbeOutcome<WarmStart> extends ChildKnowledge<WarmStart> {
  readonly simplexIterations: number;
}

export interface Relaxation<Decision, Solution, WarmStart = unknown> {
  readonly name: string;
  /** Classes in their default order. */
  readonly branchingClasses: readonly string[];
  /**
   * Bounds a node, yielding wherever long work may pause (cut rounds, pricing rounds), so that an event loop can run in
   * between.
   */
  solveInSteps(request: NodeRequest<Decision, Solution, WarmStart>): Steps<NodeOutcome<Decision, Solution, WarmStart>>;
  /**
   * A cheap trial of one child for strong branching: a valid lower bound of the child after at most `iterationLimit`
   * simplex iterations from the node just solved (Infinity: infeasible), and where the child may start from if it is
   * kept; null where children cannot be tried at this node. Absent: strong branching is not offered.
   */
  probe?(
    request: NodeRequest<Decision, Solution, WarmStart>,
    child: Decision,
    iterationLimit: number,
  ): ProbeOutcome<WarmStart> | null;
  /** Told of each accepted incumbent, for reduced-cost fixing and cutoffs. */
  onIncumbent?(cost: number, solution: Solution): void;
  /**
   * Plain data (typed arrays allowed) of what the relaxation has learnt, such as cuts or columns; part of a saved
   * search.
   */
  saveState?(): unknown;
  /** Takes what `saveState` gave, on a relaxation made anew from the same data. */
  restoreState?(state: unknown): void;
}

/** The request once the solutions have been offered to the door, in their order. */
export function letIn<Solution, Request extends NodeRequest<unknown, Solution, unknown>>(
  request: Request,
  proposals: NodeOutcome<unknown, Solution, unknown>['proposals'],
): Request {
  let told = request;
  for (const { solution, source } of proposals) told = { ...told, ...told.offer(solution, source) };
  return told;
}

/** The one door for incumbents: verifies a solution and gives its true cost, or null if it is not feasible. */
export type IncumbentDoor<Solution> = (
  solution: Solution,
  source: string,
) => { readonly cost: number; readonly solution: Solution } | null;

/**
 * Finds solutions beside the tree; `run` may look at the incumbent, gives null where its work may pause, and must be
 * deterministic.
 */
export interface Heuristic<Solution> {
  readonly name: string;
  /** A letter for the log. */
  readonly letter: string;
  /** Whether it is a user's own, which runs also where the strategy has heuristics off. Default false. */
  readonly isPlugin?: boolean;
  /** Whether to run now. */
  readonly wants: (moment: {
    readonly nodes: number;
    readonly depth: number;
    readonly incumbentCost: number;
    readonly isNewIncumbent: boolean;
  }) => boolean;
  run(state: {
    readonly incumbent: Solution | null;
    readonly incumbentCost: number;
    readonly shouldStop: () => boolean;
  }): Iterable<Solution | null>;
}
