/** Requirements of hardware: what tiers have, how many there are, and how far they may be used. */

import { onTier, tpDegreesOf, utilizationOf } from '../model/configurations.ts';
import type { Instance, Tier } from '../model/instance.ts';
import { largestLeft, largestOnTier, omit, withTier } from './instanceChanges.ts';
import type { Requirement } from './requirement.ts';

/** TP degrees that could be offered beside those of a tier. */
const offeredDegrees = [1, 2, 4, 8, 16];

export function availableGpus(tier: Tier, k: number): Requirement | null {
  if (tier.available === undefined) return null;
  const without = (changed: Instance) => ({
    ...changed,
    tiers: changed.tiers.map((other, at) => (at === k ? omit(other, 'available') : other)),
  });
  return {
    kind: 'available',
    name: `available GPUs of ${tier.name}`,
    path: `tiers[${k}].available`,
    value: tier.available,
    unit: 'GPUs',
    level: 'policy',
    without,
    scale: {
      isWhole: true,
      loosest: mostGpus,
      withValue: (changed, available) => withTier(changed, k, { available }),
      needed: (verification) => largestLeft(verification, 'availability', tier.name),
    },
  };
}

/** More GPUs of a tier than any plan rents; a finite number, so that the verifier counts them. */
const mostGpus = 1e6;

export function fleetLimits(instance: Instance): Requirement[] {
  return (instance.fleetLimits ?? []).map(({ name, unit = 'units', most, perGpu }, position): Requirement => {
    const without = (changed: Instance): Instance => ({
      ...changed,
      fleetLimits: (changed.fleetLimits ?? []).filter((limit) => limit.name !== name),
    });
    // As much as the most GPUs of every tier take: a limit, so that the verifier tells what a plan needs of it.
    const loosest = Math.max(most, mostGpus * Object.values(perGpu).reduce((sum, each) => sum + each, 0));
    return {
      kind: 'fleet-limit',
      name: `fleet limit ${name}`,
      path: `fleetLimits[${position}].most`,
      value: most,
      unit,
      level: 'policy',
      without,
      scale: {
        isWhole: false,
        loosest,
        withValue: (changed, value) => ({
          ...changed,
          fleetLimits: (changed.fleetLimits ?? []).map((limit) =>
            limit.name === name ? { ...limit, most: value } : limit,
          ),
        }),
        needed: (verification) => largestLeft(verification, 'fleet-limit', name),
      },
    };
  });
}

/** How busy replicas may be: the instance's for the tiers that say nothing, and that of each other tier; at most 1. */
export function utilizations(instance: Instance): Requirement[] {
  if (instance.profiles === undefined) return [];
  const isSilent = (tier: Tier) => tier.utilization === undefined;
  const requirementOf = (
    name: string,
    path: string,
    value: number,
    isMeant: (tier: Tier) => boolean,
    withValue: (changed: Instance, value: number) => Instance,
  ): Requirement => {
    const tiers = new Set(instance.tiers.filter(isMeant).map((tier) => tier.name));
    return {
      kind: 'utilization',
      name,
      path,
      value,
      unit: 'share',
      level: 'policy',
      without: (changed) => withValue(changed, 1),
      scale: {
        isWhole: false,
        loosest: 1,
        withValue,
        // The part of what is allowed that is used.
        needed: ({ constraints }, now) =>
          constraints.reduce((most, { group, tier, use }) => {
            return group === 'load' && tier !== undefined && tiers.has(tier) ? Math.max(most, now * (use ?? 0)) : most;
          }, 0),
      },
    };
  };
  const list: Requirement[] = [];
  const { utilization = utilizationOf(instance, { name: '', memory: 1, price: 0 }) } = instance;
  if (utilization < 1 && instance.tiers.some(isSilent))
    list.push(
      requirementOf('utilization', 'utilization', utilization, isSilent, (changed, value) => ({
        ...changed,
        utilization: value,
      })),
    );
  instance.tiers.forEach((tier, k) => {
    if (tier.utilization === undefined || tier.utilization >= 1) return;
    const withValue = (changed: Instance, value: number) => withTier(changed, k, { utilization: value });
    const path = `tiers[${k}].utilization`;
    list.push(requirementOf(`utilization of ${tier.name}`, path, tier.utilization, (each) => each === tier, withValue));
  });
  return list;
}

export function tierMemory(instance: Instance, tier: Tier, k: number): Requirement {
  // One GPU that holds the largest model and the caches of everything.
  const weights = Math.max(...instance.models.map((model) => onTier(model.weightSize, tier) ?? 0));
  const cachePerToken = Math.max(...instance.models.map((model) => onTier(model.kvCachePerToken, tier) ?? 0));
  const { residency = 0 } = instance;
  let hours = 0;
  if (typeof residency === 'number') hours = residency;
  else for (const row of residency.flat()) for (const value of row) hours = Math.max(hours, value);
  const tokensPerHour = instance.queryTypes.reduce(
    (sum, query) => sum + (query.inputTokens + query.outputTokens) * query.arrivalRate,
    0,
  );
  const loosest = Math.max(tier.memory, 2 * (weights + cachePerToken * hours * tokensPerHour));
  return {
    kind: 'memory',
    name: `memory of ${tier.name}`,
    path: `tiers[${k}].memory`,
    value: tier.memory,
    unit: 'GB per GPU',
    level: 'hardware',
    without: (changed) => withTier(changed, k, { memory: loosest }),
    scale: {
      isWhole: false,
      loosest,
      withValue: (changed, memory) => withTier(changed, k, { memory }),
      needed: (verification) => largestOnTier(verification, 'memory', tier.name, (check) => check.left),
    },
  };
}

export function tierCompute(instance: Instance, tier: Tier, k: number): Requirement | null {
  const { compute: now } = tier;
  if (now === undefined || instance.profiles !== undefined) return null;
  const everything = instance.queryTypes.reduce(
    (sum, query) => sum + (query.computePerToken ?? 0) * (query.inputTokens + query.outputTokens),
    0,
  );
  const loosest = Math.max(now, 2 * everything);
  return {
    kind: 'compute',
    name: `compute of ${tier.name}`,
    path: `tiers[${k}].compute`,
    value: now,
    unit: 'TFLOPs per GPU',
    level: 'hardware',
    without: (changed) => withTier(changed, k, { compute: loosest }),
    scale: {
      isWhole: false,
      loosest,
      withValue: (changed, compute) => withTier(changed, k, { compute }),
      // As for delays: the part of the limit that is used.
      needed: (verification, value) =>
        value * largestOnTier(verification, 'compute', tier.name, (check) => check.use ?? 0),
    },
  };
}

export function tierDegrees(tier: Tier, k: number): Requirement | null {
  const degrees = tpDegreesOf(tier);
  const most = tier.gpusPerNode ?? Infinity;
  const further = offeredDegrees.filter((degree) => degree <= most && !degrees.includes(degree));
  if (further.length === 0) return null;
  return {
    kind: 'tp-degrees',
    name: `TP degrees of ${tier.name}`,
    path: `tiers[${k}].tpDegrees`,
    value: null,
    unit: '',
    level: 'hardware',
    without: (changed) => withTier(changed, k, { tpDegrees: [...degrees, ...further] }),
    steps: further.map((degree) => ({
      value: degree,
      text: `allow TP degree ${degree} on ${tier.name}`,
      apply: (changed) => withTier(changed, k, { tpDegrees: [...degrees, degree] }),
    })),
    restore: (changed) => withTier(changed, k, { tpDegrees: degrees }),
  };
}
