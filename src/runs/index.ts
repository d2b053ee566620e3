/** What sweeps and comparisons need of Node (`rolla/analysis/node`): journals in files and a pool of threads. */

export { type ComparisonJournal, openComparisonJournal } from './comparisonJournal.ts';
export { type ScenarioPool, startScenarioPool } from './scenarioPool.ts';
export { openSweepJournal, type SweepJournal } from './sweepJournal.ts';
