/**
 * The public face of the analyses (`rolla/analysis`): sensitivity grids, price of robustness, stress of a plan. Runs in
 * Node and in browsers; journals and the threads of sweeps are `rolla/analysis/node` (src/runs).
 */
export {
  type Comparison,
  type ComparisonRun,
  compareRuns,
  type PairedResult,
  type StrategySummary,
} from './comparison/comparison.ts';
export {
  type ComparedInstance,
  type ComparedStrategy,
  type ComparisonPlan,
  runComparison,
} from './comparison/runComparison.ts';
export { type Factor, type FactorValue, factors, findFactor } from './factors.ts';
export {
  type Frontier,
  type FrontierOptions,
  type FrontierPoint,
  frontier,
  frontierAsync,
  gpuFrontier,
  gpuFrontierAsync,
} from './frontier.ts';
export { cellValues, type Grid, type GridAxis, gridSize, parseVary, publishedGrids } from './grids.ts';
export { type DeploymentChange, diffPlans, type PlanDiff, type RouteChange, type TierUse } from './planDiff.ts';
export {
  type PriceOfRobustnessOptions,
  priceOfRobustness,
  priceOfRobustnessAsync,
  type RobustnessPoint,
} from './priceOfRobustness.ts';
export {
  type DemandWindow,
  type RolledFleet,
  type RolledWindow,
  type RollOptions,
  rollWindows,
} from './rollingWindows.ts';
export { type DrawDistribution, drawDistributions, type StressReport, stressPlan } from './stress.ts';
export { runSweep, type Sweep, type SweepRecord, type SweepRun } from './sweep.ts';
export { type SweepRow, sweepColumns } from './sweepRow.ts';
