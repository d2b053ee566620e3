/**
 * What `npm run fuzz` runs: fuzzers with names, each of which makes a case from a seed, solves it in every way that it
 * knows and says what is wrong with the answers. The same seed makes the same case.
 */

export interface FuzzOutcome {
  /** Solves that were judged. */
  readonly solves: number;
  /** One line for each wrong word; empty where all is well. */
  readonly faults: readonly string[];
  /** Answers for which no word was found (`numerical-trouble`). Default: 0. */
  readonly troubles?: number;
  /** Answers of another solver that differ from one of ours whose proof holds. Default: 0. */
  readonly otherSolverErrs?: number;
}

export interface Fuzzer {
  readonly name: string;
  run(seed: number): Promise<FuzzOutcome>;
}

/** Seconds of wall time that one solve of these sizes may take; what takes longer is a fault as well. */
export const patience = { seconds: 20 };
