/**
 * The public face of the analyses (`rolla/analysis`; Node only): sensitivity grids, price of robustness, stress of a
 * plan.
 */
export { type Factor, type FactorValue, factors, findFactor } from './factors.ts';
export { cellValues, type Grid, type GridAxis, gridSize, parseVary, publishedGrids } from './grids.ts';
export { type PriceOfRobustnessOptions, priceOfRobustness, type RobustnessPoint } from './priceOfRobustness.ts';
export { type DrawDistribution, drawDistributions, type StressReport, stressPlan } from './stress.ts';
export { runSweep, type Sweep, type SweepRecord, type SweepRun } from './sweep.ts';
export { openSweepJournal, type SweepJournal } from './sweepJournal.ts';
export { type SweepPool, startSweepPool } from './sweepPool.ts';
export { type SweepRow, sweepColumns } from './sweepRow.ts';
