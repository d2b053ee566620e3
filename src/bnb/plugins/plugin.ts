/**
 * What a user's own parts of a search look like, and what is made of their faults. A plugin is an object with a kind
 * and a name; our own branching rules, node orders and separators are objects of the same kinds (branchingRules.ts,
 * nodeOrders.ts, ../cuts). A search with plugins that always answer alike is the same every time, bit for bit.
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { DualPricing } from '../../lp/simplex/dualPricing.ts';
import type { CutSeparator, ProgramSeparator } from '../cuts/separator.ts';
import type { SearchParameters } from '../parameters.ts';
import type { PseudoCosts } from '../pseudoCosts.ts';
import type { BranchingCandidate, ChildKnowledge } from '../relaxation.ts';

export type Probe<Decision, WarmStart> = (child: Decision) => ChildKnowledge<WarmStart> | null;

/** What a branching rule sees beside the candidates. */
export interface BranchingContext<Decision, WarmStart> {
  /** The strategy's settings of branching (docs/strategies.md). */
  readonly strategy: {
    readonly reliability: number;
    readonly strongCandidates: number;
    readonly parameters: SearchParameters;
  };
  /** What the branchings so far have brought, by the candidates' keys. */
  readonly pseudoCosts: PseudoCosts;
  readonly nodeBound: number;
  readonly cutoff: number;
  readonly depth: number;
  /**
   * A trial of a child, `candidate.down` or `candidate.up`: a lower bound of its subtree after some simplex iterations.
   * Null where strong branching is not offered by the relaxation; gives null where it cannot try a child at this node.
   */
  readonly probe: Probe<Decision, WarmStart> | null;
}

/** Picks what a node is branched on. */
export interface BranchingRule {
  readonly kind: 'branching-rule';
  readonly name: string;
  /**
   * One of `candidates`: those of the first class of the branching order that has any, at least one. What the trials of
   * `context.probe` prove of the children is kept for them.
   */
  choose<Decision, WarmStart>(
    candidates: readonly BranchingCandidate<Decision>[],
    context: BranchingContext<Decision, WarmStart>,
  ): BranchingCandidate<Decision>;
}

/** What a node order sees of an open node. */
export interface NodeFacts {
  /** Order of creation. */
  readonly id: number;
  readonly depth: number;
  /** Lower bound of the subtree. */
  readonly bound: number;
  /** Predicted cost of the best solution of the subtree. */
  readonly estimate: number;
}

/** Says which open node is next. */
export interface NodeOrder {
  readonly kind: 'node-order';
  readonly name: string;
  /** Negative where `a` comes before `b`, 0 where that does not matter: then bound, depth and age decide. */
  compare(a: NodeFacts, b: NodeFacts): number;
  /** Whether the search stays with a child while its bound is not far from the best. Default false. */
  readonly plunges?: boolean;
  /** Whether `estimate` counts every candidate's gain rather than the branched one's alone. Default false. */
  readonly usesEstimates?: boolean;
}

/** Looks for solutions of a program at a node's fractional point. */
export interface ProgramHeuristic {
  readonly kind: 'heuristic';
  readonly for: 'program';
  readonly name: string;
  /** Points of the program, which count once they are verified. */
  run(state: ProgramHeuristicState): Iterable<ArrayLike<number>>;
}

/** All over the columns of the program that was given; arrays hold during the call only. */
export interface ProgramHeuristicState {
  readonly program: MixedIntegerProgram;
  /** The relaxation's point at the node, and the node's bounds. */
  readonly point: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The relaxation's value. */
  readonly objective: number;
  readonly depth: number;
  /** Names the node within its search; 0 is the root. */
  readonly node: number;
  /** Null and Infinity before there is one. */
  readonly incumbent: Float64Array | null;
  readonly incumbentCost: number;
  readonly shouldStop: () => boolean;
  /** The numbers of the search. */
  readonly parameters: SearchParameters;
  /**
   * Searches a program of the same columns, such as this one with bounds or rows of its own, by the default strategy:
   * the best point found that costs less than `cutoff`, null without one.
   */
  readonly solve: (
    program: MixedIntegerProgram,
    limits: { readonly nodeLimit: number; readonly cutoff: number },
  ) => Float64Array | null;
}

/** Looks for plans beside the tree of a plan's search (the planner gives the types). */
export interface PlanHeuristic<Instance = unknown, Options = unknown, Plan = unknown> {
  readonly kind: 'heuristic';
  readonly for: 'plan';
  readonly name: string;
  /** For the log; default `P`. */
  readonly letter?: string;
  /** Whether to run now; default: before the root and after every new incumbent. */
  wants?(moment: {
    readonly nodes: number;
    readonly depth: number;
    readonly incumbentCost: number;
    readonly isNewIncumbent: boolean;
  }): boolean;
  /** Plans, which count once they are verified; null where the work may pause. */
  run(state: {
    readonly instance: Instance;
    readonly options: Options;
    readonly incumbent: Plan | null;
    /** In the instance's unit of money; Infinity without one. */
    readonly incumbentCost: number;
    readonly shouldStop: () => boolean;
  }): Iterable<Plan | null>;
}

export type Plugin =
  | BranchingRule
  | NodeOrder
  | CutSeparator
  | ProgramSeparator
  | ProgramHeuristic
  | DualPricing
  | PlanHeuristic<never, never>;

/** A plugin that threw or broke its contract; the message names it, `cause` is what it threw. */
export class PluginError extends Error {
  readonly plugin: string;

  constructor(plugin: Pick<Plugin, 'kind' | 'name'>, fault: string, options?: ErrorOptions) {
    super(`plugin ${nameOf(plugin)}: ${fault}`, options);
    this.name = 'PluginError';
    this.plugin = plugin.name;
  }
}

/** As messages have it. */
export function nameOf({ kind, name }: Pick<Plugin, 'kind' | 'name'>): string {
  return `"${name}" (${kind.replace('-', ' ')})`;
}

/** What `act` gives, which calls the plugin. @throws PluginError */
export function calling<T>(plugin: Plugin, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof PluginError) throw error;
    throw new PluginError(plugin, `threw ${String(error)}`, { cause: error });
  }
}

/** What a plugin that gives many things gives, one after the other. @throws PluginError */
export function* each<T>(plugin: Plugin, act: () => Iterable<T>): Generator<T> {
  const iterator = calling(plugin, () => {
    const given = act() as Iterable<T> | null | undefined;
    if (typeof given?.[Symbol.iterator] !== 'function')
      throw new PluginError(plugin, `gave ${String(given)}, expected something to go through`);
    return given[Symbol.iterator]();
  });
  let isLeft = true;
  try {
    for (;;) {
      const { done, value } = calling(plugin, () => iterator.next());
      if (done === true) {
        isLeft = false;
        return;
      }
      yield value;
    }
  } finally {
    if (isLeft) iterator.return?.();
  }
}

/** The function that makes each kind a plugin. */
const functionOf = {
  'branching-rule': 'choose',
  'node-order': 'compare',
  separator: 'separate',
  heuristic: 'run',
  'lp-pricing': 'updated',
} as const satisfies Readonly<Record<Plugin['kind'], string>>;

/** What keeps a value from being a plugin, in words; null: nothing. */
export function faultOfPlugin(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'a plugin: an object with kind, name and its function';
  const { kind, name, for: serves, sees } = value as Readonly<Record<string, unknown>>;
  const kinds = Object.keys(functionOf);
  if (!kinds.includes(kind as string)) return `a plugin, whose kind is one of ${kinds.join(', ')}`;
  if (typeof name !== 'string' || name.trim() === '') return `a ${kind} with a name`;
  const method = functionOf[kind as Plugin['kind']];
  if (typeof (value as Readonly<Record<string, unknown>>)[method] !== 'function')
    return `a ${kind} with a function "${method}"`;
  if (kind === 'lp-pricing') {
    const { ofChosen, ofEntering, usesTau } = value as Readonly<Record<string, unknown>>;
    if (typeof ofChosen !== 'function' || typeof ofEntering !== 'function' || typeof usesTau !== 'boolean')
      return 'an lp-pricing with functions "ofChosen" and "ofEntering" and with usesTau true or false';
  }
  if (kind === 'heuristic' && serves !== 'program' && serves !== 'plan')
    return 'a heuristic whose "for" is "program" or "plan"';
  if (kind === 'separator' && sees !== 'program' && sees !== 'relaxation')
    return 'a separator whose "sees" is "program" or "relaxation"';
  return null;
}
