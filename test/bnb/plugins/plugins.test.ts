/** A user's own parts of a search of a general program: used, named where they fail, and saved by name. */

import { describe, expect, it } from 'vitest';
import {
  type BranchingRule,
  InvalidCutError,
  type NodeOrder,
  type Plugin,
  PluginError,
  type ProgramHeuristic,
  type ProgramSeparator,
} from '../../../src/bnb/mip.ts';
import { branchingRules } from '../../../src/bnb/plugins/branchingRules.ts';
import { restoreSearch, saveSearch } from '../../../src/bnb/savedSearch.ts';
import { type MixedIntegerOptions, solveMixedIntegerProgram } from '../../../src/bnb/solveMixedIntegerProgram.ts';
import type { StrategyInput } from '../../../src/bnb/strategy.ts';
import { TreeSearch } from '../../../src/bnb/treeSearch.ts';
import { InputError } from '../../../src/input/inputError.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { hardKnapsack, knapsackDoor, knapsackRelaxation } from '../knapsackRelaxation.ts';

/** Two knapsacks over twenty items: a small tree under `plain`. */
function program(): MixedIntegerProgram {
  const builder = new MixedIntegerProgramBuilder();
  const items = Array.from({ length: 20 }, (_, at) => ({
    cost: -(7 + ((at * 13) % 11)),
    weight: 5 + ((at * 7) % 13),
    size: 3 + ((at * 5) % 9),
  }));
  const columns = items.map(({ cost }) => builder.addColumn({ cost, lower: 0, upper: 1, integer: true }));
  builder.addRow({ lower: -Infinity, upper: 70.5, indices: columns, values: items.map(({ weight }) => weight) });
  builder.addRow({ lower: -Infinity, upper: 50.5, indices: columns, values: items.map(({ size }) => size) });
  return builder.build('two knapsacks');
}

const solve = (strategy: StrategyInput, options: Omit<MixedIntegerOptions, 'strategy'> = {}) => {
  const { seconds: _seconds, incumbents, ...result } = solveMixedIntegerProgram(program(), { ...options, strategy });
  return { ...result, incumbents: incumbents.map(({ seconds: _at, ...record }) => record) };
};

const lastColumn: BranchingRule = {
  kind: 'branching-rule',
  name: 'last column',
  choose: (candidates) => candidates[candidates.length - 1],
};
const youngest: NodeOrder = { kind: 'node-order', name: 'youngest', compare: (a, b) => b.id - a.id };
const roundDown: ProgramHeuristic = {
  kind: 'heuristic',
  for: 'program',
  name: 'round down',
  run: ({ point }) => [point.map((value) => Math.floor(value + 1e-9))],
};
/** Cover cuts of the first row: the items that the point takes most of, as long as they do not fit together. */
const covers: ProgramSeparator = {
  kind: 'separator',
  sees: 'program',
  name: 'covers of row 0',
  *separate(point, { program: { columnStarts, rowIndices, values, numColumns } }) {
    const weight = new Float64Array(numColumns);
    for (let column = 0; column < numColumns; column++)
      for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++)
        if (rowIndices[at] === 0) weight[column] = values[at];
    const order = [...point.keys()].sort((a, b) => point[b] - point[a]);
    let total = 0;
    for (let count = 0; count < order.length; count++) {
      total += weight[order[count]];
      if (total <= 70.5) continue;
      const indices = order.slice(0, count + 1).sort((a, b) => a - b);
      yield { lower: -Infinity, upper: count, indices, values: indices.map(() => 1) };
      return;
    }
  },
};

const known = solve('default');

describe('plugins of a general program', () => {
  it('lead to the same optimum, another way, the same every time', () => {
    const ways: StrategyInput[] = [
      { base: 'plain', branchingRule: lastColumn },
      { base: 'plain', nodeSelection: youngest },
      { base: 'plain', plugins: [covers] },
      { base: 'plain', plugins: [roundDown, covers, lastColumn, youngest], checkCuts: true },
    ];
    const plain = solve('plain');
    expect(plain.nodes).toBeGreaterThan(10);
    for (const way of ways) {
      const found = solve(way);
      expect(found.status).toBe('optimal');
      expect(found.cost).toBeCloseTo(known.cost!, 8);
      expect(solve(way)).toEqual(found);
      expect([found.nodes, found.simplexIterations]).not.toEqual([plain.nodes, plain.simplexIterations]);
    }
    expect(solve({ base: 'plain', plugins: [roundDown] }).incumbents[0].source).toBe('round down');
  });

  it('stand by name, as functions too', () => {
    const byName = solve({ base: 'plain', plugins: [lastColumn], branchingRule: 'last column' });
    expect(solve({ base: 'plain', branchingRule: lastColumn })).toEqual(byName);
    const last = <T>(candidates: readonly T[]) => candidates[candidates.length - 1];
    expect(solve({ base: 'plain', branchingRule: last as never })).toEqual(byName);
    // Ours are such objects; a copy of one goes the way of it.
    const copy = { ...branchingRules['most-fractional'], name: 'a copy' };
    expect(solve({ base: 'plain', branchingRule: copy })).toEqual(
      solve({ base: 'plain', branchingRule: 'most-fractional' }),
    );
  });

  it.each<[string, Plugin, string]>([
    [
      'rule',
      { ...lastColumn, choose: () => fail('no rule') },
      'plugin "last column" (branching rule): threw Error: no rule',
    ],
    [
      'choice',
      { ...lastColumn, choose: () => ({}) as never },
      'plugin "last column" (branching rule): choose gave none',
    ],
    ['order', { ...youngest, compare: () => Number.NaN }, 'plugin "youngest" (node order): compare gave NaN'],
    ['cut', { ...covers, separate: () => fail('no cut') }, 'plugin "covers of row 0" (separator): threw Error: no cut'],
    [
      'row',
      { ...covers, separate: () => [{ lower: 0, upper: 1, indices: [99], values: [1] }] },
      'plugin "covers of row 0" (separator): separate gave a row with column 99',
    ],
    [
      'heuristic',
      { ...roundDown, run: () => fail('no point') },
      'plugin "round down" (heuristic): threw Error: no point',
    ],
    ['point', { ...roundDown, run: () => [[1]] }, 'plugin "round down" (heuristic): run gave 1 values, expected 20'],
  ])('that fail are named: %s', (_what, plugin, message) => {
    expect(() => solve({ base: 'plain', plugins: [plugin] })).toThrow(PluginError);
    expect(() => solve({ base: 'plain', plugins: [plugin] })).toThrow(message);
  });

  it.each<[string, unknown, string]>([
    ['a stranger', { plugins: [{ kind: 'pricing', name: 'mine' }] }, 'strategy.plugins[0]: found'],
    [
      'no function',
      { plugins: [{ kind: 'node-order', name: 'mine' }] },
      'expected a node-order with a function "compare"',
    ],
    ['one of our names', { plugins: [{ ...lastColumn, name: 'strong' }] }, 'expected a name that no other has'],
    ['two rules', { plugins: [lastColumn, { ...lastColumn, name: 'other' }] }, 'branchingRule to say which'],
    ['another kind', { branchingRule: youngest }, 'strategy.branchingRule: found'],
    ['a plan heuristic', { plugins: [{ ...roundDown, for: 'plan' }] }, 'expected heuristics for "program"'],
  ])('are refused where they are none: %s', (_what, strategy, message) => {
    expect(() => solve(strategy as StrategyInput)).toThrow(InputError);
    expect(() => solve(strategy as StrategyInput)).toThrow(message);
  });

  it('points that violate something do not count, whoever brings them', () => {
    const dreamer: ProgramHeuristic = { ...roundDown, name: 'dreamer', run: ({ point }) => [point.map(() => 1)] };
    const found = solve({ base: 'plain', plugins: [dreamer] });
    expect(found.cost).toBeCloseTo(known.cost!, 8);
    expect(found.incumbents.map(({ source }) => source)).not.toContain('dreamer');
  });

  it('a cut that removes a known solution is found out where cuts are checked, and names its separator', () => {
    const wrong: ProgramSeparator = {
      ...covers,
      name: 'wrong',
      separate: (point) => [
        { lower: -Infinity, upper: 2, indices: [...point.keys()], values: [...point.keys()].map(() => 1) },
      ],
    };
    const options = { knownSolutions: [known.solution!] };
    expect(() => solve({ base: 'plain', plugins: [wrong], checkCuts: true }, options)).toThrow(InvalidCutError);
    expect(() => solve({ base: 'plain', plugins: [wrong], checkCuts: true }, options)).toThrow('separator "wrong"');
    // Ours hold.
    expect(solve({ checkCuts: true }, options).cost).toBeCloseTo(known.cost!, 8);
  });
});

describe('a saved search', () => {
  const knapsack = hardKnapsack(24, 5);
  const relaxation = () => knapsackRelaxation(knapsack);
  const door = knapsackDoor(knapsack);
  const strategy = { base: 'plain', plugins: [lastColumn, youngest] } as const;

  it('goes on with its plugins as if it had not stopped, and is refused by name without', () => {
    const whole = new TreeSearch(relaxation(), { door, strategy }).run();
    const first = new TreeSearch(relaxation(), { door, strategy });
    first.run({ nodeLimit: 60 });
    const saved = JSON.parse(JSON.stringify(saveSearch(first)));
    const second = restoreSearch(saved, relaxation(), { door, strategy }).run();
    expect([second.cost, second.nodes, second.bound]).toEqual([whole.cost, whole.nodes, whole.bound]);
    expect(() => restoreSearch(saved, relaxation(), { door })).toThrow(
      '"last column" (branching rule), "youngest" (node order)',
    );
  });
});

function fail(message: string): never {
  throw new Error(message);
}
