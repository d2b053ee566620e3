/** The public face of the linear-programming room. */
export * from './linearProgram.ts';
export { type SimplexOptions, SimplexSolver } from './simplexSolver.ts';
export * from './simplexTypes.ts';
