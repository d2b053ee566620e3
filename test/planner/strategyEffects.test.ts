/**
 * What is said to have no effect has none: every number and entry of a rule is changed at once, and the search stays
 * the same, node by node; elsewhere the same change is not called pointless.
 */
import { expect, it } from 'vitest';
import { parametersOf } from '../../src/bnb/parameterPaths.ts';
import type { StrategyChanges } from '../../src/bnb/strategy.ts';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import { optimize } from '../../src/planner/optimize.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { parameterRooms } from '../../src/planner/strategyDoor.ts';
import { strategyEffects } from '../../src/planner/strategyEffects.ts';

const instance = generateInstance({ queryTypes: 5, models: 3, tiers: 4, seed: 3 });
const known = parametersOf(parameterRooms);

/** Another value that is allowed. */
function otherThan({ default: usual, range }: (typeof known)[number]) {
  if (typeof usual !== 'number') return usual.slice(1);
  const { least, most, above = false, below = false, whole = false } = range;
  const isAllowed = (value: number) =>
    value !== usual &&
    (above ? value > least : value >= least) &&
    (below ? value < most : value <= most) &&
    (!whole || Number.isSafeInteger(value));
  return [least, usual / 4, 4 * usual, usual + 1, (usual + Math.min(most, 2 * usual)) / 2].find(isAllowed)!;
}

const entries: Readonly<Record<string, unknown>> = {
  lpPricing: 'devex',
  setBranching: true,
  propagation: false,
  enumeration: false,
  dynamicProgram: false,
  checkCuts: true,
  reliability: 7,
  strongCandidates: 9,
  strongIterations: 3,
};

/** Changes of everything that is named. */
function changesOf(of: readonly string[]): StrategyChanges {
  const numbers = known.filter(({ path }) =>
    of.some((name) => (name.endsWith('.') ? path.startsWith(name) : path === name)),
  );
  const own = of.filter((name) => Object.hasOwn(entries, name)).map((name) => [name, entries[name]]);
  return {
    ...Object.fromEntries(own),
    parameters: Object.fromEntries(numbers.map((number) => [number.path, otherThan(number)])),
  };
}

const search = (options: SolveOptions) => {
  const { status, nodes, simplexIterations, cost, bound, notices } = optimize(instance, { nodeLimit: 8, ...options });
  return { found: { status, nodes, simplexIterations, cost: cost?.total, bound }, notices };
};

/** A search with a tree. */
const published: SolveOptions = { relaxation: 'compact', formulation: 'published' };

/** Of each rule: options under which it holds, and under which it does not (null: there are none). */
const cases: Readonly<Record<string, readonly [pointless: SolveOptions, at: SolveOptions | null]>> = {
  'search.gaps.relative': [{}, null],
  lpPricing: [{ relaxation: 'patterns', strategy: 'no-enumeration' }, { relaxation: 'compact' }],
  'compact.sets.': [{ relaxation: 'compact' }, { placement: 'split' }],
  'compact.blocks.': [
    { relaxation: 'compact', formulation: 'published', preset: 'corrected' },
    { relaxation: 'compact', preset: 'corrected' },
  ],
  enumeration: [{ relaxation: 'compact' }, { relaxation: 'auto' }],
  dynamicProgram: [{ relaxation: 'patterns' }, { relaxation: 'auto' }],
  'patterns.rival.': [{ relaxation: 'patterns' }, { relaxation: 'auto' }],
  checkCuts: [{ ...published, strategy: 'no-cuts' }, published],
  'heuristics.': [{ strategy: 'no-heuristics' }, {}],
  'search.neighbourhoods.': [published, { ...published, strategy: { plugins: ['rins'] } }],
  'search.plunges.': [{ ...published, strategy: 'best-bound' }, published],
  reliability: [{ ...published, strategy: 'strong-branching' }, published],
  strongCandidates: [{ ...published, strategy: 'pseudo-cost' }, published],
};

/** With changes on top of its strategy. */
function changed(options: SolveOptions, changes: StrategyChanges): SolveOptions {
  const { strategy = 'default' } = options;
  const record = { ...(typeof strategy === 'string' ? { base: strategy } : strategy), ...changes };
  return { ...options, strategy: record as NonNullable<SolveOptions['strategy']> };
}

it('has a case for every rule, and names what there is', () => {
  expect(Object.keys(cases)).toEqual(strategyEffects.map(({ of: [first] }) => first));
  for (const { of } of strategyEffects)
    for (const name of of)
      expect([name, Object.hasOwn(entries, name) || known.some(({ path }) => path.startsWith(name))]).toEqual([
        name,
        true,
      ]);
});

it.each(strategyEffects)('$of.0 has no effect: $says', ({ of, says }) => {
  const [pointless] = cases[of[0]];
  const changes = changesOf(of);
  const named = [...Object.keys(changes).filter((name) => name !== 'parameters'), ...Object.keys(changes.parameters!)];
  const { found, notices } = search(changed(pointless, changes));
  expect(found).toEqual(search(pointless).found);
  for (const name of named)
    expect(notices).toContainEqual(expect.stringMatching(`^strategy\\.(parameters\\.)?${name} has no effect: `));
  expect(notices).toContainEqual(expect.stringContaining(says));
});

const elsewhere = strategyEffects.flatMap(({ of, says }) => cases[of[0]].slice(1).map((at) => ({ of, says, at })));
it.each(elsewhere.filter(({ at }) => at !== null))('$of.0 is not called pointless elsewhere', ({ of, says, at }) => {
  const { notices } = search({ ...changed(at!, changesOf(of)), nodeLimit: 1 });
  expect(notices.filter((notice) => notice.endsWith(says))).toEqual([]);
});

it('changes that work are seen by the search', () => {
  const { found } = search(published);
  for (const name of ['search.cutRounds.', 'search.plunges.', 'strongCandidates', 'lpPricing'])
    expect([name, search(changed(published, changesOf([name]))).found]).not.toEqual([name, found]);
});

it('tells a number that is named in short', () => {
  const { notices } = search({ relaxation: 'compact', strategy: { parameters: { 'patterns.smoothing': 0.3 } } });
  expect(notices).toEqual([
    'strategy.parameters.patterns.smoothing has no effect: it belongs to patterns, and relaxation is "compact"',
  ]);
});
