/** `rolla/worker` in browsers: solves in a worker of the page. */
export type { WorkerControl, WorkerOptions } from './solveConversation.ts';
export { type BrowserWorkerControl, solveInWorker } from './solveInBrowserWorker.ts';
export type { BrowserWorker } from './solveInGivenWorker.ts';
