/** What a solve works with, inside: everything checked, every default filled, frozen. `resolveSolve` makes it. */
import type { ProgressEvent } from '../bnb/progress.ts';
import type { SearchStrategy } from '../bnb/strategy.ts';
import type { HeuristicParameters } from '../heuristics/parameters.ts';
import type { DeploymentPattern } from '../model/compiled/restrictedProblem.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import type { ReductionName } from '../model/reductions/reduceProblem.ts';
import type { PatternParameters } from '../patterns/parameters.ts';
import type { CompactParameters } from './parameters.ts';
import type { RelaxationChoice, SolveOptions, StopSignal } from './solveOptions.ts';

/** The options beside those of the problem that decide the way of a search. */
export interface SearchSettings {
  /** That which was asked for, or the least that double precision can prove. */
  readonly gap: number;
  readonly seed: number;
  readonly relaxation: RelaxationChoice;
  readonly formulation: NonNullable<SolveOptions['formulation']>;
  /** null: left to the relaxation. */
  readonly robust: NonNullable<SolveOptions['robust']> | null;
  readonly reductions: { readonly [Name in ReductionName]: boolean };
  readonly strategy: SearchStrategy;
  /** Those of the rooms above the tree. */
  readonly parameters: {
    readonly heuristics: HeuristicParameters;
    readonly patterns: PatternParameters;
    readonly compact: CompactParameters;
  };
}

/** Infinity: none. */
interface SolveLimits {
  /** Seconds. */
  readonly timeLimit: number;
  readonly nodeLimit: number;
  /** Megabytes. */
  readonly memoryLimit: number;
}

/** Options without the instance. */
export interface ResolvedOptions {
  readonly planning: PlanningOptions;
  readonly settings: SearchSettings;
  readonly limits: SolveLimits;
  readonly startPlan: Plan | null;
  /** Other plans to start from, from solves before. */
  readonly furtherStarts: readonly Plan[];
  readonly signal: StopSignal | null;
  readonly onProgress: ((event: ProgressEvent) => void) | null;
  /** What no plan may rent: the solves behind alternatives ask for it. */
  readonly without: readonly DeploymentPattern[];
  /** $ that no plan of the problem is below, from solves before; 0: nothing is known. */
  readonly knownBound: number;
}

export interface ResolvedSolve extends ResolvedOptions {
  readonly instance: Instance;
  /** Options that were given and have no effect under the others: a sentence each. */
  readonly notices: readonly string[];
}
