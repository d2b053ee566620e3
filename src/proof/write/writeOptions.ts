/** What the writers of proofs have in common. */

export interface WriteOptions {
  /** Relative gap that the proof is to show, or that of a result that a limit ended. At least, and by default, 1e-6. */
  readonly gap?: number;
  /** Nodes after which writing is given up. Default: no limit. */
  readonly nodeLimit?: number;
  readonly shouldStop?: () => boolean;
}

/** A proof that could not be written; nothing is said about the result. */
export class ProofNotWritten extends Error {
  override readonly name = 'ProofNotWritten';
}

/** The least gap that a proof is asked for. */
export const leastGap = 1e-6;
