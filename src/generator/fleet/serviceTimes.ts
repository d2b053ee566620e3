/** Service and latency times of one replica, as profiles have them. */

export interface ServiceTimes {
  /** a: seconds of a replica for an input token. */
  readonly secondsPerInputToken: number;
  /** b: seconds of a replica for an output token. */
  readonly secondsPerOutputToken: number;
  /** c: seconds of a replica for an output token and a token of context before it. */
  readonly secondsPerContextToken: number;
}

/** What one query waits, ms. */
export interface LatencyTimes {
  /** ms before the first token of a query without input. */
  readonly firstToken: number;
  /** ms that each input token adds to the first token. */
  readonly perInputToken: number;
  /** ms for each output token after the first. */
  readonly perOutputToken: number;
  /** By which share the worst case is longer. Default 0. */
  readonly deviation?: number;
}

/** s, seconds of a replica for a query of h input and f output tokens. */
export function secondsPerQuery(times: ServiceTimes, inputTokens: number, outputTokens: number): number {
  return (
    times.secondsPerInputToken * inputTokens +
    times.secondsPerOutputToken * outputTokens +
    times.secondsPerContextToken * outputTokens * (inputTokens + outputTokens / 2)
  );
}
