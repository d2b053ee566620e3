/** Bad numbers stop at the doors of the kernel, with row and column, instead of running through its loops for ever. */

import { describe, expect, it } from 'vitest';
import { solveMixedIntegerProgram } from '../../src/bnb/solveMixedIntegerProgram.ts';
import { InputError } from '../../src/input/inputError.ts';
import { DenseFactorization } from '../../src/lp/basis/denseFactorization.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../src/lp/simplex/simplexSolver.ts';
import { solveLinearProgram } from '../../src/lp/solveLinearProgram.ts';

function goodProgram(): MixedIntegerProgram {
  const builder = new MixedIntegerProgramBuilder();
  builder.addColumn({ name: 'chairs', cost: -3, upper: 4 });
  builder.addColumn({ name: 'tables', cost: -5, upper: 7, integer: true });
  builder.addRow({ name: 'wood', upper: 12, indices: [0, 1], values: [1, 2] });
  builder.addRow({ name: 'glue', lower: 1, upper: 18, indices: [0, 1], values: [3, 2] });
  return builder.build();
}

const doors: readonly [string, (program: MixedIntegerProgram) => unknown][] = [
  ['solveLinearProgram', (program) => solveLinearProgram(program)],
  ['solveLinearProgram without presolve', (program) => solveLinearProgram(program, { presolve: false })],
  ['SimplexSolver', (program) => new SimplexSolver(program)],
  ['solveMixedIntegerProgram', (program) => solveMixedIntegerProgram(program)],
];

/** `array` with `value` in place of its entry `at`. */
function replaced<T extends Float64Array | Int32Array>(array: T, at: number, value: number): T {
  const copy = array.slice() as T;
  copy[at] = value;
  return copy;
}

const faults: readonly [string, (program: MixedIntegerProgram) => Partial<MixedIntegerProgram>, RegExp][] = [
  ['a NaN coefficient', (p) => ({ values: replaced(p.values, 1, Number.NaN) }), /row 1.*column 0.*coefficient of NaN/],
  ['an infinite coefficient', (p) => ({ values: replaced(p.values, 2, Infinity) }), /row 0.*column 1.*Infinity/],
  ['a NaN cost', (p) => ({ cost: replaced(p.cost, 1, Number.NaN) }), /column 1.*cost of NaN/],
  ['an infinite cost', (p) => ({ cost: replaced(p.cost, 0, -Infinity) }), /column 0.*cost of -Infinity/],
  ['a NaN lower bound', (p) => ({ columnLower: replaced(p.columnLower, 0, Number.NaN) }), /column 0.*\[NaN, 4\]/],
  ['a NaN upper bound', (p) => ({ columnUpper: replaced(p.columnUpper, 1, Number.NaN) }), /column 1.*\[0, NaN\]/],
  ['a NaN row side', (p) => ({ rowUpper: replaced(p.rowUpper, 0, Number.NaN) }), /row 0.*\[-Infinity, NaN\]/],
  ['a NaN offset', () => ({ offset: Number.NaN }), /offset: found NaN/],
  ['too few costs', (p) => ({ cost: p.cost.slice(1) }), /cost: found a length of 1, expected 2/],
  ['too few row bounds', (p) => ({ rowLower: p.rowLower.slice(1) }), /rowLower: found a length of 1, expected 2/],
  ['too few values', (p) => ({ values: p.values.slice(1) }), /values: found a length of 3, expected 4/],
  ['a row that is not there', (p) => ({ rowIndices: replaced(p.rowIndices, 0, 2) }), /column 0.*row 2.*2 rows/],
  ['a row twice', (p) => ({ rowIndices: replaced(p.rowIndices, 0, 1) }), /row 1.*column 0.*twice/],
  ['numbers as texts', () => ({ columnLower: ['0', '0'] as never }), /column 0.*found bounds \[0, 4\]/],
  ['starts that fall', (p) => ({ columnStarts: replaced(p.columnStarts, 1, 9) }), /columnStarts\[2\]/],
];

describe.each(doors)('%s', (_, open) => {
  it('takes a good program', () => expect(() => open(goodProgram())).not.toThrow());

  it.each(faults)('refuses %s', (_name, fault, message) => {
    const program = goodProgram();
    const attempt = () => open({ ...program, ...fault(program) });
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });
});

describe.each(doors)('%s', (_, open) => {
  it.each([null, undefined, 3, 'x', [], new Map()])('refuses what is no program: %s', (value) => {
    expect(() => open(value as never)).toThrow(InputError);
  });
});

describe('options', () => {
  it('of linear programs are refused together with the program', () => {
    const wrong = {
      presolve: 1,
      iterationLimit: -1,
      timeLimit: Number.NaN,
      pricing: 'constructor',
      scal: true,
      shouldStop: 3,
    };
    const said = () => solveLinearProgram({ ...goodProgram(), offset: Number.NaN }, wrong as never);
    expect(pathsOf(said)).toEqual([
      'offset',
      'presolve',
      'iterationLimit',
      'timeLimit',
      'pricing',
      'scal',
      'shouldStop',
    ]);
  });

  it('of integer programs are refused together, the strategy among them', () => {
    const wrong = {
      relativeGap: '1',
      strategy: { foo: 1, cuts: 'yes', base: 'x', parameters: { nope: 1 } },
      knownSolutions: [[1], [1, Number.NaN]],
      onProgress: 3,
    };
    expect(pathsOf(() => solveMixedIntegerProgram(goodProgram(), wrong as never))).toEqual([
      'relativeGap',
      'onProgress',
      'strategy.foo',
      'strategy.cuts',
      'strategy.base',
      'strategy.parameters.nope',
      'knownSolutions[0]',
      'knownSolutions[1][1]',
    ]);
    for (const value of [null, 3, 'x', [], new Map(), Object.create({ relativeGap: -1 })])
      expect(pathsOf(() => solveMixedIntegerProgram(goodProgram(), value))).toEqual(['options']);
  });

  it('of a solver that is kept too', () => {
    expect(
      pathsOf(() => new SimplexSolver(goodProgram(), { perturb: 'no', pricing: {}, factorization: [] } as never)),
    ).toEqual(['perturb', 'pricing', 'factorization']);
    const { objective } = solveLinearProgram(goodProgram(), { factorization: new DenseFactorization() });
    expect(objective).toBeCloseTo(solveLinearProgram(goodProgram()).objective!, 9);
  });
});

function pathsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.issues.map(({ path }) => path);
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the names in a message', () => {
  it('are those of the program, and faults beyond five are counted', () => {
    const program = goodProgram();
    const attempt = () =>
      solveLinearProgram({ ...program, values: program.values.fill(Number.NaN), cost: program.cost.fill(Number.NaN) });
    expect(attempt).toThrow(/row 0 \("wood"\), column 0 \("chairs"\)/);
    expect(attempt).toThrow(/program: found 1 more faults, expected none$/);
  });
});

describe('MixedIntegerProgramBuilder', () => {
  const builder = () => {
    const made = new MixedIntegerProgramBuilder();
    made.addColumn();
    return made;
  };

  it('refuses bad columns, rows and offsets at once', () => {
    expect(() => builder().addColumn({ cost: Number.NaN })).toThrow(/column 1.*cost of NaN/);
    expect(() => builder().addColumn({ name: 'x', lower: Number.NaN })).toThrow(/"x".*\[NaN, Infinity\]/);
    expect(() => builder().addRow({ indices: [0], values: [Number.NaN] })).toThrow(/row 0.*column 0.*NaN/);
    expect(() => builder().addRow({ name: 'r', indices: [0], values: [] })).toThrow(/"r".*1 indices and 0 values/);
    expect(() => builder().addRow({ upper: Number.NaN })).toThrow(/\[-Infinity, NaN\]/);
    expect(() => builder().addToOffset(Infinity)).toThrow(/offset: found Infinity/);
  });

  it('refuses at the end columns that never came and sums that overflow', () => {
    const missing = builder();
    missing.addRow({ name: 'r', indices: [3], values: [1] });
    expect(() => missing.build()).toThrow(/row 0 \("r"\): found column 3, expected one of 1 columns/);
    const overflowing = builder();
    overflowing.addRow({ indices: [0, 0], values: [1e308, 1e308] });
    expect(() => overflowing.build()).toThrow(/row 0.*column 0: found entries that sum to Infinity/);
  });
});

describe('changes of a solver', () => {
  it('are refused with a NaN or lists of unequal length', () => {
    const solver = new SimplexSolver(goodProgram());
    const row = { lower: 0, upper: 1, indices: [0], values: [1] };
    expect(() => solver.addRows([{ ...row, values: [Number.NaN] }])).toThrow(InputError);
    expect(() => solver.addRows([{ ...row, values: [] }])).toThrow(/1 indices and 0 values/);
    expect(() => solver.addRows([{ ...row, lower: Number.NaN }])).toThrow(InputError);
    expect(() => solver.addColumns([{ ...row, cost: Number.NaN }])).toThrow(/cost of NaN/);
    expect(() => solver.setCost(0, Number.NaN)).toThrow(InputError);
    expect(() => solver.setColumnBounds(0, Number.NaN, 1)).toThrow(InputError);
  });
});

describe('finite numbers that overflow inside', () => {
  it.each([1e150, 1e200, 1e300, 1.7e308])('of size %d end with some word', (size) => {
    for (let seed = 0; seed < 10; seed++) {
      const builder = new MixedIntegerProgramBuilder();
      const draw = (t: number) => ((seed * 7919 + t * 104729) % 11) - 5;
      const entry = (t: number) => (draw(t + 3) % 2 === 0 ? 0.2 * draw(t) * size : draw(t));
      for (let j = 0; j < 4; j++) builder.addColumn({ cost: entry(j), lower: -1, upper: j % 2 === 0 ? size : 5 });
      for (let i = 0; i < 3; i++)
        builder.addRow({
          lower: entry(10 + i),
          upper: size,
          indices: [0, 1, 2, 3],
          values: [20, 21, 22, 23].map((t) => entry(t + 5 * i)),
        });
      const program = builder.build();
      for (const presolve of [true, false])
        expect(solveLinearProgram(program, { presolve }).status).toMatch(
          /optimal|infeasible|unbounded|numerical-trouble/,
        );
    }
  });
});
