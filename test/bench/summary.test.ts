/** Tables of the report, each with figures worked out by hand. */
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../bench/runRecord.ts';
import { caseTable, firstPlanTable, growthTable, ratioTable, spreadTable, summarize } from '../../bench/summary.ts';
import { percentText, secondsText } from '../../bench/tables.ts';
import { record } from './runRecords.ts';

const run = (solver: string, name: string, wallSeconds: number, changes: Partial<RunRecord> = {}) =>
  record({ solver, case: name, wallSeconds, ...changes });

describe('tables', () => {
  it('list the largest losses first', () => {
    const records = [
      run('rolla', 'won', 1),
      run('highs', 'won', 10),
      run('rolla', 'lost', 8),
      run('highs', 'lost', 2),
      run('rolla', 'level', 3),
      run('highs', 'level', 3),
    ];
    const order = caseTable(summarize('test', records)).rows.map(([name]) => name);
    expect([...new Set(order)]).toEqual(['lost', 'level', 'won']);
  });

  it('compare over the cases that both took part in', () => {
    const records = [run('rolla', 'a', 1), run('highs', 'a', 7), run('rolla', 'b', 1000, { timeLimit: 2000 })];
    // Case b has no counterpart; the shifted mean of one value is that value.
    expect(ratioTable(summarize('test', records))!.rows[0].slice(0, 3)).toEqual(['highs', '1', '7']);
  });

  it('set our first plan near the optimum against the first plan of HiGHS', () => {
    const found = (...points: [seconds: number, cost: number][]) => ({
      trace: points.map(([seconds, cost]) => ({ seconds, cost, bound: null })),
    });
    const records = [
      run('rolla', 'early', 1, found([0.1, 104])),
      run('highs:published', 'early', 9, found([5, 300])),
      run('highs:strengthened', 'early', 9, found([2, 300])),
      run('rolla', 'late', 9, found([0.1, 106], [3, 104])),
      run('highs:published', 'late', 9, found([2, 300])),
      run('rolla', 'alone', 1, found([0.5, 100])),
      run('highs:published', 'alone', 60, { status: 'limit', cost: null, bound: 90 }),
    ];
    const { table, text } = firstPlanTable(summarize('test', records))!;
    expect(table.rows).toEqual([
      ['late', '3.00 s', '2.00 s', '1.5'],
      ['early', '0.100 s', '2.00 s', '0.05'],
      ['alone', '0.500 s', 'none', '-'],
    ]);
    expect(text).toMatch(/within a tenth of it on 2 of 3 cases, within all of it on 2; median ratio 0\.05/);
  });

  it('tell time, gap and ratio of each size', () => {
    const sized = (solver: string, size: number, wallSeconds: number, changes: Partial<RunRecord> = {}) =>
      run(solver, `${size} ${wallSeconds > 50}`, wallSeconds, { size, ...changes });
    const records = [
      sized('rolla', 8, 0.99),
      sized('highs', 8, 9.99),
      sized('rolla', 64, 60, { status: 'limit', bound: 98 }),
    ];
    const cases = new Set(records.map((one) => one.case));
    // The shifted mean of one value is that value: 9.99 / 0.99.
    expect(growthTable(summarize('test', records), cases).rows).toEqual([
      ['rolla', '8', '1/1', '60.0 s', '0.990 s', '0.990 s', '1', '0 %', '0 %', '10'],
      ['rolla', '64', '0/1', '60.0 s', '60.0 s', '60.0 s', '1', '2 %', '2 %', '10'],
      ['highs', '8', '1/1', '60.0 s', '9.99 s', '9.99 s', '10.1', '0 %', '0 %', '10'],
    ]);
  });

  it('tell the spread of one instance over its orders', () => {
    const records = [2, 8, 4].map((seconds, t) => run('rolla', `p${t}`, seconds, { nodes: 10 - t, cost: 100 + t }));
    const instanceOf = (name: string) => (name.startsWith('p') ? 'one' : null);
    expect(spreadTable(summarize('test', records), instanceOf)!.rows).toEqual([
      ['one', 'rolla', '3/3', '2.00 s', '4.00 s', '8.00 s', '4', '8 - 10', '2 %'],
    ]);
    expect(spreadTable(summarize('test', records), () => null)).toBeNull();
  });

  it('write seconds and shares so that they can be read', () => {
    expect([null, 0.0123, 0.5, 12.345, 1800].map(secondsText)).toEqual(['-', '12.3 ms', '0.500 s', '12.3 s', '1800 s']);
    expect([null, 0, 3e-9, 0.00012, 0.5].map(percentText)).toEqual(['-', '0 %', '< 0.0001 %', '0.012 %', '50 %']);
  });
});
