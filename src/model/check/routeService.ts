/**
 * What the profile of a rented deployment says of a query type that is placed there, for the verifier: written apart
 * from `serviceTimes.ts` on purpose, so that the two test each other.
 */
import type { Instance, Profile } from '../instance.ts';
import type { ResolvedRoute } from './resolvedPlan.ts';

export interface RouteService {
  /** Replicas that serving all of the query type keeps busy; null where it cannot be placed. */
  readonly busyReplicas: number | null;
  /** Nominal ms of one query; null where the profile does not tell. */
  readonly ttft: number | null;
  readonly tpot: number | null;
  readonly latency: number | null;
  /** Largest deviation as a share of each. */
  readonly deviation: number;
}

/** The record of a deployment, if there is one. */
export function profileOf(
  { profiles = [], models, tiers }: Instance,
  { model, tier, tpDegree, pipelineDegree }: { model: number; tier: number; tpDegree: number; pipelineDegree: number },
): Profile | undefined {
  for (const profile of profiles) {
    if (profile.model !== models[model].name || profile.tier !== tiers[tier].name) continue;
    if (profile.tpDegree === tpDegree && (profile.pipelineDegree ?? 1) === pipelineDegree) return profile;
  }
  return undefined;
}

/** Whether profiles speak of latency at all, which takes the place of delays then. */
export function hasLatency({ profiles }: Instance): boolean {
  if (profiles === undefined) return false;
  return profiles.some((profile) => {
    if (profile.latency) return true;
    return (profile.measured ?? []).some((each) => each.ttft !== undefined || each.tpot !== undefined);
  });
}

/** Null where the route goes to nothing that has a record. */
export function serviceOfRoute(instance: Instance, { queryType, pair }: ResolvedRoute): RouteService | null {
  const profile = pair === null ? undefined : profileOf(instance, pair);
  if (profile === undefined) return null;
  const query = instance.queryTypes[queryType];
  const input = query.inputTokens;
  const output = query.outputTokens;
  const computed = input - (query.cachedShare ?? 0) * input;
  const measured = (profile.measured ?? []).find((each) => each.queryType === query.name);

  let seconds: number | null = null;
  if (measured) seconds = measured.queriesPerHour === 0 ? null : 3600 / measured.queriesPerHour;
  else if (profile.secondsPerInputToken !== undefined) {
    const prefill = profile.secondsPerInputToken * computed;
    const decode = profile.secondsPerOutputToken! * output;
    // Each output token looks back on the input and on half of the output, on average.
    const attention = profile.secondsPerContextToken! * output * (input + output / 2);
    seconds = prefill + decode + attention;
  }

  const { latency } = profile;
  let ttft = latency ? latency.firstToken + latency.perInputToken * computed : null;
  let tpot = latency ? latency.perOutputToken : null;
  if (measured?.ttft !== undefined) ttft = measured.ttft;
  if (measured?.tpot !== undefined) tpot = measured.tpot;
  let total: number | null = null;
  if (ttft !== null && output <= 1) total = ttft;
  else if (ttft !== null && tpot !== null) total = ttft + tpot * (output - 1);
  return {
    busyReplicas: seconds === null ? null : (query.arrivalRate * seconds) / 3600,
    ttft,
    tpot,
    latency: total,
    deviation: latency?.deviation ?? 0,
  };
}
