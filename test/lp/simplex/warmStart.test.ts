/** One solver living through changes of bounds, costs, rows, columns and bases answers like a new one at every step. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import type { Basis } from '../../../src/lp/simplexTypes.ts';
import { draws } from '../../arbitrary/draws.ts';
import { EditableProgram } from '../editableProgram.ts';
import { type Draw, drawFrom, randomLinearProgram } from '../randomLinearPrograms.ts';

interface Life {
  readonly solver: SimplexSolver;
  readonly shadow: EditableProgram;
  readonly draw: Draw;
  saved: Basis[];
}

function drawBounds({ fraction, integer }: Draw): [number, number] {
  const lower = fraction() < 0.25 ? -Infinity : integer(-6, 4);
  const upper = fraction() < 0.25 ? Infinity : lower === -Infinity ? integer(-3, 6) : lower + integer(0, 6);
  return [lower, upper];
}

function drawEntries({ fraction, integer }: Draw, size: number): { indices: number[]; values: number[] } {
  const indices: number[] = [];
  const values: number[] = [];
  for (let t = 0; t < size; t++) {
    const value = fraction() < 0.4 ? integer(-3, 3) : 0;
    if (value === 0) continue;
    indices.push(t);
    values.push(value);
  }
  return { indices, values };
}

const changes: Record<string, (life: Life) => void> = {
  'column bounds': ({ solver, shadow, draw }) => {
    const j = draw.integer(0, shadow.columns.length - 1);
    const [lower, upper] = drawBounds(draw);
    Object.assign(shadow.columns[j], { lower, upper });
    solver.setColumnBounds(j, lower, upper);
  },
  'row bounds': ({ solver, shadow, draw }) => {
    if (shadow.rows.length === 0) return;
    const i = draw.integer(0, shadow.rows.length - 1);
    const [lower, upper] = drawBounds(draw);
    Object.assign(shadow.rows[i], { lower, upper });
    solver.setRowBounds(i, lower, upper);
  },
  cost: ({ solver, shadow, draw }) => {
    const j = draw.integer(0, shadow.columns.length - 1);
    const cost = draw.integer(-5, 10);
    shadow.columns[j].cost = cost;
    solver.setCost(j, cost);
  },
  'more rows': ({ solver, shadow, draw }) => {
    const rows = Array.from({ length: draw.integer(1, 3) }, () => {
      const [lower, upper] = drawBounds(draw);
      return { lower, upper, ...drawEntries(draw, shadow.columns.length) };
    });
    solver.addRows(rows);
    for (const { lower, upper, indices, values } of rows) {
      const row = { lower, upper };
      shadow.rows.push(row);
      for (const [t, j] of indices.entries()) shadow.columns[j].entries.set(row, values[t]);
    }
  },
  'more columns': ({ solver, shadow, draw }) => {
    const columns = Array.from({ length: draw.integer(1, 3) }, () => {
      const [lower, upper] = drawBounds(draw);
      return { lower, upper, cost: draw.integer(-5, 10), ...drawEntries(draw, shadow.rows.length) };
    });
    solver.addColumns(columns);
    for (const { lower, upper, cost, indices, values } of columns) {
      const entries = new Map(indices.map((i, t) => [shadow.rows[i], values[t]]));
      shadow.columns.push({ lower, upper, cost, entries });
    }
  },
  'fewer rows': (life) => {
    const { solver, shadow, draw } = life;
    if (shadow.rows.length < 2) return;
    const gone = new Set([draw.integer(0, shadow.rows.length - 1), draw.integer(0, shadow.rows.length - 1)]);
    solver.removeRows([...gone]);
    shadow.rows = shadow.rows.filter((_, i) => !gone.has(i));
    life.saved = [];
  },
  'fewer columns': (life) => {
    const { solver, shadow, draw } = life;
    if (shadow.columns.length < 3) return;
    const gone = new Set([draw.integer(0, shadow.columns.length - 1), draw.integer(0, shadow.columns.length - 1)]);
    solver.removeColumns([...gone]);
    shadow.columns = shadow.columns.filter((_, j) => !gone.has(j));
    life.saved = [];
  },
  'an old basis': ({ solver, saved, draw }) => {
    if (saved.length > 0) solver.loadBasis(saved[draw.integer(0, saved.length - 1)]);
  },
};

describe('a solver that lives through changes', () => {
  it('agrees with a cold solve after each, in fewer iterations', () => {
    const names = Object.keys(changes);
    let warm = 0;
    let cold = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const draw = drawFrom(seed ^ 0x5bd1e995);
        const program = randomLinearProgram(seed, { rows: [0, 20], columns: [1, 24], wide: false });
        const life: Life = {
          solver: new SimplexSolver(program),
          shadow: new EditableProgram(program),
          draw,
          saved: [],
        };
        for (let step = 0; step < 10; step++) {
          const name = names[draw.integer(0, names.length - 1)];
          changes[name](life);
          const before = life.solver.iterations;
          const status = life.solver.solve();
          warm += life.solver.iterations - before;
          life.saved.push(life.solver.saveBasis());
          const fresh = new SimplexSolver(life.shadow.build());
          expect([name, status]).toEqual([name, fresh.solve()]);
          cold += fresh.iterations;
          if (status !== 'optimal') continue;
          const size = 1 + Math.abs(fresh.objective);
          expect(Math.abs(life.solver.objective - fresh.objective)).toBeLessThanOrEqual(1e-8 * size);
          expect(Math.abs(life.solver.dualBound - fresh.objective)).toBeLessThanOrEqual(1e-7 * size);
        }
      }),
      { numRuns: draws(1000), seed: 3 },
    );
    expect(warm).toBeLessThan(0.5 * cold);
  });
});
