/**
 * The public face of rolla. `optimize` plans an instance and proves the plan; `verifyPlan` checks any plan independently. Everything here
 * runs in Node and in browsers: no Node built-in is imported.
 */

export type { ProgressEvent, SearchStatus } from './bnb/progress.ts';
export { type FamilyOptions, generateInstance } from './generator/generateInstance.ts';
export { generateReference, type ReferenceOptions } from './generator/generateReference.ts';
export { type ExplainOptions, type Explanation, explain } from './model/explain/index.ts';
export { InputError, type InputIssue } from './model/inputError.ts';
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
export { lintInstance, type Warning } from './model/lintInstance.ts';
export { optimize, optimizeAsync, resumeSolve } from './model/optimize.ts';
export { type PlanningOptions, type PresetName, presets } from './model/options.ts';
export type { SavedSolve, SearchSettings } from './model/savedSolve.ts';
export { Solve } from './model/solve.ts';
export type { RelaxationChoice, SolveOptions } from './model/solveOptions.ts';
export type {
  IncumbentRecord,
  InfeasibleResult,
  LimitResult,
  LimitStatus,
  OptimalResult,
  PlanCost,
  SolveResult,
} from './model/solveResult.ts';
export { parseInstance, validateInstance } from './model/validateInstance.ts';
export { resolveOptions } from './model/validateOptions.ts';
export { validatePlan } from './model/validatePlan.ts';
export { type ConstraintCheck, type Verification, verifyPlan } from './model/verifier.ts';
export { version } from './version.ts';
