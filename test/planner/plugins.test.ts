/** A user's own parts in the search for a plan, and numbers by path: used, told in results, refused by name. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kindInstance } from '../../bench/kinds.ts';
import type { BranchingRule, NodeOrder, ProgramHeuristic, ProgramSeparator } from '../../src/bnb/index.ts';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import {
  InputError,
  type Instance,
  optimize,
  type PlanHeuristic,
  PluginError,
  resumeSolve,
  Solve,
  type SolveOptions,
} from '../../src/index.ts';
import { solveInWorker } from '../../src/worker/index.ts';

const instance: Instance = generateInstance({ queryTypes: 6, models: 3, tiers: 4, seed: 3 });
const compact: SolveOptions = { relaxation: 'compact', uncertainty: 'none' };
const known = optimize(instance, compact);

const lastColumn: BranchingRule = {
  kind: 'branching-rule',
  name: 'last column',
  choose: (candidates) => candidates[candidates.length - 1],
};
const youngest: NodeOrder = { kind: 'node-order', name: 'youngest', compare: (a, b) => b.id - a.id };
const lowerBounds: ProgramSeparator = {
  kind: 'separator',
  sees: 'program',
  name: 'what rows say',
  separate: (_point, { program }) => [
    { lower: program.columnLower[0], upper: program.columnUpper[0], indices: [0], values: [1] },
  ],
};
const roundDown: ProgramHeuristic = {
  kind: 'heuristic',
  for: 'program',
  name: 'round down',
  run: ({ point }) => [point.map((value) => Math.floor(value + 1e-9))],
};
const fromKnown: PlanHeuristic = {
  kind: 'heuristic',
  for: 'plan',
  name: 'from memory',
  *run({ incumbentCost }) {
    if (known.plan !== null && known.cost!.total < incumbentCost) yield known.plan;
  },
};
const all = [lastColumn, youngest, lowerBounds, roundDown, fromKnown];

function figures({ status, cost, nodes, simplexIterations, bound }: ReturnType<typeof optimize>) {
  return { status, cost, nodes, simplexIterations, bound };
}

describe('plugins of the search for a plan', () => {
  it.each<[string, SolveOptions]>([
    ['compact', compact],
    ['patterns', { uncertainty: 'none' }],
    ['split', { uncertainty: 'none', placement: 'split' }],
  ])('keep the optimum and are the same every time: %s', (_name, options) => {
    const usual = optimize(instance, options);
    const first = optimize(instance, { ...options, strategy: { plugins: all, checkCuts: true } });
    expect(first.status).toBe('optimal');
    expect(first.cost!.total).toBeCloseTo(usual.cost!.total, 6);
    expect(figures(optimize(instance, { ...options, strategy: { plugins: all, checkCuts: true } }))).toEqual(
      figures(first),
    );
    expect(first.strategy).toMatchObject({ branchingRule: 'last column', nodeSelection: 'youngest', checkCuts: true });
    expect(usual.strategy).toBeUndefined();
  });

  it('bring plans through the one door, also where our heuristics are off', () => {
    const found = optimize(instance, { ...compact, strategy: { base: 'plain', plugins: [fromKnown] } });
    expect(found.incumbents[0]).toMatchObject({ source: 'from memory', node: 0 });
    const cheat: PlanHeuristic = {
      ...fromKnown,
      name: 'cheat',
      run: () => [{ ...known.plan!, deployments: [], routing: [] }],
    };
    const cheated = optimize(instance, { ...compact, strategy: { plugins: [cheat] } });
    expect(cheated.incumbents.map(({ source }) => source)).not.toContain('cheat');
    expect(cheated.cost!.total).toBeCloseTo(known.cost!.total, 6);
  });

  it('are named where they fail', () => {
    const nonsense: PlanHeuristic = { ...fromKnown, name: 'nonsense', run: () => [{ plan: 1 } as never] };
    const run = () => optimize(instance, { ...compact, strategy: { plugins: [nonsense] } });
    expect(run).toThrow(PluginError);
    expect(run).toThrow('plugin "nonsense" (heuristic): run gave what is no plan');
    const stuck = { ...youngest, compare: () => 'first' as never };
    const small = { ...compact, strategy: { base: 'plain', nodeSelection: stuck } } as const;
    expect(() => optimize(instance, small)).toThrow('plugin "youngest" (node order): compare gave first');
  });

  it('without effect are told of', () => {
    const { notices } = optimize(instance, { uncertainty: 'none', strategy: { plugins: [lowerBounds] } });
    expect(notices).toEqual([expect.stringContaining('strategy has no effect: its separators')]);
  });

  it('are saved by name, and a search is not gone on with without them', () => {
    const options = { ...compact, strategy: { base: 'plain', plugins: [lastColumn] } } as const;
    const whole = optimize(instance, options);
    expect(whole.nodes).toBeGreaterThan(3);
    const solve = new Solve(instance, { ...options, nodeLimit: 2 });
    solve.run();
    const saved = JSON.parse(JSON.stringify(solve.save()));
    expect(figures(resumeSolve(saved, instance, { strategy: options.strategy }).run())).toEqual(figures(whole));
    expect(() => resumeSolve(saved, instance)).toThrow(
      'strategy.plugins: found none, expected "last column" (branching rule), as in the saved search',
    );
  });
});

describe('numbers by path', () => {
  it('are told where they differ from the defaults, and kept by a saved search', () => {
    const strategy = { parameters: { 'patterns.smoothing': 0.4, 'search.branching.lookahead': 8 } };
    const found = optimize(instance, { uncertainty: 'none', strategy });
    expect(found.strategy).toEqual({ 'patterns.generation.smoothing': 0.4, 'search.branching.lookahead': 8 });
    expect(found.cost!.total).toBeCloseTo(known.cost!.total, 6);
    const solve = new Solve(instance, { strategy, nodeLimit: 0 });
    solve.run();
    expect(resumeSolve(JSON.parse(JSON.stringify(solve.save())), instance).run().strategy).toEqual(found.strategy);
  });

  it('reach the room that they belong to', () => {
    const options = { uncertainty: 'none', strategy: 'default' } as const;
    const larger = generateInstance({ queryTypes: 12, models: 4, tiers: 6, seed: 1 });
    const rounds = (parameters: Record<string, number>) =>
      optimize(larger, { ...options, strategy: { enumeration: false, parameters } }).simplexIterations;
    const usual = rounds({});
    expect(rounds({ 'patterns.columnsPerRound': 1, 'patterns.columnsPerRoundAndQueryType': 1 })).not.toBe(usual);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ 'patterns.smoothing': 1 }, 'strategy.parameters.patterns.smoothing: found 1, expected a number >= 0 and < 1'],
    [{ 'patterns.smothing': 0.4 }, 'the nearest is patterns.generation.smoothing'],
    [{ smoothing: 0.4 }, 'expected a parameter'],
    [{ 'search.branching.lookahead': 1.5 }, 'expected a whole number >= 0'],
    [{ 'patterns.integralityTolerance': 0.5 }, 'expected a number > 0 and <= 0.0001'],
    [
      { 'patterns.effort': 1 },
      'expected one of patterns.gpuCovers.effort, patterns.pool.effort, patterns.budgetPool.effort, patterns.partialPool.effort',
    ],
    [{ 'search.lookahead': 2, 'search.branching.lookahead': 3 }, 'search.lookahead sets search.branching.lookahead'],
    [{ 'heuristics.split.roundings': [2] }, 'expected a list of numbers >= 0 and <= 1'],
  ])('are refused with what they may be: %j', (parameters, message) => {
    const run = () => optimize(instance, { strategy: { parameters } } as never);
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  });
});

describe('a worker', () => {
  const module = new URL('../data/plugins/lastColumn.mjs', import.meta.url).href;

  it('takes plugins by their modules', async () => {
    const here = (await import(fileURLToPath(module))).default;
    const options = { ...compact, strategy: { base: 'plain', plugins: here } } as const;
    const there = await solveInWorker(instance, { ...compact, strategy: { base: 'plain', plugins: [module] } });
    expect(figures(there)).toEqual(figures(optimize(instance, options)));
    expect(readFileSync(fileURLToPath(module), 'utf8')).toContain('last-column');
  });

  it.each<[string, unknown]>([
    ['strategy.plugins[0]', { plugins: [lastColumn] }],
    ['strategy.branchingRule', { branchingRule: lastColumn }],
    ['strategy.nodeSelection', { nodeSelection: () => 0 }],
    ['strategy.plugins', { plugins: ['data:text/javascript,export default 1'] }],
  ])('refuses what cannot cross, and modules without plugins: %s', async (path, strategy) => {
    const refused = solveInWorker(instance, { strategy } as never);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(`${path}: found`);
  });
});

it.each<[string, NonNullable<SolveOptions['strategy']>]>([
  ['by default', 'default'],
  ['with a program heuristic and cuts checked', { plugins: ['rins'], checkCuts: true }],
])('an incumbent that uses what reductions took out stays one: %s', (_, strategy) => {
  const unplaced = { dropped: 'unplaced', penalties: 'per-period' } as const;
  // Construction finds plans on a tier for which another alike stands in the program.
  const alike = kindInstance({ of: 'alike tiers', queryTypes: 5, models: 1, tiers: 4, seed: 1015 });
  const options: SolveOptions = { preset: 'corrected', relaxation: 'compact', ...unplaced };
  const { status, cost } = optimize(alike, { ...options, strategy });
  expect(status).toBe('optimal');
  const unreduced = optimize(alike, { ...options, reductions: false });
  expect(cost!.total).toBeCloseTo(unreduced.cost!.total, 2);
});
