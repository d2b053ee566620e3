/** `rolla/worker`: solves in a worker thread of Node; browsers get `browser.ts` under this name. */
export type { WorkerControl, WorkerOptions } from './solveConversation.ts';
export { solveInWorker } from './solveInWorker.ts';
