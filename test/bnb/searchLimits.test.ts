/** Limits strike within long work too: with clocks, meters and work that count instead of taking their time. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Heuristic, NodeRequest } from '../../src/bnb/relaxation.ts';
import { restoreSearch, saveSearch } from '../../src/bnb/savedSearch.ts';
import type { SearchOptions } from '../../src/bnb/searchTypes.ts';
import { TreeSearch } from '../../src/bnb/treeSearch.ts';
import {
  type Fixing,
  hardKnapsack,
  knapsackDoor,
  knapsackOptimum,
  knapsackRelaxation,
  type Packing,
} from './knapsackRelaxation.ts';

const knapsack = hardKnapsack(18, 4);
const optimum = knapsackOptimum(knapsack);
const door = knapsackDoor(knapsack);

/** Milliseconds that the clock moves on whenever it is asked. */
function slowClock(millisecondsPerLook: number): void {
  let now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += millisecondsPerLook;
    return now;
  });
}

/** Each node takes `pauses` pieces of work that ask for no limits; the root tells of a bound halfway. */
function laborious(pauses: number) {
  const inner = knapsackRelaxation(knapsack);
  const count = { pieces: 0, nodes: 0 };
  const relaxation = {
    ...inner,
    *solveInSteps(request: NodeRequest<Fixing, Packing, null>) {
      count.nodes++;
      for (let piece = 0; piece < pauses; piece++) {
        count.pieces++;
        if (piece === pauses / 2 && request.depth === 0)
          request.onRound?.({ round: 1, bound: optimum - 1000, cuts: 0, columns: 0, simplexIterations: 0 });
        yield;
      }
      return yield* inner.solveInSteps(request);
    },
  };
  return { relaxation, count };
}

function search(pauses: number, options: Partial<SearchOptions<Packing>>, secondsBefore = 0) {
  const { relaxation, count } = laborious(pauses);
  return { count, tree: new TreeSearch(relaxation, { door, ...options }, secondsBefore) };
}

const timeless = ({
  seconds: _seconds,
  incumbents: _incumbents,
  ...rest
}: object & { seconds: number; incumbents: unknown }) => rest;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('work that asks for no limits', () => {
  it('is left standing at a pause soon after the time limit', () => {
    slowClock(1);
    const { tree, count } = search(1_000_000, { timeLimit: 0.5 });
    const result = tree.run();
    expect(result).toMatchObject({ status: 'time-limit', nodes: 0, bound: null, cost: null, openNodes: 1 });
    expect(count.pieces).toBeLessThan(600);
    expect(result.seconds).toBeLessThan(0.6);
  });

  it('is left standing soon after an interruption', () => {
    slowClock(1);
    let looks = 0;
    const { tree, count } = search(1_000_000, { isInterrupted: () => ++looks > 300 });
    expect(tree.run()).toMatchObject({ status: 'interrupted', nodes: 0 });
    expect(count.pieces).toBeLessThan(500);
  });

  it('keeps the bound that it has told of', () => {
    slowClock(1);
    const { tree } = search(1000, { timeLimit: 0.9 });
    expect(tree.run()).toMatchObject({ status: 'time-limit', bound: optimum - 1000, nodes: 0 });
  });

  it('goes on where it stood, to the same result', () => {
    slowClock(1);
    const { tree, count } = search(200, { timeLimit: 0.1 });
    let result = tree.run();
    let runs = 1;
    for (; result.status === 'time-limit'; runs++) result = tree.run({ timeLimit: result.seconds + 0.1 });
    expect(runs).toBeGreaterThan(10);
    expect(count.pieces).toBe(200 * count.nodes);
    expect(timeless(result)).toEqual(timeless(search(200, {}).tree.run()));
    expect(result.cost).toBe(optimum);
  });

  it('is saved as it was before, and resumed to the same result', () => {
    slowClock(1);
    const { tree } = search(200, { timeLimit: 1 });
    expect(tree.run().status).toBe('time-limit');
    const { relaxation } = laborious(200);
    const resumed = restoreSearch(saveSearch(tree), relaxation, { door }).run();
    expect(resumed).toMatchObject({ status: 'optimal', cost: optimum });
  });
});

describe('the clock', () => {
  it('counts what was spent before the search', () => {
    const { tree, count } = search(1, { timeLimit: 2 }, 2);
    expect(tree.run()).toMatchObject({ status: 'time-limit', nodes: 0 });
    expect(count.pieces).toBe(0);
  });

  it('lets a first solution be looked for before limits of next to nothing, and no second one', () => {
    const ran: string[] = [];
    const heuristic = (name: string, solutions: readonly Packing[]): Heuristic<Packing> => ({
      name,
      letter: 'X',
      wants: () => true,
      *run({ shouldStop }) {
        ran.push(name);
        for (const solution of solutions) if (!shouldStop()) yield solution;
      },
    });
    const heuristics = [heuristic('none', []), heuristic('some', [[0], [1]]), heuristic('late', [[2]])];
    expect(search(1, { timeLimit: 0, heuristics }).tree.run()).toMatchObject({
      status: 'time-limit',
      nodes: 0,
      solution: [0],
      openNodes: 1,
    });
    expect(ran).toEqual(['none', 'some']);
    expect(search(1, { timeLimit: 0, heuristics }, 1).tree.run()).toMatchObject({
      status: 'time-limit',
      solution: null,
    });
    expect(search(1, { nodeLimit: 0, heuristics }).tree.run()).toMatchObject({ status: 'node-limit', solution: null });
    const isInterrupted = () => true;
    expect(search(1, { isInterrupted, heuristics }).tree.run()).toMatchObject({
      status: 'interrupted',
      solution: null,
    });
  });
});

describe('the memory limit', () => {
  it('is about the memory that comes to be used, within nodes too', () => {
    slowClock(1);
    let bytes = 5_000_000;
    const bytesInUse = () => {
      bytes += 1000;
      return bytes;
    };
    const { tree, count } = search(1_000_000, { memoryLimit: 20_000, bytesInUse });
    expect(tree.run()).toMatchObject({ status: 'memory-limit', nodes: 0 });
    expect(count.pieces).toBeGreaterThan(10);
    expect(count.pieces).toBeLessThan(1000);
  });

  it('is about open nodes where the platform does not say', () => {
    const options = { memoryLimit: 3000, bytesInUse: () => null, strategy: 'best-bound' as const };
    const result = search(1, options).tree.run();
    expect(result.status).toBe('memory-limit');
    expect(result.nodes).toBeGreaterThan(0);
  });
});
