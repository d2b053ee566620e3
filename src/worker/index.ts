/**
 * `rolla/worker`: solves in a worker thread of Node, and threads that help a solve; browsers get `browser.ts` under
 * this name.
 */
export type { WorkerControl, WorkerOptions } from './solveConversation.ts';
export { solveInWorker } from './solveInWorker.ts';
export { startThreadTeam, type ThreadTeam } from './threadTeam.ts';
