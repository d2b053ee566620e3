/** A result is that of the last solve or none: nothing of an earlier one can be read as if it were fresh. */
import { describe, expect, it } from 'vitest';
import { MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { solveLinearProgram } from '../../../src/lp/solveLinearProgram.ts';

function solver(): SimplexSolver {
  const builder = new MixedIntegerProgramBuilder();
  builder.addColumn({ cost: -30 });
  builder.addColumn({ cost: -50 });
  builder.addRow({ upper: 40, indices: [0, 1], values: [1, 2] });
  builder.addRow({ upper: 50, indices: [0, 1], values: [2, 1] });
  return new SimplexSolver(builder.build());
}

const changes: readonly [string, (changed: SimplexSolver) => void][] = [
  ['a column bound', (changed) => changed.setColumnBounds(0, 0, 1)],
  ['a row bound', (changed) => changed.setRowBounds(0, 0, 1)],
  ['a cost', (changed) => changed.setCost(0, 1)],
  ['a new row', (changed) => changed.addRows([{ lower: 0, upper: 1, indices: [0], values: [1] }])],
  ['a new column', (changed) => changed.addColumns([{ cost: 1, lower: 0, upper: 1, indices: [], values: [] }])],
  ['a row less', (changed) => changed.removeRows([0])],
  ['another basis', (changed) => changed.loadBasis(changed.saveBasis())],
];

const results = ['primal', 'rowActivity', 'duals', 'reducedCosts', 'objective', 'dualBound'] as const;

describe('results of a solver', () => {
  it('are not there before the first solve', () => {
    for (const name of results) expect(() => solver()[name]).toThrow(/no solve since the last change/);
  });

  it.each(changes)('go with %s', (_, change) => {
    const changed = solver();
    changed.solve();
    change(changed);
    expect(changed.status).toBeNull();
    for (const name of results) expect(() => changed[name]).toThrow(/no solve since the last change/);
    changed.solve();
    for (const name of results) expect(() => changed[name]).not.toThrow();
  });

  it('are not those of the solve before where there is no point', () => {
    const infeasible = solver();
    infeasible.solve();
    infeasible.setRowBounds(0, 120, Infinity);
    expect(infeasible.solve()).toBe('infeasible');
    for (const name of results) expect(() => infeasible[name]).toThrow(/a solve that ended infeasible/);
    expect(infeasible.farkasRay).toHaveLength(2);
  });

  it('have the length of the program as it is', () => {
    const growing = solver();
    growing.solve();
    expect([growing.primal.length, growing.reducedCosts.length]).toEqual([2, 2]);
    growing.addRows([{ lower: 0, upper: 1, indices: [0], values: [1] }]);
    growing.addColumns([{ cost: -1, lower: 0, upper: 1, indices: [0], values: [1] }]);
    growing.solve();
    expect([growing.primal.length, growing.rowActivity.length, growing.duals.length]).toEqual([3, 3, 3]);
    growing.removeRows([2]);
    growing.solve();
    expect([growing.rowActivity.length, growing.duals.length]).toEqual([2, 2]);
  });
});

it('options that are misspelt or of another type are refused', () => {
  const program = new MixedIntegerProgramBuilder().build();
  expect(() => solveLinearProgram(program, { presolv: false } as object)).toThrow(
    /presolv: found false, expected no such option; known: scale/,
  );
  expect(() => solveLinearProgram(program, { timeLimit: Number.NaN })).toThrow(/timeLimit: found NaN/);
  expect(() => solveLinearProgram(program, { presolve: 'no' } as object)).toThrow(
    /presolve: found "no", expected true or false/,
  );
});
