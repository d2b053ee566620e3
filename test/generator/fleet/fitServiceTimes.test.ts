import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitServiceTimes } from '../../../src/generator/fleet/fitServiceTimes.ts';
import { secondsOfShape } from './secondsOfShape.ts';

const shapes = [
  [128, 128],
  [128, 2048],
  [2048, 128],
  [1000, 1000],
  [20_000, 2000],
] as const;

describe('fitting service times', () => {
  it('finds the times that made the throughput', () => {
    const time = (low: number) => fc.double({ min: low, max: 1e-3, noNaN: true });
    fc.assert(
      fc.property(time(1e-6), time(1e-6), fc.double({ min: 1e-9, max: 1e-6, noNaN: true }), (a, b, c) => {
        const times = { secondsPerInputToken: a, secondsPerOutputToken: b, secondsPerContextToken: c };
        const measured = shapes.map(([inputTokens, outputTokens]) => ({
          inputTokens,
          outputTokens,
          tokensPerSecond: outputTokens / secondsOfShape(times, inputTokens, outputTokens),
        }));
        const fitted = fitServiceTimes(measured);
        // Four digits are kept of each term: no prediction is further off than that.
        for (const [inputTokens, outputTokens] of shapes) {
          const ratio =
            secondsOfShape(fitted, inputTokens, outputTokens) / secondsOfShape(times, inputTokens, outputTokens);
          expect(Math.abs(ratio - 1)).toBeLessThan(0.0006);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('takes one or two shapes, and reproduces them', () => {
    const one = fitServiceTimes([{ inputTokens: 1000, outputTokens: 200, tokensPerSecond: 400 }]);
    expect(secondsOfShape(one, 1000, 200)).toBeCloseTo(0.5, 3);
    const two = fitServiceTimes([
      { inputTokens: 1000, outputTokens: 100, tokensPerSecond: 500 },
      { inputTokens: 100, outputTokens: 500, tokensPerSecond: 1500 },
    ]);
    expect(secondsOfShape(two, 1000, 100)).toBeCloseTo(0.2, 3);
    expect(secondsOfShape(two, 100, 500)).toBeCloseTo(1 / 3, 3);
  });

  it('never gives a negative time', () => {
    // Longer inputs that are served faster: no time per input token explains that.
    const times = fitServiceTimes([
      { inputTokens: 10, outputTokens: 100, tokensPerSecond: 1000 },
      { inputTokens: 10_000, outputTokens: 100, tokensPerSecond: 1100 },
    ]);
    expect(Math.min(...Object.values(times))).toBeGreaterThanOrEqual(0);
    expect(secondsOfShape(times, 10, 100)).toBeGreaterThan(0.08);
  });
});
