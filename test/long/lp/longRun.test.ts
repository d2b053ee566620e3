/** A million pivots of one solver: memory stays where it was and answers stay right. */
import { expect, it } from 'vitest';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { EditableProgram } from '../../lp/editableProgram.ts';
import { drawFrom, randomLinearProgram } from '../../lp/randomLinearPrograms.ts';

const pivotCount = 1_000_000;

it('a million warm-started pivots keep memory bounded and answers right', () => {
  const { integer, fraction } = drawFrom(11);
  const program = randomLinearProgram(4242, { rows: [10, 10], columns: [24, 24], wide: false });
  const solver = new SimplexSolver(program);
  const shadow = new EditableProgram(program);
  const widen = (j: number): [number, number] => [-10 - (j % 3), 10 + (j % 4)];
  for (let j = 0; j < solver.numColumns; j++) {
    const [lower, upper] = widen(j);
    Object.assign(shadow.columns[j], { lower, upper });
    solver.setColumnBounds(j, lower, upper);
  }
  for (let i = 0; i < solver.numRows; i++) {
    Object.assign(shadow.rows[i], { lower: -20 - i, upper: 20 + i });
    solver.setRowBounds(i, -20 - i, 20 + i);
  }
  let early = 0;
  let checks = 0;
  let worst = 0;
  for (let round = 0; solver.iterations < pivotCount; round++) {
    for (let change = 0; change < 6; change++) {
      const j = integer(0, solver.numColumns - 1);
      const cost = integer(-9, 9);
      shadow.columns[j].cost = cost;
      solver.setCost(j, cost);
      const k = integer(0, solver.numColumns - 1);
      const [low, high] = widen(k);
      const [lower, upper] = fraction() < 0.5 ? [low, high] : [integer(low, 0), integer(0, high)];
      Object.assign(shadow.columns[k], { lower, upper });
      solver.setColumnBounds(k, lower, upper);
    }
    expect(solver.solve()).toBe('optimal');
    if (round % 15_000 === 0) {
      const fresh = new SimplexSolver(shadow.build());
      fresh.solve();
      worst = Math.max(worst, Math.abs(solver.objective - fresh.objective) / (1 + Math.abs(fresh.objective)));
      checks++;
    }
    if (early === 0 && solver.iterations > pivotCount / 10) early = process.memoryUsage().rss;
  }
  expect(checks).toBeGreaterThan(3);
  expect(worst).toBeLessThan(1e-7);
  expect(process.memoryUsage().rss - early).toBeLessThan(100 * 2 ** 20);
});
