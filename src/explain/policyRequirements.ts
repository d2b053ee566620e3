/** Requirements that users set for their query types and for the whole, and can give up first. */

import type { Instance, Model, QueryType } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import { profilesTellLatency } from '../model/serviceTimes.ts';
import {
  largestLeft,
  largestOfPlane,
  omit,
  withoutPlane,
  withoutQueryField,
  withQueryType,
} from './instanceChanges.ts';
import type { Requirement } from './requirement.ts';

/**
 * Milliseconds that no query takes: four months. A limit, so that the verifier tells what a plan needs of it, which it
 * does not where there is none.
 */
const longestLatency = 1e10;

/** `maxReplicas`, the option's for the models that say nothing, and that of each other model. */
export function replicaLimits(instance: Instance, options: PlanningOptions): Requirement[] {
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

/** The limit on the time to the first token, or on that of each further one. */
export function tokenTimeLimit(query: QueryType, i: number, group: 'ttft' | 'tpot', what: string): Requirement | null {
  const field = `${group}Threshold` as const;
  const limit = query[field];
  if (limit === undefined) return null;
  return {
    kind: `${group}-limit`,
    name: `${what} of ${query.name}`,
    path: `queryTypes[${i}].${field}`,
    value: limit,
    unit: 'ms',
    level: 'policy',
    without: (changed) => withoutQueryField(changed, i, field),
    scale: {
      isWhole: false,
      loosest: Math.max(limit, longestLatency),
      withValue: (changed, value) => withQueryType(changed, i, { [field]: value }),
      needed: (verification) => largestLeft(verification, group, query.name),
    },
  };
}

export function globalLimits(instance: Instance): Requirement[] {
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

export function errorLimit(instance: Instance, query: QueryType, i: number): Requirement | null {
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

export function delayLimit(instance: Instance, query: QueryType, i: number): Requirement | null {
  const { delayThreshold: limit } = query;
  if (limit === undefined) return null;
  const tellsLatency = profilesTellLatency(instance);
  const tokens = query.inputTokens + query.outputTokens;
  return {
    kind: 'delay-limit',
    name: `delay limit of ${query.name}`,
    path: `queryTypes[${i}].delayThreshold`,
    value: limit,
    unit: 'ms',
    level: 'policy',
    without: (changed) =>
      tellsLatency ? withoutQueryField(changed, i, 'delayThreshold') : withoutPlane(changed, 'delay', i),
    scale: {
      isWhole: false,
      loosest: Math.max(limit, tellsLatency ? longestLatency : tokens * largestOfPlane(instance, 'delay', i)),
      withValue: (changed, delayThreshold) => withQueryType(changed, i, { delayThreshold }),
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

export function unmetCap(query: QueryType, i: number): Requirement | null {
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

export function minimumServed(query: QueryType, i: number): Requirement | null {
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

export function pairings({ allowed, forbidden }: Instance): Requirement[] {
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
