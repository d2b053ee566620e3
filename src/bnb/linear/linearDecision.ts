/** What a linear relaxation branches on, warm-starts from, and is told to do; plain data wherever the tree keeps it. */
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import type { DualPricing } from '../../lp/simplex/dualPricing.ts';
import type { Basis } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { CutSeparator } from '../cuts/separator.ts';
import type { SearchParameters } from '../parameters.ts';
import type { BranchingCandidate } from '../relaxation.ts';
import type { ModelSeparator } from './modelSeparator.ts';

/** Intersects the bounds of a column with [lower, upper]; infinite where a side stays as it is. */
export interface BoundChange {
  readonly column: number;
  readonly lower: number;
  readonly upper: number;
}

/** One branching: several columns may change at once (set branching). */
export interface LinearDecision {
  readonly bounds: readonly BoundChange[];
}

/** The parent's basis, and the integer columns whose bounds it found to be tighter than the global ones. */
export interface LinearWarmStart {
  readonly basis: Basis;
  readonly columns: Int32Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A node's point and bounds, for hooks; the arrays are views that hold during the call only. */
export interface NodePoint {
  readonly point: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly objective: number;
  readonly depth: number;
  /** Names the node within its search. */
  readonly id: number;
}

/** What rounding may know of the search. */
export interface RoundingState<Solution> {
  /** Null and Infinity without one. */
  readonly incumbent: Solution | null;
  readonly incumbentCost: number;
  readonly shouldStop: () => boolean;
}

/** What holds at the root before any LP is solved. */
export interface RootKnowledge {
  /** A lower bound on the cost of every solution. */
  readonly bound: number;
  /** Bounds that every solution cheaper than the cutoff keeps. */
  readonly changes: readonly BoundChange[];
  /** Globally valid rows to stand in the first LP; they leave it as cuts do, and `source` names them. */
  readonly rows: readonly SparseRow[];
  readonly source: string;
  /** Of the program's columns, its rows and then these rows: where the first LP starts. Default: from its slacks. */
  readonly basis?: Basis;
  readonly simplexIterations: number;
}

export interface LinearRelaxationOptions<Solution> {
  readonly program: MixedIntegerProgram;
  /** The solution that an integral point stands for. The point is a copy. */
  readonly decode: (point: Float64Array) => Solution;
  /** Default: the program's name. */
  readonly name?: string;
  /** Branching class of each integer column; default `integer` for all. */
  readonly branchingClassOf?: (column: number) => string;
  /** The classes in their default order; default `['integer']`. */
  readonly branchingClasses?: readonly string[];
  /** Further candidates at a fractional point, such as set branchings, in classes of their own. */
  readonly candidates?: (node: NodePoint) => readonly BranchingCandidate<LinearDecision>[];
  /** Solutions to try at a fractional point. */
  readonly round?: (
    node: NodePoint,
    state: RoundingState<Solution>,
  ) => Iterable<{ readonly solution: Solution; readonly source: string }>;
  /**
   * The point of a solution; null where the program has lost it. Given: every cut is held against the incumbents.
   * Default: none is.
   */
  readonly pointOf?: (solution: Solution) => Float64Array | null;
  /**
   * Rows that every solution must satisfy but that are too many to list: those that this point violates. `isWhole` says
   * that its integer columns are; such a point counts only when there are none, at others any may be left out.
   */
  readonly separateLazy?: (point: Float64Array, isWhole: boolean) => readonly SparseRow[];
  /** Separators of cuts that know rows and columns only. */
  readonly separators?: readonly CutSeparator[];
  /** Separators of the model's own, over the program's columns. */
  readonly modelCuts?: readonly ModelSeparator[];
  /** (column): the block that it belongs to, or -1; for `ModelSeparation.blockPrices`. */
  readonly blockOf?: Int32Array;
  /**
   * Asked before the root's LP for what the model knows by itself. Must depend on the program and the cutoff alone; it
   * may yield where its work may pause.
   */
  readonly beforeRoot?: (state: {
    readonly cutoff: number;
    readonly shouldStop: () => boolean;
  }) => Steps<RootKnowledge | null>;
  /** Default: `defaultSearchParameters`. */
  readonly parameters?: SearchParameters;
  /** Pricing rule of the LP. Default: steepest edge. */
  readonly pricing?: DualPricing;
  /** Rounds of cuts at the root; 0: none. Default: that of the parameters. */
  readonly rootRounds?: number;
  /** Default true. */
  readonly propagation?: boolean;
  /** Default true. */
  readonly reducedCostFixing?: boolean;
}

/**
 * When it is worth starting the root anew with the smaller program: the part of the columns that must be fixed, during
 * the rounds of cuts and after the last one. Infinity: never. Between `LinearRelaxation` and `ShrinkingRelaxation`
 * only.
 */
export interface RestartRule {
  readonly duringRounds: number;
  readonly afterRounds: number;
}
