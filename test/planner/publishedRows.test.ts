import { expect, it } from 'vitest';
import { optimize } from '../../src/planner/optimize.ts';
import { type PublishedRow, rowInstance, publishedRows as rows } from '../oracle/publishedRows.ts';

/** What is wrong with our answer to a row; empty if nothing is. */
function fault(row: PublishedRow): string[] {
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
