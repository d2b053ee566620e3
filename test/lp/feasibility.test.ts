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
import type { MixedIntegerProgram } from '../../src/lp/linearProgram.ts';
import { solveLinearProgram } from '../../src/lp/solveLinearProgram.ts';
import { redundantSystem } from './redundantSystem.ts';

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
