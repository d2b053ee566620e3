/**
 * Prices of columns in blocks: what Dantzig-Wolfe decomposition says of the two extremes, and of the bound in between.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockPricesOf } from '../../../src/bnb/linear/modelSeparator.ts';
import { RowMatrix } from '../../../src/bnb/linear/rowMatrix.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { randomPrograms } from '../randomPrograms.ts';

describe('prices of blocks', () => {
  it('are reduced costs without blocks, and costs where one block holds every row', () => {
    let solved = 0;
    fc.assert(
      fc.property(randomPrograms(3), (program) => {
        const solver = new SimplexSolver(program);
        if (solver.solve() !== 'optimal') return;
        solved++;
        const rows = RowMatrix.fromProgram(program);
        const { duals, reducedCosts } = solver;
        const prices = (block: number) =>
          blockPricesOf(rows, duals, reducedCosts, new Int32Array(program.numColumns).fill(block));
        expect(Array.from(prices(-1))).toEqual(Array.from(reducedCosts.subarray(0, program.numColumns)));
        const faults = Array.from(prices(0)).filter((price, column) => Math.abs(price - program.cost[column]) > 1e-6);
        expect(faults).toEqual([]);
      }),
      { numRuns: 200, seed: 12 },
    );
    expect(solved).toBeGreaterThan(100);
  });

  it('pay for the rows that join blocks only: y of those rows times A is what they are below the cost', () => {
    let joined = 0;
    fc.assert(
      fc.property(randomPrograms(3), fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 20 }), (program, drawn) => {
        const solver = new SimplexSolver(program);
        if (solver.solve() !== 'optimal') return;
        const rows = RowMatrix.fromProgram(program);
        const blockOf = Int32Array.from({ length: program.numColumns }, (_, column) => drawn[column % drawn.length]);
        const expected = Float64Array.from(program.cost);
        for (let row = 0; row < program.numRows; row++) {
          const { indices, values } = rows.row(row);
          const blocks = new Set(Array.from(indices, (column) => blockOf[column]));
          if (blocks.size === 1 && !blocks.has(-1)) continue;
          joined++;
          for (let t = 0; t < indices.length; t++) expected[indices[t]] -= solver.duals[row] * values[t];
        }
        const found = blockPricesOf(rows, solver.duals, solver.reducedCosts, blockOf);
        expect(Array.from(found).filter((price, column) => Math.abs(price - expected[column]) > 1e-6)).toEqual([]);
      }),
      { numRuns: 200, seed: 13 },
    );
    expect(joined).toBeGreaterThan(100);
  });
});
