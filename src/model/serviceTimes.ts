/**
 * What a profile says of one query type on one replica: service time and latency (specification 1). Measured values go
 * before the formula.
 */
import type { Instance, Measurement, Profile, QueryType } from './instance.ts';

const millisecondsPerHour = 3.6e6;

/** Latency of one query, nominal, in ms; null where the profile does not tell. */
export interface QueryLatency {
  readonly ttft: number | null;
  readonly tpot: number | null;
  /** ttft + tpot max(0, f - 1). */
  readonly total: number | null;
  /** Largest deviation of each of them, as a share of it. */
  readonly deviation: number;
}

/** Whether the records speak of latency, so that it takes the place of delays. */
export function profilesTellLatency({ profiles = [] }: Instance): boolean {
  return profiles.some(
    ({ latency, measured = [] }) =>
      latency !== undefined || measured.some(({ ttft, tpot }) => ttft !== undefined || tpot !== undefined),
  );
}

/** s_i,d: seconds of one replica that a query takes; null where it cannot be placed. */
export function secondsPerQuery(profile: Profile, query: QueryType): number | null {
  const measured = measurementOf(profile, query);
  if (measured !== undefined) return measured.queriesPerHour > 0 ? 3600 / measured.queriesPerHour : null;
  const { secondsPerInputToken, secondsPerOutputToken, secondsPerContextToken } = profile;
  if (secondsPerInputToken === undefined || secondsPerOutputToken === undefined || secondsPerContextToken === undefined)
    return null;
  const { inputTokens: h, outputTokens: f } = query;
  return (
    secondsPerInputToken * freshInputTokens(query) +
    secondsPerOutputToken * f +
    secondsPerContextToken * f * (h + f / 2)
  );
}

export function latencyOf(profile: Profile, query: QueryType): QueryLatency {
  const { latency } = profile;
  const measured = measurementOf(profile, query);
  const byFormula = latency === undefined ? null : latency.firstToken + latency.perInputToken * freshInputTokens(query);
  const ttft = measured?.ttft ?? byFormula;
  const tpot = measured?.tpot ?? latency?.perOutputToken ?? null;
  const furtherTokens = Math.max(0, query.outputTokens - 1);
  const decode = furtherTokens === 0 ? 0 : tpot === null ? null : tpot * furtherTokens;
  const total = ttft === null || decode === null ? null : ttft + decode;
  return { ttft, tpot, total, deviation: latency?.deviation ?? 0 };
}

/** Hours that a query of this latency keeps its cache in memory. */
export function residencyOfLatency(milliseconds: number): number {
  return milliseconds / millisecondsPerHour;
}

function measurementOf({ measured }: Profile, { name }: QueryType): Measurement | undefined {
  return measured?.find(({ queryType }) => queryType === name);
}

/** h (1 - cachedShare): input tokens that are not in a prefix cache. */
function freshInputTokens({ inputTokens, cachedShare = 0 }: QueryType): number {
  return inputTokens * (1 - cachedShare);
}
