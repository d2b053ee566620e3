import { describe, expect, it } from 'vitest';
import { branch } from '../../src/bnb/children.ts';
import { CutPool, violationOf } from '../../src/bnb/linear/cutPool.ts';
import { ObjectiveSteps } from '../../src/bnb/linear/objectiveSteps.ts';
import { fixByReducedCost } from '../../src/bnb/linear/reducedCostFixing.ts';
import { RowMatrix } from '../../src/bnb/linear/rowMatrix.ts';
import { defaultSearchParameters } from '../../src/bnb/parameters.ts';
import { decodePlain, encodePlain } from '../../src/bnb/plainData.ts';
import { PseudoCosts } from '../../src/bnb/pseudoCosts.ts';
import { resolveStrategy, strategyPresets } from '../../src/bnb/strategy.ts';
import { InputError } from '../../src/input/inputError.ts';
import { MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';

const row = (values: readonly number[], upper: number) => ({
  lower: -Infinity,
  upper,
  indices: values.map((_, at) => at),
  values,
});

describe('the cut pool', () => {
  it('knows a cut again, scaled or in another order', () => {
    const pool = new CutPool(3, defaultSearchParameters);
    expect(pool.add(row([1, 2, 3], 4), 'a')).toBe(true);
    expect(pool.add(row([2, 4, 6], 8), 'b')).toBe(false);
    expect(pool.add({ lower: -Infinity, upper: 4, indices: [2, 0, 1], values: [3, 1, 2] }, 'c')).toBe(false);
    expect(pool.add(row([1, 2, 3], 5), 'd')).toBe(true);
    expect(pool.add(row([-1, -2, -3], 4), 'e')).toBe(true);
    expect(pool.size).toBe(3);
  });

  it('picks violated cuts, the most effective first, without near parallels', () => {
    const pool = new CutPool(2, defaultSearchParameters);
    pool.add(row([1, 0.01], 0.5), 'deep');
    pool.add(row([1, 0.02], 0.8), 'parallel to deep');
    pool.add(row([0, 1], 0.75), 'across');
    pool.add(row([1, 1], 3), 'satisfied');
    const picked = pool.select(Float64Array.from([1, 1]), 10);
    expect(picked.map(({ source }) => source)).toEqual(['deep', 'across']);
  });

  it('does not give a cut twice unless it was released', () => {
    const pool = new CutPool(1, defaultSearchParameters);
    pool.add(row([1], 0), 'only');
    const point = Float64Array.from([1]);
    const [cut] = pool.select(point, 1);
    expect(pool.select(point, 1)).toEqual([]);
    pool.release(cut);
    expect(pool.select(point, 1)).toEqual([cut]);
  });

  it('forgets cuts that stay satisfied', () => {
    const pool = new CutPool(1, defaultSearchParameters);
    pool.add(row([1], 5), 'idle');
    for (let round = 0; round < 20; round++) pool.select(Float64Array.from([1]), 1);
    expect(pool.size).toBe(0);
  });

  it('refuses badly scaled and empty rows', () => {
    const pool = new CutPool(2, defaultSearchParameters);
    expect(pool.add(row([1e-8, 1], 1), 'range')).toBe(false);
    expect(pool.add(row([0, 0], 1), 'empty')).toBe(false);
  });

  it('measures violation on both sides', () => {
    const range = { lower: 1, upper: 2, indices: [0], values: [1] };
    expect(violationOf(range, Float64Array.from([0.25]))).toBe(0.75);
    expect(violationOf(range, Float64Array.from([2.5]))).toBe(0.5);
    expect(violationOf(range, Float64Array.from([1.5]))).toBe(0);
  });
});

describe('objectives that move in steps', () => {
  const program = (costs: readonly number[], integer = true) => {
    const builder = new MixedIntegerProgramBuilder();
    for (const cost of costs) builder.addColumn({ cost, upper: 5, integer });
    builder.addColumn({ cost: 0.123, lower: 2, upper: 2 });
    builder.addToOffset(7);
    return builder.build();
  };
  const stepsOf = (costs: readonly number[], integer = true) =>
    new ObjectiveSteps(program(costs, integer), defaultSearchParameters.steps);

  it('have the common divisor of the costs as their step, decimals included', () => {
    expect(stepsOf([4, 6, -10]).size).toBe(2);
    expect(stepsOf([0.5, 1.25]).size).toBe(0.25);
    expect(stepsOf([Math.PI, 1]).size).toBe(0);
    expect(stepsOf([4], false).size).toBe(0);
  });

  // The values are 7 + 2 * 0.123 + a multiple of 2.
  it('round bounds to reachable values, fixed columns and offset included', () => {
    const steps = stepsOf([4, 6]);
    expect(steps.roundUp(8.1)).toBeCloseTo(9.246, 12);
    expect(steps.roundUp(9.246 + 1e-7)).toBeCloseTo(9.246, 6);
    expect(steps.roundUp(-Infinity)).toBe(-Infinity);
    expect(stepsOf([4], false).roundUp(8.1)).toBe(8.1);
  });

  it('put the cutoff above the next better reachable value, also for an incumbent between those values', () => {
    const steps = stepsOf([4, 6]);
    expect(steps.cutoffBelow(11.246)).toBeCloseTo(9.2462, 12);
    expect(steps.cutoffBelow(11.246 + 1e-9)).toBeCloseTo(9.2462, 12);
    expect(steps.cutoffBelow(10)).toBeCloseTo(9.2462, 12);
    expect(steps.cutoffBelow(9.2461)).toBe(9.2461);
    expect(steps.cutoffBelow(Infinity)).toBe(Infinity);
    expect(stepsOf([4], false).cutoffBelow(10)).toBe(10);
  });
});

describe('reduced-cost fixing', () => {
  it('leaves as many steps as the room pays for, from the bound that the sign names', () => {
    const changes: number[][] = [];
    const record = {
      objective: 10,
      reducedCosts: Float64Array.from([3, -3, 0, 8]),
      lower: Float64Array.from([0, 0, 0, 0]),
      upper: Float64Array.from([5, 5, 5, 1]),
    };
    fixByReducedCost(record, [0, 1, 2, 3], 17, defaultSearchParameters.tolerances, (...change) => changes.push(change));
    expect(changes).toEqual([
      [0, 0, 2],
      [1, 3, 5],
      [3, 0, 0],
    ]);
  });
});

describe('row matrix', () => {
  it('appends and removes rows', () => {
    const matrix = new RowMatrix(3);
    for (let at = 0; at < 100; at++)
      matrix.append({ lower: at, upper: at, indices: [at % 3, (at + 1) % 3], values: [at, 1] });
    matrix.remove([0, 50, 98, 99]);
    expect(matrix.numRows).toBe(96);
    expect(matrix.row(0)).toMatchObject({
      lower: 1,
      values: Float64Array.from([1, 1]),
      indices: Int32Array.from([1, 2]),
    });
    expect(matrix.row(49)).toMatchObject({ lower: 51, values: Float64Array.from([51, 1]) });
    expect(matrix.row(95)).toMatchObject({ lower: 97 });
    matrix.append({ lower: 7, upper: 8, indices: [2], values: [3] });
    expect(matrix.row(96)).toMatchObject({ lower: 7, upper: 8, indices: Int32Array.from([2]) });
  });
});

describe('plain data', () => {
  it('survives JSON, typed arrays and odd numbers included', () => {
    const data = {
      floats: Float64Array.from([0.1, -0, Infinity, 1e300]),
      bytes: Uint8Array.from([0, 255, 7]),
      view: new Int32Array([9, 8, 7, 6]).subarray(1, 3),
      numbers: [Infinity, -Infinity, -0, 0.1],
      nested: { nothing: null, missing: undefined, flag: true, text: 'é' },
    };
    expect(decodePlain(JSON.parse(JSON.stringify(encodePlain(data))))).toEqual({
      ...data,
      view: Int32Array.from([8, 7]),
    });
    expect(decodePlain(JSON.parse(JSON.stringify(encodePlain(Number.NaN))))).toBeNaN();
  });

  it('refuses what is not plain', () => {
    expect(() => encodePlain({ call: () => 1 })).toThrow('found a function, expected plain data');
    expect(() => encodePlain(new Map())).toThrow('found a Map, expected plain data');
  });
});

describe('strategies', () => {
  it('are presets, or presets with changes', () => {
    expect(resolveStrategy()).toEqual(strategyPresets.default);
    expect(resolveStrategy('plain')).toMatchObject({ cuts: false, heuristics: false, propagation: false });
    expect(resolveStrategy({ base: 'plain', cuts: true })).toEqual({ ...strategyPresets.plain, cuts: true });
  });

  it.each([
    ['fast', 'strategy: found "fast", expected one of default'],
    [null, 'strategy: found null, expected one of default'],
    [{ base: 'fast' }, 'strategy.base: found "fast", expected one of default'],
    [{ cuts: 1 }, 'strategy.cuts: found 1, expected true or false'],
    [{ speed: 1 }, 'strategy.speed: found 1, expected no such option; known: base, nodeSelection'],
    [{ nodeSelection: 'random' }, 'strategy.nodeSelection: found "random", expected one of plunging'],
    [{ branchingRule: 3 }, 'strategy.branchingRule: found 3, expected one of most-fractional'],
    [{ reliability: -1 }, 'strategy.reliability: found -1, expected a whole number >= 0'],
    [{ parameters: { gaps: {} } }, 'strategy.parameters.gaps: found an empty object, expected a parameter'],
    [{ classOrder: 'w' }, 'strategy.classOrder: found "w", expected a list of branching classes or null'],
  ])('refuses %j by name', (input, message) => {
    expect(() => resolveStrategy(input as never)).toThrow(message);
    expect(() => resolveStrategy(input as never)).toThrow(InputError);
  });
});

describe('children of a node', () => {
  const node = {
    id: 0,
    depth: 3,
    bound: 10,
    estimate: 10,
    decisions: null,
    warmStart: null,
    origin: null,
    bytes: 0,
  };
  const candidate = (name: string) => ({
    branchingClass: 'integer',
    key: name,
    value: 0.5,
    down: `${name} down`,
    up: `${name} up`,
  });
  const state = {
    strategy: resolveStrategy(),
    classOrder: ['integer'],
    pseudoCosts: new PseudoCosts(defaultSearchParameters.branching),
    cutoff: 100,
    bound: 10,
    nextId: () => 1,
  };
  const outcome = {
    status: 'solved' as const,
    bound: 10,
    solution: null,
    proposals: [],
    candidates: [candidate('a'), candidate('b')],
    warmStart: 'of the node',
    simplexIterations: 0,
  };

  it('start where their trials ended, and gains count from the node that they come from', () => {
    const probe = (child: string) => ({ bound: child.startsWith('b') ? 14 : 11, warmStart: `of ${child}` });
    const { children } = branch(node, outcome, { ...state, probe });
    expect(children.map((child) => child!.warmStart).sort()).toEqual(['of b down', 'of b up']);
    expect(children.map((child) => [child!.bound, child!.origin!.parentBound])).toEqual([
      [14, 10],
      [14, 10],
    ]);
  });

  it('start from the node where their trials left nothing, or there were none', () => {
    const silent = branch(node, outcome, { ...state, probe: () => ({ bound: 12 }) });
    const untried = branch(node, outcome, { ...state, probe: null });
    for (const { children } of [silent, untried])
      expect(children.map((child) => child!.warmStart)).toEqual(['of the node', 'of the node']);
  });
});
