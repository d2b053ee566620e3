import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain/index.ts';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { draws } from '../arbitrary/draws.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../arbitrary/instances.ts';
import { tinyInstance } from '../model/tinyInstance.ts';
import { checkClaims, explainInfeasible, isFeasible } from './claims.ts';

function tiny(change: (instance: ReturnType<typeof tinyInstance>) => void): PublishedInstance {
  const instance = tinyInstance();
  change(instance);
  return instance;
}

/** Cause, instance, options, and a part of the conflict that any right explanation must name. */
const cases: [string, PublishedInstance, SolveOptions, string[]][] = [
  ['budget', tiny((d) => (d.budget = 30)), {}, ['budget']],
  ['budget of zero', tiny((d) => (d.budget = 0)), {}, ['budget']],
  [
    'budget, rental counted per query type',
    tiny((d) => (d.budget = 40)),
    { rentalInBudget: 'per-query-type' },
    ['budget'],
  ],
  ['storage', tiny((d) => (d.storageCapacity = 7)), {}, ['storage capacity']],
  [
    'storage of every placement',
    tiny((d) => (d.storageCapacity = 15)),
    { weightStorage: 'per-placement' },
    ['storage capacity'],
  ],
  ['an error limit', tiny((d) => (d.queryTypes[0].errorThreshold = 0.01)), {}, ['error limit of chat']],
  ['an error limit of 0', tiny((d) => (d.queryTypes[1].errorThreshold = 0)), {}, ['error limit of code']],
  [
    'an error limit, split placement',
    tiny((d) => (d.queryTypes[0].errorThreshold = 0.01)),
    { placement: 'split' },
    ['error limit of chat'],
  ],
  [
    'an error limit, nothing uncertain',
    tiny((d) => (d.queryTypes[0].errorThreshold = 0.009)),
    { uncertainty: 'none' },
    ['error limit of chat'],
  ],
  ['a delay limit', tiny((d) => (d.queryTypes[1].delayThreshold = 31)), {}, ['delay limit of code']],
  [
    'a pooled delay limit',
    tiny((d) => {
      d.queryTypes[1].delayThreshold = 1;
      d.budget = 80;
    }),
    { delayRule: 'pooled' },
    ['delay limit of code'],
  ],
  [
    'a delay limit through the last deployment',
    tiny((d) => {
      d.queryTypes[0].delayThreshold = 10;
    }),
    { delayRule: 'last-deployment' },
    ['delay limit of chat'],
  ],
  [
    'full service',
    tiny((d) => {
      d.queryTypes[0].unmetCap = 0;
      d.queryTypes[0].errorThreshold = 0.02;
    }),
    {},
    ['unmet cap of chat'],
  ],
  [
    'a minimum served share',
    tiny((d) => {
      delete d.queryTypes[0].unmetCap;
      d.queryTypes[0].minimumServed = 0.9;
      d.queryTypes[0].errorThreshold = 0.02;
    }),
    {},
    ['minimum served share of chat'],
  ],
  [
    'available GPUs',
    tiny((d) => {
      d.tiers[0].available = 0;
      d.tiers[1].available = 0;
    }),
    {},
    ['available GPUs of plain'],
  ],
  [
    'too few GPUs for the compute',
    tiny((d) => {
      d.queryTypes[0].unmetCap = d.queryTypes[1].unmetCap = 0;
      d.tiers[0].compute = d.tiers[1].compute = 41;
      d.tiers[0].available = 1;
      d.tiers[1].available = 1;
    }),
    {},
    ['unmet cap of chat'],
  ],
  [
    'an allowed list without a query type',
    tiny((d) => (d.allowed = [{ queryType: 'chat' }])),
    {},
    ['list of allowed pairings'],
  ],
  ['an empty allowed list', tiny((d) => (d.allowed = [])), {}, ['list of allowed pairings']],
  [
    'forbidden models',
    tiny((d) => (d.forbidden = [{ queryType: 'code', model: 'small' }, { model: 'large' }])),
    {},
    ['forbidden pairing large'],
  ],
  [
    'forbidden tiers',
    tiny((d) => (d.forbidden = [{ tier: 'plain' }, { tier: 'fast' }])),
    {},
    ['forbidden pairing plain'],
  ],
  [
    'memory',
    tiny((d) => {
      for (const tier of d.tiers) tier.memory = 1.9;
      d.tiers[0].available = 2;
    }),
    {},
    ['memory of plain'],
  ],
  [
    'compute',
    tiny((d) => {
      for (const tier of d.tiers) tier.compute = 5;
      d.tiers[0].available = 2;
      d.tiers[1].available = 2;
    }),
    {},
    ['compute of plain'],
  ],
  [
    'TP degrees',
    tiny((d) => {
      d.queryTypes[0].delayThreshold = 40;
      d.tiers[1].tpDegrees = [1];
      d.tiers[0].tpDegrees = [2];
    }),
    {},
    ['delay limit of chat'],
  ],
  [
    'two errors at once',
    tiny((d) => {
      d.queryTypes[0].errorThreshold = 0.01;
      d.queryTypes[1].errorThreshold = 0.01;
      for (const tier of d.tiers) tier.available = 3;
    }),
    {},
    [],
  ],
  [
    'budget and error at once',
    tiny((d) => {
      d.queryTypes[0].errorThreshold = 0.01;
      d.budget = 20;
    }),
    {},
    [],
  ],
  [
    'storage and a forbidden list at once',
    tiny((d) => {
      d.storageCapacity = 5;
      d.forbidden = [
        { queryType: 'chat', tier: 'plain' },
        { queryType: 'chat', tier: 'fast' },
      ];
    }),
    {},
    [],
  ],
  [
    'errors that relief does not mend',
    tiny((d) => {
      d.queryTypes[0].errorThreshold = 0.011;
      d.delay.relief = d.error.relief = [
        [0.1, 0.2],
        [0.3, 0.4],
      ];
    }),
    { uncertainty: 'decision-dependent' },
    ['error limit of chat'],
  ],
  [
    'memory that replicas do not mend',
    tiny((d) => {
      for (const tier of d.tiers) tier.memory = 2;
      d.budget = 90;
    }),
    { maxReplicas: 2 },
    [],
  ],
];

describe('explain, of infeasible instances', () => {
  it.each(cases)('%s', async (_cause, instance, options, mustName) => {
    const explanation = explainInfeasible(instance, options);
    const names = [...explanation.conflict, ...explanation.given].map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(mustName));
    await checkClaims(instance, options, explanation);
  });

  it('random instances under random options', async () => {
    let infeasible = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryInstanceUpTo({ queryTypes: 3, models: 2, tiers: 2 }),
        arbitraryOptions(),
        async (instance, options) => {
          if (await isFeasible(instance, options)) return;
          infeasible++;
          await checkClaims(instance, options, explainInfeasible(instance, options));
        },
      ),
      { numRuns: draws(45), seed: 5 },
    );
    expect(infeasible).toBeGreaterThan(draws(12));
  });

  it('says it in words', () => {
    const { conflict, alone } = explainInfeasible(
      tiny((d) => (d.budget = 30)),
      {},
    );
    expect(conflict.map(({ name }) => name)).toContain('budget');
    // Half of each query type ($5 and $10 of query data) on `small` ($8 of weights) on one GPU of `plain` ($10).
    expect(alone.map(({ text }) => text)).toContain('budget from $30 to at least $33');
  });
});

describe('explain, of feasible instances', () => {
  it('lists what binds, what has room, and what more of it is worth', () => {
    const explanation = explain(tinyInstance(), { preset: 'corrected' });
    if (explanation.status !== 'feasible') throw new Error(explanation.status);
    expect(explanation.binding.length + explanation.slack.length).toBeGreaterThan(0);
    for (const { slack, left, limit } of explanation.slack) expect(slack).toBeCloseTo(limit! - left, 10);
    for (const { worth } of [explanation]) for (const { saved } of worth) expect(saved).toBeGreaterThanOrEqual(0);
  });

  it('values nothing against a plan that is not proven best', () => {
    const instance = generateInstance({ seed: 2, queryTypes: 6, models: 3, tiers: 4 });
    const explanation = explain(instance, { placement: 'split', nodeLimit: 1, strategy: 'no-cuts' });
    if (explanation.status !== 'feasible') throw new Error(explanation.status);
    expect(explanation).toMatchObject({ isProven: false, isComplete: false, worth: [] });
    expect(explanation.slack.length).toBeGreaterThan(0);
  });
});
