/** The public face of the linear-programming room. */

export type { BasisFactorization } from './basis/basisFactorization.ts';
export { LpFileError, readLpFile, readLpModel } from './files/lpFileReader.ts';
export { writeLpFile } from './files/lpFileWriter.ts';
export { MpsError, type MpsForm, type MpsModel, readMps, readMpsModel } from './files/mpsReader.ts';
export { type MpsWriteOptions, writeMps } from './files/mpsWriter.ts';
export { type FileModel, ProgramFileError } from './files/programFile.ts';
export { readProgram } from './files/readProgram.ts';
export * from './linearProgram.ts';
export { type CheckedPoint, checkOptimality, type OptimalityViolations } from './optimalityCheck.ts';
export type { PrimalDualPoint } from './presolve/postsolve.ts';
export { type PresolveResult, presolve } from './presolve/presolve.ts';
export { type DualPricing, type DualPricingName, dualPricings } from './simplex/dualPricing.ts';
export { type SimplexOptions, SimplexSolver } from './simplex/simplexSolver.ts';
export * from './simplexTypes.ts';
export {
  type InfeasibleSolution,
  type LinearProgramSolution,
  type OptimalSolution,
  type PresolveSummary,
  type SolveLinearProgramOptions,
  solveLinearProgram,
  solveLinearProgramInSteps,
  type UnboundedSolution,
  type UnfinishedSolution,
} from './solveLinearProgram.ts';
