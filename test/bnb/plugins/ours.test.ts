/** Plugins of ours that a strategy has by name, on programs whose optima MIPLIB lists (test/data/lp-index.csv). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costOfFeasible } from '../../../src/bnb/linear/costOfFeasible.ts';
import { defaultSearchParameters } from '../../../src/bnb/parameters.ts';
import { coefficientDive, fractionalDive, guidedDive } from '../../../src/bnb/plugins/ours/dives.ts';
import { ownPlugins } from '../../../src/bnb/plugins/ours/index.ts';
import { localBranching, rins } from '../../../src/bnb/plugins/ours/neighbourhoods.ts';
import type { ProgramHeuristicState } from '../../../src/bnb/plugins/plugin.ts';
import { PseudoCosts } from '../../../src/bnb/pseudoCosts.ts';
import { type MixedIntegerOptions, solveMixedIntegerProgram } from '../../../src/bnb/solveMixedIntegerProgram.ts';
import type { StrategyInput } from '../../../src/bnb/strategy.ts';
import { createLinearSolver } from '../../../src/lp/createLinearSolver.ts';
import { readMps } from '../../../src/lp/files/mpsReader.ts';
import type { MixedIntegerProgram } from '../../../src/lp/linearProgram.ts';

const data = new URL('../../data/', import.meta.url);
const index = readFileSync(new URL('lp-index.csv', data), 'utf8').trim().split('\n');
const optimumOf = (name: string) =>
  Number(
    index
      .find((line) => line.startsWith(`mip/${name}.mps`))!
      .split(',')
      .at(-1),
  );
const programOf = (name: string) => readMps(readFileSync(new URL(`mip/${name}.mps`, data), 'utf8'));
const names = ['p0033', 'flugpl', 'stein27', 'rgn'];

/** A strategy with the plugin alone, asked at every node. */
const alone = (plugin: string): StrategyInput => ({
  base: 'plain',
  plugins: [plugin],
  parameters: {
    'search.neighbourhoods.nodeStep': 1,
    'search.neighbourhoods.mostNodes': 10,
    'search.dives.nodeStep': 1,
  },
});
const solve = (program: MixedIntegerProgram, strategy: StrategyInput, options: MixedIntegerOptions = {}) => {
  const { seconds: _seconds, incumbents, ...result } = solveMixedIntegerProgram(program, { ...options, strategy });
  return { ...result, incumbents: incumbents.map(({ seconds: _at, ...record }) => record) };
};

describe.each(ownPlugins.map(({ name }) => name))('%s', (plugin) => {
  it.each(names)('leads to the known optimum of %s, the same way every time', (name) => {
    const options = { nodeLimit: 40 };
    const found = solve(programOf(name), alone(plugin), options);
    const optimum = optimumOf(name);
    const tolerance = 2e-6 * Math.abs(optimum);
    expect(found.bound).toBeLessThanOrEqual(optimum + tolerance);
    expect(found.cost ?? Infinity).toBeGreaterThanOrEqual(optimum - tolerance);
    expect(found.status === 'optimal' ? found.cost : optimum).toBeCloseTo(optimum, 4);
    expect(solve(programOf(name), alone(plugin), options)).toEqual(found);
  });

  it('finds solutions', () => {
    const sources = ['p0033', 'stein27'].flatMap((name) => {
      const program = programOf(name);
      // The dearest solution, for those that begin from one.
      const { solution } = solve({ ...program, cost: program.cost.map((cost) => -cost) }, 'default');
      const options = { nodeLimit: 5, knownSolutions: [solution!] };
      return solve(program, alone(plugin), options).incumbents.map(({ source }) => source);
    });
    expect(sources).toContain(plugin);
  });
});

describe('names of ours', () => {
  it('are refused where there is none, and cannot be taken', () => {
    expect(() => solve(programOf('p0033'), { plugins: ['rin'] })).toThrow(
      /strategy.plugins\[0\]: found "rin", expected a plugin, or a name out of rins, local-branching/,
    );
    const thief = { ...rins, run: () => [] };
    expect(() => solve(programOf('p0033'), { plugins: [thief] })).toThrow('expected a name that no other has');
  });
});

describe('one run', () => {
  const program = programOf('p0033');
  const known = solveMixedIntegerProgram(program);
  const incumbent = known.solution!;
  const solver = createLinearSolver(program);
  solver.solve();
  const state = (changes: Partial<ProgramHeuristicState> = {}): ProgramHeuristicState => ({
    program,
    point: solver.primal.slice(),
    lower: program.columnLower,
    upper: program.columnUpper,
    objective: solver.objective,
    depth: 0,
    node: 0,
    incumbent: null,
    incumbentCost: Infinity,
    shouldStop: () => false,
    parameters: defaultSearchParameters,
    solve: () => null,
    ...changes,
  });

  it.each([fractionalDive, coefficientDive])(
    'of a dive ends in a solution within the bounds of the node: $name',
    (dive) => {
      const covering = programOf('stein27');
      const seen = state({
        program: covering,
        lower: covering.columnLower,
        upper: covering.columnUpper,
      });
      const [point] = [...dive.run(seen)].map((values) => Float64Array.from(values));
      expect(costOfFeasible(covering, point)).not.toBeNull();
      // One column that it would have at 1, kept at 0.
      const column = point.indexOf(1);
      const upper = covering.columnUpper.slice();
      upper[column] = 0;
      const [other] = [...dive.run({ ...seen, upper })].map((values) => Float64Array.from(values));
      expect(other[column]).toBe(0);
      expect(costOfFeasible(covering, other)).not.toBeNull();
    },
  );

  it('of a guided dive follows the incumbent, and needs one', () => {
    expect([...guidedDive.run(state())]).toEqual([]);
    const [point] = [...guidedDive.run(state({ incumbent, incumbentCost: known.cost! + 1 }))];
    expect(costOfFeasible(program, Float64Array.from(point!))).toBeLessThanOrEqual(known.cost! + 1);
  });

  it('of a dive costs no more than its incumbent allows', () => {
    expect([...fractionalDive.run(state({ incumbent, incumbentCost: solver.objective }))]).toEqual([]);
  });

  it('of RINS fixes what incumbent and point agree in, and asks for less than the incumbent costs', () => {
    const asked: { program: MixedIntegerProgram; cutoff: number }[] = [];
    const solveSmaller = (smaller: MixedIntegerProgram, { cutoff }: { readonly cutoff: number }) => {
      asked.push({ program: smaller, cutoff });
      return null;
    };
    const seen = state({ incumbent, incumbentCost: 3089, solve: solveSmaller });
    expect([...rins.run(seen)]).toEqual([]);
    const [{ program: smaller, cutoff }] = asked;
    expect(cutoff).toBe(3089);
    for (let column = 0; column < program.numColumns; column++) {
      const isSame = Math.abs(seen.point[column] - incumbent[column]) < 1e-6;
      expect(smaller.columnLower[column] === smaller.columnUpper[column]).toBe(isSame);
      expect(smaller.columnUpper[column]).toBe(isSame ? incumbent[column] : program.columnUpper[column]);
    }
    expect([...rins.run(state({ solve: () => expect.fail('without an incumbent') }))]).toEqual([]);
    expect([...rins.run({ ...seen, node: 1, solve: () => expect.fail('at every node') })]).toEqual([]);
  });

  it('of local branching keeps all but some binaries', () => {
    let row = -1;
    let smaller = program;
    const seen = state({
      incumbent,
      incumbentCost: 3089,
      solve: (given) => {
        smaller = given;
        row = given.numRows - 1;
        return null;
      },
    });
    expect([...localBranching.run(seen)]).toEqual([]);
    const activity = (point: ArrayLike<number>) => {
      let sum = 0;
      for (let column = 0; column < smaller.numColumns; column++)
        for (let at = smaller.columnStarts[column]; at < smaller.columnStarts[column + 1]; at++)
          if (smaller.rowIndices[at] === row) sum += smaller.values[at] * point[column];
      return sum;
    };
    const { radius } = defaultSearchParameters.neighbourhoods;
    const slackOf = (point: ArrayLike<number>) => smaller.rowUpper[row] - activity(point);
    // As far as there may be changes from the incumbent; each flip takes one.
    expect(slackOf(incumbent)).toBe(radius);
    const flipped = Float64Array.from(incumbent, (value, column) => (column < 7 ? 1 - value : value));
    expect(slackOf(flipped)).toBe(radius - 7);
  });
});

describe('inference history', () => {
  it('is the mean of bounds tightened below a branching, of all where there is none, and is saved', () => {
    const costs = new PseudoCosts(defaultSearchParameters.branching);
    expect(costs.inferences('a', 'up')).toBe(0);
    costs.recordEnd({ key: 'a', direction: 'up' }, false, 6);
    costs.recordEnd({ key: 'a', direction: 'up' }, true, 2);
    costs.recordEnd({ key: 'b', direction: 'up' }, false, 1);
    const restored = new PseudoCosts(defaultSearchParameters.branching);
    restored.restore(JSON.parse(JSON.stringify(costs.save())));
    for (const seen of [costs, restored]) {
      expect([seen.inferences('a', 'up'), seen.inferences('b', 'up'), seen.inferences('a', 'down')]).toEqual([4, 1, 0]);
      expect(seen.inferences('c', 'up')).toBe(3);
      expect([seen.uses('a', 'up'), seen.cutoffs('a', 'up')]).toEqual([2, 1]);
    }
  });
});
