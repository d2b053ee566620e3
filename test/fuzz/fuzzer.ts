/**
 * What `npm run fuzz` runs: fuzzers with names, each of which makes a case from a seed, solves it in every way that it
 * knows and says what is wrong with the answers. The same seed makes the same case.
 */

export interface FuzzOutcome {
  /** Solves that were judged. */
  readonly solves: number;
  /** One line for each wrong word; empty where all is well. */
  readonly faults: readonly string[];
}

export interface Fuzzer {
  readonly name: string;
  run(seed: number): Promise<FuzzOutcome>;
}
