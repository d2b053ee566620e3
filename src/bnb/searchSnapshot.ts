/** A search at a moment as plain data that shares decision lists and warm starts with it. */
import type { SavedOpenNodes } from './openNodes.ts';
import type { SavedPseudoCosts } from './pseudoCosts.ts';
import type { IncumbentRecord } from './searchTypes.ts';
import type { SearchStrategy } from './strategy.ts';

/** Counters and bounds that a search keeps beside its nodes. */
interface SearchCounters {
  readonly nodes: number;
  readonly simplexIterations: number;
  readonly nextId: number;
  readonly rootBound: number | null;
  /** Least bound of the subtrees given up because they cannot beat the cutoff; Infinity: none. */
  readonly prunedBound: number;
  /** Least bound of the subtrees that could not be settled; Infinity: none. */
  readonly unsettledBound: number;
  /** Depth at which the present plunge began. */
  readonly plungeStart: number;
  /** The incumbent has not yet been shown to the heuristics. */
  readonly isNewIncumbent: boolean;
}

/** What a search knows, wherever its last checkpoint was. */
export interface ReachedPoint<Solution> {
  /** Spent so far. */
  readonly seconds: number;
  readonly incumbent: { readonly cost: number; readonly solution: Solution } | null;
  readonly bound: number;
  readonly rootBound: number | null;
  readonly records: readonly IncumbentRecord[];
}

/** What `TreeSearch` hands over to be saved, and takes up again. */
export interface SearchSnapshot<Decision, Solution, WarmStart> extends SavedOpenNodes<Decision, WarmStart> {
  readonly relaxation: string;
  readonly strategy: SearchStrategy;
  readonly counters: SearchCounters;
  readonly pseudoCosts: SavedPseudoCosts;
  readonly incumbent: { readonly cost: number; readonly solution: Solution } | null;
  readonly records: readonly IncumbentRecord[];
  readonly relaxationState: unknown;
  readonly reached: ReachedPoint<Solution>;
}
