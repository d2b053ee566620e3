/**
 * What a search takes and gives: options, limits and the result. Costs are minimised; a value that does not
 * exist is null, never 0, NaN or Infinity.
 */
import type { ProgressEvent, SearchStatus } from './progress.ts';
import type { Heuristic, IncumbentDoor } from './relaxation.ts';
import type { StrategyInput } from './strategy.ts';

export interface SearchLimits {
  /** Seconds of wall time over all runs of this search, and before it. Default: none. */
  readonly timeLimit?: number;
  /** Nodes whose relaxation is solved, over all runs. Default: none. */
  readonly nodeLimit?: number;
  /**
   * Bytes by which the memory in use may grow (where the platform does not say: approximately, those of open nodes).
   * Default: none.
   */
  readonly memoryLimit?: number;
}

/** What a search looks at beside its clock. */
export interface SearchWatch {
  /** Asked wherever the search looks at its limits; true stops it with status `interrupted`. Default: never. */
  readonly isInterrupted?: () => boolean;
  /** Bytes of memory in use now, or null where that is not known. Default: what the platform says. */
  readonly bytesInUse?: () => number | null;
}

export interface SearchOptions<Solution> extends SearchLimits, SearchWatch {
  /**
   * Stop when cost - bound <= relativeGap * |cost|. In [0, 1); below `leastProvableGap` that is meant. Default 1e-6.
   */
  readonly relativeGap?: number;
  /** Stop when cost - bound <= absoluteGap. Default 1e-9. */
  readonly absoluteGap?: number;
  /** A lower bound on every solution's cost that is known beforehand. Default: none. */
  readonly knownBound?: number;
  /** Only solutions cheaper than this are wanted. Default: any. */
  readonly cutoff?: number;
  /** Default: the preset `default`. */
  readonly strategy?: StrategyInput;
  /** Verifies every solution before it counts. */
  readonly door: IncumbentDoor<Solution>;
  /** Offered to the door before anything else; asked for when the search begins. */
  readonly initialSolutions?: Iterable<{ readonly solution: Solution; readonly source: string }>;
  /**
   * Asked before the root (nodes 0), after the root and after each further node. Not run if the strategy has heuristics
   * off.
   */
  readonly heuristics?: readonly Heuristic<Solution>[];
  /** Called synchronously; must not change the search. */
  readonly onProgress?: (event: ProgressEvent) => void;
  /**
   * Whether checkpoints are made now and then, so that `save` is cheap to resume; without, it is resumed from the
   * start. Default true.
   */
  readonly resumable?: boolean;
}

/** One accepted incumbent: its cost, where it came from, and when. */
export interface IncumbentRecord {
  readonly cost: number;
  readonly source: string;
  readonly letter: string;
  readonly nodes: number;
  readonly seconds: number;
}

export interface SearchResult<Solution> {
  readonly status: SearchStatus;
  readonly solution: Solution | null;
  readonly cost: number | null;
  /** A proven lower bound on the cost of every solution; null before the root is bounded and when infeasible. */
  readonly bound: number | null;
  /** |cost - bound| / |cost|, 0 when they are equal; null if either is. */
  readonly gap: number | null;
  /** Bound after the root and its cuts or columns; at most the cost of the incumbent of that time. */
  readonly rootBound: number | null;
  readonly nodes: number;
  readonly openNodes: number;
  readonly simplexIterations: number;
  readonly seconds: number;
  /** Every incumbent in the order of acceptance. */
  readonly incumbents: readonly IncumbentRecord[];
}
