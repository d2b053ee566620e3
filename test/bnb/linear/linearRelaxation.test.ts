import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOfFeasible } from '../../../src/bnb/linear/costOfFeasible.ts';
import type {
  LinearDecision,
  LinearRelaxationOptions,
  LinearWarmStart,
} from '../../../src/bnb/linear/linearDecision.ts';
import { LinearRelaxation } from '../../../src/bnb/linear/linearRelaxation.ts';
import { defaultSearchParameters } from '../../../src/bnb/parameters.ts';
import { restoreSearch, saveSearch } from '../../../src/bnb/savedSearch.ts';
import { solveMixedIntegerProgram } from '../../../src/bnb/solveMixedIntegerProgram.ts';
import { type StrategyName, strategyPresets } from '../../../src/bnb/strategy.ts';
import { TreeSearch } from '../../../src/bnb/treeSearch.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { drain } from '../../../src/lp/steps.ts';
import { draws } from '../../arbitrary/draws.ts';
import { enumeratedOptimum, randomPrograms } from '../randomPrograms.ts';
import { rootRequest } from '../rootRequest.ts';

const strategyNames = Object.keys(strategyPresets) as StrategyName[];

function relaxationOf(program: MixedIntegerProgram, changes: Partial<LinearRelaxationOptions<Float64Array>> = {}) {
  return new LinearRelaxation<Float64Array>({
    program,
    decode: (point) => point,
    ...changes,
  });
}

function doorOf(program: MixedIntegerProgram) {
  return (point: Float64Array) => {
    const cost = costOfFeasible(program, point);
    return cost === null ? null : { cost, solution: point };
  };
}

/** n queens on the diagonal-free board as a 0/1 program that needs branching: place as many as possible. */
function queens(size: number): MixedIntegerProgram {
  const builder = new MixedIntegerProgramBuilder();
  for (let cell = 0; cell < size * size; cell++)
    builder.addColumn({ cost: -1 - (cell % 7) / 10, upper: 1, integer: true });
  const lines = new Map<string, number[]>();
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (const line of [`r${row}`, `c${column}`, `d${row - column}`, `e${row + column}`]) {
        const cells = lines.get(line) ?? [];
        cells.push(row * size + column);
        lines.set(line, cells);
      }
    }
  }
  for (const [name, cells] of lines) builder.addRow({ upper: 1, indices: cells, values: cells.map(() => 1), name });
  return builder.build('queens');
}

/** Status, cost and bound are those of the enumeration's optimum (null: infeasible). */
function expectSolves(
  result: { readonly status: string; readonly cost: number | null; readonly bound: number | null },
  optimum: number | null,
): void {
  expect(result.status).toBe(optimum === null ? 'infeasible' : 'optimal');
  expect(Math.abs((result.cost ?? 0) - (optimum ?? 0))).toBeLessThanOrEqual(1e-5);
  expect(result.bound ?? 0).toBeLessThanOrEqual((optimum ?? 0) + 1e-6);
}

describe('random programs against enumeration', () => {
  it.each(strategyNames)('pure integer, strategy %s', (strategy) => {
    fc.assert(
      fc.property(randomPrograms(0), (program) => {
        expectSolves(solveMixedIntegerProgram(program, { strategy }), enumeratedOptimum(program));
      }),
      { numRuns: draws(60), seed: 1 },
    );
  });

  it.each(['default', 'plain'] as const)('mixed integer, strategy %s', (strategy) => {
    fc.assert(
      fc.property(randomPrograms(3), (program) => {
        expectSolves(solveMixedIntegerProgram(program, { strategy }), enumeratedOptimum(program));
      }),
      { numRuns: draws(60), seed: 1 },
    );
  });
});

describe('what the model may add', () => {
  it.each([true, false])(
    'lazy rows: integral points count only once they violate none (given at them alone: %s)',
    (onlyWhole) => {
      fc.assert(
        fc.property(randomPrograms(2), (program) => {
          // The last row is held back and given only when a point violates it.
          const last = program.numRows - 1;
          const builder = new MixedIntegerProgramBuilder();
          const rows: { indices: number[]; values: number[] }[] = Array.from({ length: program.numRows }, () => ({
            indices: [],
            values: [],
          }));
          for (let column = 0; column < program.numColumns; column++) {
            builder.addColumn({
              cost: program.cost[column],
              lower: program.columnLower[column],
              upper: program.columnUpper[column],
              integer: program.integrality[column] === 1,
            });
            for (let at = program.columnStarts[column]; at < program.columnStarts[column + 1]; at++) {
              rows[program.rowIndices[at]].indices.push(column);
              rows[program.rowIndices[at]].values.push(program.values[at]);
            }
          }
          for (let row = 0; row < last; row++)
            builder.addRow({
              lower: program.rowLower[row],
              upper: program.rowUpper[row],
              indices: rows[row].indices,
              values: rows[row].values,
            });
          const held = { ...rows[last], lower: program.rowLower[last], upper: program.rowUpper[last] };
          const relaxation = relaxationOf(builder.build('without the last row'), {
            separateLazy: (point, isWhole) => {
              if (onlyWhole && !isWhole) return [];
              const activity = held.indices.reduce((sum, column, t) => sum + held.values[t] * point[column], 0);
              return activity < held.lower - 1e-7 || activity > held.upper + 1e-7 ? [held] : [];
            },
          });
          expectSolves(new TreeSearch(relaxation, { door: doorOf(program) }).run(), enumeratedOptimum(program));
        }),
        { numRuns: draws(60), seed: 1 },
      );
    },
  );

  it('lazy rows: a separator that never has enough does not spoil a fractional point', () => {
    const program = queens(5);
    const harmless = { lower: -Infinity, upper: 25, indices: [0], values: [1] };
    const relaxation = relaxationOf(program, { separateLazy: (_, isWhole) => (isWhole ? [] : [harmless]) });
    const outcome = drain(relaxation.solveInSteps(rootRequest));
    expect(outcome.status).toBe('solved');
    expect(outcome.candidates.length).toBeGreaterThan(0);
  });

  it('trials: a child may start where its trial ended', () => {
    const program = queens(6);
    const relaxation = relaxationOf(program);
    const outcome = drain(relaxation.solveInSteps(rootRequest));
    const request = { ...rootRequest, warmStart: outcome.warmStart, parentBound: outcome.bound };
    const trials = outcome.candidates.map(({ down }) => ({ down, trial: relaxation.probe(request, down, 1000) }));
    const started = trials.filter(({ trial }) => trial.warmStart !== undefined && Number.isFinite(trial.bound));
    expect(started.length).toBeGreaterThan(0);
    for (const { down, trial } of started) {
      const child = { ...request, decisions: [down], warmStart: trial.warmStart!, depth: 1 };
      const solved = drain(relaxation.solveInSteps(child));
      expect(solved.bound).toBeCloseTo(trial.bound, 6);
      expect(solved.simplexIterations).toBe(0);
    }
  });

  it('set branching: a decision closes half of a row at once', () => {
    const program = queens(6);
    let offered = 0;
    const halves = (from: number, to: number) => ({
      bounds: Array.from({ length: to - from }, (_, t) => ({ column: from + t, lower: -Infinity, upper: 0 })),
    });
    const relaxation = relaxationOf(program, {
      branchingClasses: ['half', 'integer'],
      candidates: ({ point }) => {
        const value = point[0] + point[1] + point[2];
        if (value < 0.01 || value > 0.99) return [];
        offered++;
        const rest = halves(3, 36);
        // At most one queen stands in a row: it is not in the first half, or not in the second.
        return [
          {
            branchingClass: 'half',
            key: 'first row',
            value,
            downSize: 3,
            upSize: 3,
            down: halves(0, 3),
            up: { bounds: rest.bounds.slice(0, 3) },
          },
        ];
      },
    });
    const result = new TreeSearch(relaxation, { door: doorOf(program), strategy: 'plain' }).run();
    expect(offered).toBeGreaterThan(0);
    expect(result.status).toBe('optimal');
    expect(result.cost).toBeCloseTo(solveMixedIntegerProgram(program).cost!, 9);
  });

  it('rounding: proposals enter through the door under their source', () => {
    const program = queens(6);
    const relaxation = relaxationOf(program, {
      round: () => [{ solution: new Float64Array(36), source: 'nothing at all' }],
    });
    const result = new TreeSearch(relaxation, { door: doorOf(program) }).run();
    expect(result.incumbents[0]).toMatchObject({ cost: 0, source: 'nothing at all', letter: 'N' });
  });
});

describe('a saved search on a linear relaxation', () => {
  it('goes on to the same answer after JSON', () => {
    const program = queens(8);
    const whole = solveMixedIntegerProgram(program, { strategy: 'plain', relativeGap: 0 });
    expect(whole.nodes).toBeGreaterThan(20);
    const options = { door: doorOf(program), strategy: 'plain' as const, relativeGap: 0 };
    const make = () => relaxationOf(program, { propagation: false, reducedCostFixing: false });
    const first = new TreeSearch<LinearDecision, Float64Array, LinearWarmStart>(make(), { ...options, nodeLimit: 10 });
    expect(first.run().status).toBe('node-limit');
    const saved = JSON.parse(JSON.stringify(saveSearch(first)));
    const resumed = restoreSearch<LinearDecision, Float64Array, LinearWarmStart>(saved, make(), options).run();
    expect(resumed.status).toBe('optimal');
    expect(resumed.cost).toBeCloseTo(whole.cost!, 9);
    expect(resumed.nodes).toBeGreaterThan(10);
  });

  it('keeps its cuts and global bounds', () => {
    const program = queens(7);
    const options = { door: doorOf(program), relativeGap: 0 };
    const first = new TreeSearch(relaxationOf(program), { ...options, nodeLimit: 3 });
    first.run();
    const resumed = restoreSearch(saveSearch(first), relaxationOf(program), options).run();
    expect(resumed).toMatchObject({ status: 'optimal' });
    expect(resumed.cost).toBeCloseTo(solveMixedIntegerProgram(program).cost!, 9);
  });
});

describe('programs without an optimum', () => {
  it('unbounded', () => {
    const builder = new MixedIntegerProgramBuilder();
    const x = builder.addColumn({ cost: -1, integer: true });
    const y = builder.addColumn({ integer: true });
    builder.addRow({ upper: 1, indices: [x, y], values: [1, -1] });
    expect(solveMixedIntegerProgram(builder.build())).toMatchObject({ status: 'unbounded', cost: null, bound: null });
  });

  it('infeasible only because of integrality', () => {
    const builder = new MixedIntegerProgramBuilder();
    const columns = Array.from({ length: 5 }, () => builder.addColumn({ cost: 1, upper: 1, integer: true }));
    builder.addRow({ lower: 5, upper: 5, indices: columns, values: columns.map(() => 2) });
    expect(solveMixedIntegerProgram(builder.build(), { strategy: 'plain' })).toMatchObject({
      status: 'infeasible',
      cost: null,
      bound: null,
    });
  });
});

describe('parameters of a strategy', () => {
  it('reach the linear relaxation: without rounds of cuts more nodes give the same answer', () => {
    const rules = { ...defaultSearchParameters.cutRounds, mostAtRoot: 0 };
    const parameters = { ...defaultSearchParameters, cutRounds: rules };
    const program = queens(6);
    const usual = solveMixedIntegerProgram(program);
    const cutless = solveMixedIntegerProgram(program, { strategy: { parameters } });
    expect(cutless.cost).toBeCloseTo(usual.cost!, 9);
    expect(cutless.rootBound!).toBeLessThan(usual.rootBound!);
  });
});
