/**
 * Patterns with another search beside them: what that proves counts, what it finds goes through the door, and a search
 * that is saved goes on with it as it went.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreSearch, saveSearch } from '../../src/bnb/savedSearch.ts';
import { TreeSearch } from '../../src/bnb/treeSearch.ts';
import { constructPlans, planCost, planIsFeasible } from '../../src/heuristics/index.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import type { IndexedPlan } from '../../src/model/compiled/indexedPlan.ts';
import { buildPublished } from '../../src/model/formulations/published.ts';
import { defaultPatternParameters } from '../../src/patterns/parameters.ts';
import { PatternRelaxation } from '../../src/patterns/patternRelaxation.ts';
import { type Rival, Rivalry } from '../../src/patterns/rivalry.ts';
import { incumbentDoor } from '../../src/planner/incumbentDoor.ts';
import { anyInstance, anyOptions } from '../heuristics/randomInstance.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../oracle/optimum.ts';

/** Problems of several nodes where patterns are priced, with optima by HiGHS. */
const cases = await (async () => {
  const drawn = fc.sample(fc.tuple(anyInstance(4), anyOptions(['single'])), { seed: 31, numRuns: 60 });
  const long = [];
  for (const [instance, options] of drawn) {
    const problem = compileProblem(instance, options);
    const alone = searchOf(problem, null);
    if (alone.result.status !== 'optimal' || alone.result.nodes < 3) continue;
    const optimum = await optimumOf(buildPublished(instance, options));
    long.push({ problem, optimum, best: alone.result.solution!, nodes: alone.result.nodes });
  }
  return long;
})();

type Problem = ReturnType<typeof compileProblem>;

interface Turn {
  readonly bound: number;
  readonly iterations: number;
}

function settingsOf(problem: Problem, rival: Rival | null, nodeLimit: number) {
  const { rival: numbers, ...others } = defaultPatternParameters;
  const parameters = { ...others, rival: { ...numbers, firstWork: 1, workGrowth: 2 } };
  const helpers = { heuristics: false, reducedCostFixing: false, cuts: false };
  const relaxation = new PatternRelaxation(problem, { ...helpers, parameters, ...(rival === null ? {} : { rival }) });
  return { relaxation, options: { door: incumbentDoor(problem), relativeGap: 1e-7, nodeLimit } };
}

function searchOf(problem: Problem, rival: Rival | null, nodeLimit = 3000) {
  const { relaxation, options } = settingsOf(problem, rival, nodeLimit);
  const search = new TreeSearch(relaxation, options);
  return { search, result: search.run() };
}

/** Says so much of an optimum. */
function* saying(bound: number, solution: IndexedPlan | null) {
  yield;
  return { bound, solution, simplexIterations: 100 };
}

describe('a rival of the patterns', () => {
  it('is there where searches are long', () => {
    expect(cases.length).toBeGreaterThan(5);
  });

  it('ends the search by its proof', () => {
    let proven = 0;
    for (const { problem, optimum, best, nodes } of cases) {
      const { result } = searchOf(problem, () => saying(optimum * (1 - 1e-8), best));
      expect(result.status).toBe('optimal');
      expect(relativeDifference(result.cost!, optimum)).toBeLessThan(optimumTolerance);
      if (result.incumbents.at(-1)?.source !== 'beside patterns') continue;
      expect(result.simplexIterations).toBeGreaterThanOrEqual(100);
      expect(result.nodes).toBeLessThanOrEqual(nodes);
      proven++;
    }
    // Some are done before it is asked.
    expect(proven).toBeGreaterThan(3);
  });

  it('is not believed in its plan: the door decides', () => {
    for (const { problem, optimum, best } of cases) {
      // Nothing is served: whatever must be, is not.
      const nothing = { ...best, routing: best.routing.map((one) => ({ ...one, fraction: 2 })) };
      const { result } = searchOf(problem, () => saying(-Infinity, nothing));
      expect(result.status).toBe('optimal');
      expect(relativeDifference(result.cost!, optimum)).toBeLessThan(optimumTolerance);
      expect(result.incumbents.every(({ source }) => source !== 'beside patterns')).toBe(true);
    }
  });

  it('is asked again after more work, with longer turns, and told what it has proven', () => {
    let most = 0;
    for (const { problem, optimum } of cases) {
      const turns: Turn[] = [];
      const { result } = searchOf(problem, ({ bound, iterations }) => {
        turns.push({ bound, iterations });
        return saying(optimum / 2, null);
      });
      expect(relativeDifference(result.cost!, optimum)).toBeLessThan(optimumTolerance);
      const { firstIterations, iterationGrowth } = defaultPatternParameters.rival;
      const expected = turns.map((_, turn) => ({
        bound: turn === 0 ? -Infinity : optimum / 2,
        iterations: firstIterations * iterationGrowth ** turn,
      }));
      expect(turns).toEqual(expected);
      most = Math.max(most, turns.length);
    }
    expect(most).toBeGreaterThan(1);
  });

  it('is beside a search that goes on from JSON as beside one that was never stopped', () => {
    let resumed = 0;
    for (const { problem, optimum, best } of cases) {
      // What it says hangs on nothing but what it is asked.
      const { firstIterations } = defaultPatternParameters.rival;
      const rival: Rival = ({ iterations }) =>
        iterations === firstIterations ? saying(optimum * 0.9, null) : saying(optimum * 0.95, best);
      const { seconds: _all, incumbents: _records, ...whole } = searchOf(problem, rival).result;
      for (let nodeLimit = 1; nodeLimit < Math.min(6, whole.nodes); nodeLimit++) {
        const { search } = searchOf(problem, rival, nodeLimit);
        const saved = JSON.parse(JSON.stringify(saveSearch(search)));
        const { relaxation, options } = settingsOf(problem, rival, 3000);
        const { seconds: _rest, incumbents: _found, ...resumedOne } = restoreSearch(saved, relaxation, options).run();
        expect(resumedOne).toEqual(whole);
        resumed++;
      }
    }
    expect(resumed).toBeGreaterThan(5);
  });
});

describe('a rival of the patterns in a pool', () => {
  const parameters = {
    ...defaultPatternParameters,
    rival: { ...defaultPatternParameters.rival, firstWork: 1, workGrowth: 2, leastPooledGap: 1e-9 },
  };
  const helpers = { heuristics: false, cuts: false, enumeration: false };
  const settings = (problem: Problem, start: IndexedPlan, rival: Rival | null, nodeLimit: number) => {
    const relaxation = new PatternRelaxation(problem, { ...helpers, parameters, ...(rival === null ? {} : { rival }) });
    const initialSolutions = [{ solution: start, source: 'start' }];
    return {
      relaxation,
      options: { door: incumbentDoor(problem), relativeGap: 1e-7, nodeLimit, initialSolutions },
    };
  };
  const searched = (problem: Problem, start: IndexedPlan, rival: Rival | null, nodeLimit = 3000) => {
    const { relaxation, options } = settings(problem, start, rival, nodeLimit);
    const search = new TreeSearch(relaxation, options);
    return { search, result: search.run(), poolSize: relaxation.poolSize };
  };
  /** Problems whose root has a pool and is not its end, with the dearest plan of construction to start from. */
  const pooled = casesOfPools();

  it('is there where roots have pools', () => {
    expect(pooled.length).toBeGreaterThan(5);
  });

  it('ends the search by its proof', () => {
    let proven = 0;
    for (const { problem, start, cost, best } of pooled) {
      const { result } = searched(problem, start, () => saying(cost * (1 - 1e-8), best));
      expect(result.status).toBe('optimal');
      expect(relativeDifference(result.cost!, cost)).toBeLessThan(optimumTolerance);
      if (result.incumbents.at(-1)?.source === 'beside patterns') proven++;
    }
    expect(proven).toBeGreaterThan(3);
  });

  it('leaves the optimum as it is, whatever little it says', () => {
    let turns = 0;
    for (const { problem, start, cost, best } of pooled) {
      const nothing = { ...best, routing: best.routing.map((one) => ({ ...one, fraction: 2 })) };
      const { result } = searched(problem, start, () => {
        turns++;
        return saying(cost / 2, nothing);
      });
      expect(result.status).toBe('optimal');
      expect(relativeDifference(result.cost!, cost)).toBeLessThan(optimumTolerance);
    }
    expect(turns).toBeGreaterThan(pooled.length);
  });

  it('has no turn where the gap narrows within a round, and the node goes on as without it', () => {
    let begun = 0;
    for (const { problem, start, cost } of pooled) {
      // The first round's bound is nearer than that; before it nothing is known.
      const rival = { ...parameters.rival, leastPooledGap: 0.9 };
      let turns = 0;
      const { options } = settings(problem, start, null, 3000);
      const relaxation = new PatternRelaxation(problem, {
        ...helpers,
        parameters: { ...parameters, rival },
        rival: () => {
          turns++;
          return saying(-Infinity, null);
        },
      });
      const { seconds: _one, incumbents: _records, ...beside } = new TreeSearch(relaxation, options).run();
      const { seconds: _other, incumbents: _found, ...alone } = searched(problem, start, null).result;
      if (turns > 0) continue;
      expect(beside).toEqual(alone);
      expect(relativeDifference(beside.cost!, cost)).toBeLessThan(optimumTolerance);
      begun++;
    }
    expect(begun).toBeGreaterThan(5);
  });

  it('is beside a search that goes on from JSON as beside one that was never stopped', () => {
    let resumed = 0;
    for (const { problem, start, cost } of pooled) {
      const rival: Rival = ({ iterations }) => saying(cost * (1 - 1 / iterations), null);
      const { seconds: _all, incumbents: _records, ...whole } = searched(problem, start, rival).result;
      for (let nodeLimit = 1; nodeLimit < Math.min(6, whole.nodes); nodeLimit++) {
        const { search } = searched(problem, start, rival, nodeLimit);
        const saved = JSON.parse(JSON.stringify(saveSearch(search)));
        const { relaxation, options } = settings(problem, start, rival, 3000);
        const { seconds: _rest, incumbents: _found, ...resumedOne } = restoreSearch(saved, relaxation, options).run();
        expect(resumedOne).toEqual(whole);
        resumed++;
      }
    }
    expect(resumed).toBeGreaterThan(5);
  });

  function casesOfPools() {
    const options = { delayRule: 'per-deployment', delayCostBudget: 'per-query' } as const;
    const drawn = fc.sample(fc.tuple(anyInstance(6), anyOptions(['single'])), { seed: 7, numRuns: 150 });
    return drawn.flatMap(([instance, others]) => {
      const problem = compileProblem(instance, { ...others, ...options });
      const plans = [...constructPlans(problem)].flatMap((plan) => plan ?? []);
      const [start] = plans.sort((one, other) => planCost(problem, other) - planCost(problem, one));
      if (start === undefined || !planIsFeasible(problem, start)) return [];
      const { result, poolSize } = searched(problem, start, null);
      if (result.status !== 'optimal' || result.nodes < 2 || poolSize === 0) return [];
      return [{ problem, start, cost: result.cost!, best: result.solution! }];
    });
  }
});

describe('when a rival has its turn', () => {
  const { firstWork, narrowWork, leastPricedGap, leastPooledGap, smallProgram } = defaultPatternParameters.rival;
  const rivalry = (programSize: number) => {
    const problem = { numQueryTypes: 1, deployments: { count: programSize } } as unknown as Problem;
    return new Rivalry(() => saying(0, null), problem, defaultPatternParameters.rival);
  };
  const known = { cutoff: 100, incumbentCost: 100 };
  const at = (gap: number) => 100 * (1 - gap);

  it('comes after work at a wide gap, at a wider one over a pool', () => {
    const large = rivalry(smallProgram + 1);
    expect(large.isDue(firstWork - 1, at(0.5), known, false)).toBe(false);
    expect(large.isDue(firstWork, at(2 * leastPricedGap), known, false)).toBe(true);
    expect(large.isDue(firstWork, at(2 * leastPricedGap), known, true)).toBe(false);
    expect(large.isDue(firstWork, at(2 * leastPooledGap), known, true)).toBe(true);
  });

  it('comes later at a narrow gap, in small programs alone', () => {
    const narrow = at(leastPricedGap / 2);
    expect(rivalry(smallProgram).isDue(narrowWork * firstWork - 1, narrow, known, false)).toBe(false);
    expect(rivalry(smallProgram).isDue(narrowWork * firstWork, narrow, known, false)).toBe(true);
    expect(rivalry(smallProgram).isDue(narrowWork * firstWork, narrow, known, true)).toBe(false);
    expect(rivalry(smallProgram + 1).isDue(narrowWork * firstWork, narrow, known, false)).toBe(false);
  });

  it('does not come where the budget binds, but in small programs', () => {
    for (const [programSize, expected] of [
      [smallProgram, true],
      [smallProgram + 1, false],
    ] as const) {
      const one = rivalry(programSize);
      one.barBudget();
      expect(one.isDue(firstWork, at(0.1), known, false)).toBe(expected);
    }
  });
});
