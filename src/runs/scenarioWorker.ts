/** The thread side of `scenarioPool.ts`. */
export { solveScenario as default } from '../analysis/scenario.ts';
