/**
 * The cuts of the plan: the optimum of the integer program, under its own costs and under random ones, is the same with
 * the cuts as without (HiGHS), and each family cuts off fractional points that it is made for.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPlans } from '../../../src/heuristics/index.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder, type SparseRow } from '../../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../../src/model/options.ts';
import { conflictCliqueCuts } from '../../../src/planner/cuts/conflictClique.ts';
import { degreeCouplingCuts } from '../../../src/planner/cuts/degreeCoupling.ts';
import { deploymentCoverCuts } from '../../../src/planner/cuts/deploymentCover.ts';
import { flowCoverCuts } from '../../../src/planner/cuts/flowCover.ts';
import { groupCoverCuts } from '../../../src/planner/cuts/groupCover.ts';
import type { ModelCut } from '../../../src/planner/cuts/modelCut.ts';
import { planCuts } from '../../../src/planner/cuts/planCuts.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { draws } from '../../arbitrary/draws.ts';
import { anyInstance, anyOptions, drawInstance } from '../../heuristics/randomInstance.ts';
import { deviation, type HighsOracle, loadHighsOracle } from '../../lp/highsOracle.ts';

const load = (name: string): Instance =>
  JSON.parse(readFileSync(new URL(`../../data/instances/${name}.json`, import.meta.url), 'utf8'));
const reference = load('reference-seed42');
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

/** Rounds of cuts on the LP until none is violated. */
function cutLoop(program: MixedIntegerProgram, families: readonly ModelCut[], rounds = 15) {
  const solver = new SimplexSolver(program);
  const cuts: SparseRow[] = [];
  let status = solver.solve();
  const before = status === 'optimal' ? solver.objective : Infinity;
  for (let round = 0; round < rounds && status === 'optimal'; round++) {
    const point = solver.primal.slice(0, program.numColumns);
    const rows = families.flatMap((family) => [...family.separate(point)]);
    for (const row of rows) expect(activity(row, point)).toBeGreaterThan(row.upper);
    // Whoever takes up a row counts on that.
    for (const { indices } of rows) expect(new Set(Array.from(indices)).size).toBe(indices.length);
    if (rows.length === 0) break;
    cuts.push(...rows);
    solver.addRows(rows);
    status = solver.solve();
  }
  return { before, after: status === 'optimal' ? solver.objective : Infinity, cuts, status };
}

const activity = (row: SparseRow, point: ArrayLike<number>) =>
  Array.from(row.indices).reduce((sum, column, t) => sum + row.values[t] * point[column], 0);

function withRows(program: MixedIntegerProgram, rows: readonly SparseRow[], cost: ArrayLike<number>) {
  const builder = new MixedIntegerProgramBuilder();
  for (let c = 0; c < program.numColumns; c++) {
    builder.addColumn({
      cost: cost[c],
      lower: program.columnLower[c],
      upper: program.columnUpper[c],
      integer: program.integrality[c] === 1,
    });
  }
  const byRow: { indices: number[]; values: number[] }[] = Array.from({ length: program.numRows }, () => ({
    indices: [],
    values: [],
  }));
  for (let c = 0; c < program.numColumns; c++) {
    for (let at = program.columnStarts[c]; at < program.columnStarts[c + 1]; at++) {
      byRow[program.rowIndices[at]].indices.push(c);
      byRow[program.rowIndices[at]].values.push(program.values[at]);
    }
  }
  byRow.forEach(({ indices, values }, r) => {
    builder.addRow({ lower: program.rowLower[r], upper: program.rowUpper[r], indices, values });
  });
  for (const row of rows)
    builder.addRow({ lower: row.lower, upper: row.upper, indices: row.indices, values: row.values });
  return builder.build();
}

/**
 * Costs as they are, then with each multiplied by a factor in [0, 2] from a stream, so that other corners are optimal
 * too.
 */
function costs(program: MixedIntegerProgram, salt: number): Float64Array[] {
  let state = salt >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  return [program.cost, ...[1, 2].map(() => program.cost.map((value) => value * 2 * next()))];
}

describe('no cut cuts off a plan', () => {
  it.each(['single', 'split'] as const)('strengthened program, %s placement', (placement) => {
    let numCuts = 0;
    const sources = new Set<string>();
    fc.assert(
      fc.property(anyInstance(), anyOptions([placement]), fc.nat(), (instance, options, salt) => {
        const problem = compileProblem(instance, options);
        const formulation = buildStrengthened(problem);
        const { program } = formulation;
        const families = planCuts(formulation);
        const variants = costs(program, salt);
        const cuts: SparseRow[] = [];
        for (const cost of variants) {
          for (const family of families) {
            const found = cutLoop({ ...program, cost }, [family]).cuts;
            if (found.length > 0) sources.add(family.name);
            cuts.push(...found);
          }
          cuts.push(...cutLoop({ ...program, cost }, families).cuts);
        }
        if (cuts.length === 0) return;
        numCuts += cuts.length;
        for (const plan of findPlans(problem, { effort: 0.1 })) {
          const point = formulation.encode(plan);
          for (const cut of cuts) expect(activity(cut, point)).toBeLessThan(cut.upper + 1e-6);
        }
        for (const cost of variants) {
          const without = oracle.solve(withRows(program, [], cost));
          if (without.status !== 'optimal' && without.status !== 'infeasible') continue;
          const cutProgram = oracle.solve(withRows(program, cuts, cost));
          expect(deviation(cutProgram, without)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: draws(90), seed: 9 },
    );
    expect(numCuts).toBeGreaterThan(draws(100));
    const expected =
      placement === 'single'
        ? ['conflict clique', 'deployment cover', 'flow cover', 'group cover']
        : ['spread protection'];
    expect([...sources]).toEqual(expect.arrayContaining(expected));
  });

  it('published program', () => {
    let numCuts = 0;
    fc.assert(
      fc.property(anyInstance(3), anyOptions(['single', 'split']), (instance, options) => {
        const problem = compileProblem(instance, options);
        const published = buildPublished(instance, options);
        const { cuts } = cutLoop(published.program, [degreeCouplingCuts(problem, published)], 5);
        if (cuts.length === 0) return;
        numCuts += cuts.length;
        const { program } = published;
        const without = oracle.solve(withRows(program, [], program.cost));
        if (without.status !== 'optimal' && without.status !== 'infeasible') return;
        expect(deviation(oracle.solve(withRows(program, cuts, program.cost)), without)).toBeLessThan(1e-5);
      }),
      { numRuns: draws(40), seed: 10 },
    );
    expect(numCuts).toBeGreaterThan(draws(40));
  });
});

describe('split placement with weights stored once for each deployment', () => {
  it('has its optimum with spread protection, whose openers several query types share', () => {
    const options: PlanningOptions = {
      ...presets.corrected,
      placement: 'split',
      delayRule: 'last-deployment',
      maxReplicas: 3,
    };
    const costWith = (cuts: boolean) =>
      optimize(drawInstance(24, 5, 1, 2), { ...options, robust: 'adversarial', strategy: { cuts } }).cost?.total;
    expect(costWith(false)).toBeCloseTo(138.5439012, 6);
    expect(costWith(true)).toBeCloseTo(138.5439012, 6);
  });
});

describe('the gap at the root', () => {
  const closed = (instance: Instance, options: PlanningOptions, optimum: number, pick: 'cover' | 'flow' | 'group') => {
    const formulation = buildStrengthened(compileProblem(instance, options));
    const make = { cover: deploymentCoverCuts, flow: flowCoverCuts, group: groupCoverCuts }[pick];
    const { before, after, status } = cutLoop(formulation.program, [make(formulation)], 30);
    expect(status).toBe('optimal');
    expect(after).toBeLessThan(optimum + 1e-4);
    return (after - before) / (optimum - before);
  };

  it('closes by deployment covers where caps are small', () => {
    expect(closed(reference, presets.corrected, 633.4639515, 'cover')).toBeGreaterThan(0.99);
    expect(closed(reference, presets.reference, 553.4433449, 'cover')).toBeGreaterThan(0.99);
    expect(closed(reference, presets.paper, 634.537222, 'cover')).toBeGreaterThan(0.99);
  });

  it('closes by flow covers where everything may be dropped', () => {
    expect(closed(load('family-12x6x10'), separable, 774.673617, 'flow')).toBeGreaterThan(0.4);
  });

  it('closes by group covers where the budget binds', () => {
    const tight: Instance = {
      ...reference,
      queryTypes: reference.queryTypes.map((q) => ({ ...q, unmetCap: Math.min(1, 0.01 * q.arrivalRate) })),
      tiers: reference.tiers.map((tier) => ({ ...tier, price: 0.65 * tier.price })),
      budget: 0.5 * reference.budget!,
    };
    expect(closed(tight, presets.reference, 386.59264139, 'group')).toBeGreaterThan(0.15);
  });
});

describe('conflict cliques', () => {
  it('join conflicts of both resources in one row', () => {
    const query = (name: string, computePerToken: number) => ({
      name,
      inputTokens: 50,
      outputTokens: 50,
      arrivalRate: 10,
      computePerToken,
      tokenSize: 0.001,
      delayPenalty: 0,
      unmetPenalty: 10,
      delayThreshold: 1e6,
      errorThreshold: 1,
      unmetCap: 0,
    });
    const constant = (value: number) => [[[value]], [[value]], [[value]]];
    const instance: Instance = {
      format: 'rolla-instance/1',
      // a and b exclude each other by compute (60 + 60 > 100); c takes so much memory that it excludes both.
      queryTypes: [query('a', 0.6), query('b', 0.6), query('c', 0.1)],
      models: [{ name: 'm', weightSize: 1, kvCachePerToken: 0.01 }],
      tiers: [{ name: 't', memory: 16, compute: 100, price: 1, tpDegrees: [1] }],
      delay: { nominal: constant(1), deviation: constant(0) },
      error: { nominal: constant(0), deviation: constant(0) },
      residency: [[[0.4]], [[0.4]], [[1.2]]],
      uncertaintyBudget: { delay: 0, error: 0 },
      rentalPeriod: 1,
      storagePrice: 0,
    };
    const formulation = buildStrengthened(compileProblem(instance, separable));
    const { w, z } = formulation.columns;
    const point = new Float64Array(formulation.program.numColumns);
    point[w[0]] = 1;
    for (const column of z) point[column] = 0.4;
    const cuts = [...conflictCliqueCuts(formulation).separate(point)];
    expect(cuts).toHaveLength(1);
    expect(activity(cuts[0], point)).toBeCloseTo(3 * 0.4 - 1, 12);
  });
});
