/** `rolla/worker`: solves in a worker thread of Node. */
export { solveInWorker, type WorkerControl } from './solveInWorker.ts';
