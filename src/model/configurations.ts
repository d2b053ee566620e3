/**
 * What can be rented of a (model, tier): its configurations (TP degree n, pipeline degree p), and what the instance's
 * optional fields mean there (specification 1 and 3). Nothing here says whether the weights fit.
 */
import type { ByPrecision, Instance, Model, Profile, Tier } from './instance.ts';
import type { PlanningOptions } from './options.ts';

const defaultTpDegrees: readonly number[] = [1, 2, 4, 8];
const defaultUtilization = 0.8;

export interface Configuration {
  readonly tpDegree: number;
  readonly pipelineDegree: number;
  /** Null where the instance has no profiles. */
  readonly profile: Profile | null;
}

/** N_k as the tier gives it: its list, or the usual degrees up to its node. */
export function tpDegreesOf({ tpDegrees, gpusPerNode = Infinity }: Tier): readonly number[] {
  return tpDegrees ?? defaultTpDegrees.filter((degree) => degree <= gpusPerNode);
}

/**
 * Configurations of a (model, tier): with profiles one for each record, by degrees; else every degree that both allow,
 * in the tier's order, with each of its pipeline degrees.
 */
export function configurationsOf({ profiles }: Instance, model: Model, tier: Tier): readonly Configuration[] {
  if (profiles !== undefined) {
    return profiles
      .filter((profile) => profile.model === model.name && profile.tier === tier.name)
      .map((profile) => ({ tpDegree: profile.tpDegree, pipelineDegree: profile.pipelineDegree ?? 1, profile }))
      .sort((a, b) => a.tpDegree - b.tpDegree || a.pipelineDegree - b.pipelineDegree);
  }
  const { pipelineDegrees = [1] } = tier;
  const configurations: Configuration[] = [];
  for (const tpDegree of tpDegreesOf(tier)) {
    if (model.tpDegrees?.includes(tpDegree) === false) continue;
    for (const pipelineDegree of pipelineDegrees) configurations.push({ tpDegree, pipelineDegree, profile: null });
  }
  return configurations;
}

/** The value for the tier's precision; null where there is none, so that the model cannot be rented there. */
export function onTier(value: ByPrecision, { precision }: Tier): number | null {
  if (typeof value === 'number') return value;
  return precision !== undefined && Object.hasOwn(value, precision) ? value[precision] : null;
}

/** Largest part of the time that a replica on the tier may be busy. */
export function utilizationOf(instance: Instance, tier: Tier): number {
  return tier.utilization ?? instance.utilization ?? defaultUtilization;
}

/** Infinity: no limit. */
export function maxReplicasOf(model: Model, options: PlanningOptions): number {
  const most = model.maxReplicas ?? options.maxReplicas;
  return most === 'none' ? Infinity : most;
}
