/**
 * The public face of proofs (`rolla/proof`): `writeProof` makes a `rolla-proof/1` of a result, `checkProof` holds it
 * against the instance by exact arithmetic alone (docs/proofs.md). Both run in browsers.
 */
export { type CheckedProof, checkProof } from './check/checkProof.ts';
export type { CheckOptions, RefusedProof, ShownClaims } from './check/claims.ts';
export { checkProgramProof, type ProgramProofData } from './check/programProof.ts';
export type { Proof, ProofNode } from './check/proofFormat.ts';
export { vipr } from './write/vipr.ts';
export { ProofNotWritten, type WriteOptions } from './write/writeOptions.ts';
export { writeProgramProof } from './write/writeProgramProof.ts';
export { type ProofData, writeProof } from './write/writeProof.ts';
