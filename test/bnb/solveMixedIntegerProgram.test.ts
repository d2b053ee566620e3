import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { solveMixedIntegerProgram, solveMixedIntegerProgramAsync } from '../../src/bnb/solveMixedIntegerProgram.ts';
import { readMps } from '../../src/lp/files/mpsReader.ts';
import { MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';

const data = new URL('../data/', import.meta.url);
const optima = readFileSync(new URL('lp-index.csv', data), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(','))
  .filter(([, kind]) => kind === 'MIP')
  .map((fields) => ({ file: fields[0], optimum: Number(fields.at(-1)) }));

const program = (file: string) => readMps(readFileSync(new URL(file, data), 'utf8'));

describe('mixed-integer programs of known optimum', () => {
  it('there are ten of them', () => expect(optima).toHaveLength(10));

  // test/long/bnb/bell5.test.ts has the one that takes a minute.
  it.each(optima.filter(({ file }) => file !== 'mip/bell5.mps'))('$file is proven', ({ file, optimum }) => {
    const result = solveMixedIntegerProgram(program(file));
    expect(result.status).toBe('optimal');
    const tolerance = 1e-6 * Math.abs(optimum);
    expect(Math.abs(result.cost! - optimum)).toBeLessThanOrEqual(tolerance);
    expect(result.bound).toBeLessThanOrEqual(optimum + tolerance);
    expect(result.gap).toBeLessThanOrEqual(1e-6);
  });

  it.each(['p0033', 'rgn', 'flugpl', 'stein27'])('%s has the same optimum without helpers', (name) => {
    const file = `mip/${name}.mps`;
    const { optimum } = optima.find((entry) => entry.file === file)!;
    const result = solveMixedIntegerProgram(program(file), { strategy: 'plain' });
    expect(result.status).toBe('optimal');
    expect(Math.abs(result.cost! - optimum)).toBeLessThanOrEqual(1e-6 * Math.abs(optimum));
  });

  describe('whose relaxation is unbounded', () => {
    // 2 x - 2 z is even, whatever the integers are; y alone decides the cost.
    const parity = (sum: number) => {
      const builder = new MixedIntegerProgramBuilder();
      builder.addColumn({ integer: true });
      builder.addColumn({ integer: true });
      builder.addColumn({ cost: -1 });
      builder.addRow({ lower: sum, upper: sum, indices: [0, 1], values: [2, -2] });
      return builder.build();
    };

    it('are infeasible without a solution, unbounded with one', async () => {
      expect(solveMixedIntegerProgram(parity(1))).toMatchObject({ status: 'infeasible', solution: null });
      expect(solveMixedIntegerProgram(parity(4))).toMatchObject({ status: 'unbounded', solution: null });
      expect(await solveMixedIntegerProgramAsync(parity(1))).toMatchObject({ status: 'infeasible' });
      expect(await solveMixedIntegerProgramAsync(parity(4))).toMatchObject({ status: 'unbounded' });
    });

    it('stay undecided where a limit strikes first', () => {
      expect(solveMixedIntegerProgram(parity(4), { nodeLimit: 1 }).status).toBe('node-limit');
    });
  });

  it.each([
    [0.5, 0.5],
    [-2.5, -2.5],
    [0.25, 0.75],
    [1e6 + 0.5, 1e6 + 0.5],
  ])('an integer column from %d to %d has no value', (lower, upper) => {
    for (const hasRow of [false, true]) {
      const builder = new MixedIntegerProgramBuilder();
      const column = builder.addColumn({ cost: 1, lower, upper, integer: true });
      const other = builder.addColumn({ cost: 1, upper: 10, integer: true });
      if (hasRow) builder.addRow({ lower: 1, indices: [column, other], values: [1, 1] });
      expect(solveMixedIntegerProgram(builder.build())).toMatchObject({ status: 'infeasible', solution: null });
    }
  });

  it('the same run again takes the same nodes and iterations', () => {
    const [first, second] = [1, 2].map(() => solveMixedIntegerProgram(program('mip/lseu.mps')));
    expect({ ...second, seconds: 0, incumbents: [] }).toEqual({ ...first, seconds: 0, incumbents: [] });
  });

  it('asynchronously the result is the same', async () => {
    const found = await solveMixedIntegerProgramAsync(program('mip/gt2.mps'));
    const expected = solveMixedIntegerProgram(program('mip/gt2.mps'));
    expect({ ...found, seconds: 0, incumbents: [] }).toEqual({ ...expected, seconds: 0, incumbents: [] });
  });

  it('cuts raise the bound of the root', () => {
    const withCuts = solveMixedIntegerProgram(program('mip/p0033.mps'), { strategy: 'cuts-only', nodeLimit: 1 });
    const without = solveMixedIntegerProgram(program('mip/p0033.mps'), { strategy: 'plain', nodeLimit: 1 });
    // The LP bound of p0033 is 2520.57, before its rows are tightened; half of the gap to 3089 is the least that cuts
    // should close.
    expect(without.rootBound).toBeLessThan(2522 + (3089 - 2522) / 4);
    expect(withCuts.rootBound).toBeGreaterThan((2520.57 + 3089) / 2);
  });

  it('a node limit leaves a valid bound', () => {
    const result = solveMixedIntegerProgram(program('mip/stein27.mps'), { nodeLimit: 100 });
    expect(result).toMatchObject({ status: 'node-limit', nodes: 100 });
    expect(result.bound).toBeLessThanOrEqual(18);
    expect(result.cost ?? Infinity).toBeGreaterThanOrEqual(18);
  });
});
