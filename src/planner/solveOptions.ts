/** Everything that `optimize` can be told: the variant of the problem, the limits, and how to search. */
import type { ParameterChanges } from '../bnb/parameterPaths.ts';
import type { PlanHeuristic as PlanHeuristicOf, Plugin } from '../bnb/plugins/plugin.ts';
import type { StrategyChanges, StrategyName } from '../bnb/strategy.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions, PresetName } from '../model/options.ts';

/** An AbortSignal, or whatever else tells in the same word that work is to stop, such as a flag that threads share. */
export interface StopSignal {
  readonly aborted: boolean;
}

export type RelaxationChoice = 'auto' | 'compact' | 'patterns';

/** Looks for plans of an instance under the options of the problem. */
export type PlanHeuristic = PlanHeuristicOf<Instance, PlanningOptions, Plan>;

/** Changes to a preset of the search strategy (docs/strategies.md). */
export interface PlanningStrategy extends Omit<StrategyChanges, 'plugins' | 'parameters'> {
  /** Branching rules, node orders, separators and heuristics of one's own (docs/plugins.md), and names of ours. */
  readonly plugins?: readonly (Plugin | PlanHeuristic | string)[];
  /** Numbers of the search, the heuristics and the patterns by path: `{ 'patterns.smoothing': 0.4 }`. */
  readonly parameters?: ParameterChanges;
}

interface SolveLimitsAndControl {
  /** Seconds of wall time from the call on. Default: none. */
  readonly timeLimit?: number;
  /** Nodes of the tree. Default: none. */
  readonly nodeLimit?: number;
  /**
   * Megabytes by which the memory in use may grow; where the platform does not say, approximately those of open nodes.
   * Default: none.
   */
  readonly memoryLimit?: number;
  /** Relative gap at which a plan counts as proven, |cost - bound| / |cost|. Default 1e-6. */
  readonly gap?: number;
  /** Seed of the randomised heuristics. Default 1. Same seed, options and node limit: same result. */
  readonly seed?: number;
  /** Stops the solve with status `interrupted`; only `optimizeAsync` gives the event loop a chance to raise it. */
  readonly signal?: StopSignal;
  /** Told of the root, nodes, incumbents and rounds as they come. */
  readonly onProgress?: (event: import('../bnb/progress.ts').ProgressEvent) => void;
}

export interface SolveOptions extends Partial<PlanningOptions>, SolveLimitsAndControl {
  /** Variant to start from; single options override it. Default `recommended`. */
  readonly preset?: PresetName;
  /** Default `auto`: see docs/strategies.md for the rule. */
  readonly relaxation?: RelaxationChoice;
  /** Program under the compact relaxation. Default `strengthened`. */
  readonly formulation?: 'strengthened' | 'published';
  /**
   * Form of the robust counterpart in the strengthened program. Default: projected where exact, else dual (in the
   * search over what is rented under split placement: scenario rows where Gamma is at most 3).
   */
  readonly robust?: 'projected' | 'dual' | 'adversarial';
  /**
   * Which reductions are applied beforehand; `false`: none. They keep the optimum, not every optimal plan. Default:
   * all.
   */
  readonly reductions?: boolean | import('../model/reductions/reduceProblem.ts').ReductionSwitches;
  /** Preset of the search strategy (`default`, `plain`, ...), or changes to one. Default `default`. */
  readonly strategy?: StrategyName | PlanningStrategy;
  /** A plan to start from: used as it is if it verifies, and else for what of it can be rented. */
  readonly startPlan?: import('../model/instance.ts').Plan;
}
