/** What the writers of proofs have in common. */

import type { StopSignal } from '../../planner/solveOptions.ts';
import { deepestProof, isDeeper } from '../check/proofFormat.ts';

export interface WriteOptions {
  /** Relative gap that the proof is to show, or that of a result that a limit ended. At least, and by default, 1e-6. */
  readonly gap?: number;
  /** Nodes after which writing is given up. Default: no limit. */
  readonly nodeLimit?: number;
  /** Aborted, it ends the writing: ProofNotWritten, and half a proof is none. */
  readonly signal?: StopSignal;
  /** Told of the tree after each leaf. */
  readonly onProgress?: (progress: WriteProgress) => void;
}

/** How far a tree is written. */
export interface WriteProgress {
  readonly leaves: number;
  /** Nodes that wait. */
  readonly open: number;
  /** The share of the tree that is done, if every split halves what is left: from 0 to 1. */
  readonly done: number;
}

/** A proof that could not be written; nothing is said about the result. */
export class ProofNotWritten extends Error {
  override readonly name = 'ProofNotWritten';
}

/** The proof, if it is not deeper than one may be. */
export function readableProof<T>(proof: T): T {
  if (isDeeper(proof, deepestProof)) throw new ProofNotWritten('its tree has more levels than a proof may have');
  return proof;
}

/** The least gap that a proof is asked for. */
export const leastGap = 1e-6;
