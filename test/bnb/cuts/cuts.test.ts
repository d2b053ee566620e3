import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregatedRoundingCuts } from '../../../src/bnb/cuts/aggregatedRounding.ts';
import { cliqueCuts } from '../../../src/bnb/cuts/clique.ts';
import { gomoryCuts } from '../../../src/bnb/cuts/gomory.ts';
import { knapsackCoverCuts, liftedCover } from '../../../src/bnb/cuts/knapsackCover.ts';
import type { CutSeparator, SeparationContext } from '../../../src/bnb/cuts/separator.ts';
import { violationOf } from '../../../src/bnb/linear/cutPool.ts';
import { RowMatrix } from '../../../src/bnb/linear/rowMatrix.ts';
import { defaultSearchParameters } from '../../../src/bnb/parameters.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder, type SparseRow } from '../../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { forEachAssignment, leastOverContinuous, randomPrograms } from '../randomPrograms.ts';

/** The cuts of some rounds, each added to the LP; and the points that they should cut off. */
function cutsOfRounds(program: MixedIntegerProgram, separator: CutSeparator, rounds: number) {
  const solver = new SimplexSolver(program);
  const rows = RowMatrix.fromProgram(program);
  const found: { cut: SparseRow; point: Float64Array }[] = [];
  for (let round = 1; round <= rounds; round++) {
    if (solver.solve() !== 'optimal') break;
    const point = solver.primal.slice(0, program.numColumns);
    const context: SeparationContext = {
      program,
      rows,
      numProgramRows: program.numRows,
      lower: program.columnLower,
      upper: program.columnUpper,
      reducedCosts: solver.reducedCosts,
      duals: solver.duals,
      rowActivity: solver.rowActivity.slice(0, rows.numRows),
      multipliersOf: (columns: ArrayLike<number>, values: ArrayLike<number>) => solver.multipliersOf(columns, values),
      round,
      parameters: defaultSearchParameters,
    };
    const cuts = [...separator.separate(point, context)];
    for (const cut of cuts) {
      found.push({ cut, point });
      rows.append(cut);
    }
    if (cuts.length === 0) break;
    solver.addRows(cuts);
  }
  return found;
}

/** Whether some integer point with its best continuous part is cut off. */
function expectValid(program: MixedIntegerProgram, cuts: readonly SparseRow[]): void {
  if (cuts.length === 0) return;
  forEachAssignment(program, (values) => {
    if (leastOverContinuous(program, values, new Float64Array(program.numColumns)) === null) return;
    for (const cut of cuts) {
      const cost = new Float64Array(program.numColumns);
      for (let t = 0; t < cut.indices.length; t++) cost[cut.indices[t]] -= cut.values[t];
      const largestActivity = -leastOverContinuous({ ...program, offset: 0 }, values, cost)!;
      expect(largestActivity).toBeLessThanOrEqual(cut.upper + 1e-6 * Math.max(1, Math.abs(cut.upper)));
    }
  });
}

const families: readonly (readonly [string, CutSeparator, number])[] = [
  ['gomory', gomoryCuts, 3],
  ['rounding', aggregatedRoundingCuts, 3],
  ['cover', knapsackCoverCuts, 2],
  ['clique', cliqueCuts, 2],
];

describe.each(families)('%s cuts', (_name, separator, rounds) => {
  it('hold for every integer point and cut off the point that they were made for', () => {
    fc.assert(
      fc.property(randomPrograms(2), (program) => {
        const found = cutsOfRounds(program, separator, rounds);
        for (const { cut, point } of found) expect(violationOf(cut, point)).toBeGreaterThan(0);
        expectValid(
          program,
          found.map(({ cut }) => cut),
        );
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('are found', () => {
    // x1..x4 in a knapsack, any two of the first three of which exclude each other.
    const builder = new MixedIntegerProgramBuilder();
    const costs = [-5, -5.1, -4.9, -3];
    const columns = costs.map((cost) => builder.addColumn({ cost, upper: 1, integer: true }));
    builder.addRow({ upper: 9, indices: columns, values: [5, 5, 5, 3] });
    const found = cutsOfRounds(builder.build(), separator, 1);
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('lifted covers', () => {
  it('hold for every 0/1 point of a knapsack with complemented literals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 2,
          maxLength: 9,
        }),
        fc.double({ min: 0.2, max: 0.9, noNaN: true }),
        (items, part) => {
          const weights = Float64Array.from(items, ([weight]) => weight);
          const isComplemented = Uint8Array.from(items, ([, flag]) => (flag ? 1 : 0));
          const capacity = Math.floor(part * weights.reduce((sum, weight) => sum + weight, 0));
          const point = Float64Array.from(items, ([, , value]) => value);
          const cut = liftedCover(
            { columns: Int32Array.from(items, (_, t) => t), isComplemented, weights, capacity },
            point,
          );
          if (cut === null) return;
          expect(violationOf(cut, point)).toBeGreaterThan(0);
          for (let mask = 0; mask < 1 << items.length; mask++) {
            const literals = items.map((_, t) => (mask >> t) & 1);
            if (literals.reduce((sum, literal, t) => sum + literal * weights[t], 0) > capacity) continue;
            const corner = Float64Array.from(literals, (literal, t) => (isComplemented[t] ? 1 - literal : literal));
            expect(violationOf(cut, corner)).toBe(0);
          }
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });
});
