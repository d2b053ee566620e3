/** Reduced costs of the simplex's state against their definition, for bases with few and with many multipliers. */
import { describe, expect, it } from 'vitest';
import { SparseLu } from '../../../src/lp/basis/sparseLu.ts';
import { dualPricings } from '../../../src/lp/simplex/dualPricing.ts';
import { DualSimplex } from '../../../src/lp/simplex/dualSimplex.ts';
import { RunLimits } from '../../../src/lp/simplex/runLimits.ts';
import { ScaledProgram } from '../../../src/lp/simplex/scaledProgram.ts';
import { SimplexCore } from '../../../src/lp/simplex/simplexCore.ts';
import { drain } from '../../../src/lp/steps.ts';
import { randomLinearProgram } from '../randomLinearPrograms.ts';

describe('reduced costs', () => {
  it.each([
    ['few', 11],
    ['half', 2],
    ['all', 1],
  ])('are cost less multipliers times columns, where %s of the rows have a multiplier', (_, every) => {
    for (let seed = 1; seed <= 20; seed++) {
      const program = new ScaledProgram(
        randomLinearProgram(seed, { rows: [20, 40], columns: [20, 50], wide: false }),
        true,
      );
      const core = new SimplexCore(program, new SparseLu());
      const { numRows, numColumns } = core;
      // In the basis of slacks the multiplier of a row is the cost of its slack.
      const multiplier = Float64Array.from({ length: numRows }, (_, i) => (i % every === 0 ? 1 + (i % 7) : 0));
      core.cost.set(multiplier, numColumns);
      // One column basic in the place of a slack, so that B is not the identity.
      const { byColumn } = program.matrix;
      const entering = Array.from({ length: numColumns }, (_, j) => j).find((j) => byColumn.length(j) > 0)!;
      const leavingRow = byColumn.indices[byColumn.begin[entering]];
      core.position[numColumns + leavingRow] = -1;
      core.setBasic(leavingRow, entering);
      core.refactor();
      core.computeDuals();
      const y = core.cost.subarray(numColumns, core.total).map((cost, i) => cost - core.dual[numColumns + i]);
      const wanted = core.cost.slice(0, core.total);
      for (let j = 0; j < numColumns; j++) wanted[j] -= program.matrix.columnDot(j, y);
      for (let i = 0; i < numRows; i++) wanted[numColumns + i] -= y[i];
      // Zero for basic variables is B'y = c_B.
      for (let v = 0; v < core.total; v++) expect(core.dual[v]).toBeCloseTo(wanted[v], 9);
      for (const v of core.basis) expect(core.dual[v]).toBe(0);
    }
  });
});

describe('reduced costs of fixed variables, which pivot rows leave out', () => {
  it('are computed anew before anything that may enter the basis is judged by them', () => {
    let released = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const program = new ScaledProgram(
        randomLinearProgram(seed, { rows: [10, 25], columns: [20, 50], wide: false }),
        true,
      );
      const core = new SimplexCore(program, new SparseLu());
      const bounds = Array.from({ length: core.numColumns }, (_, j) => [program.lower[j], program.upper[j]] as const);
      const fixed = bounds.flatMap(([lower, upper], j) =>
        j % 3 === 0 && lower > -Infinity && lower < upper ? [j] : [],
      );
      for (const j of fixed) {
        program.upper[j] = program.lower[j];
        core.reload(j);
      }
      core.refactor();
      drain(new DualSimplex(core, dualPricings['steepest-edge']).run(new RunLimits(15, Infinity), false));
      if (core.iterations === 0) continue;
      for (const j of fixed) {
        program.upper[j] = bounds[j][1];
        core.reload(j);
      }
      if (!core.dualsFit) core.computeDuals();
      const kept = core.dual.slice(0, core.total);
      if (!core.isFactored) core.refactor();
      core.computeDuals();
      for (let v = 0; v < core.total; v++) expect(kept[v]).toBeCloseTo(core.dual[v], 6);
      released += fixed.length;
    }
    expect(released).toBeGreaterThan(100);
  });
});
