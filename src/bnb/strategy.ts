/**
 * How a search goes about its work, as data: node selection, branching, and which helpers are on. A strategy changes
 * the way to the answer, never the answer; presets name the combinations that comparisons use.
 */

import { faultText, type OptionRule, refuseBroken } from './optionRules.ts';
import { defaultSearchParameters, isSearchParameters, type SearchParameters } from './parameters.ts';

/**
 * - `plunging`: best bound, but after branching the search stays with a child while its bound is not far from the best.
 * - `best-bound`: always the open node of least bound.
 * - `depth-first`: always the deepest open node; least memory.
 * - `best-estimate`: the open node whose estimated best solution is least, plunging as well.
 */
export type NodeSelection = 'plunging' | 'best-bound' | 'depth-first' | 'best-estimate';

/**
 * - `most-fractional`: the candidate nearest to one half.
 * - `pseudo-cost`: the largest product of the bound gains that its history predicts.
 * - `reliability`: pseudo-costs, with strong branching of the candidates whose history is short.
 * - `strong`: strong branching of the best candidates at every node.
 */
type BranchingRule = 'most-fractional' | 'pseudo-cost' | 'reliability' | 'strong';

/**
 * Which child is looked at first: `nearest` follows the relaxation's value, `up` and `down` are fixed, `estimate` takes
 * the child whose predicted bound is smaller.
 */
type ChildOrder = 'nearest' | 'up' | 'down' | 'estimate';

export interface SearchStrategy {
  readonly nodeSelection: NodeSelection;
  readonly branchingRule: BranchingRule;
  readonly childOrder: ChildOrder;
  /**
   * Order of the branching classes; null: that of the relaxation. Classes not named come last, in the relaxation's
   * order.
   */
  readonly classOrder: readonly string[] | null;
  /**
   * Whether sets of columns are branched on in halves (where the relaxation can); their classes come before those of
   * single columns.
   */
  readonly setBranching: boolean;
  /** Whether cut rounds run (where the relaxation has cuts). */
  readonly cuts: boolean;
  /** Whether the heuristics of the search and the rounding inside the relaxation run. */
  readonly heuristics: boolean;
  /** Whether bounds are propagated before each node's relaxation (where it offers that). */
  readonly propagation: boolean;
  /** Whether columns are fixed by reduced cost (where the relaxation offers that). */
  readonly reducedCostFixing: boolean;
  /**
   * Whether nodes are settled by going through all that their bound leaves (where the relaxation can, which needs
   * `reducedCostFixing`).
   */
  readonly enumeration: boolean;
  /** Branchings in each direction after which a candidate's pseudo-cost is trusted. */
  readonly reliability: number;
  /** Most candidates that are strongly branched at one node. */
  readonly strongCandidates: number;
  /** Simplex iterations for each strongly branched child. */
  readonly strongIterations: number;
  /** Tolerances and constants of the search. The door of plans does not offer them: a loose one could cost a proof. */
  readonly parameters: SearchParameters;
}

const defaultStrategy: SearchStrategy = {
  nodeSelection: 'plunging',
  branchingRule: 'reliability',
  childOrder: 'nearest',
  classOrder: null,
  setBranching: false,
  cuts: true,
  heuristics: true,
  propagation: true,
  reducedCostFixing: true,
  enumeration: true,
  reliability: 1,
  strongCandidates: 3,
  strongIterations: 25,
  parameters: defaultSearchParameters,
};

const plain: SearchStrategy = {
  ...defaultStrategy,
  branchingRule: 'pseudo-cost',
  cuts: false,
  heuristics: false,
  propagation: false,
  reducedCostFixing: false,
  enumeration: false,
};

/**
 * Named strategies. `plain` has no cuts, heuristics, propagation, fixing, enumeration or strong branching; `no-...` is
 * the default less one.
 */
export const strategyPresets = {
  default: defaultStrategy,
  plain,
  'cuts-only': { ...plain, cuts: true },
  'heuristics-only': { ...plain, heuristics: true },
  'no-cuts': { ...defaultStrategy, cuts: false },
  'no-heuristics': { ...defaultStrategy, heuristics: false },
  'no-propagation': { ...defaultStrategy, propagation: false },
  'no-fixing': { ...defaultStrategy, reducedCostFixing: false },
  'no-enumeration': { ...defaultStrategy, enumeration: false },
  'depth-first': { ...defaultStrategy, nodeSelection: 'depth-first' },
  'best-bound': { ...defaultStrategy, nodeSelection: 'best-bound' },
  'best-estimate': { ...defaultStrategy, nodeSelection: 'best-estimate' },
  'strong-branching': { ...defaultStrategy, branchingRule: 'strong' },
  'set-branching': { ...defaultStrategy, setBranching: true },
  'most-fractional': { ...defaultStrategy, branchingRule: 'most-fractional' },
  'pseudo-cost': { ...defaultStrategy, branchingRule: 'pseudo-cost' },
} as const satisfies Readonly<Record<string, SearchStrategy>>;

export type StrategyName = keyof typeof strategyPresets;

/** What each entry of a strategy may be. */
export const strategyChoices = {
  nodeSelection: ['plunging', 'best-bound', 'depth-first', 'best-estimate'],
  branchingRule: ['most-fractional', 'pseudo-cost', 'reliability', 'strong'],
  childOrder: ['nearest', 'up', 'down', 'estimate'],
} as const;
export const strategySwitches = [
  'setBranching',
  'cuts',
  'heuristics',
  'propagation',
  'reducedCostFixing',
  'enumeration',
] as const;
export const strategyCounts = ['reliability', 'strongCandidates', 'strongIterations'] as const;

const strategyRules: Readonly<Record<string, OptionRule>> = {
  ...Object.fromEntries(
    Object.entries(strategyChoices).map(([name, choices]: [string, readonly unknown[]]) => [
      name,
      { expected: `one of ${choices.join(', ')}`, accepts: (value: unknown) => choices.includes(value) },
    ]),
  ),
  ...Object.fromEntries(
    strategySwitches.map((name) => [
      name,
      { expected: 'true or false', accepts: (value: unknown) => typeof value === 'boolean' },
    ]),
  ),
  ...Object.fromEntries(
    strategyCounts.map((name) => [
      name,
      {
        expected: 'a whole number >= 0',
        accepts: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
      },
    ]),
  ),
  parameters: { expected: 'a complete record of search parameters', accepts: isSearchParameters },
  classOrder: {
    expected: 'a list of branching classes or null',
    accepts: (value) => value === null || (Array.isArray(value) && value.every((entry) => typeof entry === 'string')),
  },
};

/** A strategy as users give it: a preset's name, or changes to a preset (`base`, default `default`). */
export type StrategyInput = StrategyName | (Partial<SearchStrategy> & { readonly base?: StrategyName });

/**
 * Completes and checks a strategy.
 * @throws RangeError naming each entry, what was found and what was expected.
 */
export function resolveStrategy(input: StrategyInput = 'default'): SearchStrategy {
  if (typeof input === 'string') return presetNamed(input, 'strategy');
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new RangeError(faultText('strategy', input, 'the name of a preset or an object'));
  const { base = 'default', ...changes } = input;
  const known = Object.keys(defaultStrategy);
  const unknown = Object.keys(changes).filter((key) => !known.includes(key));
  const expected = `one of ${known.join(', ')}`;
  const strangers = unknown.map((key) => faultText(`strategy.${key}`, 'an unknown key', expected));
  refuseBroken(strategyRules, changes, 'strategy.', strangers);
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...presetNamed(base, 'strategy.base'), ...Object.fromEntries(given) };
}

function presetNamed(name: string, path: string): SearchStrategy {
  if (!Object.hasOwn(strategyPresets, name))
    throw new RangeError(faultText(path, name, `one of ${Object.keys(strategyPresets).join(', ')}`));
  return strategyPresets[name as StrategyName];
}
