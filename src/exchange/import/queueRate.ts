/**
 * The largest rate of a replica that batches, as inferno and llm-d plan it: a queue with one server whose rate depends
 * on the n <= N queries in service, mu(n) = n / (prefill(n) + (out - 1) token(n)), prefill(n) = gamma + delta in n and
 * token(n) = alpha + beta n in ms, so that the time to the first token, waiting included, and the time of a further
 * token keep their limits.
 */

export interface BatchingReplica {
  /** ms of a token, whatever the batch. */
  readonly alpha: number;
  /** ms of a token for each query of the batch. */
  readonly beta: number;
  /** ms of a prefill, whatever the batch. */
  readonly gamma: number;
  /** ms of a prefill for each input token of each query of the batch. */
  readonly delta: number;
  /** N, queries in service at most. */
  readonly largestBatch: number;
}

export interface BatchedQuery {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** ms; infinite without a limit. */
  readonly ttft: number;
  readonly tpot: number;
}

export interface OperatingPoint {
  /** Queries per second. */
  readonly rate: number;
  /** ms, means. */
  readonly ttft: number;
  readonly tpot: number;
}

/** The queue is not driven nearer to its saturation than this share. */
const leastSpareShare = 1e-3;
/** Halvings of the interval of rates: its width is beyond doubles then. */
const halvings = 60;

/** Null where not even a query alone keeps the limits. */
export function largestRate(replica: BatchingReplica, query: BatchedQuery): OperatingPoint | null {
  const keeps = ({ ttft, tpot }: OperatingPoint) => ttft <= query.ttft && tpot <= query.tpot;
  const most = (1 - leastSpareShare) * serviceRate(replica, query, replica.largestBatch);
  const atMost = pointAt(replica, query, most);
  if (keeps(atMost)) return atMost;
  let best: OperatingPoint | null = null;
  let [low, high] = [0, most];
  for (let halving = 0; halving < halvings; halving++) {
    const rate = (low + high) / 2;
    const point = pointAt(replica, query, rate);
    if (keeps(point)) {
      best = point;
      low = rate;
    } else high = rate;
  }
  // A rate of nothing but rounding is none.
  return best !== null && best.rate > most / 1e9 ? best : null;
}

/** mu(n), queries per ms. */
function serviceRate({ alpha, beta, gamma, delta }: BatchingReplica, query: BatchedQuery, n: number): number {
  const prefill = gamma + delta * query.inputTokens * n;
  return n / (prefill + (query.outputTokens - 1) * (alpha + beta * n));
}

/** Means of the queue at a rate in queries per ms below saturation, from the probabilities of its states. */
function pointAt(replica: BatchingReplica, query: BatchedQuery, rate: number): OperatingPoint {
  const { alpha, beta, gamma, delta, largestBatch } = replica;
  // Logarithms of the states' weights: their products leave the range of doubles.
  const logWeights = [0];
  for (let n = 1; n <= largestBatch; n++) {
    logWeights.push(logWeights[n - 1] + Math.log(rate / serviceRate(replica, query, n)));
  }
  const highest = logWeights.reduce((most, value) => Math.max(most, value));
  const load = rate / serviceRate(replica, query, largestBatch);
  let all = 0;
  let inService = 0;
  for (let n = 0; n <= largestBatch; n++) {
    const weight = Math.exp(logWeights[n] - highest);
    all += weight;
    inService += n * weight;
  }
  // States with a queue go on as a geometric series.
  const full = Math.exp(logWeights[largestBatch] - highest);
  const beyond = (full * load) / (1 - load);
  const waiting = beyond / (1 - load);
  all += beyond;
  inService += largestBatch * beyond;
  const wait = waiting / all / rate;
  const service = inService / all / rate;
  // The batch at which a query takes the mean time of service.
  const furtherTokens = query.outputTokens - 1;
  const perQuery = delta * query.inputTokens + beta * furtherTokens;
  const batch = perQuery === 0 ? largestBatch : (service - gamma - alpha * furtherTokens) / perQuery;
  const meanBatch = Math.min(Math.max(batch, 0), largestBatch);
  return {
    rate: rate * 1000,
    ttft: wait + gamma + delta * query.inputTokens * meanBatch,
    tpot: alpha + beta * meanBatch,
  };
}
