/**
 * How a search goes about its work, as data: node selection, branching, and which helpers are on. A strategy changes
 * the way to the answer, never the answer; presets name the combinations that comparisons use.
 */

import { type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { checkedOptions, isPlainObject, numberRule, type OptionRules, rule, switchRule } from '../input/optionRules.ts';
import { type DualPricing, type DualPricingName, dualPricings } from '../lp/simplex/dualPricing.ts';
import {
  changesOf,
  type ParameterChanges,
  type ParameterFault,
  type ParameterRoom,
  parameterFaults,
  withChanges,
} from './parameterPaths.ts';
import {
  defaultSearchParameters,
  isSearchParameters,
  type SearchParameters,
  searchParameterRoom,
} from './parameters.ts';
import { branchingRules } from './plugins/branchingRules.ts';
import { nodeOrders } from './plugins/nodeOrders.ts';
import { ownPlugins } from './plugins/ours/index.ts';
import { type BranchingRule, faultOfPlugin, type NodeOrder, nameOf, type Plugin } from './plugins/plugin.ts';

/**
 * - `plunging`: best bound, but after branching the search stays with a child while its bound is not far from the best.
 * - `best-bound`: always the open node of least bound.
 * - `depth-first`: always the deepest open node; least memory.
 * - `best-estimate`: the open node whose estimated best solution is least, plunging as well.
 */
export type NodeSelectionName = keyof typeof nodeOrders;

/**
 * - `most-fractional`: the candidate nearest to one half.
 * - `pseudo-cost`: the largest product of the bound gains that its history predicts.
 * - `reliability`: pseudo-costs, with strong branching of the candidates whose history is short.
 * - `strong`: strong branching of the best candidates at every node.
 * - `cutoff-history`: pseudo-costs, times how often the branching closed a child at once.
 * - `inference-history`: pseudo-costs, times how many bounds propagation tightened below the branching.
 */
export type BranchingRuleName = keyof typeof branchingRules;

/**
 * Which child is looked at first: `nearest` follows the relaxation's value, `up` and `down` are fixed, `estimate` takes
 * the child whose predicted bound is smaller.
 */
type ChildOrder = 'nearest' | 'up' | 'down' | 'estimate';

export interface SearchStrategy {
  /** Name of one of ours, or of a node order among the plugins. */
  readonly nodeSelection: string;
  /** Name of one of ours, or of a branching rule among the plugins. */
  readonly branchingRule: string;
  /** Name of one of ours, or of a pricing rule among the plugins; of the linear programs of nodes. */
  readonly lpPricing: string;
  /**
   * A user's own parts, and those of ours that are no part of any preset. A branching rule or node order takes the
   * place of ours; separators and heuristics run beside ours, and alone where `cuts` or `heuristics` are off.
   */
  readonly plugins: readonly Plugin[];
  /** Whether each cut is held against every solution that is known by then (a debug mode: it costs time). */
  readonly checkCuts: boolean;
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
  /** Whether a dynamic program settles the root where the problem is small enough (where the relaxation has one). */
  readonly dynamicProgram: boolean;
  /** Branchings in each direction after which a candidate's pseudo-cost is trusted. */
  readonly reliability: number;
  /** Most candidates that are strongly branched at one node. */
  readonly strongCandidates: number;
  /** Simplex iterations for each strongly branched child. */
  readonly strongIterations: number;
  /** Tolerances and constants of the search. */
  readonly parameters: SearchParameters;
}

const defaultStrategy: SearchStrategy = {
  nodeSelection: 'plunging',
  branchingRule: 'reliability',
  lpPricing: 'steepest-edge',
  childOrder: 'nearest',
  classOrder: null,
  setBranching: false,
  cuts: true,
  heuristics: true,
  propagation: true,
  reducedCostFixing: true,
  enumeration: true,
  dynamicProgram: true,
  reliability: 1,
  strongCandidates: 3,
  strongIterations: 25,
  plugins: [],
  checkCuts: false,
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
  dynamicProgram: false,
};

/**
 * Named strategies. `plain` has no cuts, heuristics, propagation, fixing, enumeration, dynamic program or strong
 * branching; `no-...` is the default less one.
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
  'no-dynamic-program': { ...defaultStrategy, dynamicProgram: false },
  'depth-first': { ...defaultStrategy, nodeSelection: 'depth-first' },
  'best-bound': { ...defaultStrategy, nodeSelection: 'best-bound' },
  'best-estimate': { ...defaultStrategy, nodeSelection: 'best-estimate' },
  'strong-branching': { ...defaultStrategy, branchingRule: 'strong' },
  'set-branching': { ...defaultStrategy, setBranching: true },
  'most-fractional': { ...defaultStrategy, branchingRule: 'most-fractional' },
  'pseudo-cost': { ...defaultStrategy, branchingRule: 'pseudo-cost' },
  'cutoff-history': { ...defaultStrategy, branchingRule: 'cutoff-history' },
  'inference-history': { ...defaultStrategy, branchingRule: 'inference-history' },
} as const satisfies Readonly<Record<string, SearchStrategy>>;

export type StrategyName = keyof typeof strategyPresets;

const isPresetName = (value: unknown): value is StrategyName =>
  typeof value === 'string' && Object.hasOwn(strategyPresets, value);
const oneOf = (names: readonly string[]) => `one of ${names.join(', ')}`;
const presetNames = oneOf(Object.keys(strategyPresets));

/** What each entry of a strategy may be. */
export const strategyChoices = {
  nodeSelection: Object.keys(nodeOrders) as NodeSelectionName[],
  branchingRule: Object.keys(branchingRules) as BranchingRuleName[],
  lpPricing: Object.keys(dualPricings) as DualPricingName[],
  childOrder: ['nearest', 'up', 'down', 'estimate'],
} as const;
export const strategySwitches = [
  'setBranching',
  'cuts',
  'heuristics',
  'propagation',
  'reducedCostFixing',
  'enumeration',
  'dynamicProgram',
  'checkCuts',
] as const;
export const strategyCounts = ['reliability', 'strongCandidates', 'strongIterations'] as const;

/** Any value: plugins, what they name and numbers are looked at together. */
const looked = rule('', () => true);
const presetName = rule(presetNames, isPresetName);

const strategyRules: OptionRules = {
  base: presetName,
  nodeSelection: looked,
  branchingRule: looked,
  lpPricing: looked,
  plugins: looked,
  parameters: looked,
  ...Object.fromEntries(strategySwitches.map((name) => [name, switchRule])),
  childOrder: rule(oneOf(strategyChoices.childOrder), (value) => strategyChoices.childOrder.includes(value as never)),
  ...Object.fromEntries(
    strategyCounts.map((name) => [
      name,
      numberRule('a whole number >= 0', (value) => Number.isSafeInteger(value) && value >= 0),
    ]),
  ),
  classOrder: rule(
    'a list of branching classes or null',
    (value) => value === null || (Array.isArray(value) && value.every((entry) => typeof entry === 'string')),
  ),
};

/** A strategy as users give it: a preset's name, or changes to a preset (`base`, default `default`). */
export type StrategyInput = StrategyName | StrategyChanges;

export interface StrategyChanges
  extends Partial<Omit<SearchStrategy, 'nodeSelection' | 'branchingRule' | 'lpPricing' | 'plugins' | 'parameters'>> {
  readonly base?: StrategyName;
  /** A name, or a node order of one's own. Default: that among the plugins, or the preset's. */
  readonly nodeSelection?: NodeSelectionName | NodeOrder | (string & {});
  /** A name, or a branching rule of one's own. Default: that among the plugins, or the preset's. */
  readonly branchingRule?: BranchingRuleName | BranchingRule | (string & {});
  /** A name, or a pricing rule of one's own. Default: that among the plugins, or the preset's. */
  readonly lpPricing?: DualPricingName | DualPricing | (string & {});
  /** Objects, and names of ours (`ownPlugins`). */
  readonly plugins?: readonly (Plugin | string)[];
  /** Numbers by path, such as `{ 'search.branching.lookahead': 8 }`; or a whole record. */
  readonly parameters?: ParameterChanges | SearchParameters;
}

/**
 * Completes and checks a strategy; `named` are the plugins that it may take by name. Throws InputError with every entry
 * that is wrong.
 */
export function resolveStrategy(
  input: StrategyInput = 'default',
  named: readonly Plugin[] = ownPlugins,
): SearchStrategy {
  refuse(strategyIssues(input, named, [searchParameterRoom]));
  if (isPresetName(input)) return strategyPresets[input];
  const registered = registeredPlugins(input, named);
  const { base = 'default', parameters, ...others } = given(input);
  const ofRecord = parameters !== undefined && isSearchParameters(parameters);
  const preset: SearchStrategy = strategyPresets[base];
  return {
    ...preset,
    ...others,
    nodeSelection: registered.nodeSelection ?? preset.nodeSelection,
    branchingRule: registered.branchingRule ?? preset.branchingRule,
    lpPricing: registered.lpPricing ?? preset.lpPricing,
    plugins: registered.plugins,
    parameters: ofRecord
      ? (parameters as SearchParameters)
      : withChanges(searchParameterRoom, (parameters ?? {}) as ParameterChanges),
  };
}

/** The entries that are given: what is undefined is not. */
function given(changes: StrategyChanges): StrategyChanges {
  return checkedOptions(changes, strategyRules).sound;
}

/** Everything that is wrong with a strategy: its name, entries, plugins, and the numbers of the rooms. */
export function strategyIssues(
  input: unknown,
  named: readonly Plugin[],
  rooms: readonly ParameterRoom[],
): InputIssue[] {
  if (isPresetName(input)) return [];
  if (!isPlainObject(input))
    return [{ path: 'strategy', value: showValue(input), expected: `${presetNames}, or an object of changes to one` }];
  const { issues, sound } = checkedOptions(input, strategyRules, 'strategy', 'strategy.');
  const { parameters } = sound as StrategyChanges;
  const isRecord = parameters === undefined || isSearchParameters(parameters);
  return [
    ...issues,
    ...registeredPlugins(sound, named).faults.map((each) => issueOf(each, 'strategy')),
    ...(isRecord ? [] : parameterFaults(rooms, parameters)).map((each) => issueOf(each, 'strategy.parameters')),
  ];
}

/** What is wrong with an entry of a record at `prefix`, or with the record itself. */
function issueOf({ path, found, expected }: ParameterFault, prefix: string): InputIssue {
  return { path: path === '' ? prefix : `${prefix}.${path}`, value: showValue(found), expected };
}

/** What a strategy says of plugins, put in order: the list, and the names that are meant by it. */
interface RegisteredPlugins {
  readonly plugins: readonly Plugin[];
  readonly nodeSelection: string | null;
  readonly branchingRule: string | null;
  readonly lpPricing: string | null;
  readonly faults: readonly ParameterFault[];
}

function registeredPlugins(
  given: Pick<StrategyChanges, 'plugins' | 'nodeSelection' | 'branchingRule' | 'lpPricing'>,
  named: readonly Plugin[],
): RegisteredPlugins {
  const faults: ParameterFault[] = [];
  const plugins: Plugin[] = [];
  const names = named.map(({ name }) => name);
  const register = (value: unknown, path: string): value is Plugin => {
    const plugin = typeof value === 'string' ? named.find(({ name }) => name === value) : value;
    if (plugin === undefined) {
      faults.push({ path, found: value, expected: `a plugin, or a name out of ${names.join(', ')}` });
      return false;
    }
    const fault = faultOfPlugin(plugin);
    const { kind, name } = (plugin ?? {}) as Plugin;
    const isOurs =
      (kind === 'branching-rule' && Object.hasOwn(branchingRules, name)) ||
      (kind === 'node-order' && Object.hasOwn(nodeOrders, name)) ||
      (kind === 'lp-pricing' && Object.hasOwn(dualPricings, name)) ||
      (names.includes(name) && !named.includes(plugin as Plugin));
    const isTaken = isOurs || plugins.some((other) => other !== plugin && other.kind === kind && other.name === name);
    if (fault === null && !isTaken) {
      if (!plugins.includes(plugin as Plugin)) plugins.push(plugin as Plugin);
      return true;
    }
    const found = typeof plugin === 'object' && plugin !== null && fault === null ? nameOf(plugin as Plugin) : plugin;
    faults.push({ path, found, expected: fault ?? 'a name that no other has' });
    return false;
  };
  if (Array.isArray(given.plugins))
    for (const [at, plugin] of given.plugins.entries()) register(plugin, `plugins[${at}]`);
  else if (given.plugins !== undefined)
    faults.push({ path: 'plugins', found: given.plugins, expected: 'a list of plugins' });

  const chosen = (option: 'nodeSelection' | 'branchingRule' | 'lpPricing', kind: Plugin['kind']): string | null => {
    const value: unknown = given[option];
    const own = plugins.filter((plugin) => plugin.kind === kind).map(({ name }) => name);
    if (value === undefined) {
      if (own.length > 1)
        faults.push({ path: 'plugins', found: own, expected: `one ${kind} only, or ${option} to say which` });
      return own[0] ?? null;
    }
    if (typeof value === 'string' && [...strategyChoices[option], ...own].includes(value as never)) return value;
    const plugin = typeof value === 'function' ? asPlugin(value as (...args: never) => unknown, option) : value;
    if (typeof plugin === 'object' && plugin !== null && (plugin as Plugin).kind === kind)
      return register(plugin, option) ? plugin.name : null;
    faults.push({
      path: option,
      found: value,
      expected: `one of ${[...strategyChoices[option], ...own].join(', ')}, or a ${kind} of your own`,
    });
    return null;
  };
  const nodeSelection = chosen('nodeSelection', 'node-order');
  const branchingRule = chosen('branchingRule', 'branching-rule');
  const lpPricing = chosen('lpPricing', 'lp-pricing');
  return { plugins, nodeSelection, branchingRule, lpPricing, faults };
}

/** A function with a name stands for the plugin that it makes. */
function asPlugin(act: (...args: never) => unknown, option: 'nodeSelection' | 'branchingRule' | 'lpPricing'): unknown {
  if (option === 'lpPricing') return act;
  return option === 'branchingRule'
    ? { kind: 'branching-rule', name: act.name, choose: act }
    : { kind: 'node-order', name: act.name, compare: act };
}

/** A strategy as plain data: plugins by kind and name. */
export function plainStrategy(strategy: SearchStrategy): SearchStrategy {
  const plugins = strategy.plugins.map(({ kind, name }) => ({ kind, name })) as unknown as readonly Plugin[];
  return { ...strategy, plugins };
}

/** A saved strategy with its plugins, taken from among `offered`; `absent` names those that are not there. */
export function withPlugins(
  saved: SearchStrategy,
  offered: readonly Plugin[],
): { readonly strategy: SearchStrategy; readonly absent: readonly string[] } {
  const found = saved.plugins.map((wanted) => ({
    wanted,
    plugin: offered.find(({ kind, name }) => kind === wanted.kind && name === wanted.name),
  }));
  return {
    strategy: { ...saved, plugins: found.flatMap(({ plugin }) => plugin ?? []) },
    absent: found.flatMap(({ wanted, plugin }) => (plugin === undefined ? [nameOf(wanted)] : [])),
  };
}

/** What of a strategy's numbers differs from the defaults, by path. */
export function parameterChangesOf({ parameters }: SearchStrategy): ParameterChanges {
  return changesOf(searchParameterRoom, parameters);
}
