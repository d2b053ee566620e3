/**
 * `rolla/bnb`: the tree search and what it is made of, for whoever writes a part of it: relaxations, branching rules,
 * node orders, separators, heuristics (docs/plugins.md).
 */
export type { CutSeparator, ProgramSeparationContext, ProgramSeparator, SeparationContext } from './cuts/separator.ts';
export { InvalidCutError } from './linear/cutCheck.ts';
export type { ParameterChanges } from './parameterPaths.ts';
export { branchingRules } from './plugins/branchingRules.ts';
export { loadPlugins, PluginModuleError } from './plugins/loadPlugins.ts';
export { nodeOrders } from './plugins/nodeOrders.ts';
export {
  type BranchingContext,
  type BranchingRule,
  type NodeFacts,
  type NodeOrder,
  type PlanHeuristic,
  type Plugin,
  PluginError,
  type ProgramHeuristic,
  type ProgramHeuristicState,
} from './plugins/plugin.ts';
export type {
  BranchingCandidate,
  ChildKnowledge,
  Heuristic,
  IncumbentDoor,
  NodeOutcome,
  NodeRequest,
  ProbeOutcome,
  Relaxation,
} from './relaxation.ts';
export { restoreSearch, type SavedSearch, saveSearch } from './savedSearch.ts';
export type { SearchLimits, SearchOptions, SearchResult } from './searchTypes.ts';
export { type SearchStrategy, type StrategyChanges, type StrategyInput, strategyPresets } from './strategy.ts';
export { TreeSearch } from './treeSearch.ts';
