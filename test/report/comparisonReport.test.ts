/** What a comparison tells: what was found once, then each measure by itself. */
import { describe, expect, it } from 'vitest';
import { type ComparisonRun, compareRuns, type Measure, measures } from '../../src/analysis/comparison/comparison.ts';
import { comparisonPage, comparisonReport } from '../../src/report/comparisonReport.ts';

const run = (strategy: string, seconds: number, nodes: number): ComparisonRun => ({
  strategy,
  instance: 'one',
  seed: 1,
  status: strategy === 'mine' ? 'time-limit' : 'optimal',
  seconds,
  cpuSeconds: seconds,
  nodes,
  iterations: 10 * nodes,
  cost: 1,
  bound: 1,
  gap: strategy === 'mine' ? 0.25 : 0,
  firstPlan: 0.486,
  bestPlan: 0.725,
  trace: [],
});
const comparisons = (Object.keys(measures) as Measure[]).map((measure) =>
  compareRuns([run('ours', 3, 40), run('mine', 6, 90)], measure),
);

describe('the report of a comparison', () => {
  const report = comparisonReport(comparisons);
  const [found, ...tables] = report.split('\n\n');

  it('says what was found once, whatever is compared', () => {
    expect(found).toMatch(/^What was found: /);
    expect(found).toMatch(/mine +0\/1 +0\.486 +0\.725 +25$/m);
    expect(found).toMatch(/ours +1\/1 +0\.486 +0\.725 +0$/m);
    expect(report.match(/0\.486/g)).toHaveLength(2);
  });

  it('has a table for each measure, of it alone', () => {
    expect(tables.map((table) => table.split(':')[0])).toEqual(['seconds', 'cpuSeconds', 'nodes', 'iterations']);
    for (const table of tables) expect(table).not.toMatch(/plan|solved|gap/);
    expect(tables[2]).toMatch(/ours +40 +40 - 40 +1\b/);
    // (90 + 10) / (40 + 10), the shift of nodes being 10.
    expect(tables[2]).toMatch(/mine +90 +90 - 90 +2 +2 - 2 +0 +1 /);
  });

  it('as a page has the same tables', () => {
    const page = comparisonPage('Title', comparisons);
    expect(page.match(/<th>first plan s<\/th>/g)).toHaveLength(1);
    expect(page.match(/<th>Wilcoxon<\/th>/g)).toHaveLength(4);
  });
});
