/**
 * The requirements of an instance in the user's words: what each says, how a problem looks without it, how it looks
 * with a looser value, and which value a given plan needs. Feasibility can only gain when a value is loosened.
 */

import type { Verification } from '../model/check/verifier.ts';
import { onTier, tpDegreesOf, utilizationOf } from '../model/configurations.ts';
import type { Instance, Model, QueryType, Tier } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import { profilesTellLatency } from '../model/serviceTimes.ts';

export type RequirementKind =
  | 'replicas'
  | 'budget'
  | 'storage'
  | 'error-limit'
  | 'delay-limit'
  | 'ttft-limit'
  | 'tpot-limit'
  | 'utilization'
  | 'fleet-limit'
  | 'unmet-cap'
  | 'minimum-served'
  | 'available'
  | 'allowed'
  | 'forbidden'
  | 'memory'
  | 'compute'
  | 'tp-degrees';

/** What a reader sees of a requirement. Plain data. */
export interface RequirementText {
  readonly kind: RequirementKind;
  /** As one would say it: `error limit of Translation`. */
  readonly name: string;
  /** Its field, as in `InputError`. */
  readonly path: string;
  /** Its value now; null where it is a list. */
  readonly value: number | null;
  readonly unit: string;
}

export interface Requirement extends RequirementText {
  /** `hardware` is what the market offers; the rest is what the user asks for and can give up first. */
  readonly level: 'policy' | 'hardware';
  /** The instance as if nobody had said it. Costs may change: only feasibility is meant. */
  without(instance: Instance): Instance;
  /** Present where the requirement is one number. */
  readonly scale?: RequirementScale;
  /** Present where it is loosened in steps tried in this order: TP degrees, and lists (a single step). */
  readonly steps?: readonly RequirementStep[];
  /** With `steps`: puts the requirement back as it is. */
  restore?(instance: Instance): Instance;
}

export interface RequirementScale {
  readonly isWhole: boolean;
  /** A value beyond which loosening it changes nothing; below `value` where loosening means less. */
  readonly loosest: number;
  withValue(instance: Instance, value: number): Instance;
  /** The value that this plan needs, from its verification under the instance loosened to `value`. */
  needed(verification: Verification, value: number): number;
}

interface RequirementStep {
  /** The new value where it is a number. */
  readonly value: number | null;
  readonly text: string;
  apply(instance: Instance): Instance;
}

/** TP degrees that could be offered beside those of a tier. */
const offeredDegrees = [1, 2, 4, 8, 16];

/** More GPUs of a tier than any plan rents; a finite number, so that the verifier counts them. */
const mostGpus = 1e6;

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
    ...perTier((tier, k) => tierMemory(instance, tier, k)),
    ...perTier((tier, k) => tierCompute(instance, tier, k)),
    ...(instance.profiles === undefined ? perTier(tierDegrees) : []),
  ];
}

/** `maxReplicas`, the option's for the models that say nothing, and that of each other model. */
function replicaLimits(instance: Instance, options: PlanningOptions): Requirement[] {
  const limitOf = (name: string, path: string, value: number, isMeant: (model: Model) => boolean): Requirement => {
    const withValue = (changed: Instance, most: number): Instance => ({
      ...changed,
      models: changed.models.map((model) =>
        isMeant(model) ? { ...model, maxReplicas: most === Infinity ? 'none' : most } : model,
      ),
    });
    return {
      kind: 'replicas',
      name,
      path,
      value,
      unit: '',
      level: 'policy',
      without: (changed) => withValue(changed, Infinity),
      scale: {
        isWhole: true,
        loosest: Infinity,
        withValue,
        needed: ({ constraints }) =>
          constraints.reduce((most, { group, relation, left, unit }) => {
            return group === 'replicas' && relation === '<=' && unit === 'replicas' ? Math.max(most, left) : most;
          }, 0),
      },
    };
  };
  const silent = new Set(instance.models.filter((model) => model.maxReplicas === undefined).map(({ name }) => name));
  const list: Requirement[] = [];
  if (options.maxReplicas !== 'none' && silent.size > 0)
    list.push(limitOf('max replicas', 'maxReplicas', options.maxReplicas, ({ name }) => silent.has(name)));
  instance.models.forEach(({ name, maxReplicas }, j) => {
    if (typeof maxReplicas !== 'number') return;
    const path = `models[${j}].maxReplicas`;
    list.push(limitOf(`max replicas of ${name}`, path, maxReplicas, (model) => model.name === name));
  });
  return list;
}

function fleetLimits(instance: Instance): Requirement[] {
  return (instance.fleetLimits ?? []).map(({ name, unit = 'units', most }, position): Requirement => {
    const without = (changed: Instance): Instance => ({
      ...changed,
      fleetLimits: (changed.fleetLimits ?? []).filter((limit) => limit.name !== name),
    });
    const withValue = (changed: Instance, value: number): Instance =>
      value === Infinity
        ? without(changed)
        : {
            ...changed,
            fleetLimits: (changed.fleetLimits ?? []).map((limit) =>
              limit.name === name ? { ...limit, most: value } : limit,
            ),
          };
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
        loosest: Infinity,
        withValue,
        needed: (verification) => largestLeft(verification, 'fleet-limit', name),
      },
    };
  });
}

/** How busy replicas may be: the instance's for the tiers that say nothing, and that of each other tier; at most 1. */
function utilizations(instance: Instance): Requirement[] {
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

/** The limit on the time to the first token, or on that of each further one. */
function tokenTimeLimit(query: QueryType, i: number, group: 'ttft' | 'tpot', what: string): Requirement | null {
  const field = `${group}Threshold` as const;
  const limit = query[field];
  if (limit === undefined) return null;
  const without = (changed: Instance) => withoutQueryField(changed, i, field);
  return {
    kind: `${group}-limit`,
    name: `${what} of ${query.name}`,
    path: `queryTypes[${i}].${field}`,
    value: limit,
    unit: 'ms',
    level: 'policy',
    without,
    scale: {
      isWhole: false,
      loosest: Infinity,
      withValue: (changed, value) =>
        value === Infinity ? without(changed) : withQueryType(changed, i, { [field]: value }),
      needed: (verification) => largestLeft(verification, group, query.name),
    },
  };
}

function globalLimits(instance: Instance): Requirement[] {
  const { budget, storageCapacity } = instance;
  const list: Requirement[] = [];
  if (budget !== undefined) {
    const without = (changed: Instance) => omit(changed, 'budget');
    list.push({
      kind: 'budget',
      name: 'budget',
      path: 'budget',
      value: budget,
      unit: '$',
      level: 'policy',
      without,
      scale: {
        isWhole: false,
        loosest: Infinity,
        withValue: (changed, value) => (value === Infinity ? without(changed) : { ...changed, budget: value }),
        needed: (verification) => largestLeft(verification, 'budget'),
      },
    });
  }
  if (storageCapacity !== undefined) {
    const without = (changed: Instance) => omit(changed, 'storageCapacity');
    list.push({
      kind: 'storage',
      name: 'storage capacity',
      path: 'storageCapacity',
      value: storageCapacity,
      unit: 'GB',
      level: 'policy',
      without,
      scale: {
        isWhole: false,
        loosest: Infinity,
        withValue: (changed, value) => (value === Infinity ? without(changed) : { ...changed, storageCapacity: value }),
        needed: (verification) => largestLeft(verification, 'storage'),
      },
    });
  }
  return list;
}

function errorLimit(instance: Instance, query: QueryType, i: number): Requirement | null {
  const { errorThreshold: limit } = query;
  if (limit === undefined || instance.error === undefined) return null;
  return {
    kind: 'error-limit',
    name: `error limit of ${query.name}`,
    path: `queryTypes[${i}].errorThreshold`,
    value: limit,
    unit: 'fraction',
    level: 'policy',
    without: (changed) => withoutPlane(changed, 'error', i),
    scale: {
      isWhole: false,
      loosest: Math.max(limit, largestOfPlane(instance, 'error', i)),
      withValue: (changed, errorThreshold) => withQueryType(changed, i, { errorThreshold }),
      needed: (verification) => largestLeft(verification, 'error', query.name),
    },
  };
}

function delayLimit(instance: Instance, query: QueryType, i: number): Requirement | null {
  const { delayThreshold: limit } = query;
  if (limit === undefined) return null;
  const tellsLatency = profilesTellLatency(instance);
  const withoutLimit = (changed: Instance) => withoutQueryField(changed, i, 'delayThreshold');
  const tokens = query.inputTokens + query.outputTokens;
  return {
    kind: 'delay-limit',
    name: `delay limit of ${query.name}`,
    path: `queryTypes[${i}].delayThreshold`,
    value: limit,
    unit: 'ms',
    level: 'policy',
    without: (changed) => (tellsLatency ? withoutLimit(changed) : withoutPlane(changed, 'delay', i)),
    scale: {
      isWhole: false,
      loosest: tellsLatency ? Infinity : Math.max(limit, tokens * largestOfPlane(instance, 'delay', i)),
      withValue: (changed, delayThreshold) =>
        delayThreshold === Infinity ? withoutLimit(changed) : withQueryType(changed, i, { delayThreshold }),
      // Under the rules that stretch limits the row's right side is a multiple of the limit: the use gives the part
      // needed.
      needed: (verification, value) => {
        if (tellsLatency) return largestLeft(verification, 'delay', query.name);
        const row = verification.constraints.find((check) => check.group === 'delay' && check.subject === query.name);
        return (row?.use ?? 0) * value;
      },
    },
  };
}

function unmetCap(query: QueryType, i: number): Requirement | null {
  if (query.unmetPenalty === undefined || query.unmetCap === undefined || query.unmetCap >= 1) return null;
  return {
    kind: 'unmet-cap',
    name: `unmet cap of ${query.name}`,
    path: `queryTypes[${i}].unmetCap`,
    value: query.unmetCap,
    unit: 'share',
    level: 'policy',
    without: (changed) => withQueryType(changed, i, { unmetCap: 1 }),
    scale: {
      isWhole: false,
      loosest: 1,
      withValue: (changed, cap) => withQueryType(changed, i, { unmetCap: cap }),
      needed: (verification) => largestLeft(verification, 'unmet', query.name),
    },
  };
}

function minimumServed(query: QueryType, i: number): Requirement | null {
  if (query.minimumServed === undefined || query.minimumServed <= 0) return null;
  return {
    kind: 'minimum-served',
    name: `minimum served share of ${query.name}`,
    path: `queryTypes[${i}].minimumServed`,
    value: query.minimumServed,
    unit: 'share',
    level: 'policy',
    without: (changed) => withQueryType(changed, i, { minimumServed: 0 }),
    scale: {
      isWhole: false,
      loosest: 0,
      withValue: (changed, value) => withQueryType(changed, i, { minimumServed: value }),
      needed: (verification) => largestLeft(verification, 'minimum-served', query.name),
    },
  };
}

function availableGpus(tier: Tier, k: number): Requirement | null {
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

function pairings({ allowed, forbidden }: Instance): Requirement[] {
  const list: Requirement[] = [];
  if (allowed !== undefined) {
    const without = (changed: Instance) => omit(changed, 'allowed');
    list.push({
      kind: 'allowed',
      name: 'list of allowed pairings',
      path: 'allowed',
      value: null,
      unit: '',
      level: 'policy',
      without,
      steps: [{ value: null, text: 'drop the list of allowed pairings', apply: without }],
      restore: (changed) => ({ ...changed, allowed }),
    });
  }
  forbidden?.forEach((entry, position) => {
    const words = [entry.queryType, entry.model, entry.tier].filter((name) => name !== undefined).join(' on ');
    const without = (changed: Instance): Instance => {
      const rest = changed.forbidden?.filter((other) => other !== entry);
      return rest === undefined ? changed : { ...changed, forbidden: rest };
    };
    list.push({
      kind: 'forbidden',
      name: `forbidden pairing ${words}`,
      path: `forbidden[${position}]`,
      value: null,
      unit: '',
      level: 'policy',
      without,
      steps: [{ value: null, text: `allow ${words}`, apply: without }],
      restore: (changed) => ({ ...without(changed), forbidden: [...(without(changed).forbidden ?? []), entry] }),
    });
  });
  return list;
}

function tierMemory(instance: Instance, tier: Tier, k: number): Requirement {
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

function tierCompute(instance: Instance, tier: Tier, k: number): Requirement | null {
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

function tierDegrees(tier: Tier, k: number): Requirement | null {
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

/** The record without an optional key: absent means no limit. */
function omit<Record extends object>(record: Record, key: keyof Record): Record {
  const rest: Partial<Record> = { ...record };
  delete rest[key];
  return rest as Record;
}

function withQueryType(instance: Instance, i: number, change: Partial<QueryType>): Instance {
  return {
    ...instance,
    queryTypes: instance.queryTypes.map((query, at) => (at === i ? { ...query, ...change } : query)),
  };
}

function withoutQueryField(instance: Instance, i: number, field: keyof QueryType): Instance {
  const queryTypes = instance.queryTypes.map((query, at) => (at === i ? omit(query, field) : query));
  return { ...instance, queryTypes };
}

function withTier(instance: Instance, k: number, change: Partial<Tier>): Instance {
  return { ...instance, tiers: instance.tiers.map((tier, at) => (at === k ? { ...tier, ...change } : tier)) };
}

/** Query type i without any delay or error: its row always holds, under every delay rule. */
function withoutPlane(instance: Instance, quantity: 'delay' | 'error', i: number): Instance {
  const zero = instance.models.map(() => instance.tiers.map(() => 0));
  const uncertain = instance[quantity];
  if (uncertain === undefined) return instance;
  const { nominal, deviation } = uncertain;
  const clear = (tensor: typeof nominal) => tensor.map((plane, at) => (at === i ? zero : plane));
  return {
    ...instance,
    [quantity]: { ...uncertain, nominal: clear(nominal), deviation: clear(deviation) },
  };
}

/** Largest nominal plus deviation of query type i over all models and tiers: no worst case exceeds it. */
function largestOfPlane(instance: Instance, quantity: 'delay' | 'error', i: number): number {
  const uncertain = instance[quantity];
  if (uncertain === undefined) return 0;
  const { nominal, deviation } = uncertain;
  let largest = 0;
  nominal[i].forEach((row, j) => {
    row.forEach((value, k) => {
      largest = Math.max(largest, value + deviation[i][j][k]);
    });
  });
  return largest;
}

type Check = Verification['constraints'][number];

function largestLeft({ constraints }: Verification, group: Check['group'], subject?: string): number {
  let largest = 0;
  for (const check of constraints) {
    if (check.group === group && (subject === undefined || check.subject === subject))
      largest = Math.max(largest, check.left);
  }
  return largest;
}

function largestOnTier(verification: Verification, group: Check['group'], tier: string, of: (check: Check) => number) {
  let largest = 0;
  for (const check of verification.constraints) {
    if (check.group === group && check.tier === tier) largest = Math.max(largest, of(check));
  }
  return largest;
}

export function requirementText({ kind, name, path, value, unit }: Requirement): RequirementText {
  return { kind, name, path, value, unit };
}
