import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain/index.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';
import { resolveOptions } from '../../src/planner/resolveSolve.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import type { tinyInstance } from '../model/tinyInstance.ts';
import { solveWithHighs } from '../oracle/highs.ts';
import { checkClaims, explainInfeasible } from './claims.ts';

/** The reference instance with its fields free to be changed. */
function reference(): ReturnType<typeof tinyInstance> {
  return JSON.parse(readFileSync(new URL('../data/instances/reference-seed42.json', import.meta.url), 'utf8'));
}

function changed(change: (instance: ReturnType<typeof reference>) => void): PublishedInstance {
  const instance = reference();
  change(instance);
  return instance;
}

const cases: [string, PublishedInstance, SolveOptions, string[]][] = [
  ['the budget of the reference instance', changed((d) => (d.budget = 200)), { preset: 'corrected' }, ['budget']],
  ['the budget of the published program', changed((d) => (d.budget = 900)), { preset: 'reference' }, ['budget']],
  [
    'an error limit of the reference instance',
    changed((d) => (d.queryTypes[2].errorThreshold = 0.004)),
    { preset: 'corrected' },
    ['error limit of Translation'],
  ],
  [
    'a delay limit of the reference instance',
    changed((d) => (d.queryTypes[5].delayThreshold = 2)),
    { preset: 'corrected' },
    ['delay limit of Video_Gen'],
  ],
];

describe('explain, of the reference instance', () => {
  it.each(cases)('%s', async (_cause, instance, options, mustName) => {
    const explanation = explainInfeasible(instance, options);
    const names = [...explanation.conflict, ...explanation.given].map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(mustName));
    await checkClaims(instance, options, explanation);
  });

  it('values a scarce budget by the plan that one more dollar buys', async () => {
    // One more error percent of chat: both costs by HiGHS.
    const instance = reference();
    const explanation = explain(instance);
    if (explanation.status !== 'feasible') throw new Error(explanation.status);
    const scarce = explanation.worth.find(({ requirement }) => requirement.name === 'error limit of Summarization')!;
    const cost = async (of: PublishedInstance) =>
      (await solveWithHighs(buildStrengthened(compileProblem(of, resolveOptions({}))).program)).objective;
    const before = await cost(instance);
    instance.queryTypes[0].errorThreshold = scarce.to;
    expect(scarce.to).toBeCloseTo(0.05, 12);
    expect(scarce.saved).toBeCloseTo(before - (await cost(instance)), 2);
    expect(scarce.saved).toBeGreaterThan(1);
    expect(scarce.isProven).toBe(true);
    expect(explanation.worth[0].saved).toBe(Math.max(...explanation.worth.map(({ saved }) => saved)));
  });
});
