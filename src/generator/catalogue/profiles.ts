/**
 * Measured profiles of the catalogue: service times fitted to public tables of throughput. Latency is not measured
 * there; `estimatedLatency` says what is assumed.
 */
import type { Profile } from '../../model/instance.ts';
import { fitServiceTimes, type ServiceTimes } from '../fleet/fitServiceTimes.ts';
import { catalogueGpus } from './gpus.ts';
import type { CatalogueProfile } from './throughputTables.ts';

/** Service times of one replica, fitted to its table. */
export function serviceTimesOf({ throughput }: CatalogueProfile): ServiceTimes {
  return fitServiceTimes(throughput);
}

/** Share by which a query may wait longer than estimated, until a measurement says better. */
const estimatedDeviation = 0.2;

/**
 * An estimate for want of a measurement: a decoding step of a full replica reads its memory once, so a token takes at
 * most memory / bandwidth; a first token waits for a step and for its own input at the measured speed of the replica,
 * not for the inputs of others.
 */
export function estimatedLatency(profile: CatalogueProfile): NonNullable<Profile['latency']> {
  const { memory, bandwidth } = catalogueGpus.find(({ id }) => id === profile.gpu)!;
  const step = Number(((1000 * memory) / bandwidth).toPrecision(3)) * profile.pipelineDegree;
  const perInputToken = Number((1000 * serviceTimesOf(profile).secondsPerInputToken).toPrecision(3));
  return { firstToken: step, perInputToken, perOutputToken: step, deviation: estimatedDeviation };
}
