/** The public face of the linear-programming room. */
export * from './linearProgram.ts';
export { writeLpFile } from './lpFileWriter.ts';
export { MpsError, type MpsForm, type MpsModel, readMps, readMpsModel } from './mpsReader.ts';
export { type MpsWriteOptions, writeMps } from './mpsWriter.ts';
export { type CheckedPoint, checkOptimality, type OptimalityViolations } from './optimalityCheck.ts';
export type { PrimalDualPoint } from './postsolve.ts';
export { type PresolveResult, presolve } from './presolve.ts';
export { type SimplexOptions, SimplexSolver } from './simplexSolver.ts';
export * from './simplexTypes.ts';
export {
  type LinearProgramSolution,
  type PresolveSummary,
  type SolveLinearProgramOptions,
  solveLinearProgram,
} from './solveLinearProgram.ts';
