import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { withUnmetCapPerRate } from '../../../src/analysis/factors.ts';
import { generateReference } from '../../../src/generator/generateReference.ts';
import type { PublishedInstance } from '../../../src/model/instance.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { checkProof } from '../../../src/proof/check/checkProof.ts';
import { writeProof } from '../../../src/proof/write/writeProof.ts';
import { disagreements, hasPython } from '../../proof/secondChecker.ts';

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

it('every published row is proven within 1e-6, or infeasible, and both checkers say so', () => {
  const cases = rows.map((row) => {
    const instance = rowInstance(row);
    return { instance, proof: writeProof(instance, optimize(instance, { preset: 'reference' })) };
  });
  const checked = cases.map(({ instance, proof }) => checkProof(instance, proof));
  const isShown = (outcome: ReturnType<typeof checkProof>, row: Row) => {
    if (!outcome.ok) return false;
    if (row.status === 'INFEASIBLE') return outcome.claims.includes('infeasible');
    const optimum = Number(row.optimum);
    return (outcome.gap ?? 1) <= 1e-6 && Math.abs(Number(outcome.cost) - optimum) <= 1e-6 * optimum;
  };
  expect(rows.filter((row, n) => !isShown(checked[n], row))).toEqual([]);
  const asked = hasPython ? cases : [];
  expect(asked.length === 0 ? [] : disagreements(asked).different).toEqual([]);
});
