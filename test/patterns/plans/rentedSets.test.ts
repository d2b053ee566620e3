/**
 * Sets of deployments that a binding budget lets be rented together: their bounds against HiGHS on the strengthened
 * program with just these rented, and whole searches against HiGHS, however few sets are kept or solved.
 */
import { describe, expect, it } from 'vitest';
import { kindInstance } from '../../../bench/kinds.ts';
import { TreeSearch } from '../../../src/bnb/treeSearch.ts';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { presets } from '../../../src/model/options.ts';
import { type NodeRestrictions, restrictionsOf } from '../../../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../../../src/patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../../../src/patterns/master/restrictedMaster.ts';
import { defaultPatternParameters, type PatternParameters } from '../../../src/patterns/parameters.ts';
import { PatternRelaxation } from '../../../src/patterns/patternRelaxation.ts';
import type { RentedSet } from '../../../src/patterns/plans/rentedSets.ts';
import { SetBounds } from '../../../src/patterns/plans/setBounds.ts';
import { SetCounts } from '../../../src/patterns/plans/setCounts.ts';
import { PatternPricer } from '../../../src/patterns/pricing/patternPricer.ts';
import { buildPatternTable, rentalBudgetUse } from '../../../src/patterns/pricing/patternTable.ts';
import { incumbentDoor } from '../../../src/planner/incumbentDoor.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';
import { list, rootSets } from './listedSets.ts';

const kinds = ['tight budget', 'joint Gamma 3 in a budget'] as const;

function drawn(of: (typeof kinds)[number], seed: number, maxReplicas = 1) {
  const instance = kindInstance({ of, queryTypes: 5, models: 2, tiers: 2, seed });
  return compileProblem(instance, { ...presets.corrected, maxReplicas });
}

/** The root's program of patterns, solved. */
function solvedRoot(problem: ReturnType<typeof drawn>, parameters: PatternParameters = defaultPatternParameters) {
  const table = buildPatternTable(problem, parameters);
  const master = new RestrictedMaster(table);
  const pricer = new PatternPricer(table);
  const closed = Uint8Array.from(table.mostReplicas, (most, d) => (most < table.leastReplicas[d] ? 1 : 0));
  const restrictions = restrictionsOf(table, [], { closed, blocked: new Uint8Array(table.queryType.length) });
  master.restrict(restrictions);
  const limits = { cutoff: Infinity, shouldStop: () => false };
  const { certificate } = drain(generateColumns(master, pricer, restrictions, limits));
  return { master, restrictions, certificate: certificate! };
}

/** The least cost of plans that rent these and nothing else, by HiGHS. */
async function leastCost(problem: ReturnType<typeof drawn>, deployments: readonly number[]): Promise<number> {
  const { program, columns } = buildStrengthened(problem);
  const columnLower = program.columnLower.slice();
  const columnUpper = program.columnUpper.slice();
  for (const [d, column] of columns.w.entries()) {
    if (column < 0) continue;
    const isRented = deployments.includes(d);
    columnLower[column] = isRented ? 1 : 0;
    columnUpper[column] = isRented ? 1 : 0;
  }
  return optimumOf({ program: { ...program, columnLower, columnUpper } });
}

/** Sets of pairs of deployments, where nothing costs anything and the budget is what two of them take. */
function setsOfTwo(share: number, committed = 0) {
  const problem = drawn('tight budget', 1);
  const table = buildPatternTable(problem);
  const first = table.leastReplicas.findIndex((least, d) => least <= table.mostReplicas[d]);
  const second = table.leastReplicas.findIndex(
    (least, d) => least <= table.mostReplicas[d] && table.pair[d] !== table.pair[first],
  );
  const budget = share * [first, second].reduce((sum, d) => sum + rentalBudgetUse(table, d, table.leastReplicas[d]), 0);
  const free = {
    ...problem,
    budget,
    committed: problem.committed.map(() => committed),
    dataCost: problem.dataCost.map(() => 0),
  };
  const poor = { ...table, budget, problem: free, placementCost: table.placementCost.map(() => 0) };
  const bounds = new SetBounds(poor, [first, second], true);
  bounds.add({ base: 0, reducedCost: new Float64Array(table.numDeployments), budgetPrice: 1 });
  const noRows = { table: poor, countRows: new Map() };
  const { sets } = list(
    bounds,
    new SetCounts(noRows, { counts: new Map() } as unknown as NodeRestrictions, new Float64Array(1)),
  );
  return { sets, pair: [first, second].join(), budget };
}

describe('sets of deployments in a budget', () => {
  it('may fill it to rounding, and a plan to the tolerance of the verifier, and no further', () => {
    for (const share of [1, 1 - 3e-16, 1 - 2e-9]) {
      const { sets, pair } = setsOfTwo(share);
      expect(sets.map(({ deployments }) => deployments.toSorted((a, b) => a - b).join())).toContain(pair);
    }
    const { sets, pair } = setsOfTwo(1 - 1e-5);
    expect(sets.map(({ deployments }) => deployments.toSorted((a, b) => a - b).join())).not.toContain(pair);
  });

  it('leave what they do not take of it, unless GPUs are committed, which count too', () => {
    const empty = ({ sets }: ReturnType<typeof setsOfTwo>) => sets.find(({ deployments }) => deployments.length === 0)!;
    const free = setsOfTwo(1);
    expect(empty(free)).toMatchObject({ bound: free.budget });
    expect(empty(setsOfTwo(1, 2))).toMatchObject({ bound: 0 });
  });

  it('are listed with a question whether to stop after each few, in every list anew', () => {
    const { master, restrictions, certificate } = solvedRoot(drawn('tight budget', 1));
    const { bounds, counts } = rootSets(master, restrictions, certificate);
    const asked = () => {
      let questions = 0;
      const { looked } = list(bounds, counts, 1e6, Infinity, () => ++questions < 0);
      expect(questions).toBe(Math.floor(looked / 5));
      return questions;
    };
    expect(asked()).toBeGreaterThan(1);
    asked();
    // Told to stop, a list says nothing of the sets that it left out.
    expect(list(bounds, counts, 1e6, Infinity, () => true)).toMatchObject({ looked: 5, beyond: -Infinity });
  });

  it.each(kinds)('have bounds that no plan of theirs passes, before and after others are solved: %s', async (of) => {
    let raised = 0;
    for (let seed = 1; seed <= 7; seed++) {
      const problem = drawn(of, seed, seed % 2 === 0 ? 2 : 1);
      const optimum = await optimumOf(buildStrengthened(problem));
      if (optimum === Infinity) continue;
      const { master, restrictions, certificate } = solvedRoot(problem);
      const { programs, bounds, list: listed } = rootSets(master, restrictions, certificate);
      const { sets, beyond } = listed();
      const costs = new Map<RentedSet, number>();
      for (const set of sets) costs.set(set, await leastCost(problem, set.deployments));
      const passesNone = () =>
        [...costs].every(([{ bound }, cost]) => bound <= cost + optimumTolerance * Math.abs(cost));
      // Nothing is left out: the best plan rents one of them.
      expect(beyond).toBe(Infinity);
      expect(relativeDifference(Math.min(...costs.values()), optimum)).toBeLessThan(optimumTolerance);
      expect(passesNone()).toBe(true);
      for (const set of sets.filter((_, at) => at % 3 === 0)) {
        const program = drain(programs.solve(set.deployments, Infinity, () => false));
        expect(program.bound).toBeLessThanOrEqual(costs.get(set)! * (1 + optimumTolerance));
        const before = sets.map(({ bound }) => bound);
        if (program.certificate !== null) {
          bounds.add(programs.boundOf(program.certificate, 2 * optimum));
          for (const other of sets) other.bound = Math.max(other.bound, bounds.byLast(other.deployments));
        }
        raised += sets.filter(({ bound }, at) => bound > before[at] + 1e-6).length;
        expect(passesNone()).toBe(true);
      }
      // All bounds together leave no plan out that is cheaper than what a list ends at.
      for (const limit of [optimum * (1 + 1e-9), 1.1 * optimum]) {
        const below = listed(1e6, limit);
        const names = new Set(below.sets.map(({ deployments }) => deployments.join()));
        const others = [...costs].filter(([{ deployments }]) => !names.has(deployments.join()));
        for (const [, cost] of others) expect(limit).toBeLessThanOrEqual(cost * (1 + optimumTolerance));
        for (const { deployments, bound } of below.sets) {
          const cost = [...costs].find(([set]) => set.deployments.join() === deployments.join())![1];
          expect(bound).toBeLessThanOrEqual(cost * (1 + optimumTolerance));
        }
      }
      const kept = listed(4);
      expect(kept.sets.length).toBe(Math.min(4, sets.length));
      const names = new Set(kept.sets.map(({ deployments }) => deployments.join()));
      const others = [...costs].filter(([{ deployments }]) => !names.has(deployments.join()));
      for (const [, cost] of others) expect(kept.beyond).toBeLessThanOrEqual(cost * (1 + optimumTolerance));
    }
    expect(raised).toBeGreaterThan(20);
  });

  it.each([
    { title: 'all sets', changes: {}, leastSettled: 8 },
    { title: 'few sets and bounds', changes: { mostSets: 3, mostBounds: 3, moneyCells: 4 }, leastSettled: 4 },
    { title: 'no time for programs', changes: { iterationsOfAll: 0, iterationsOfSome: 0 }, leastSettled: 0 },
    { title: 'no list', changes: { mostLooked: 0 }, leastSettled: 0 },
  ])('lead to the optimum: $title', async ({ changes, leastSettled }) => {
    let settledByThem = 0;
    for (const of of kinds) {
      for (let seed = 1; seed <= 8; seed++) {
        const problem = drawn(of, seed, seed % 2 === 0 ? 2 : 1);
        const rentedSets = { ...defaultPatternParameters.rentedSets, ...changes };
        const parameters = { ...defaultPatternParameters, rentedSets };
        const sources: string[] = [];
        const door = incumbentDoor(problem);
        const search = new TreeSearch(new PatternRelaxation(problem, { parameters }), {
          door: (plan, source) => {
            sources.push(source);
            return door(plan, source);
          },
          relativeGap: 1e-7,
          nodeLimit: 3000,
        });
        const { status, cost, nodes, simplexIterations } = search.run();
        const optimum = await optimumOf(buildStrengthened(problem));
        expect(status).toBe(optimum === Infinity ? 'infeasible' : 'optimal');
        expect(relativeDifference(cost ?? Infinity, optimum)).toBeLessThan(optimumTolerance);
        // No set is searched twice: that ended at the limit of 10,000 iterations.
        expect(simplexIterations).toBeLessThan(5000);
        if (nodes === 1 && sources.includes('rented sets')) settledByThem++;
      }
    }
    expect(settledByThem).toBeGreaterThanOrEqual(leastSettled);
  });
});
