/** What sweeps need of Node (`rolla/analysis/node`): a journal in a file and a pool of threads. */

export { type ScenarioPool, startScenarioPool } from './scenarioPool.ts';
export { openSweepJournal, type SweepJournal } from './sweepJournal.ts';
