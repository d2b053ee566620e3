/**
 * The public face of proofs (`rolla/proof`): `writeProof` makes a `rolla-proof/1` of a result, `checkProof` holds it
 * against the instance by exact arithmetic alone (docs/proofs.md). Both run in browsers.
 */
export { type CheckedProof, checkProof } from './check/checkProof.ts';
export type { CheckOptions, RefusedProof, ShownClaims } from './check/claims.ts';
export { checkProgramProof, type ProgramProofData } from './check/programProof.ts';
export type { ProofData, ProofNode } from './check/proofFormat.ts';
export { vipr } from './write/vipr.ts';
export { ProofNotWritten, type WriteOptions, type WriteProgress } from './write/writeOptions.ts';
export { writeProgramProof, writeProgramProofAsync } from './write/writeProgramProof.ts';
export { writeProof, writeProofAsync } from './write/writeProof.ts';
