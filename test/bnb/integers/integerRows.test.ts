/**
 * Programs over unbounded integers, which a tree alone need not end on: divisors say what has no solution, and what has
 * one is found. The oracle of random equation systems is the planted solution, or a modulus in which they contradict
 * each other.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { solveMixedIntegerProgram } from '../../../src/bnb/solveMixedIntegerProgram.ts';
import { readMps } from '../../../src/lp/files/mpsReader.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { drawFrom } from '../../lp/randomLinearPrograms.ts';

interface Row {
  readonly lower: number;
  readonly upper: number;
  readonly values: readonly number[];
}

/** Columns are free unless bounds are given; entries of 0 are left out. */
function integerProgram(
  rows: readonly Row[],
  bounds: readonly (readonly [number, number])[] = [],
): MixedIntegerProgram {
  const builder = new MixedIntegerProgramBuilder();
  const columns = Math.max(...rows.map(({ values }) => values.length));
  for (let j = 0; j < columns; j++) {
    const [lower, upper] = bounds[j] ?? [-Infinity, Infinity];
    builder.addColumn({ lower, upper, integer: true });
  }
  for (const { lower, upper, values } of rows)
    builder.addRow({ lower, upper, indices: values.map((_, j) => j), values: [...values] });
  return builder.build();
}

const equation = (values: readonly number[], side: number): Row => ({ lower: side, upper: side, values });
const strategies = ['default', 'plain'] as const;
const word = (program: MixedIntegerProgram, strategy: (typeof strategies)[number]) =>
  solveMixedIntegerProgram(program, { strategy, nodeLimit: 2000 }).status;

describe.each(strategies)('unbounded integers under strategy %s', (strategy) => {
  it.each<[string, MixedIntegerProgram]>([
    ['2a + 2b = 1', integerProgram([equation([2, 2], 1)])],
    ['6a + 9b + 15c = 10', integerProgram([equation([6, 9, 15], 10)])],
    ['1 <= 3a + 3b <= 2', integerProgram([{ lower: 1, upper: 2, values: [3, 3] }])],
    ['0.5a + 0.5b = 0.25', integerProgram([equation([0.5, 0.5], 0.25)])],
    ['0.1a + 0.2b = 0.05', integerProgram([equation([0.1, 0.2], 0.05)])],
    ['a/3 + 2b/3 = 1/2', integerProgram([equation([1 / 3, 2 / 3], 0.5)])],
    ['a - 2b = 0 with a - 2c = 1', integerProgram([equation([1, -2, 0], 0), equation([1, 0, -2], 1)])],
    ['a + b = 1, a - b = 0', integerProgram([equation([1, 1], 1), equation([1, -1], 0)])],
    [
      '0.3 <= a - b, a - b <= 0.7',
      integerProgram([
        { lower: 0.3, upper: Infinity, values: [1, -1] },
        { lower: -Infinity, upper: 0.7, values: [1, -1] },
      ]),
    ],
    [
      '6a + 9b + 15c + 5d = 13, d in 0..1',
      integerProgram(
        [equation([6, 9, 15, 5], 13)],
        [
          [-Infinity, Infinity],
          [-Infinity, Infinity],
          [-Infinity, Infinity],
          [0, 1],
        ],
      ),
    ],
    [
      'a - 3b = 0, 1 <= a + 3c <= 2',
      integerProgram([equation([1, -3, 0], 0), { lower: 1, upper: 2, values: [1, 0, 3] }]),
    ],
  ])('%s is infeasible', (_, program) => expect(word(program, strategy)).toBe('infeasible'));

  it.each<[string, MixedIntegerProgram]>([
    ['6a + 9b + 15c = 12', integerProgram([equation([6, 9, 15], 12)])],
    ['6a + 10b + 15c = 1', integerProgram([equation([6, 10, 15], 1)])],
    ['0.5a + 0.5b = 0.5', integerProgram([equation([0.5, 0.5], 0.5)])],
    [
      '6a + 9b + 15c + 5d = 11, d in 0..1',
      integerProgram(
        [equation([6, 9, 15, 5], 11)],
        [
          [-Infinity, Infinity],
          [-Infinity, Infinity],
          [-Infinity, Infinity],
          [0, 1],
        ],
      ),
    ],
    [
      'a - 3b = 1, 1 <= a + 3c <= 2',
      integerProgram([equation([1, -3, 0], 1), { lower: 1, upper: 2, values: [1, 0, 3] }]),
    ],
  ])('%s has a solution', (_, program) => expect(word(program, strategy)).toBe('optimal'));

  it('random systems end with the word that is right', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = drawFrom(seed).fraction;
      const draw = (most: number) => Math.floor((2 * most + 1) * random()) - most;
      const columns = 2 + Math.floor(3 * random());
      const point = Array.from({ length: columns }, () => draw(20));
      const modulus = 2 + Math.floor(5 * random());
      const rows: Row[] = [];
      for (let i = 0; i < 1 + Math.floor(2 * random()); i++) {
        const values = point.map(() => draw(9));
        rows.push(
          equation(
            values,
            values.reduce((sum, value, j) => sum + value * point[j], 0),
          ),
        );
      }
      // A row congruent to a sum of the others modulo `modulus`, its side off by what no multiple of it makes good.
      const isSpoiled = seed % 2 === 0;
      const multiplier = 1 + Math.floor(3 * random());
      const last = point.map((_, j) => multiplier * rows[0].values[j] + modulus * draw(3));
      const side = isSpoiled
        ? multiplier * rows[0].lower + modulus * draw(5) + 1 + Math.floor((modulus - 1) * random())
        : last.reduce((sum, value, j) => sum + value * point[j], 0);
      rows.push(equation(last, side));
      const scale = seed % 3 === 0 ? 0.1 : 1;
      const scaled = rows.map(({ lower, values }) =>
        equation(
          values.map((value) => Number((value * scale).toFixed(3))),
          Number((lower * scale).toFixed(3)),
        ),
      );
      expect(word(integerProgram(scaled), strategy), `seed ${seed}`).toBe(isSpoiled ? 'infeasible' : 'optimal');
    }
  });
});

describe('files', () => {
  const program = (name: string) =>
    readMps(readFileSync(new URL(`../../data/programs/${name}.mps`, import.meta.url), 'utf8'));

  it('free-integers is infeasible', () =>
    expect(solveMixedIntegerProgram(program('free-integers'), { nodeLimit: 10 }).status).toBe('infeasible'));

  it('range-row-gcd has the optimum that HiGHS and SCIP find', () => {
    const { status, cost } = solveMixedIntegerProgram(program('range-row-gcd'), { nodeLimit: 100 });
    expect(status).toBe('optimal');
    expect(Math.abs(cost! + 1007330260)).toBeLessThanOrEqual(1e-6 * 1007330260);
  });
});
