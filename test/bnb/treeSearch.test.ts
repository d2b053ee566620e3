import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSearchParameters } from '../../src/bnb/parameters.ts';
import type { ProgressEvent } from '../../src/bnb/progress.ts';
import type { Heuristic } from '../../src/bnb/relaxation.ts';
import { restoreSearch, saveSearch } from '../../src/bnb/savedSearch.ts';
import type { SearchOptions, SearchResult } from '../../src/bnb/searchTypes.ts';
import { type StrategyName, strategyPresets } from '../../src/bnb/strategy.ts';
import { TreeSearch } from '../../src/bnb/treeSearch.ts';
import {
  hardKnapsack,
  type Knapsack,
  knapsackDoor,
  knapsackOptimum,
  knapsackRelaxation,
  type Packing,
} from './knapsackRelaxation.ts';

const strategyNames = Object.keys(strategyPresets) as StrategyName[];

function solve(knapsack: Knapsack, options: Partial<SearchOptions<Packing>> = {}): SearchResult<Packing> {
  return new TreeSearch(knapsackRelaxation(knapsack), { door: knapsackDoor(knapsack), ...options }).run();
}

/** Everything that must not depend on the clock. */
function timeless(result: SearchResult<Packing>): SearchResult<Packing> {
  return { ...result, seconds: 0, incumbents: result.incumbents.map((record) => ({ ...record, seconds: 0 })) };
}

const knapsacks = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 14 })
  .chain((items) =>
    fc.record({
      profits: fc.constant(items.map(([profit]) => profit)),
      weights: fc.constant(items.map(([, weight]) => weight)),
      capacity: fc.integer({ min: 0, max: items.reduce((sum, [, weight]) => sum + weight, 0) }),
    }),
  );

describe('the tree on knapsacks', () => {
  it.each(strategyNames)('finds the optimum of the dynamic program under strategy %s', (strategy) => {
    fc.assert(
      fc.property(knapsacks, (knapsack) => {
        const result = solve(knapsack, { strategy });
        expect(result.status).toBe('optimal');
        expect(result.cost).toBeCloseTo(knapsackOptimum(knapsack), 9);
        expect(result.bound).toBeLessThanOrEqual(result.cost! + 1e-9);
        expect(result.gap).toBeLessThanOrEqual(1e-6);
        expect(result.openNodes).toBe(0);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('gives bounds that hold at every event, never decreasing', () => {
    const knapsack = hardKnapsack(30, 7);
    const optimum = knapsackOptimum(knapsack);
    for (const strategy of strategyNames) {
      let last = -Infinity;
      solve(knapsack, {
        strategy,
        onProgress: ({ bound, incumbent }) => {
          expect(bound ?? -Infinity).toBeLessThanOrEqual(optimum + 1e-9);
          expect(bound ?? -Infinity).toBeGreaterThanOrEqual(last);
          expect(incumbent ?? Infinity).toBeGreaterThanOrEqual(optimum - 1e-9);
          last = bound ?? last;
        },
      });
      expect(last).toBeGreaterThan(-Infinity);
    }
  });

  it('stops at the gap that was asked, with a bound that shows it', () => {
    const knapsack = hardKnapsack(40, 3);
    const optimum = knapsackOptimum(knapsack);
    const loose = solve(knapsack, { relativeGap: 0.01 });
    const tight = solve(knapsack, { relativeGap: 0 });
    expect(loose.status).toBe('optimal');
    expect(loose.gap).toBeLessThanOrEqual(0.01);
    expect(loose.bound).toBeLessThanOrEqual(optimum + 1e-9);
    expect(loose.nodes).toBeLessThan(tight.nodes);
    expect(tight.cost).toBe(optimum);
  });

  it('wants only solutions cheaper than the cutoff', () => {
    const knapsack = hardKnapsack(20, 5);
    const optimum = knapsackOptimum(knapsack);
    expect(solve(knapsack, { cutoff: optimum }).status).toBe('infeasible');
    expect(solve(knapsack, { cutoff: optimum + 0.5 }).cost).toBe(optimum);
  });

  it('reports infeasible problems without cost, bound or gap', () => {
    const result = new TreeSearch(knapsackRelaxation({ profits: [1], weights: [1], capacity: -1 }), {
      door: () => null,
    }).run();
    expect(result).toMatchObject({
      status: 'infeasible',
      solution: null,
      cost: null,
      bound: null,
      gap: null,
      nodes: 1,
    });
  });

  it('is deterministic', () => {
    const knapsack = hardKnapsack(30, 11);
    for (const strategy of strategyNames)
      expect(timeless(solve(knapsack, { strategy }))).toEqual(timeless(solve(knapsack, { strategy })));
  });
});

describe('limits', () => {
  const knapsack = hardKnapsack(60, 1);
  const optimum = knapsackOptimum(knapsack);

  it('stops at the node limit with a valid bound, and goes on', () => {
    const search = new TreeSearch(knapsackRelaxation(knapsack), { door: knapsackDoor(knapsack), nodeLimit: 50 });
    const stopped = search.run();
    expect(stopped).toMatchObject({ status: 'node-limit', nodes: 50 });
    expect(stopped.openNodes).toBeGreaterThan(0);
    expect(stopped.bound).toBeLessThanOrEqual(optimum);
    const finished = search.run({});
    expect(timeless(finished)).toEqual(timeless(solve(knapsack)));
  });

  it('stops before the root at a time or node limit of 0', () => {
    expect(solve(knapsack, { timeLimit: 0 })).toMatchObject({
      status: 'time-limit',
      nodes: 0,
      bound: null,
      cost: null,
    });
    expect(solve(knapsack, { nodeLimit: 0 })).toMatchObject({
      status: 'node-limit',
      nodes: 0,
      bound: null,
      cost: null,
    });
  });

  it('stops at the memory limit', () => {
    const result = solve(knapsack, { memoryLimit: 3000, bytesInUse: () => null, strategy: 'best-bound' });
    expect(result.status).toBe('memory-limit');
    expect(result.openNodes).toBeLessThan(30);
    expect(result.bound).toBeLessThanOrEqual(optimum);
  });

  it('refuses bad options by name', () => {
    expect(() => solve(knapsack, { relativeGap: 1 })).toThrow('relativeGap: found 1, expected a number in [0, 1)');
    expect(() => solve(knapsack, { timeLimit: Number.NaN })).toThrow('timeLimit: found NaN, expected seconds >= 0');
    expect(() => solve(knapsack, { nodeLimit: 1.5 })).toThrow('nodeLimit: found 1.5, expected a whole number >= 0');
  });

  it('stops between nodes once it is interrupted', () => {
    let isInterrupted = false;
    const result = solve(knapsack, {
      isInterrupted: () => isInterrupted,
      onProgress: ({ nodes }) => {
        isInterrupted ||= nodes === 20;
      },
    });
    expect(result).toMatchObject({ status: 'interrupted', nodes: 20 });
  });

  it('lets the event loop interrupt an asynchronous search', async () => {
    // Nearly equal ratios, and no reachable optimum within reach of the bound: far more nodes than can be searched.
    const endless: Knapsack = {
      profits: Array.from({ length: 200 }, (_, item) => 1000 + 2 * item),
      weights: Array.from({ length: 200 }, (_, item) => 1000 + 2 * item),
      capacity: 100_001,
    };
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const result = await new TreeSearch(knapsackRelaxation(endless), {
      door: knapsackDoor(endless),
      relativeGap: 0,
      isInterrupted: () => controller.signal.aborted,
    }).runAsync();
    expect(result.status).toBe('interrupted');
    expect(result.nodes).toBeGreaterThan(0);
  });

  it('gives the same result asynchronously', async () => {
    const result = await new TreeSearch(knapsackRelaxation(knapsack), { door: knapsackDoor(knapsack) }).runAsync();
    expect(timeless(result)).toEqual(timeless(solve(knapsack)));
  });
});

describe('incumbents', () => {
  const knapsack = hardKnapsack(30, 2);
  const optimum = knapsackOptimum(knapsack);

  it('enter through the door only: a door that refuses leaves no solution and no claim', () => {
    const result = new TreeSearch(knapsackRelaxation(knapsack), { door: () => null, nodeLimit: 500 }).run();
    expect(result.solution).toBeNull();
    expect(['node-limit', 'numerical-trouble']).toContain(result.status);
    expect(result.bound).toBeLessThanOrEqual(optimum);
  });

  it('cost what the door says', () => {
    const dearer: Knapsack = { profits: [1], weights: [1], capacity: 1 };
    const result = new TreeSearch(knapsackRelaxation(dearer), { door: (solution) => ({ cost: 5, solution }) }).run();
    // The leaf's bound of -1 is not attained, so nothing is proven.
    expect(result).toMatchObject({ status: 'numerical-trouble', cost: 5, bound: -1 });
  });

  it('may be given even if the limits leave no room for a search', () => {
    const initialSolutions = [{ solution: [0], source: 'given' }];
    const result = solve(knapsack, { initialSolutions, nodeLimit: 0 });
    expect(result).toMatchObject({ status: 'node-limit', cost: -knapsack.profits[0], bound: null, nodes: 0 });
    const settled = solve(knapsack, { initialSolutions });
    expect(settled).toMatchObject({ status: 'optimal', cost: optimum });
  });

  it('record source, letter and node, initial solutions and heuristics first', () => {
    const heuristic: Heuristic<Packing> = {
      name: 'one item',
      letter: 'O',
      wants: ({ nodes }) => nodes === 0,
      *run() {
        yield [0];
      },
    };
    const result = solve(knapsack, {
      initialSolutions: [{ solution: [], source: 'given' }],
      heuristics: [heuristic],
    });
    expect(result.incumbents.slice(0, 2)).toMatchObject([
      { cost: 0, source: 'given', letter: 'G', nodes: 0 },
      { cost: -knapsack.profits[0], source: 'one item', letter: 'O', nodes: 0 },
    ]);
    const costs = result.incumbents.map(({ cost }) => cost);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    expect(costs.at(-1)).toBe(optimum);
    const without = solve(knapsack, { heuristics: [heuristic], strategy: 'plain' });
    expect(without.incumbents.some(({ source }) => source === 'one item')).toBe(false);
  });
});

describe('nodes in numerical trouble', () => {
  const knapsack = hardKnapsack(16, 4);
  const optimum = knapsackOptimum(knapsack);

  it('are branched on when they can be, and the answer stays right', () => {
    const relaxation = knapsackRelaxation(knapsack, {
      failsAt: ({ decisions }) => decisions.length % 3 === 1 && decisions.length < 15,
      failsWithCandidates: true,
    });
    const result = new TreeSearch(relaxation, { door: knapsackDoor(knapsack) }).run();
    expect(result).toMatchObject({ status: 'optimal', cost: optimum });
  });

  it('are never passed over in a claim', () => {
    const relaxation = knapsackRelaxation(knapsack, { failsAt: ({ depth }) => depth === 2 });
    const result = new TreeSearch(relaxation, { door: knapsackDoor(knapsack) }).run();
    expect(result.status).toBe('numerical-trouble');
    expect(result.bound).toBeLessThanOrEqual(optimum);
    expect(result.openNodes).toBe(0);
  });
});

describe('saved searches', () => {
  it.each(strategyNames)('go on as if not interrupted, after any number of nodes (%s)', (strategy) => {
    const knapsack = hardKnapsack(28, 9);
    const whole = timeless(solve(knapsack, { strategy }));
    for (const nodeLimit of [0, 1, 2, 7, 20, 51, 75, whole.nodes - 1].filter((limit) => limit < whole.nodes)) {
      const first = new TreeSearch(knapsackRelaxation(knapsack), { door: knapsackDoor(knapsack), strategy, nodeLimit });
      expect(first.run().status).toBe('node-limit');
      const saved = JSON.parse(JSON.stringify(saveSearch(first)));
      const second = restoreSearch(saved, knapsackRelaxation(knapsack), { door: knapsackDoor(knapsack) });
      expect(timeless(second.run())).toEqual(whole);
    }
  });

  it('know the best solution and bound of where they were stopped, even if they stop again at once', () => {
    const knapsack = hardKnapsack(28, 9);
    const options = { door: knapsackDoor(knapsack) };
    const first = new TreeSearch(knapsackRelaxation(knapsack), { ...options, nodeLimit: 40 });
    const { cost, bound, incumbents } = first.run();
    const saved = JSON.parse(JSON.stringify(saveSearch(first)));
    const second = restoreSearch(saved, knapsackRelaxation(knapsack), { ...options, nodeLimit: 1 });
    expect(second.run()).toMatchObject({ status: 'node-limit', cost, bound, nodes: 1 });
    const third = restoreSearch(saveSearch(second), knapsackRelaxation(knapsack), { ...options, nodeLimit: 1 });
    expect(third.run()).toMatchObject({ cost, bound, incumbents });
  });

  it('keep the parameters of the search, which its strategy carries', () => {
    const knapsack = hardKnapsack(28, 9);
    const parameters = { ...defaultSearchParameters, gaps: { ...defaultSearchParameters.gaps, relative: 0.2 } };
    const strategy = { parameters };
    const whole = timeless(solve(knapsack, { strategy }));
    expect(whole.nodes).toBeLessThan(solve(knapsack).nodes);
    expect(whole.gap).toBeGreaterThan(defaultSearchParameters.gaps.relative);
    const first = new TreeSearch(knapsackRelaxation(knapsack), {
      door: knapsackDoor(knapsack),
      strategy,
      nodeLimit: 2,
    });
    first.run();
    const saved = JSON.parse(JSON.stringify(saveSearch(first)));
    const second = restoreSearch(saved, knapsackRelaxation(knapsack), { door: knapsackDoor(knapsack) });
    expect(timeless(second.run())).toEqual(whole);
  });

  it('are refused by another relaxation or when they are something else', () => {
    const knapsack = hardKnapsack(10, 1);
    const options = { door: knapsackDoor(knapsack) };
    const saved = saveSearch(new TreeSearch(knapsackRelaxation(knapsack), options));
    const other = { ...knapsackRelaxation(knapsack), name: 'another' };
    expect(() => restoreSearch(saved, other, options)).toThrow(/relaxation: found "fractional knapsack"/);
    expect(() => restoreSearch({} as never, other, options)).toThrow(/format: found missing/);
  });
});

describe('events', () => {
  it('begin with incumbents or the root, count nodes, and end with the status', () => {
    const knapsack = hardKnapsack(25, 6);
    const events: ProgressEvent[] = [];
    const result = solve(knapsack, { onProgress: (event) => events.push(event) });
    expect(events.filter(({ kind }) => kind === 'root')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'node')).toHaveLength(result.nodes - 1);
    expect(events.filter(({ kind }) => kind === 'incumbent')).toHaveLength(result.incumbents.length);
    expect(events.at(-1)).toMatchObject({
      kind: 'end',
      status: 'optimal',
      nodes: result.nodes,
      incumbent: result.cost,
    });
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  it('name every settled node after its parent, with what became of it', () => {
    const knapsack = hardKnapsack(25, 6);
    const events: ProgressEvent[] = [];
    const result = solve(knapsack, { onProgress: (event) => events.push(event) });
    const settled = events.flatMap((event) => (event.kind === 'root' || event.kind === 'node' ? event.node : []));
    expect(settled.some(({ end }) => end === 'branched')).toBe(true);
    const opened = new Map([[0, { depth: -1, bound: -Infinity }]]);
    for (const { id, depth, bound, end, branching, children } of settled) {
      const parent = opened.get(id)!;
      // Each once: a node that is settled is open no more.
      opened.delete(id);
      expect(depth).toBe(parent.depth + 1);
      const least = end === 'cutoff' ? result.cost! - 1e-6 * Math.abs(result.cost!) : parent.bound;
      expect(bound ?? Infinity).toBeGreaterThanOrEqual(least);
      expect(end === 'branched').toBe(children.length > 0);
      expect(end === 'branched' ? branching!.value % 1 : 0.5).not.toBe(0);
      for (const child of children) opened.set(child.id, { depth, bound: bound! });
    }
    const found = events.flatMap((event) => (event.kind === 'incumbent' ? (event.node ?? []) : []));
    expect(found.length).toBeGreaterThan(0);
    expect(settled.map(({ id }) => id)).toEqual(expect.arrayContaining(found));
  });
});
