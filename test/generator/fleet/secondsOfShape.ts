import type { ServiceTimes } from '../../../src/generator/fleet/fitServiceTimes.ts';

/** s of specification 10.2, written out again: seconds of a replica for a query of h input and f output tokens. */
export function secondsOfShape(times: ServiceTimes, h: number, f: number): number {
  const { secondsPerInputToken: a, secondsPerOutputToken: b, secondsPerContextToken: c } = times;
  return a * h + b * f + c * f * (h + f / 2);
}
