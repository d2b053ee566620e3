/**
 * Nothing is called optimal outside the tolerances, whatever way the solve took. The exact values are those of a
 * simplex in rational arithmetic on the same doubles; `glpsol --exact` is no judge here, since it rounds the data of a
 * program to nine digits.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMps } from '../../../src/lp/files/mpsReader.ts';
import { type LinearProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { checkOptimality, isWithinTolerances } from '../../../src/lp/optimalityCheck.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { type SolveLinearProgramOptions, solveLinearProgram } from '../../../src/lp/solveLinearProgram.ts';
import type { Point } from '../kkt.ts';
import { badlyScaledProgram } from './badlyScaledPrograms.ts';

/** A violation may be this, relative to the bound and the terms (primal) or 1 + the size of cost or objective ... */
const tolerance = 1e-7;
/** ... and the latter this share of the terms that were summed, which is their rounding. */
const rayRounding = 1e-15;

function regression(name: string): LinearProgram {
  return readMps(readFileSync(new URL(`../../data/lp-regressions/${name}`, import.meta.url), 'utf8'));
}

/**
 * What forbids to call the point optimal: violated bounds, multipliers that need a bound which does not exist, a gap.
 */
function flawsOf(program: LinearProgram, { primal, duals }: Omit<Point, 'reducedCosts'>): string[] {
  const activity = new Float64Array(program.numRows);
  const activitySize = new Float64Array(program.numRows);
  const worst = { primal: 0, dual: 0 };
  let [objective, dualObjective, objectiveSize] = [program.offset, program.offset, 0];
  const note = (kind: keyof typeof worst, relative: number) => {
    worst[kind] = Math.max(worst[kind], relative);
  };
  const noteBounds = (value: number, lower: number, upper: number, largestTerm: number) => {
    const allowed = (side: number) => tolerance * Math.max(Math.abs(side), largestTerm);
    if (value < lower) note('primal', (lower - value) / allowed(lower));
    if (value > upper) note('primal', (value - upper) / allowed(upper));
  };
  const charge = (multiplier: number, lower: number, upper: number, size: number, terms: number): number => {
    const bound = multiplier > 0 ? lower : upper;
    if (multiplier !== 0 && !Number.isFinite(bound))
      note('dual', Math.abs(multiplier) / (tolerance * (1 + size) + rayRounding * terms));
    if (multiplier === 0 || !Number.isFinite(bound)) return 0;
    dualObjective += multiplier * bound;
    return Math.abs(bound);
  };
  for (let j = 0; j < program.numColumns; j++) {
    const x = primal[j];
    objective += program.cost[j] * x;
    let reducedCost = program.cost[j];
    let size = Math.abs(reducedCost);
    for (let e = program.columnStarts[j]; e < program.columnStarts[j + 1]; e++) {
      const i = program.rowIndices[e];
      const term = program.values[e] * x;
      activity[i] += term;
      activitySize[i] = Math.max(activitySize[i], Math.abs(program.values[e]) * Math.max(1, Math.abs(x)));
      reducedCost -= program.values[e] * duals[i];
      size += Math.abs(program.values[e] * duals[i]);
    }
    noteBounds(x, program.columnLower[j], program.columnUpper[j], Math.max(1, Math.abs(x)));
    const cost = Math.abs(program.cost[j]);
    const bound = charge(reducedCost, program.columnLower[j], program.columnUpper[j], cost, size);
    objectiveSize += size * Math.max(bound, Math.abs(x));
  }
  for (let i = 0; i < program.numRows; i++) {
    noteBounds(activity[i], program.rowLower[i], program.rowUpper[i], activitySize[i]);
    objectiveSize += Math.abs(duals[i]) * charge(duals[i], program.rowLower[i], program.rowUpper[i], 0, 0);
  }
  const allowed = tolerance * (1 + Math.abs(objective)) + rayRounding * objectiveSize;
  return Object.entries({ ...worst, gap: Math.abs(objective - dualObjective) / allowed })
    .filter(([, violation]) => !(violation <= 1))
    .map(([kind, violation]) => `${kind} ${violation} times what is allowed`);
}

function flawsOfSolution(program: LinearProgram, options: SolveLinearProgramOptions): string[] {
  const { status, primal, duals } = solveLinearProgram(program, options);
  return status === 'optimal' ? flawsOf(program, { primal: primal!, duals: duals! }) : [];
}

const flawsOfSolver = (program: LinearProgram, solver: SimplexSolver): string[] =>
  solver.status === 'optimal' ? flawsOf(program, solver) : [];

const ways: readonly SolveLinearProgramOptions[] = [
  {},
  { presolve: false },
  { presolve: false, scale: false },
  { presolve: false, perturb: false },
];

/**
 * Programs with the exact objective of their optimal basis; null for the one whose exact violation of 1e-12, at duals
 * of 1e12, leaves the optimum undetermined.
 */
const hard: readonly { name: string; program: LinearProgram; optimum: number | null }[] = [
  { name: 'large-duals.mps', program: regression('large-duals.mps'), optimum: null },
  { name: 'cancelling-objective.mps', program: regression('cancelling-objective.mps'), optimum: 15.3142561016125 },
  ...(
    [
      [249, 0.8057024748456016],
      [755, -7825218159666.877],
      [2199, 3.1413179101763484],
      [2667, -107712641.65724689],
      [30200, -230332314502.49008],
      [30242, -511509825.072468],
      [30510, -52207174.93568108],
      [31083, -582933114542.1716],
      [31246, -165044662287.5816],
    ] as const
  ).map(([seed, optimum]) => ({ name: `seed ${seed}`, program: badlyScaledProgram(seed), optimum })),
];

describe('programs whose point or multipliers are near what doubles can hold', () => {
  it.each(hard)('end within tolerances and at the exact optimum on every way: $name', ({ program, optimum }) => {
    const faults: string[] = [];
    for (const options of ways) {
      const { status, objective } = solveLinearProgram(program, options);
      const exactly = optimum ?? objective ?? NaN;
      const error = Math.abs((objective ?? NaN) - exactly) / (1 + Math.abs(exactly));
      if (!(error <= tolerance)) faults.push(`${JSON.stringify(options)}: ${status} ${objective}, exactly ${exactly}`);
      for (const flaw of flawsOfSolution(program, options)) faults.push(`${JSON.stringify(options)}: ${flaw}`);
    }
    expect(faults).toEqual([]);
  });

  it.each(hard)('are called optimal within tolerances only, from the last basis too: $name', ({ program }) => {
    const solver = new SimplexSolver(program);
    const faults: string[] = [];
    for (let column = 0; column < program.numColumns; column++) {
      const lower = program.columnLower[column];
      const upper = program.columnUpper[column];
      // There and back: the second solve begins where the first ended.
      if (Number.isFinite(lower)) solver.setColumnBounds(column, lower, lower);
      solver.solve();
      solver.setColumnBounds(column, lower, upper);
      solver.solve();
      for (const flaw of flawsOfSolver(program, solver)) faults.push(`column ${column}: ${flaw}`);
    }
    expect(faults).toEqual([]);
  });
});

describe('badly scaled programs', () => {
  it('are called optimal within tolerances only', () => {
    const faults: string[] = [];
    let optima = 0;
    for (let seed = 2001; seed <= 2700; seed++) {
      const program = badlyScaledProgram(seed);
      const solver = new SimplexSolver(program);
      if (solver.solve() === 'optimal') optima++;
      for (const flaw of flawsOfSolver(program, solver)) faults.push(`seed ${seed}: ${flaw}`);
      for (const flaw of flawsOfSolution(program, {})) faults.push(`seed ${seed} with presolve: ${flaw}`);
    }
    expect(faults).toEqual([]);
    expect(optima).toBeGreaterThan(300);
  });
});

describe('the tolerances of an optimal point', () => {
  /** minimise x with x - y >= 1, y fixed at `far`: the optimum is x = 1 + far with dual 1. */
  function violated(far: number, by: number): boolean {
    const builder = new MixedIntegerProgramBuilder();
    const x = builder.addColumn({ cost: 1, lower: -Infinity });
    const y = builder.addColumn({ lower: far, upper: far });
    builder.addRow({ lower: 1, indices: [x, y], values: [1, -1] });
    const point = {
      primal: Float64Array.of(1 + far - by, far),
      duals: Float64Array.of(1),
      reducedCosts: Float64Array.of(0, 1),
    };
    return !isWithinTolerances(checkOptimality(builder.build(), point).violations);
  }

  it('are 1e-7 of the bound and the terms, and no more', () => {
    expect([violated(0, 1e-8), violated(0, 1e-6)]).toEqual([false, true]);
    expect([violated(2 ** 33, 2 ** 9), violated(2 ** 33, 2 ** 10)]).toEqual([false, true]);
  });

  /** Falls for ever along x: the equation's y follows, and the free row keeps nothing. */
  const freeRow = (coefficient: number) => {
    const builder = new MixedIntegerProgramBuilder();
    const x = builder.addColumn({ cost: -3 });
    const y = builder.addColumn({ lower: 5 });
    const z = builder.addColumn({});
    builder.addRow({ lower: 33, upper: 33, indices: [x, y, z], values: [-1, 7, -9] });
    builder.addRow({ indices: [x], values: [coefficient] });
    return builder.build();
  };

  it('leave a free row no dual that its coefficients make a cost', () => {
    const flawed = [1, 1e3, 1e9, 5e17, 1e100].map((coefficient) => {
      const point = {
        primal: Float64Array.of(0, 5, 2 / 9),
        duals: Float64Array.of(0, -3 / coefficient),
        reducedCosts: Float64Array.of(0, 0, 0),
      };
      return !isWithinTolerances(checkOptimality(freeRow(coefficient), point).violations);
    });
    expect(flawed).toEqual([true, true, true, true, true]);
  });

  it('see an unbounded program through free rows of any size', () => {
    for (const coefficient of [1, 1e3, -1e9, 5e17, -1e100])
      for (const options of ways)
        expect([coefficient, solveLinearProgram(freeRow(coefficient), options).status]).toEqual([
          coefficient,
          'unbounded',
        ]);
  });
});
