/**
 * The public face of rolla. `optimize` plans an instance and proves the plan; `verifyPlan` checks any plan
 * independently. Everything here runs in Node and in browsers: no Node built-in is imported.
 */

export { PluginError } from './bnb/plugins/plugin.ts';
export type { ProgressEvent, SearchStatus } from './bnb/progress.ts';
export { type ExplainOptions, type Explanation, explain, explainAsync } from './explain/index.ts';
export { type FamilyOptions, generateInstance } from './generator/generateInstance.ts';
export { generateReference, type ReferenceOptions } from './generator/generateReference.ts';
export { InputError, type InputIssue } from './input/inputError.ts';
export type { PlanCost } from './model/check/cost.ts';
export type { ConstraintCheck, Verification } from './model/check/verifier.ts';
export type {
  Instance,
  Matrix,
  Model,
  Pairing,
  Plan,
  PlannedDeployment,
  QueryType,
  Route,
  SwitchingCost,
  Tensor,
  Tier,
  UncertainTensor,
} from './model/instance.ts';
export type { Warning } from './model/lintInstance.ts';
export { type PlanningOptions, type PresetName, presets } from './model/options.ts';
export { parseInstance, validateInstance } from './model/validateInstance.ts';
export { validatePlan } from './model/validatePlan.ts';
export { type AlternativesOptions, planAlternatives, planAlternativesAsync } from './planner/alternatives.ts';
export type { Alternative, Alternatives } from './planner/alternativesResult.ts';
export { optimize, optimizeAsync, resumeSolve } from './planner/optimize.ts';
export { lintInstance, verifyPlan } from './planner/questions.ts';
export type { SearchSettings } from './planner/resolvedSolve.ts';
export { resolveOptions } from './planner/resolveSolve.ts';
export type { SavedSolve } from './planner/savedSolve.ts';
export { Solve } from './planner/solve.ts';
export type { PlanHeuristic, PlanningStrategy, RelaxationChoice, SolveOptions } from './planner/solveOptions.ts';
export type {
  IncumbentRecord,
  InfeasibleResult,
  LimitResult,
  LimitStatus,
  OptimalResult,
  SolveResult,
} from './planner/solveResult.ts';
export { version } from './version.ts';
