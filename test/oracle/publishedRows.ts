/** The rows of the published sensitivity grids, and the instances that they are about. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { PublishedInstance } from '../../src/model/instance.ts';
import { referenceInstance, withUnmetCapPerRate } from './testInstances.ts';

export type PublishedRow = Readonly<Record<string, string>>;

export const publishedRows: readonly PublishedRow[] = parse(
  readFileSync(new URL('../data/published-sample.csv', import.meta.url)),
  { columns: true },
);

/** The reference instance as a published row changes it. */
export function rowInstance(row: PublishedRow): PublishedInstance {
  const number = (column: string) => Number(row[column]);
  const reference = referenceInstance();
  const capped = withUnmetCapPerRate(reference, number('unmetCapPerRate'));
  return {
    ...capped,
    budget: reference.budget! * number('budgetScale'),
    uncertaintyBudget: { delay: number('gammaDelay'), error: number('gammaError') },
    queryTypes: capped.queryTypes.map((query) => ({
      ...query,
      delayThreshold: query.delayThreshold * number('delayScale'),
      errorThreshold: query.errorThreshold * number('errorScale'),
    })),
    tiers: reference.tiers.map((tier) => ({
      ...tier,
      price: tier.price * number('priceScale'),
      memory: tier.memory * number('memoryScale'),
    })),
  };
}
