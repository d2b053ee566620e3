/** The contract of the linear solver beside its optima: limits, cutoff, bases, misuse, signs of multipliers. */

import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/input/inputError.ts';
import { readMps } from '../../../src/lp/files/mpsReader.ts';
import { MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { BasisStatus } from '../../../src/lp/simplexTypes.ts';
import { solveLinearProgram } from '../../../src/lp/solveLinearProgram.ts';
import { truthText } from '../truth.ts';

/** minimise -3x - 5y with x <= 4, 2y <= 12, 3x + 2y <= 18, x, y >= 0: the textbook optimum is -36 at (2, 6). */
function textbook(): SimplexSolver {
  const builder = new MixedIntegerProgramBuilder();
  const x = builder.addColumn({ cost: -3 });
  const y = builder.addColumn({ cost: -5 });
  builder.addRow({ upper: 4, indices: [x], values: [1] });
  builder.addRow({ upper: 12, indices: [y], values: [2] });
  builder.addRow({ upper: 18, indices: [x, y], values: [3, 2] });
  return new SimplexSolver(builder.build());
}

function bandm(): SimplexSolver {
  return new SimplexSolver(readMps(truthText('lp/bandm.mps')));
}

describe('results', () => {
  it('give point, activities, multipliers and bound of the textbook example', () => {
    const solver = textbook();
    expect(solver.solve()).toBe('optimal');
    expect(solver.objective).toBeCloseTo(-36, 12);
    expect([...solver.primal.subarray(0, 2)]).toEqual([2, 6]);
    expect([...solver.rowActivity.subarray(0, 3)]).toEqual([2, 12, 18]);
    const duals = [...solver.duals.subarray(0, 3)];
    for (const [i, dual] of [0, -1.5, -1].entries()) expect(duals[i]).toBeCloseTo(dual, 12);
    expect(solver.dualBound).toBeCloseTo(-36, 12);
  });

  it('hold for programs without rows, and without anything', () => {
    const builder = new MixedIntegerProgramBuilder();
    builder.addToOffset(5);
    const empty = new SimplexSolver(builder.build());
    expect([empty.solve(), empty.objective]).toEqual(['optimal', 5]);
    builder.addColumn({ cost: -2, lower: -1, upper: 3 });
    builder.addColumn({ cost: 1, lower: -4 });
    const boxed = new SimplexSolver(builder.build());
    expect([boxed.solve(), boxed.objective]).toEqual(['optimal', 5 - 6 - 4]);
    builder.addColumn({ cost: -1 });
    expect(new SimplexSolver(builder.build()).solve()).toBe('unbounded');
  });

  it('give the rows of the simplex tableau', () => {
    const program = readMps(truthText('lp/bandm.mps'));
    const solver = new SimplexSolver(program);
    expect(solver.solve()).toBe('optimal');
    const { columns, rows } = solver.saveBasis();
    const basic = [...columns.keys()].filter((column) => columns[column] === BasisStatus.basic);
    for (const asked of [basic.slice(0, 1), basic.slice(10, 13)]) {
      const values = asked.map((_, t) => t + 1);
      const multipliers = solver.multipliersOf(asked, values);
      for (const column of basic) {
        let sum = 0;
        for (let at = program.columnStarts[column]; at < program.columnStarts[column + 1]; at++)
          sum += multipliers[program.rowIndices[at]] * program.values[at];
        expect(sum).toBeCloseTo(asked.includes(column) ? values[asked.indexOf(column)] : 0, 7);
      }
      const ofBasicRows = multipliers.filter((_, row) => rows[row] === BasisStatus.basic);
      expect(Math.max(...ofBasicRows.map(Math.abs))).toBeCloseTo(0, 9);
    }
  });

  it('call a program infeasible whose bounds cross', () => {
    const solver = textbook();
    solver.setColumnBounds(0, 3, 2);
    expect(solver.solve()).toBe('infeasible');
    solver.setColumnBounds(0, 0, 2);
    expect(solver.solve()).toBe('optimal');
  });

  it.each([
    ['column', Infinity, Infinity],
    ['column', -Infinity, -Infinity],
    ['column', Infinity, -Infinity],
    ['row', Infinity, Infinity],
    ['row', -Infinity, -Infinity],
    ['row', Infinity, 3],
  ])('call a program infeasible whose %s has bounds [%d, %d], which no number meets', (kind, lower, upper) => {
    const builder = new MixedIntegerProgramBuilder();
    const x = builder.addColumn(kind === 'column' ? { cost: 1, lower, upper } : { cost: 1, upper: 5 });
    builder.addRow({
      lower: kind === 'row' ? lower : -Infinity,
      upper: kind === 'row' ? upper : 4,
      indices: [x],
      values: [1],
    });
    const program = builder.build();
    const statuses = [true, false].map((presolve) => solveLinearProgram(program, { presolve }).status);
    expect(statuses).toEqual(['infeasible', 'infeasible']);
    const solver = new SimplexSolver(program);
    expect(solver.solve()).toBe('infeasible');
    // The multiplier asks for the side of the row that is out of reach.
    expect(Math.sign(solver.farkasRay![0])).toBe(kind === 'column' ? 0 : lower === Infinity ? 1 : -1);
    if (kind === 'column') solver.setColumnBounds(x, 1, 5);
    else solver.setRowBounds(0, 1, 5);
    expect([solver.solve(), solver.objective]).toEqual(['optimal', 1]);
  });
});

describe('limits', () => {
  it('stop after the iterations allowed and go on from there', () => {
    const solver = bandm();
    expect(solver.solve({ iterationLimit: 50 })).toBe('iteration-limit');
    expect(solver.iterations).toBe(50);
    expect(solver.solve()).toBe('optimal');
    expect(solver.objective).toBeCloseTo(-158.62801845, 8);
  });

  it('stop at the clock', () => {
    expect(bandm().solve({ timeLimit: 0 })).toBe('time-limit');
  });

  it('stop once the dual bound passes the cutoff, and only then', () => {
    const solver = textbook();
    solver.solve();
    const basis = solver.saveBasis();
    // With y <= 3 the optimum rises from -36 to -27, at (4, 3).
    solver.setColumnBounds(1, 0, 3);
    expect(solver.solve({ objectiveCutoff: -30 })).toBe('cutoff');
    expect(solver.dualBound).toBeGreaterThanOrEqual(-30);
    expect(solver.dualBound).toBeLessThanOrEqual(-27 + 1e-9);
    expect(solver.objective).toBe(solver.dualBound);
    solver.loadBasis(basis);
    expect(solver.solve({ objectiveCutoff: -26 })).toBe('optimal');
    expect(solver.objective).toBeCloseTo(-27, 12);
  });
});

describe('bases', () => {
  it('take a new solver to the optimum without an iteration', () => {
    const first = bandm();
    first.solve();
    const second = bandm();
    second.loadBasis(first.saveBasis());
    expect(second.solve()).toBe('optimal');
    expect(second.iterations).toBe(0);
    expect(second.objective).toBeCloseTo(first.objective, 9);
  });

  it('are one byte per column and row with as many basic ones as rows', () => {
    const solver = bandm();
    solver.solve();
    const { columns, rows } = solver.saveBasis();
    expect([columns.length, rows.length]).toEqual([solver.numColumns, solver.numRows]);
    const basic = [...columns, ...rows].filter((status) => status === BasisStatus.basic);
    expect(basic.length).toBe(solver.numRows);
  });

  it('may be nonsense: singular, too many or too few basic variables', () => {
    for (const status of [BasisStatus.basic, BasisStatus.atLower, BasisStatus.atUpper, BasisStatus.free]) {
      const solver = bandm();
      const columns = new Uint8Array(solver.numColumns).fill(status);
      const rows = new Uint8Array(solver.numRows).fill(status);
      solver.loadBasis({ columns, rows });
      expect(solver.solve()).toBe('optimal');
      expect(solver.objective).toBeCloseTo(-158.62801845, 8);
    }
  });
});

describe('misuse', () => {
  const solver = textbook();
  it.each([
    ['a column that is not there', () => solver.setColumnBounds(2, 0, 1)],
    ['a row that is not there', () => solver.setRowBounds(-1, 0, 1)],
    ['bounds that are not numbers', () => solver.setColumnBounds(0, Number.NaN, 1)],
    ['an infinite cost', () => solver.setCost(0, Infinity)],
    ['a new row with an unknown column', () => solver.addRows([{ lower: 0, upper: 1, indices: [7], values: [1] }])],
    ['a basis of another size', () => solver.loadBasis({ columns: new Uint8Array(9), rows: new Uint8Array(9) })],
  ])('%s is refused', (_what, misuse) => {
    expect(misuse).toThrow(InputError);
  });
});
