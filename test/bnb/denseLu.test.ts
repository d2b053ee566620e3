import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DenseLu } from '../../src/bnb/cuts/denseLu.ts';

describe('dense LU', () => {
  it('solves for every unit vector', () => {
    const matrices = fc.integer({ min: 1, max: 8 }).chain((size) =>
      fc.tuple(
        fc.constant(size),
        fc.array(fc.oneof(fc.constant(0), fc.integer({ min: -9, max: 9 })), {
          minLength: size * size,
          maxLength: size * size,
        }),
      ),
    );
    let solved = 0;
    fc.assert(
      fc.property(matrices, ([size, entries]) => {
        const factors = DenseLu.factor(size, Float64Array.from(entries));
        if (factors === null) return;
        solved++;
        for (let unit = 0; unit < size; unit++) {
          const solution = factors.solveUnit(unit);
          const scale = solution.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          for (let row = 0; row < size; row++) {
            let product = 0;
            for (let column = 0; column < size; column++) product += entries[row * size + column] * solution[column];
            expect(Math.abs(product - (row === unit ? 1 : 0))).toBeLessThan(1e-10 * scale);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(solved).toBeGreaterThan(20);
  });

  it('refuses singular matrices', () => {
    expect(DenseLu.factor(2, Float64Array.from([1, 2, 2, 4]))).toBeNull();
    expect(DenseLu.factor(2, Float64Array.from([0, 0, 0, 1]))).toBeNull();
  });
});
