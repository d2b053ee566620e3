/**
 * Sets of deployments where what is alike is merged, so that a set holds one several times: their bounds against HiGHS
 * on the strengthened program with just these rented, under counts that hold for all plans looked at.
 */
import { describe, expect, it } from 'vitest';
import { type KindName, kindInstance } from '../../../bench/kinds.ts';
import { TreeSearch } from '../../../src/bnb/treeSearch.ts';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { presets } from '../../../src/model/options.ts';
import { countBetween, restrictionsOf } from '../../../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../../../src/patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../../../src/patterns/master/restrictedMaster.ts';
import { defaultPatternParameters } from '../../../src/patterns/parameters.ts';
import { PatternRelaxation } from '../../../src/patterns/patternRelaxation.ts';
import type { RentedSet } from '../../../src/patterns/plans/rentedSets.ts';
import { PatternPricer } from '../../../src/patterns/pricing/patternPricer.ts';
import { gpusOf, mergedPatternTable, type PatternTable } from '../../../src/patterns/pricing/patternTable.ts';
import { namedDeployments } from '../../../src/patterns/pricing/planPatterns.ts';
import { neverStop } from '../../../src/patterns/stopQuestion.ts';
import { incumbentDoor } from '../../../src/planner/incumbentDoor.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';
import { rootSets } from './listedSets.ts';

const sizes = {
  'alike tiers': { queryTypes: 6, models: 2, tiers: 2 },
  'bin packing': { queryTypes: 7, models: 1, tiers: 5 },
} as const satisfies Partial<Record<KindName, object>>;

interface Numbers {
  readonly least: number;
  readonly most: number;
}

/** The merged root's program, solved, where all plans rent so many and have so many GPUs. */
function solvedRoot(table: PatternTable, rented: Numbers, gpus: Numbers) {
  const master = new RestrictedMaster(table);
  const closed = Uint8Array.from(table.mostReplicas, (most, d) => (most < table.leastReplicas[d] ? 1 : 0));
  const pairs = Array.from({ length: table.problem.numPairs }, (_, pair) => pair);
  let restrictions = restrictionsOf(table, [], { closed, blocked: new Uint8Array(table.queryType.length) });
  restrictions = countBetween(restrictions, { kind: 'count', pairs, ...rented });
  restrictions = countBetween(restrictions, { kind: 'count', pairs, inGpus: true, ...gpus });
  master.restrict(restrictions);
  const limits = { cutoff: Infinity, shouldStop: neverStop };
  const { certificate } = drain(generateColumns(master, new PatternPricer(table), restrictions, limits));
  return { master, restrictions, certificate: certificate! };
}

/** The least cost of plans that rent these and nothing else, by HiGHS. */
async function leastCost(table: PatternTable, deployments: readonly number[]): Promise<number> {
  const { program, columns } = buildStrengthened(table.problem);
  const named = namedDeployments(table, deployments);
  expect(new Set(named.map((d) => table.pair[d])).size).toBe(deployments.length);
  const columnLower = program.columnLower.slice();
  const columnUpper = program.columnUpper.slice();
  for (const [d, column] of columns.w.entries()) {
    if (column < 0) continue;
    columnLower[column] = named.includes(d) ? 1 : 0;
    columnUpper[column] = columnLower[column];
  }
  return optimumOf({ program: { ...program, columnLower, columnUpper } });
}

/** Every set of deployments with one for each pair at most. */
function allSets(table: PatternTable): number[][] {
  const { copies } = table.alike.pairs;
  let sets: number[][] = [[]];
  for (const [pair, deployments] of table.deploymentsOfPair.entries()) {
    for (let copy = 0; copy < copies[pair]; copy++) {
      sets = sets.flatMap((set) => [
        set,
        ...(set.filter((d) => table.pair[d] === pair).length === copy
          ? deployments
              .filter((d) => table.leastReplicas[d] <= table.mostReplicas[d])
              .filter((d) => set.every((other) => table.pair[other] !== pair || other <= d))
              .map((d) => [...set, d])
          : []),
      ]);
    }
  }
  return sets;
}

const keyOf = (deployments: readonly number[]) => deployments.toSorted((a, b) => a - b).join();

describe('sets of deployments where what is alike is merged', () => {
  it.each([
    { of: 'alike tiers', leastRaised: 10, leastSlack: 10 },
    { of: 'bin packing', leastRaised: 0, leastSlack: 1 },
  ] as const)(
    'are all that keep to the counts, and no plan of theirs passes their bounds: $of',
    async ({ of, leastRaised, leastSlack }) => {
      let raised = 0;
      let slack = 0;
      for (let seed = 1; seed <= 4; seed++) {
        const maxReplicas = seed % 3 === 0 ? 2 : 1;
        const instance = kindInstance({ of, ...sizes[of], seed });
        const table = mergedPatternTable(compileProblem(instance, { ...presets.corrected, maxReplicas }))!;
        const possible = allSets(table);
        const gpusWith = (set: readonly number[], replicas: Int32Array) =>
          set.reduce((sum, d) => sum + gpusOf(table, d, replicas[d]), 0);
        const costs = new Map<string, number>();
        for (const set of possible.filter((_, at) => at % 3 === 0 || possible.length < 60)) {
          costs.set(keyOf(set), await leastCost(table, set));
        }
        const [best] = [...costs].reduce((least, entry) => (entry[1] < least[1] ? entry : least));
        const optimum = costs.get(best)!;
        const bestSet = possible.find((set) => keyOf(set) === best)!;
        const rented = { least: seed % 2, most: bestSet.length + (seed % 2) };
        const gpus = { least: gpusWith(bestSet, table.leastReplicas), most: Infinity };
        const { master, restrictions, certificate } = solvedRoot(table, rented, gpus);
        const { programs, bounds, list } = rootSets(master, restrictions, certificate);
        const { sets, beyond } = list();
        expect(beyond).toBe(Infinity);
        const keeps = (set: readonly number[]) =>
          set.length >= rented.least && set.length <= rented.most && gpusWith(set, table.mostReplicas) >= gpus.least;
        expect(sets.map(({ deployments }) => keyOf(deployments)).sort()).toEqual(
          possible.filter(keeps).map(keyOf).sort(),
        );
        const costOf = ({ deployments }: RentedSet) => costs.get(keyOf(deployments)) ?? Infinity;
        const passesNone = () =>
          sets.every((set) => set.bound <= costOf(set) + optimumTolerance * Math.abs(costOf(set)));
        expect(passesNone()).toBe(true);
        slack += sets.filter(({ bound }) => bound > certificate.bound + 1e-6).length;
        for (const set of sets.filter((_, at) => at % 3 === 0)) {
          const program = drain(programs.solve(set.deployments, Infinity, neverStop));
          expect(program.bound).toBeLessThanOrEqual(costOf(set) * (1 + optimumTolerance));
          const before = sets.map(({ bound }) => bound);
          if (program.certificate !== null) {
            bounds.add(programs.boundOf(program.certificate, 2 * optimum));
            for (const other of sets) other.bound = Math.max(other.bound, bounds.byLast(other.deployments));
          }
          raised += sets.filter(({ bound }, at) => bound > before[at] + 1e-6).length;
          expect(passesNone()).toBe(true);
        }
        const whole = await optimumOf(buildStrengthened(table.problem));
        expect(possible.length < 60 ? relativeDifference(optimum, whole) : 0).toBeLessThan(optimumTolerance);
      }
      expect(raised).toBeGreaterThanOrEqual(leastRaised);
      expect(slack).toBeGreaterThanOrEqual(leastSlack);
    },
  );

  /** (seed): by HiGHS. */
  const optima = new Map<number, number>();

  it.each([
    { title: 'all sets', changes: {}, isProven: true, leastFound: 7 },
    { title: 'all sets, nothing proven of their numbers', changes: {}, isProven: false, leastFound: 7 },
    { title: 'few sets', changes: { mostSets: 2 }, isProven: true, leastFound: 3 },
    { title: 'an unfinished list', changes: { mostLooked: 3 }, isProven: true, leastFound: 0 },
    {
      title: 'unfinished programs',
      changes: { iterationsOfAll: 20, iterationsOfSome: 10 },
      isProven: true,
      leastFound: 0,
    },
  ])('lead to the optimum where there is no pool: $title', async ({ changes, isProven, leastFound }) => {
    const { pool, counts, rentedSets } = defaultPatternParameters;
    const parameters = {
      ...defaultPatternParameters,
      pool: { ...pool, effort: 0 },
      counts: isProven ? counts : { ...counts, leastFraction: 0.6 },
      rentedSets: { ...rentedSets, ...changes },
    };
    let found = 0;
    for (const seed of [2, 3, 7, 8, 11, 16, 24]) {
      const instance = kindInstance({ of: 'alike tiers', queryTypes: 6, models: 2, tiers: 3, seed });
      const problem = compileProblem(instance, { ...presets.corrected, maxReplicas: seed % 4 === 3 ? 2 : 1 });
      const optimum = optima.get(seed) ?? (await optimumOf(buildStrengthened(problem)));
      optima.set(seed, optimum);
      for (const share of [1 - 1e-4, 1.05]) {
        const sources: string[] = [];
        const door = incumbentDoor(problem);
        const search = new TreeSearch(new PatternRelaxation(problem, { parameters }), {
          door: (plan, source) => {
            sources.push(source);
            return door(plan, source);
          },
          cutoff: share * optimum,
          relativeGap: 1e-7,
          nodeLimit: 3000,
        });
        const { status, cost, bound } = search.run();
        if (sources.includes('rented sets')) found++;
        expect(status).toBe(share < 1 ? 'infeasible' : 'optimal');
        if (share < 1) continue;
        expect(relativeDifference(cost ?? Infinity, optimum)).toBeLessThan(optimumTolerance);
        expect(bound).toBeLessThanOrEqual(optimum * (1 + optimumTolerance));
      }
    }
    expect(found).toBeGreaterThanOrEqual(leastFound);
  });
});
