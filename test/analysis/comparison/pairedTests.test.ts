/** Held against published examples and hand counts. */
import { describe, expect, it } from 'vitest';
import { type ComparisonRun, compareRuns } from '../../../src/analysis/comparison/comparison.ts';
import { holm, signTest, wilcoxonTest } from '../../../src/analysis/comparison/pairedTests.ts';

describe('Wilcoxon', () => {
  it('agrees with the published example of Hollander and Wolfe (1973, p. 29): V = 40, p = 0.0195 one-sided', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const { positive, negative, pValue } = wilcoxonTest(before.map((value, at) => value - after[at]));
    expect([positive, negative]).toEqual([40, 5]);
    expect(pValue).toBeCloseTo(2 * 0.01953125, 12);
  });

  it("counts patterns: T = 8 of ten is the tables' 5 % point, 25 patterns of 1024 on each side", () => {
    // Ranks 8 negative, all else positive.
    expect(wilcoxonTest([1, 2, 3, 4, 5, 6, 7, -8, 9, 10]).pValue).toBeCloseTo((2 * 25) / 1024, 12);
    expect(wilcoxonTest([1, 2, 3, 4, 5]).pValue).toBe(2 / 32);
  });

  it('leaves zeros out, shares ranks among ties, and is 1 for nothing', () => {
    expect(wilcoxonTest([0, 1, 2, 3, 4, 5]).pValue).toBe(2 / 32);
    expect(wilcoxonTest([1, -1, 2, 2])).toMatchObject({ positive: 1.5 + 3.5 + 3.5, negative: 1.5 });
    expect(wilcoxonTest([0, 0]).pValue).toBe(1);
    expect(wilcoxonTest([1, -1]).pValue).toBe(1);
  });

  it('is near the exact value where it is approximated', () => {
    // 26 differences, ranks 1 to 10 negative: z = (175.5 - 55 - 0.5) / sqrt(26 * 27 * 53 / 24) = 3.0477, p = 0.002306.
    const differences = Array.from({ length: 26 }, (_, at) => (at < 10 ? -1 : 1) * (at + 1));
    expect(wilcoxonTest(differences).pValue).toBeCloseTo(0.002306, 5);
  });
});

it('the sign test counts binomially: two of ten, 56 patterns of 1024 on each side', () => {
  expect(signTest([1, 2, 3, 4, 5, 6, 7, 8, -1, -2])).toBeCloseTo(112 / 1024, 12);
  expect(signTest([0, 1, -1])).toBe(1);
});

it("Holm's correction multiplies the smallest most, and keeps the order", () => {
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [at, value] of [0.03, 0.06, 0.06, 0.02].entries()) expect(corrected[at]).toBeCloseTo(value, 12);
});

describe('a comparison', () => {
  const run = (strategy: string, instance: string, seed: number, nodes: number): ComparisonRun => ({
    strategy,
    instance,
    seed,
    status: 'optimal',
    seconds: nodes / 100,
    cpuSeconds: null,
    nodes,
    iterations: nodes,
    cost: 1,
    bound: 1,
    gap: 0,
    firstPlan: 0.1,
    bestPlan: 0.2,
    trace: [
      [0.1, 0.5],
      [0.3, 0],
    ],
  });
  const instances = ['a', 'b', 'c', 'd', 'e', 'f'];
  // By halves, but for the shift of 10.
  const runs = instances.flatMap((instance, at) =>
    [1, 2].flatMap((seed) => [run('one', instance, seed, 90 + 100 * at), run('half', instance, seed, 40 + 50 * at)]),
  );

  it('pairs by instance: ratios, intervals, tests, virtual best, profiles', () => {
    const { strategies, virtualBest, profiles, instances: each } = compareRuns(runs, 'nodes');
    const [one, half] = strategies;
    expect(one.against).toBeNull();
    expect(half.against).toMatchObject({ better: 6, worse: 0, sign: 2 / 64 });
    expect(half.against!.corrected).toBe(half.against!.wilcoxon);
    for (const figure of [half.against!.ratio, half.against!.low, half.against!.high])
      expect(figure).toBeCloseTo(0.5, 12);
    expect(virtualBest).toBeCloseTo(half.mean, 12);
    expect(one.low).toBeLessThan(one.mean);
    expect(one.high).toBeGreaterThan(one.mean);
    expect(profiles.map(({ points }) => points.find(([factor]) => factor === 1.5)![1])).toEqual([0, 1]);
    expect(each[0].instance).toBe('a');
    expect(each[0].ratios[1]).toBeCloseTo(0.5, 12);
    expect(compareRuns(runs, 'nodes')).toEqual(compareRuns(runs, 'nodes'));
  });

  it('leaves out what a strategy has not run yet', () => {
    const { instances: each } = compareRuns([...runs, run('one', 'g', 1, 10)], 'nodes');
    expect(each.map(({ instance }) => instance)).toEqual(instances);
  });
});
