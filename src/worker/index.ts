/** `rolla/worker`: solves in a worker thread of Node, and threads that help a solve. */
export { solveInWorker, type WorkerControl, type WorkerOptions } from './solveInWorker.ts';
export { startThreadTeam, type ThreadTeam } from './threadTeam.ts';
