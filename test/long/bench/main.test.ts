/** The command as a whole: files, the report from parts, and an exit code that nobody can overlook. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type FakeAnswer, fakePath } from '../../bench/fakeSolver.ts';

const folder = mkdtempSync(join(tmpdir(), 'rolla-results-'));
const results = join(folder, 'results');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const main = fileURLToPath(new URL('../../../bench/main.ts', import.meta.url));

function bench(answer: FakeAnswer, ...flags: string[]) {
  const fakes = fakePath(['cbc'], answer);
  try {
    const args = ['--import', 'tsx', main, ...flags, '--results', results];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: fakes.environment });
    return { status, stdout, stderr };
  } finally {
    fakes.remove();
  }
}

describe('npm run bench', () => {
  const row = ['published', '--step', '1', '--repeats', '1', '--time-limit', '60', '--cases', 'gamma_results 24'];

  it('compares, writes files with every figure, and reports from all parts together', () => {
    const ours = bench('true', ...row, '--solvers', 'rolla', '--part', 'ours');
    expect([ours.status, ours.stderr]).toEqual([0, '']);
    const other = bench('true', ...row, '--solvers', 'cbc:strengthened', '--part', 'others', '--report');
    expect([other.status, other.stderr]).toEqual([0, '']);
    expect(readdirSync(results).sort()).toEqual([
      'charts',
      'published.others.csv',
      'published.others.json',
      'published.ours.csv',
      'published.ours.json',
    ]);
    const report = readFileSync(join(folder, 'RESULTS.md'), 'utf8');
    // Published optimum of the row, from the published sample.
    expect(report).toMatch(/\| gamma_results 24 \| rolla \|.* \| 454\.90695 \|/);
    expect(report).toMatch(/\| gamma_results 24 \| cbc:strengthened \|.* \| 454\.90695 \|/);
    expect(report).toContain('The answers of all 2 runs agree.');
    expect(report).toContain('cbc 9.8.7');
    expect(readdirSync(join(results, 'charts')).sort()).toEqual([
      'published-gap.svg',
      'published-profile.svg',
      'published-ratio.svg',
    ]);
    const [head, first] = readFileSync(join(results, 'published.ours.csv'), 'utf8').split('\n');
    expect(head).toMatch(/wallSeconds,cpuSeconds,peakMegabytes,firstRootBound,rootBound,rootGapBefore,rootGapAfter,/);
    expect(first).toMatch(/^published,gamma_results 24,360,rolla,0,60,optimal,454\.906/);
  });

  it('ends with exit code 1 when a solver contradicts a plan that verifies, in the run and in the report', () => {
    const lie = bench('infeasible', ...row, '--solvers', 'cbc:strengthened', '--part', 'liar');
    expect(lie.status).toBe(1);
    expect(lie.stdout).toMatch(/DISAGREEMENT on gamma_results 24: cbc:strengthened says infeasible, known: 454\.90/);
    const report = bench('true', '--report');
    expect(report.status).toBe(1);
    expect(report.stdout).toMatch(/DISAGREEMENTS/);
    expect(readFileSync(join(folder, 'RESULTS.md'), 'utf8')).toMatch(
      /\*\*Answers disagree:\*\*\n\n- gamma_results 24: /,
    );
  });

  it('refuses what it does not know with exit code 2', () => {
    for (const [flags, message] of [
      [['nonsense'], /suite: found nonsense, expected one of quick, /],
      [['scale', '--cases', 'no such case'], /no case is left/],
      [['--time-limit', '-1'], /Expected a number > 0/],
    ] as const) {
      const { status, stderr } = bench('true', ...flags);
      expect(status).toBe(2);
      expect(stderr).toMatch(message);
    }
  });
});
