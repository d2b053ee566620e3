/** What a search tells of itself: its status words and the events that a log is made of. */

/**
 * Why the search stopped.
 * - `optimal`: the incumbent's cost is within the asked gap of the proven bound.
 * - `infeasible`: proven that there is no solution (below `cutoff`, if one was given).
 * - `time-limit`, `node-limit`, `memory-limit`: that limit struck first; the search can go on.
 * - `interrupted`: it was stopped from outside; the search can go on.
 * - `numerical-trouble`: every open node is settled but for some whose relaxation failed; the bound accounts for them.
 */
export type SearchStatus =
  | 'optimal'
  | 'infeasible'
  | 'time-limit'
  | 'node-limit'
  | 'memory-limit'
  | 'interrupted'
  | 'numerical-trouble';

export interface SearchProgress {
  readonly nodes: number;
  readonly openNodes: number;
  readonly bound: number | null;
  readonly incumbent: number | null;
  /** |incumbent - bound| / |incumbent|, 0 when they are equal. */
  readonly gap: number | null;
  readonly simplexIterations: number;
  readonly seconds: number;
  /** Letter of the source of the incumbent. */
  readonly letter: string | null;
}

/** How a node ended. */
export type NodeEnd =
  /** It has children that may hold something. */
  | 'branched'
  /** Nothing is below it. */
  | 'infeasible'
  /** Its bound, or those of all its children, reached the cutoff. */
  | 'cutoff'
  /** The same, by a solution that its own relaxation gave. */
  | 'solution'
  /** Its relaxation failed, or its solution does not reach its bound; the search's bound accounts for it. */
  | 'unsettled';

/** A settled node as a log has it: from these, in order, the tree can be drawn (`treePicture`). */
export interface SettledNode {
  /** 0 is the root; others are named by their parents first. */
  readonly id: number;
  readonly depth: number;
  /** Proven for all that is below it; null: no finite one. */
  readonly bound: number | null;
  readonly end: NodeEnd;
  /** What it was branched on, and the relaxation's value of that; null unless branched. */
  readonly branching: { readonly on: string; readonly value: number } | null;
  /** Those that were opened, the preferred one first. Not each of them is ever settled. */
  readonly children: readonly {
    readonly id: number;
    readonly direction: 'down' | 'up';
    readonly bound: number | null;
  }[];
}

export type ProgressEvent = SearchProgress &
  (
    | { readonly kind: 'root' | 'node'; readonly node: SettledNode }
    /** `node`: the id of the one in hand; null before the root and between nodes. */
    | { readonly kind: 'incumbent'; readonly source: string; readonly node: number | null }
    | { readonly kind: 'round'; readonly round: number; readonly cuts: number; readonly columns: number }
    /** A saved search goes on, or the root starts anew with a smaller program. */
    | { readonly kind: 'restart' }
    | { readonly kind: 'end'; readonly status: SearchStatus }
  );

/**
 * |cost - bound| / |cost| (specification 9.3), 0 when they are equal; null where either does not exist, or where a cost
 * of 0 has a bound other than 0.
 */
export function relativeGapOf(cost: number | null, bound: number | null): number | null {
  if (cost === null || bound === null) return null;
  if (cost === bound) return 0;
  return cost === 0 ? null : Math.abs((cost - bound) / cost);
}

/** The least bound whose `relativeGapOf` to the cost is at most `gap`, whatever the subtraction rounds. */
export function cutoffWithin(cost: number, gap: number): number {
  let cutoff = cost - gap * Math.abs(cost);
  while (relativeGapOf(cost, cutoff)! > gap && cutoff < cost) cutoff += Number.EPSILON * Math.abs(cost);
  return cutoff;
}
