/** The same instance in another unit of money. */
import type { Instance } from '../../src/model/instance.ts';

/** Every amount of money times `factor`. */
export function moneyTimes(instance: Instance, factor: number): Instance {
  const times = <T extends object>(data: T, ...names: (keyof T)[]): T => ({
    ...data,
    ...Object.fromEntries(names.filter((name) => name in data).map((name) => [name, (data[name] as number) * factor])),
  });
  return {
    ...times(instance, 'budget', 'storagePrice'),
    queryTypes: instance.queryTypes.map((query) => times(query, 'delayPenalty', 'unmetPenalty')),
    tiers: instance.tiers.map((tier) => times(tier, 'price')),
    ...(instance.switchingCost && { switchingCost: times(instance.switchingCost, 'added', 'removed') }),
  };
}
