/** Cuts by rounding hold at every whole point, whatever their multipliers, sides and bounds. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnRanges, exactProgram } from '../../../src/proof/check/exactProgram.ts';
import { ProofError } from '../../../src/proof/check/proofFormat.ts';
import {
  asNumber,
  compare,
  decimalOf,
  plus,
  type Rational,
  times,
  whole,
  zero,
} from '../../../src/proof/check/rational.ts';
import { type RoundingCut, roundedRow, withCuts } from '../../../src/proof/check/roundingCut.ts';
import { type Data, pointsOf, programOf, programs } from '../smallPrograms.ts';

const multiplier = fc.integer({ min: -40, max: 40 }).map((n) => n / 8);
const choices = fc.array(fc.tuple(multiplier, fc.boolean()), { minLength: 8, maxLength: 8 });
const complemented = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
const wholePrograms = programs.filter(({ wholes, costs }) => wholes === costs.length);

function baseOf({ rows, costs }: Data, chosen: readonly (readonly [number, boolean])[], fromUpper: readonly boolean[]) {
  const lower: [number, Rational][] = [];
  const upper: [number, Rational][] = [];
  rows.forEach(({ width }, row) => {
    const [value, isUpper] = chosen[row];
    if (value !== 0) (isUpper && width < Infinity ? upper : lower).push([row, decimalOf(value)]);
  });
  return { lower, upper, fromUpper: costs.flatMap((_, column) => (fromUpper[column] ? [column] : [])) };
}

it('hold at every whole point, and cut others off', () => {
  let derived = 0;
  let isTight = 0;
  fc.assert(
    fc.property(wholePrograms, choices, complemented, (data, chosen, fromUpper) => {
      const program = exactProgram(programOf(data));
      const base = baseOf(data, chosen, fromUpper);
      const ranges = columnRanges(program);
      let row: ReturnType<typeof roundedRow>;
      try {
        row = roundedRow(program, ranges, base, 'cut');
      } catch (error) {
        if (error instanceof ProofError) return;
        throw error;
      }
      const points = pointsOf(data);
      if (points.length > 0) derived++;
      const left = (point: readonly number[]) =>
        [...row.coefficients].reduce(
          (sum, [column, value]) => plus(sum, times(value, whole(BigInt(point[column])))),
          zero,
        );
      for (const point of points) expect(compare(left(point), row.most)).toBeLessThanOrEqual(0);
      if (points.some((point) => compare(left(point), row.most) === 0)) isTight++;
      const cut = (most: Rational): RoundingCut => ({ ...base, coefficients: [...row.coefficients], most });
      expect(withCuts(program, ranges, [cut(row.most)], 'tree').rows).toHaveLength(program.rows.length + 1);
      const less = plus(row.most, { n: -1n, d: 10n ** 9n });
      expect(() => withCuts(program, ranges, [cut(less)], 'tree')).toThrow(ProofError);
    }),
    { numRuns: 400, seed: 3 },
  );
  expect(derived).toBeGreaterThan(50);
  // Rounding is not mere weakening: points lie on the cuts.
  expect(isTight).toBeGreaterThan(10);
});

it('is the cut by hand', () => {
  // Half of 2 x <= 3 is x <= 1.5, and x is whole.
  const data: Data = {
    wholes: 1,
    costs: [-1],
    rows: [{ coefficients: [2], lower: -10, width: 13 }],
    offset: 0,
  };
  const program = exactProgram(programOf(data));
  const base = { lower: [], upper: [[0, decimalOf(0.5)] as const], fromUpper: [] };
  const { coefficients, most } = roundedRow(program, columnRanges(program), base, 'cut');
  expect(asNumber(most)).toBe(1);
  expect(asNumber(coefficients.get(0)!)).toBe(1);
});
