/** The bench must notice answers that cannot all be true. */
import { describe, expect, it } from 'vitest';
import type { BenchCase } from '../../bench/cases.ts';
import { disagreements } from '../../bench/harness.ts';
import type { RunRecord } from '../../bench/runRecord.ts';

const aCase: BenchCase = {
  name: 'a',
  source: { kind: 'file', name: 'reference-seed42' },
  options: {},
  gap: 1e-6,
  size: 1,
};

function record(solver: string, status: RunRecord['status'], cost: number | null, bound: number | null): RunRecord {
  return {
    suite: 'test',
    case: 'a',
    size: 1,
    solver,
    repeat: 0,
    status,
    cost,
    bound,
    nodes: null,
    simplexIterations: null,
    wallSeconds: 1,
    cpuSeconds: 1,
    peakMegabytes: 0,
    rootBound: null,
    trace: [],
    message: '',
  };
}

const ours = record('ours', 'optimal', 100, 100);
const textsOf = (records: readonly RunRecord[], known?: number | 'infeasible') =>
  disagreements([known === undefined ? aCase : { ...aCase, known }], records).map(({ text }) => text);

describe('disagreements', () => {
  it('finds none among answers that agree within gap and tolerance', () => {
    expect(textsOf([ours, record('other', 'optimal', 100.0005, 99.9999)], 100.0001)).toEqual([]);
    expect(textsOf([ours, record('slow', 'limit', 120, 70), record('lost', 'failed', null, null)])).toEqual([]);
    expect(textsOf([record('ours', 'infeasible', null, null)], 'infeasible')).toEqual([]);
  });

  it.each([
    ['two proven costs', [ours, record('other', 'optimal', 101, 101)], undefined, 'other has 101, ours 100'],
    ['a better plan without proof', [ours, record('other', 'limit', 99, null)], undefined, 'ours has 100, other 99'],
    ['a bound above a plan', [ours, record('other', 'limit', null, 100.1)], undefined, 'other claims the bound 100.1'],
    ['infeasible with a proven plan', [ours, record('other', 'infeasible', null, null)], undefined, 'says infeasible'],
    [
      'infeasible with a plan without proof',
      [record('ours', 'limit', 100, 50), record('other', 'infeasible', null, null)],
      undefined,
      'other says infeasible, ours has a plan of 100',
    ],
    ['a known optimum missed', [ours], 99, 'ours has 100, known: 99'],
    ['a plan below the known optimum', [record('ours', 'limit', 98, 50)], 99, 'ours has 98, known: 99'],
    ['a known optimum called infeasible', [record('ours', 'infeasible', null, null)], 99, 'says infeasible, known: 99'],
    ['a plan of what is known infeasible', [ours], 'infeasible', 'known to be infeasible'],
  ] as const)('finds %s', (_, records, known, text) => {
    expect(textsOf(records, known).join('; ')).toContain(text);
  });
});
