import { expect, it } from 'vitest';
import { optimize } from '../../../src/planner/optimize.ts';
import { checkProof } from '../../../src/proof/check/checkProof.ts';
import { writeProof } from '../../../src/proof/write/writeProof.ts';
import { type PublishedRow, rowInstance, publishedRows as rows } from '../../oracle/publishedRows.ts';
import { disagreements, hasPython } from '../../proof/secondChecker.ts';

it('every published row is proven within 1e-6, or infeasible, and both checkers say so', () => {
  const cases = rows.map((row) => {
    const instance = rowInstance(row);
    return { instance, proof: writeProof(instance, optimize(instance, { preset: 'reference' })) };
  });
  const checked = cases.map(({ instance, proof }) => checkProof(instance, proof));
  const isShown = (outcome: ReturnType<typeof checkProof>, row: PublishedRow) => {
    if (!outcome.ok) return false;
    if (row.status === 'INFEASIBLE') return outcome.claims.includes('infeasible');
    const optimum = Number(row.optimum);
    return (outcome.gap ?? 1) <= 1e-6 && Math.abs(Number(outcome.cost) - optimum) <= 1e-6 * optimum;
  };
  expect(rows.filter((row, n) => !isShown(checked[n], row))).toEqual([]);
  const asked = hasPython ? cases : [];
  expect(asked.length === 0 ? [] : disagreements(asked).different).toEqual([]);
});
