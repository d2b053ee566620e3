/**
 * Block cuts against enumeration (every set of query types of every deployment) and HiGHS: valid for all plans at any
 * prices, as tight as the patterns allow, at the bound that Dantzig-Wolfe theory promises, and fixings that keep every
 * better plan.
 */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { blockPricesOf } from '../../../src/bnb/linear/modelSeparator.ts';
import { RowMatrix } from '../../../src/bnb/linear/rowMatrix.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder, type SparseRow } from '../../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import type { StrengthenedFormulation } from '../../../src/model/formulations/formulation.ts';
import { leastServed, servableFraction } from '../../../src/model/formulations/planColumns.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../../src/model/options.ts';
import { BlockPrices } from '../../../src/planner/relaxations/blockPrices.ts';
import { DeploymentBlocks } from '../../../src/planner/relaxations/deploymentBlock.ts';
import { draws } from '../../arbitrary/draws.ts';
import { anyInstance, anyOptions } from '../../heuristics/randomInstance.ts';
import { deviation, type HighsOracle, loadHighsOracle } from '../../lp/highsOracle.ts';

const family: Instance = JSON.parse(
  readFileSync(new URL('../../data/instances/family-12x6x10.json', import.meta.url), 'utf8'),
);
const separable: PlanningOptions = {
  ...presets.corrected,
  delayCost: 'deviation',
  delayCostBudget: 'per-query',
  weightStorage: 'per-placement',
};

let oracle: HighsOracle;
beforeAll(async () => {
  oracle = await loadHighsOracle();
});

function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function valueAt(row: SparseRow, column: number): number {
  return Array.from(row.indices).reduce((sum, index, t) => sum + (index === column ? row.values[t] : 0), 0);
}

function activity(row: SparseRow, point: ArrayLike<number>): number {
  return Array.from(row.indices).reduce((sum, column, t) => sum + row.values[t] * point[column], 0);
}

/** The least of sum (a + b x) over the sets of query types that fit on m replicas of d, by enumeration. */
function leastByEnumeration(formulation: StrengthenedFormulation, d: number, m: number, prices: Float64Array): number {
  const { problem, columns } = formulation;
  const { deployments, numQueryTypes } = problem;
  const at = (i: number) => i * deployments.count + d;
  const candidates = Array.from({ length: numQueryTypes }, (_, i) => i).filter((i) => columns.z[at(i)] >= 0);
  let least = 0;
  for (let subset = 1; subset < 1 << candidates.length; subset++) {
    const chosen = candidates.filter((_, t) => (subset >> t) & 1);
    const builder = new MixedIntegerProgramBuilder();
    for (const i of chosen) {
      builder.addColumn({
        cost: prices[columns.v[at(i)]],
        lower: leastServed(problem, i),
        upper: servableFraction(problem, i, d),
      });
    }
    const all = chosen.map((_, t) => t);
    const memory = chosen.map((i) => problem.cacheUse[i * deployments.count + d] / deployments.gpus[d]);
    const compute = chosen.map((i) => problem.loadUse[i * deployments.count + d]);
    builder.addRow({ upper: deployments.memoryRoom[d] * m, indices: all, values: memory });
    builder.addRow({ upper: deployments.loadCapacity[d] * m, indices: all, values: compute });
    const answer = oracle.solve(builder.build());
    if (answer.status !== 'optimal') continue;
    const placed = chosen.reduce((sum, i) => sum + prices[columns.z[at(i)]], 0);
    least = Math.min(least, placed + answer.objective);
  }
  return least;
}

function withRows(program: MixedIntegerProgram, rows: readonly SparseRow[], changes: { upper?: Float64Array } = {}) {
  const matrix = RowMatrix.fromProgram(program);
  for (const row of rows) matrix.append(row);
  const builder = new MixedIntegerProgramBuilder();
  builder.addToOffset(program.offset);
  for (let c = 0; c < program.numColumns; c++) {
    builder.addColumn({
      cost: program.cost[c],
      lower: program.columnLower[c],
      upper: (changes.upper ?? program.columnUpper)[c],
      integer: program.integrality[c] === 1,
    });
  }
  for (let r = 0; r < matrix.numRows; r++) {
    const { indices, values } = matrix.row(r);
    builder.addRow({ lower: matrix.lower[r], upper: matrix.upper[r], indices, values });
  }
  return builder.build();
}

/** Prices in [-1, 0.3) of placements and [-1, 1) of fractions, replicas at a small positive price. */
function randomPrices({ program, columns }: StrengthenedFormulation, seed: number): Float64Array {
  const next = numbersFrom(seed);
  const prices = new Float64Array(program.numColumns);
  for (const column of columns.z) if (column >= 0) prices[column] = 1.3 * next() - 1;
  for (const column of columns.v) if (column >= 0) prices[column] = 2 * next() - 1;
  for (const column of columns.m) if (column >= 0) prices[column] = 0.5 * next();
  return prices;
}

describe('rows at any prices', () => {
  it('have the least priced pattern of their deployment on the right', () => {
    let rows = 0;
    fc.assert(
      fc.property(anyInstance(4), anyOptions(['single']), fc.nat(), (instance, options, seed) => {
        const formulation = buildStrengthened(compileProblem(instance, options));
        const { columns, problem, program } = formulation;
        const prices = randomPrices(formulation, seed);
        const faults: string[] = [];
        for (const row of new DeploymentBlocks(formulation).rowsAt(prices, program.columnUpper)) {
          rows++;
          const d = columns.w.findIndex((column) => column >= 0 && valueAt(row, column) !== 0);
          const alpha = valueAt(row, columns.w[d]);
          const beta = columns.m[d] === columns.w[d] ? 0 : valueAt(row, columns.m[d]);
          // The row is in units of its largest price.
          const priced = Array.from(row.indices).find((c) => c !== columns.w[d] && c !== columns.m[d])!;
          const unit = -valueAt(row, priced) / prices[priced];
          const slacks: number[] = [];
          for (let m = 1; m <= problem.deployments.maxReplicas[d]; m++)
            slacks.push(unit * leastByEnumeration(formulation, d, m, prices) - alpha - beta * m);
          if (!(Math.min(...slacks) > -1e-7 && Math.min(...slacks) < 1e-6)) faults.push(`${d}: slacks ${slacks}`);
        }
        expect(faults).toEqual([]);
      }),
      { numRuns: draws(60), seed: 3 },
    );
    expect(rows).toBeGreaterThan(draws(100));
  });

  it('keep the optimum of the integer program', () => {
    let cuts = 0;
    fc.assert(
      fc.property(anyInstance(), anyOptions(['single']), fc.nat(), (instance, options, seed) => {
        const formulation = buildStrengthened(compileProblem(instance, options));
        const { program } = formulation;
        const blocks = new DeploymentBlocks(formulation);
        const rows = blocks.rowsAt(randomPrices(formulation, seed), program.columnUpper);
        // Rounds at the LP's own duals, as the search separates them.
        const solver = new SimplexSolver(program);
        const matrix = RowMatrix.fromProgram(program);
        for (let round = 0; round < 6 && solver.solve() === 'optimal'; round++) {
          const point = solver.primal.slice(0, program.numColumns);
          const blockPrices = blockPricesOf(matrix, solver.duals, solver.reducedCosts, blocks.blockOf);
          const found = [...blocks.separate(point, { blockPrices, upper: program.columnUpper })];
          if (found.length === 0) break;
          expect(found.filter((row) => activity(row, point) <= row.upper)).toEqual([]);
          cuts += found.length;
          solver.addRows(found);
          for (const row of found) matrix.append(row);
          rows.push(...found);
        }
        const without = oracle.solve(withRows(program, []));
        if (without.status !== 'optimal' && without.status !== 'infeasible') return;
        expect(deviation(oracle.solve(withRows(program, rows)), without)).toBeLessThan(1e-6);
      }),
      { numRuns: draws(100), seed: 4 },
    );
    expect(cuts).toBeGreaterThan(draws(22));
  });
});

describe('prices of the pattern LP', () => {
  it('lift the LP bound to the bound of the pattern LP in one round', () => {
    const formulation = buildStrengthened(compileProblem(family, separable));
    const prices = BlockPrices.of(formulation)!;
    drain(prices.solve(() => false));
    const rows = new DeploymentBlocks(formulation).rowsAt(prices.columnPrices!, formulation.program.columnUpper);
    const solver = new SimplexSolver(formulation.program);
    solver.solve();
    expect(solver.objective).toBeLessThan(730);
    solver.addRows(rows);
    expect(solver.solve()).toBe('optimal');
    expect(solver.objective).toBeGreaterThan(prices.bound * (1 - 1e-7));
    expect(solver.objective).toBeLessThan(774.673617);
    // More than 85 % of the gap between LP and optimum.
    expect(prices.bound).toBeGreaterThan(728.98 + 0.85 * (774.673617 - 728.98));
  });

  it('bound every plan, and their fixings keep every better one', () => {
    let fixed = 0;
    fc.assert(
      fc.property(anyInstance(), anyOptions(['single']), (instance, options) => {
        const formulation = buildStrengthened(compileProblem(instance, options));
        const { program } = formulation;
        const prices = BlockPrices.of(formulation);
        const without = oracle.solve(withRows(program, []));
        if (prices === null || without.status !== 'optimal') return;
        drain(prices.solve(() => false));
        expect(prices.bound).toBeLessThan(without.objective + 1e-5 * Math.max(1, Math.abs(without.objective)));
        const upper = program.columnUpper.slice();
        const cutoff = without.objective + 1e-5 * Math.max(1, Math.abs(without.objective));
        for (const change of prices.tighten(cutoff)) {
          if (change.upper < upper[change.column]) fixed++;
          upper[change.column] = Math.min(upper[change.column], change.upper);
        }
        expect(deviation(oracle.solve(withRows(program, [], { upper })), without)).toBeLessThan(1e-6);
      }),
      { numRuns: draws(100), seed: 5 },
    );
    expect(fixed).toBeGreaterThan(draws(100));
  });
});
