/** All requirements of an instance, in the order in which they are given up. */

import type { Instance, QueryType, Tier } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import {
  availableGpus,
  fleetLimits,
  tierCompute,
  tierDegrees,
  tierMemory,
  utilizations,
} from './hardwareRequirements.ts';
import {
  delayLimit,
  errorLimit,
  globalLimits,
  minimumServed,
  pairings,
  replicaLimits,
  tokenTimeLimit,
  unmetCap,
} from './policyRequirements.ts';
import { missingProfile } from './profileRequirements.ts';
import type { Requirement } from './requirement.ts';

/**
 * All requirements of an instance, what users give up first in front, hardware last. The limit on replicas comes first:
 * where it is the cause nothing else needs to be said.
 */
export function requirementsOf(instance: Instance, options: PlanningOptions): readonly Requirement[] {
  const perQueryType = (make: (query: QueryType, i: number) => Requirement | null) =>
    instance.queryTypes.map(make).filter((requirement) => requirement !== null);
  const perTier = (make: (tier: Tier, k: number) => Requirement | null) =>
    instance.tiers.map(make).filter((requirement) => requirement !== null);
  return [
    ...replicaLimits(instance, options),
    ...globalLimits(instance),
    ...perQueryType((query, i) => errorLimit(instance, query, i)),
    ...perQueryType((query, i) => delayLimit(instance, query, i)),
    ...perQueryType((query, i) => tokenTimeLimit(query, i, 'ttft', 'limit to the first token')),
    ...perQueryType((query, i) => tokenTimeLimit(query, i, 'tpot', 'limit per output token')),
    ...perQueryType(unmetCap),
    ...perQueryType(minimumServed),
    ...perTier(availableGpus),
    ...fleetLimits(instance),
    ...utilizations(instance),
    ...pairings(instance),
    ...perQueryType((query) => missingProfile(instance, query)),
    ...perTier((tier, k) => tierMemory(instance, tier, k)),
    ...perTier((tier, k) => tierCompute(instance, tier, k)),
    ...(instance.profiles === undefined ? perTier(tierDegrees) : []),
  ];
}
