/**
 * The public face of proofs (`rolla/proof`): `writeProof` makes a `rolla-proof/1` of a result, `checkProof` holds it
 * against the instance by exact arithmetic alone (docs/proofs.md). Both run in browsers.
 */
export { type CheckedProof, type CheckOptions, checkProof, type RefusedProof } from './check/checkProof.ts';
export type { Proof, ProofNode } from './check/proofFormat.ts';
export { type ProofData, ProofNotWritten, type WriteOptions, writeProof } from './write/writeProof.ts';
