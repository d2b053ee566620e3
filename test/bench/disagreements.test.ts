/** The bench must notice answers that cannot all be true. */
import { describe, expect, it } from 'vitest';
import type { BenchCase } from '../../bench/cases.ts';
import { disagreements } from '../../bench/disagreements.ts';
import type { RunRecord } from '../../bench/runRecord.ts';
import { record } from './runRecords.ts';

const aCase: BenchCase = {
  name: 'a',
  source: { kind: 'file', name: 'reference-seed42' },
  options: {},
  gap: 1e-6,
  size: 1,
};

const answer = (solver: string, status: RunRecord['status'], cost: number | null, bound: number | null): RunRecord =>
  record({ solver, status, cost, bound });

const ours = answer('ours', 'optimal', 100, 100);
const textsOf = (records: readonly RunRecord[], known?: number | 'infeasible') =>
  disagreements([known === undefined ? aCase : { ...aCase, known }], records).map(({ text }) => text);

describe('disagreements', () => {
  it('finds none among answers that agree within gap and tolerance', () => {
    expect(textsOf([ours, answer('other', 'optimal', 100.0005, 99.9999)], 100.0001)).toEqual([]);
    expect(textsOf([ours, answer('slow', 'limit', 120, 70), answer('lost', 'failed', null, null)])).toEqual([]);
    expect(textsOf([answer('ours', 'infeasible', null, null)], 'infeasible')).toEqual([]);
  });

  it.each([
    ['two proven costs', [ours, answer('other', 'optimal', 101, 101)], undefined, 'other has 101, ours 100'],
    ['a better plan without proof', [ours, answer('other', 'limit', 99, null)], undefined, 'ours has 100, other 99'],
    ['a bound above a plan', [ours, answer('other', 'limit', null, 100.1)], undefined, 'other claims the bound 100.1'],
    ['infeasible with a proven plan', [ours, answer('other', 'infeasible', null, null)], undefined, 'says infeasible'],
    [
      'infeasible with a plan without proof',
      [answer('ours', 'limit', 100, 50), answer('other', 'infeasible', null, null)],
      undefined,
      'other says infeasible, ours has a plan of 100',
    ],
    ['a known optimum missed', [ours], 99, 'ours has 100, known: 99'],
    ['a plan below the known optimum', [answer('ours', 'limit', 98, 50)], 99, 'ours has 98, known: 99'],
    ['a known optimum called infeasible', [answer('ours', 'infeasible', null, null)], 99, 'says infeasible, known: 99'],
    ['a plan of what is known infeasible', [ours], 'infeasible', 'known to be infeasible'],
  ] as const)('finds %s', (_, records, known, text) => {
    expect(textsOf(records, known).join('; ')).toContain(text);
  });

  it('compares the orders of one instance with each other, and keeps other cases apart', () => {
    const orders = ['a, permutation 1', 'a, permutation 2'].map((name) => ({ ...aCase, name, sameOptimumAs: 'a' }));
    const records = [100, 103].map((cost, t) => record({ case: orders[t].name, cost, bound: cost }));
    expect(disagreements(orders, records).map(({ text }) => text)).toEqual([
      'ours (a, permutation 2) has 103, ours (a, permutation 1) 100',
      'ours (a, permutation 2) claims the bound 103, but a plan of 100 verifies',
    ]);
    const apart = orders.map(({ name }) => ({ ...aCase, name }));
    expect(disagreements(apart, records)).toEqual([]);
  });
});
