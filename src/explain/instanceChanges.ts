/** Instances with one thing changed, and what requirements read off instances and verified plans. */

import type { Verification } from '../model/check/verifier.ts';
import type { Instance, QueryType, Tier } from '../model/instance.ts';

/** The record without an optional key: absent means no limit. */
export function omit<Record extends object>(record: Record, key: keyof Record): Record {
  const rest: Partial<Record> = { ...record };
  delete rest[key];
  return rest as Record;
}

export function withQueryType(instance: Instance, i: number, change: Partial<QueryType>): Instance {
  return {
    ...instance,
    queryTypes: instance.queryTypes.map((query, at) => (at === i ? { ...query, ...change } : query)),
  };
}

export function withoutQueryField(instance: Instance, i: number, field: keyof QueryType): Instance {
  const queryTypes = instance.queryTypes.map((query, at) => (at === i ? omit(query, field) : query));
  return { ...instance, queryTypes };
}

export function withTier(instance: Instance, k: number, change: Partial<Tier>): Instance {
  return { ...instance, tiers: instance.tiers.map((tier, at) => (at === k ? { ...tier, ...change } : tier)) };
}

/** Query type i without any delay or error: its row always holds, under every delay rule. */
export function withoutPlane(instance: Instance, quantity: 'delay' | 'error', i: number): Instance {
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
export function largestOfPlane(instance: Instance, quantity: 'delay' | 'error', i: number): number {
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

export function largestLeft({ constraints }: Verification, group: Check['group'], subject?: string): number {
  let largest = 0;
  for (const check of constraints) {
    if (check.group === group && (subject === undefined || check.subject === subject))
      largest = Math.max(largest, check.left);
  }
  return largest;
}

export function largestOnTier(
  verification: Verification,
  group: Check['group'],
  tier: string,
  of: (check: Check) => number,
) {
  let largest = 0;
  for (const check of verification.constraints) {
    if (check.group === group && check.tier === tier) largest = Math.max(largest, of(check));
  }
  return largest;
}
