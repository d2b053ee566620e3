import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { adversarialProtection } from '../../../src/model/formulations/robustCounterpart.ts';

/** By LP duality: the least of Gamma tau + sum_g share_g max(0, a_g - tau), whose best tau is 0 or some a_g. */
function worstCaseByDuality(gamma: number, shares: readonly number[], sizes: readonly number[]): number {
  const valueAt = (tau: number) =>
    shares.reduce((sum, share, g) => sum + share * Math.max(0, sizes[g] - tau), gamma * tau);
  return Math.min(...[0, ...sizes].filter((tau) => tau >= 0).map(valueAt));
}

describe('scenario rows', () => {
  it('are found where the worst case is above its column, and nowhere else', () => {
    const entry = fc.record({
      share: fc.constantFrom(0, 0.5, 1, 2),
      deviation: fc.integer({ min: 0, max: 9 }),
      // As an LP has them: most are 0, and rounding may be on the other side of it.
      value: fc.oneof(fc.constant(0), fc.constant(-1e-10), fc.double({ min: 0, max: 1, noNaN: true })),
    });
    const given = fc.record({
      entries: fc.array(entry, { minLength: 1, maxLength: 6 }),
      gamma: fc.constantFrom(0.5, 1, 1.7, 2, 3, 50),
      excess: fc.constantFrom(-1, -1e-3, 1e-3, 1),
    });
    fc.assert(
      fc.property(given, ({ entries, gamma, excess }) => {
        const builder = new MixedIntegerProgramBuilder();
        const columns = entries.map((_, g) => builder.addColumn({ name: `v${g}` }));
        const { worstCase, separate } = adversarialProtection(builder, {
          name: 'sum',
          gamma,
          entries: entries.map(({ share, deviation }, g) => ({
            name: String(g),
            share,
            columns: [columns[g]],
            deviations: [deviation],
          })),
        });
        const [theta] = worstCase.columns;
        const sizes = entries.map(({ deviation, value }) => deviation * value);
        const worst = worstCaseByDuality(
          gamma,
          entries.map(({ share }) => share),
          sizes,
        );
        const point = Float64Array.from([...entries.map(({ value }) => value), 0]);
        point[theta] = worst + excess;
        const row = separate(point, 1e-7);
        expect(row !== null).toBe(excess < 0);
        if (row === null) return;
        const activity = Array.from(row.indices).reduce((sum, column, t) => sum + row.values[t] * point[column], 0);
        // It asks for the whole worst case, up to the rounding below 0.
        expect(activity).toBeCloseTo(excess, 6);
      }),
      { numRuns: 500 },
    );
  });
});
