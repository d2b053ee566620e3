/** What sweeps need of Node (`rolla/analysis/node`): a journal in a file and a pool of threads. */
export { openSweepJournal, type SweepJournal } from './sweepJournal.ts';
export { type SweepPool, startSweepPool } from './sweepPool.ts';
