/**
 * What the `allowed` and `forbidden` lists of an instance let be used, asked one triple at a time (see `Instance` for
 * their meaning).
 */
import type { Instance, Pairing } from '../instance.ts';

function matches(entry: Pairing, queryType: string, model: string, tier: string): boolean {
  return (
    (entry.queryType ?? queryType) === queryType && (entry.model ?? model) === model && (entry.tier ?? tier) === tier
  );
}

/** Whether the query type may be placed on the model on the tier. */
export function isUsable(instance: Instance, queryType: string, model: string, tier: string): boolean {
  const hit = (entry: Pairing) => matches(entry, queryType, model, tier);
  return (instance.allowed?.some(hit) ?? true) && !(instance.forbidden?.some(hit) ?? false);
}

/** Whether the (model, tier) may be rented, with or without anything placed there. */
export function isRentable(instance: Instance, model: string, tier: string): boolean {
  const closes = (entry: Pairing) => entry.queryType === undefined && matches(entry, '', model, tier);
  if (instance.forbidden?.some(closes)) return false;
  return (
    instance.allowed === undefined || instance.queryTypes.some(({ name }) => isUsable(instance, name, model, tier))
  );
}
