/** The public face of the general mixed-integer solver (`rolla/mip`). */

export { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../lp/linearProgram.ts';
export type { ProgramSeparationContext, ProgramSeparator } from './cuts/separator.ts';
export { InvalidCutError } from './linear/cutCheck.ts';
export {
  type BranchingRule,
  type NodeOrder,
  type Plugin,
  PluginError,
  type ProgramHeuristic,
  type ProgramHeuristicState,
} from './plugins/plugin.ts';
export type { ProgressEvent } from './progress.ts';
export {
  type MixedIntegerOptions,
  type MixedIntegerResult,
  solveMixedIntegerProgram,
  solveMixedIntegerProgramAsync,
} from './solveMixedIntegerProgram.ts';
export {
  type SearchStrategy,
  type StrategyInput,
  type StrategyName,
  strategyPresets,
} from './strategy.ts';
