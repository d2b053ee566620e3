import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generalCuts } from '../../../src/bnb/cuts/generalCuts.ts';
import { costOfFeasible } from '../../../src/bnb/linear/costOfFeasible.ts';
import type { LinearRelaxationOptions } from '../../../src/bnb/linear/linearDecision.ts';
import { ReducedProgram } from '../../../src/bnb/linear/reducedProgram.ts';
import { ShrinkingRelaxation } from '../../../src/bnb/linear/shrinkingRelaxation.ts';
import { defaultSearchParameters } from '../../../src/bnb/parameters.ts';
import { restoreSearch, type SavedSearch, saveSearch } from '../../../src/bnb/savedSearch.ts';
import { TreeSearch } from '../../../src/bnb/treeSearch.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { enumeratedOptimum, forEachAssignment, leastOverContinuous, randomPrograms } from '../randomPrograms.ts';

function relaxationOf(program: MixedIntegerProgram, changes: Partial<LinearRelaxationOptions<Float64Array>> = {}) {
  return new ShrinkingRelaxation<Float64Array>({
    program,
    decode: (point) => point,
    separators: generalCuts,
    ...changes,
  });
}

function doorOf(program: MixedIntegerProgram) {
  return (point: Float64Array) => {
    expect(point).toHaveLength(program.numColumns);
    const cost = costOfFeasible(program, point);
    return cost === null ? null : { cost, solution: point };
  };
}

/**
 * A feasible point with integer columns at the assignment of least cost among every `step`-th; null if none is
 * feasible.
 */
function someSolution(program: MixedIntegerProgram, step: number): Float64Array | null {
  let best: { cost: number; values: Map<number, number> } | null = null;
  let count = 0;
  forEachAssignment(program, (values) => {
    if (count++ % step !== 0) return;
    const cost = leastOverContinuous(program, values);
    if (cost !== null && (best === null || cost < best.cost)) best = { cost, values: new Map(values) };
  });
  const found = best as { cost: number; values: Map<number, number> } | null;
  if (found === null) return null;
  const columnLower = program.columnLower.map((lower, column) => found.values.get(column) ?? lower);
  const columnUpper = program.columnUpper.map((upper, column) => found.values.get(column) ?? upper);
  const solver = new SimplexSolver({ ...program, columnLower, columnUpper });
  expect(solver.solve()).toBe('optimal');
  return solver.primal.slice(0, program.numColumns);
}

/** A knapsack whose good solutions fix most columns by reduced cost. */
function knapsack(items: number): MixedIntegerProgram {
  const builder = new MixedIntegerProgramBuilder();
  const columns = Array.from({ length: items }, (_, item) =>
    builder.addColumn({ cost: -(100 + ((item * 37) % 101)), upper: 1, integer: true }),
  );
  const weights = columns.map((_, item) => 60 + ((item * 53) % 89));
  builder.addRow({
    upper: Math.floor(weights.reduce((sum, weight) => sum + weight, 0) / 3),
    indices: columns,
    values: weights,
  });
  return builder.build('knapsack');
}

describe('restarts at the root', () => {
  it('change nothing in the answer, whatever incumbent they start from', () => {
    fc.assert(
      fc.property(randomPrograms(2), fc.integer({ min: 1, max: 9 }), (program, step) => {
        const start = someSolution(program, step);
        const result = new TreeSearch(relaxationOf(program), {
          door: doorOf(program),
          initialSolutions: start === null ? [] : [{ solution: start, source: 'start' }],
        }).run();
        const optimum = enumeratedOptimum(program);
        expect(result.status).toBe(optimum === null ? 'infeasible' : 'optimal');
        expect(Math.abs((result.cost ?? 0) - (optimum ?? 0))).toBeLessThanOrEqual(1e-5);
        expect(result.bound ?? 0).toBeLessThanOrEqual((optimum ?? 0) + 1e-6);
      }),
      { numRuns: 150, seed: 27 },
    );
  });

  it('keep solutions less than a step of the smaller program better than an incumbent that it does not hold', () => {
    // From 2, 1 of cost -9 the first column is fixed to 3; what is left has costs -21 + 5 y, and -11 is better.
    const builder = new MixedIntegerProgramBuilder();
    const columns = [
      builder.addColumn({ cost: -7, lower: 1, upper: 3, integer: true }),
      builder.addColumn({ cost: 5, lower: 1, upper: 4, integer: true }),
    ];
    builder.addRow({ lower: -3, upper: 1, indices: columns, values: [-2, 2] });
    const program = builder.build('steps');
    const result = new TreeSearch(relaxationOf(program), {
      door: doorOf(program),
      initialSolutions: [{ solution: Float64Array.of(2, 1), source: 'start' }],
    }).run();
    expect(result).toMatchObject({ status: 'optimal', cost: -11 });
  });

  it('leave a smaller program once a good incumbent is known', () => {
    const program = knapsack(60);
    const best = new TreeSearch(relaxationOf(program), { door: doorOf(program) }).run();
    const relaxation = relaxationOf(program);
    let restarts = 0;
    const again = new TreeSearch(relaxation, {
      door: doorOf(program),
      onProgress: ({ kind }) => {
        if (kind === 'restart') restarts++;
      },
      initialSolutions: [{ solution: best.solution!, source: 'known' }],
    }).run();
    expect(again).toMatchObject({ status: 'optimal', cost: best.cost });
    expect(relaxation.size.columns).toBeLessThan(30);
    expect(restarts).toBeGreaterThan(0);
  });

  it('are part of a saved search', () => {
    const program = knapsack(60);
    const door = doorOf(program);
    const best = new TreeSearch(relaxationOf(program), { door }).run();
    const options = {
      door,
      // Dearer than the best, so that something is left to search.
      initialSolutions: [{ solution: best.solution!.map((value, at) => (at < 2 ? 0 : value)), source: 'near' }],
      strategy: 'cuts-only' as const,
      relativeGap: 0,
    };
    const whole = new TreeSearch(relaxationOf(program, { rootRounds: 1 }), options).run();
    expect(whole.nodes).toBeGreaterThan(2);
    const first = new TreeSearch(relaxationOf(program, { rootRounds: 1 }), { ...options, nodeLimit: 2 });
    expect(first.run().status).toBe('node-limit');
    const saved = JSON.parse(JSON.stringify(saveSearch(first))) as SavedSearch;
    const resumed = restoreSearch(saved, relaxationOf(program, { rootRounds: 1 }), options).run();
    expect(resumed).toMatchObject({ status: 'optimal', cost: whole.cost });
  });
});

describe('reduced programs', () => {
  it('have the costs and the feasible points of the full one where the fixed columns have their values', () => {
    fc.assert(
      fc.property(randomPrograms(0), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), (program, fixed) => {
        const lower = program.columnLower.slice();
        const upper = program.columnUpper.map((bound, column) => (fixed[column] ? program.columnLower[column] : bound));
        const reduced = new ReducedProgram(program, lower, upper, defaultSearchParameters);
        const inner = { ...reduced.program };
        forEachAssignment(inner, (values) => {
          const point = Float64Array.from({ length: inner.numColumns }, (_, column) => values.get(column)!);
          const full = reduced.expand(point);
          const expected = costOfFeasible(program, full);
          const found = reduced.isFeasible ? costOfFeasible(inner, point) : null;
          expect(found === null).toBe(expected === null);
          expect(found ?? 0).toBeCloseTo(expected ?? 0, 9);
        });
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('what is known before the root', () => {
  it('makes the program smaller, and keeps what is better than the cutoff', () => {
    let fixed = 0;
    fc.assert(
      fc.property(randomPrograms(2), fc.integer({ min: 2, max: 5 }), (program, step) => {
        const optimum = enumeratedOptimum(program);
        const start = someSolution(program, step);
        if (optimum === null || start === null) return;
        const cost = costOfFeasible(program, start) ?? Infinity;
        let asked = Infinity;
        const relaxation = relaxationOf(program, {
          *beforeRoot({ cutoff }) {
            yield;
            asked = cutoff;
            // Every bound that no better solution passes, column by column, by enumeration.
            const most = new Float64Array(program.numColumns).fill(-Infinity);
            forEachAssignment(program, (values) => {
              const found = leastOverContinuous(program, values);
              if (found === null || found >= cutoff) return;
              for (const [column, value] of values) most[column] = Math.max(most[column], value);
            });
            const changes = Array.from(most, (upper, column) => ({ column, lower: -Infinity, upper })).filter(
              ({ column, upper }) => program.integrality[column] === 1 && upper > -Infinity,
            );
            fixed += changes.filter(({ column, upper }) => upper < program.columnUpper[column]).length;
            return { bound: -Infinity, changes, rows: [], source: 'test', simplexIterations: 0 };
          },
        });
        const initialSolutions = [{ solution: start, source: 'start' }];
        const result = new TreeSearch(relaxation, { door: doorOf(program), initialSolutions }).run();
        expect(asked).toBe(cost);
        expect(result.status).toBe('optimal');
        expect(Math.abs(result.cost! - optimum)).toBeLessThan(1e-5 * Math.max(1, Math.abs(optimum)));
      }),
      { numRuns: 150, seed: 21 },
    );
    expect(fixed).toBeGreaterThan(20);
  });

  it('ends the search where its bound meets the incumbent', () => {
    const program = knapsack(12);
    const start = someSolution(program, 1)!;
    const cost = costOfFeasible(program, start)!;
    const relaxation = relaxationOf(program, {
      *beforeRoot() {
        yield;
        return { bound: cost, changes: [], rows: [], source: 'test', simplexIterations: 0 };
      },
    });
    const initialSolutions = [{ solution: start, source: 'start' }];
    const result = new TreeSearch(relaxation, { door: doorOf(program), initialSolutions }).run();
    expect(result).toMatchObject({ status: 'optimal', cost, bound: cost, nodes: 1, simplexIterations: 0 });
  });
});
