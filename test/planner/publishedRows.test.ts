import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { withUnmetCapPerRate } from '../../src/analysis/factors.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';
import { optimize } from '../../src/planner/optimize.ts';

type Row = Record<string, string>;

const rows: Row[] = parse(readFileSync('test/data/published-sample.csv'), { columns: true });
const reference = generateReference();

/** The reference instance as a published row changes it. */
function rowInstance(row: Row): PublishedInstance {
  const number = (column: string) => Number(row[column]);
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

/** What is wrong with our answer to a row; empty if nothing is. */
function fault(row: Row): string[] {
  const { status, cost } = optimize(rowInstance(row), { preset: 'reference' });
  const text = `${row.source} ${row.row}: ${status} ${cost?.total}, published optimum ${row.optimum || 'infeasible'}`;
  if (row.status === 'INFEASIBLE') return status === 'infeasible' ? [] : [text];
  const optimum = Number(row.optimum);
  return status === 'optimal' && Math.abs(cost.total - optimum) <= 1e-6 * optimum ? [] : [text];
}

it('has all rows', () => {
  expect(rows).toHaveLength(183);
});

it('proves every published row at its independently known optimum, or infeasible', () => {
  expect(rows.flatMap(fault)).toEqual([]);
});
