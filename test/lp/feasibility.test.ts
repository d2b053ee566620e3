/**
 * One meaning of feasible on every way: data that contradict themselves by rounding have a point, with presolve and
 * without, as an LP and with integer columns under every strategy; a contradiction beyond the tolerance is infeasible
 * on every way too.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { solveMixedIntegerProgram } from '../../src/bnb/solveMixedIntegerProgram.ts';
import { type StrategyName, strategyPresets } from '../../src/bnb/strategy.ts';
import { readMps } from '../../src/lp/files/mpsReader.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { solveLinearProgram } from '../../src/lp/solveLinearProgram.ts';
import { seededRandom } from './seededRandom.ts';

const strategies = Object.keys(strategyPresets) as StrategyName[];

/** The words of all ways, without repeats. */
function words(program: MixedIntegerProgram, integerColumn: number): string[] {
  const integrality = program.integrality.slice();
  integrality[integerColumn] = 1;
  return [
    ...new Set([
      ...[true, false].map((presolve) => solveLinearProgram(program, { presolve }).status),
      ...strategies.map((strategy) => solveMixedIntegerProgram({ ...program, integrality }, { strategy }).status),
    ]),
  ];
}

describe('data rounded to 8 to 11 digits', () => {
  it.each(['rounded-data', 'rounded-data-lp'])(
    '%s is optimal at 0 on every way, whatever column is integer',
    (name) => {
      const program = readMps(readFileSync(new URL(`../data/programs/${name}.mps`, import.meta.url), 'utf8'));
      for (const presolve of [true, false])
        expect(solveLinearProgram(program, { presolve })).toMatchObject({ status: 'optimal', objective: 0 });
      for (const strategy of strategies)
        expect(solveMixedIntegerProgram(program, { strategy })).toMatchObject({ status: 'optimal', cost: 0 });
    },
  );
});

/**
 * A square system with one row more, the sum of the others with weights, whose right-hand side is off by `error` times
 * its largest term; the solution has a whole number in column 0.
 */
function redundantSystem(seed: number, error: number, scale: number): MixedIntegerProgram {
  const random = seededRandom(seed);
  const size = 3 + Math.floor(4 * random());
  const point = Array.from({ length: size }, (_, j) => (j === 0 ? 7 : 1 + 9 * random()));
  const builder = new MixedIntegerProgramBuilder();
  for (let j = 0; j < size; j++) builder.addColumn({ cost: random(), lower: 0, upper: j % 2 === 0 ? 20 : Infinity });
  const indices = point.map((_, j) => j);
  const total = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const values = indices.map((j) => scale * ((i === j ? 3 : 0) + random()));
    const weight = 0.5 + random();
    values.forEach((value, j) => {
      total[j] += weight * value;
    });
    const side = values.reduce((sum, value, j) => sum + value * point[j], 0);
    builder.addRow({ lower: side, upper: side, indices, values });
  }
  const side = total.reduce((sum, value, j) => sum + value * point[j], 0);
  const off = side * (1 + (seed % 2 === 0 ? error : -error));
  builder.addRow({ lower: off, upper: off, indices, values: total });
  return builder.build();
}

describe('systems with a row that follows from the others', () => {
  it.each([1e-15, 1e-12, 1e-10, 1e-9, 1e-8])('are optimal on every way if it is off by %d', (error) => {
    for (const scale of [1e-6, 1, 1e6])
      for (let seed = 1; seed <= 4; seed++)
        expect(words(redundantSystem(seed, error, scale), 0), `seed ${seed}, scale ${scale}`).toEqual(['optimal']);
  });

  it.each([1e-5, 1e-3])('are infeasible on every way if it is off by %d', (error) => {
    for (const scale of [1e-6, 1, 1e6])
      for (let seed = 1; seed <= 4; seed++)
        expect(words(redundantSystem(seed, error, scale), 0), `seed ${seed}, scale ${scale}`).toEqual(['infeasible']);
  });
});
