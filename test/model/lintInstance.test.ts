import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Instance, PublishedInstance } from '../../src/model/instance.ts';
import { type WarningCode, warningsOf } from '../../src/model/lintInstance.ts';
import { type PlanningOptions, presets } from '../../src/model/options.ts';
import { memoryInName } from '../../src/model/tierCatalogue.ts';
import { tinyInstance, tinyPlan } from './tinyInstance.ts';

type Tiny = ReturnType<typeof tinyInstance>;

/** The tiny instance is of the published kind, which takes its units as they stand. */
const ofPublishedUnits: readonly WarningCode[] = ['residency-beyond-limit', 'cache-per-token', 'penalties-per-hour'];

function lint(change: (instance: Tiny) => void = () => {}, options: Partial<PlanningOptions> = {}) {
  const instance = tinyInstance();
  change(instance);
  return warningsOf(instance, { ...presets.corrected, ...options }).filter(
    ({ code }) => !ofPublishedUnits.includes(code),
  );
}

describe('lintInstance', () => {
  it('finds nothing odd in a tidy instance', () => {
    expect(lint()).toEqual([]);
  });

  const cases: [string, (instance: Tiny) => void, Partial<PlanningOptions>, WarningCode, string, RegExp][] = [
    [
      '24 GB that are 48',
      (d) => {
        d.tiers[0].name = 'card 24GB';
        d.tiers[0].memory = 48;
      },
      {},
      'tier-memory-name',
      'tiers[0].memory',
      /has 48 GB, but "24GB" in its name says 24 GB/,
    ],
    [
      'a product with another memory',
      (d) => {
        d.tiers[1].name = 'RTX_4090';
        d.tiers[1].memory = 48;
      },
      {},
      'tier-memory-name',
      'tiers[1].memory',
      /RTX 4090 in its name says 24 GB/,
    ],
    [
      'a model for no tier',
      (d) => (d.models[1].weightSize = 70),
      {},
      'model-too-large',
      'models[1].weightSize',
      /70 GB\) fits on no tier .* 1\.5 GB per GPU/,
    ],
    [
      'a model that no list lets be rented',
      (d) => (d.forbidden = [{ model: 'small' }]),
      {},
      'model-on-no-tier',
      'models[0]',
      /small may be rented on no tier/,
    ],
    [
      'an error limit that nothing meets',
      (d) => (d.queryTypes[0].errorThreshold = 0.0149),
      {},
      'limit-out-of-reach',
      'queryTypes[0].errorThreshold',
      /best that any deployment can do is 0\.015 \(serving 0\.5 of it\)/,
    ],
    [
      'a delay limit that nothing meets',
      (d) => (d.queryTypes[1].delayThreshold = 31),
      {},
      'limit-out-of-reach',
      'queryTypes[1].delayThreshold',
      /best that any deployment can do is 62\.5 ms/,
    ],
    [
      'a query type that nothing may serve',
      (d) => (d.forbidden = [{ queryType: 'code' }]),
      {},
      'limit-out-of-reach',
      'queryTypes[1].errorThreshold',
      /nothing can serve it/,
    ],
    [
      'an error Gamma of 2 in a single sum',
      (d) => (d.uncertaintyBudget.error = 2),
      {},
      'inert-uncertainty-budget',
      'uncertaintyBudget.error',
      /acts like 1/,
    ],
    [
      'a delay Gamma of 3 over two query types',
      (d) => (d.uncertaintyBudget.delay = 3),
      {},
      'inert-uncertainty-budget',
      'uncertaintyBudget.delay',
      /acts like 2:/,
    ],
    [
      'a delay Gamma that only the cost sees',
      (d) => (d.uncertaintyBudget.delay = 2),
      {},
      'inert-uncertainty-budget',
      'uncertaintyBudget.delay',
      /acts like 1 in the delay limits/,
    ],
    [
      'an error Gamma beyond the pairs',
      (d) => (d.uncertaintyBudget.error = 5),
      { placement: 'split' },
      'inert-uncertainty-budget',
      'uncertaintyBudget.error',
      /acts like 4/,
    ],
    [
      'Gamma without uncertainty',
      () => {},
      { uncertainty: 'none' },
      'inert-uncertainty-budget',
      'uncertaintyBudget',
      /no effect/,
    ],
    [
      'a deviation above its nominal value',
      (d) => (d.delay.deviation[1][0][1] = 5),
      {},
      'deviation-above-nominal',
      'delay.deviation[1][0][1]',
      /^1 delay deviations/,
    ],
    [
      'a budget that rents nothing',
      (d) => (d.budget = 9),
      {},
      'budget-below-cheapest-gpu',
      'budget',
      /cheapest GPUs cost \$10 over 10 h/,
    ],
    [
      'a budget that rents nothing when rental counts twice',
      (d) => (d.budget = 19),
      { rentalInBudget: 'per-query-type' },
      'budget-below-cheapest-gpu',
      'budget',
      /cost \$20/,
    ],
    [
      'storage for no model',
      (d) => (d.storageCapacity = 7),
      {},
      'storage-below-smallest-model',
      'storageCapacity',
      /smallest has 8 GB/,
    ],
    ['a free tier', (d) => (d.tiers[1].price = 0), {}, 'free-tier', 'tiers[1].price', /costs nothing/],
    [
      'a tier with too few GPUs',
      (d) => {
        d.tiers[0].available = 1;
        d.tiers[0].tpDegrees = [2, 4];
      },
      {},
      'tier-unavailable',
      'tiers[0].available',
      /smallest TP degree is 2/,
    ],
    [
      'a query type without queries',
      (d) => (d.queryTypes[0].arrivalRate = 0),
      {},
      'query-type-without-traffic',
      'queryTypes[0].arrivalRate',
      /no queries/,
    ],
    [
      'percent for a fraction',
      (d) => (d.queryTypes[0].errorThreshold = 3),
      {},
      'percent-instead-of-fraction',
      'queryTypes[0].errorThreshold',
      /3 % is 0\.03/,
    ],
    [
      'free dropping',
      (d) => (d.queryTypes[1].unmetPenalty = 0),
      {},
      'dropping-is-free',
      'queryTypes[1].unmetPenalty',
      /as much as they may \(0\.5\)/,
    ],
    [
      'a cap beaten by minimumServed',
      (d) => (d.queryTypes[0].minimumServed = 0.75),
      {},
      'minimum-served-beats-cap',
      'queryTypes[0].minimumServed',
      /at most 0\.25/,
    ],
    [
      'a current plan without switching cost',
      (d) => (d.currentPlan = tinyPlan()),
      {},
      'unused-data',
      'currentPlan',
      /no effect without switchingCost/,
    ],
    [
      'a switching cost without current plan',
      (d) => (d.switchingCost = { added: 1, removed: 1 }),
      {},
      'unused-data',
      'switchingCost',
      /every rented GPU counts as added/,
    ],
    [
      'relief that no option reads',
      (d) =>
        (d.error.relief = [
          [0, 0],
          [0, 0],
        ]),
      {},
      'unused-data',
      'error.relief',
      /no effect/,
    ],
  ];
  it.each(cases)('warns of %s', (_name, change, options, code, path, message) => {
    const warnings = lint(change, options).filter((warning) => warning.code === code && warning.path === path);
    expect(warnings).toHaveLength(1);
    expect(warnings[0].message).toMatch(message);
  });

  it('warns of tiers that differ in name only, and not of tiers that differ in one delay', () => {
    const copyTier = (d: Tiny) => {
      d.tiers[1] = { ...d.tiers[0], name: 'copy', tpDegrees: [4, 2, 1] };
      for (const tensor of [d.delay.nominal, d.delay.deviation, d.error.nominal, d.error.deviation]) {
        for (const matrix of tensor) for (const row of matrix) row[1] = row[0];
      }
    };
    expect(lint(copyTier).map((warning) => warning.message)).toEqual(['copy and plain differ in name only.']);
    expect(
      lint((d) => {
        copyTier(d);
        d.delay.nominal[0][0][1] += 1;
      }),
    ).toEqual([]);
  });

  it('judges no delay limit under rules that stretch it by other deployments', () => {
    const tight = (d: Tiny) => (d.queryTypes[1].delayThreshold = 31);
    for (const delayRule of ['pooled', 'last-deployment'] as const) expect(lint(tight, { delayRule })).toEqual([]);
  });

  it('finds the slips of the published catalogue', () => {
    const file = new URL('../data/instances/reference-seed42.json', import.meta.url);
    const instance = JSON.parse(readFileSync(file, 'utf8')) as PublishedInstance;
    const warnings = warningsOf(instance, presets.corrected);
    expect(warnings.map(({ code, path }) => [code, path])).toEqual([
      ['model-too-large', 'models[4].weightSize'], // 810 GB, 101 GB per GPU at TP 8
      ['tier-memory-name', 'tiers[2].memory'], // A6000_INT4: 80 GB
      ['tier-memory-name', 'tiers[3].memory'], // RTX_4090_FP16: 48 GB
      ['tier-memory-name', 'tiers[6].memory'], // A100_40GB_FP16: 24 GB
      ['inert-uncertainty-budget', 'uncertaintyBudget.delay'],
      ['inert-uncertainty-budget', 'uncertaintyBudget.error'],
      ['residency-beyond-limit', 'residency'], // 0.1 h for queries of a second
      ...instance.models.map((_, j) => ['cache-per-token', `models[${j}].kvCachePerToken`]), // a hundredth of the weights
      ['penalties-per-hour', 'rentalPeriod'],
    ]);
  });
});

describe('memoryInName', () => {
  it.each([
    ['A100_40GB', [40]],
    ['NVIDIA H100 80 GB', [80]],
    ['GH200 144GB', [144]],
    ['A100', [40, 80]],
    ['RTX_4090_INT8', [24]],
    ['L40S', [48]],
    ['Tesla T4', [16]],
    ['T4_INT8', [16]],
    ['B200', [180, 192]],
    ['GB200 NVL72', [180, 186, 192]],
  ])('reads %s', (name, sizes) => {
    expect(memoryInName(name)?.sizes).toEqual(sizes);
  });

  it.each(['t4', 'T4', 'plain', 'tier-2', 'a2', 'GPU'])('takes nothing from %s', (name) => {
    expect(memoryInName(name)).toBeNull();
  });
});

describe('lint of fleets', () => {
  const fleet = (change: Partial<Instance> = {}): Instance => ({
    format: 'rolla-instance/1',
    queryTypes: [
      {
        name: 'chat',
        inputTokens: 900,
        outputTokens: 300,
        arrivalRate: 4000,
        delayThreshold: 60_000,
        unmetPenalty: 0.01,
      },
    ],
    models: [{ name: '8B', weightSize: 8, kvCachePerToken: 0.0000655 }],
    tiers: [{ name: 'H100', memory: 80, price: 2.5 }],
    profiles: [
      {
        model: '8B',
        tier: 'H100',
        tpDegree: 1,
        secondsPerInputToken: 1.43e-5,
        secondsPerOutputToken: 1.47e-5,
        secondsPerContextToken: 2.55e-8,
        latency: { firstToken: 15, perInputToken: 0.02, perOutputToken: 7 },
      },
    ],
    rentalPeriod: 1,
    ...change,
  });
  const found = (change: Partial<Instance> = {}) =>
    warningsOf(fleet(change), presets.corrected).map(({ code, path, message }) => ({ code, path, message }));
  const { queryTypes, models, tiers, profiles } = fleet();

  it('finds nothing odd in a tidy one', () => {
    expect(found()).toEqual([]);
  });

  const odd: [WarningCode, Partial<Instance>, string, RegExp][] = [
    ['residency-beyond-limit', { residency: 6 }, 'residency', /6 h .* 60000 ms: 360 times/],
    ['cache-per-token', { models: [{ ...models[0], kvCachePerToken: 65.5 }] }, 'models[0].kvCachePerToken', /65.5 GB/],
    [
      'unserved-query-type',
      { queryTypes: [{ ...queryTypes[0], ttftThreshold: 20 }] },
      'queryTypes[0]',
      /first token \(1 of 1; the fastest takes 33 ms\)/,
    ],
    [
      'missing-service-time',
      {
        queryTypes: [queryTypes[0], { ...queryTypes[0], name: 'code' }],
        tiers: [...tiers, { ...tiers[0], name: 'H200', price: 3, memory: 141 }],
        profiles: [
          ...profiles!,
          {
            model: '8B',
            tier: 'H200',
            tpDegree: 1,
            measured: [{ queryType: 'code', queriesPerHour: 9000 }],
            latency: profiles![0].latency!,
          },
        ],
      },
      'queryTypes[0]',
      /chat has no profile on 8B on H200 TP 1: .* Add a measured entry for it \(queriesPerHour\)/,
    ],
    [
      'missing-profile',
      { tiers: [{ ...tiers[0], tpDegrees: [1, 2] }] },
      'profiles',
      /1 deployment is not planned with.* 8B on H100 \(TP 2\)\./,
    ],
    ['penalties-per-hour', { rentalPeriod: 24 }, 'rentalPeriod', /24 times cheaper/],
    [
      'similar-names',
      {
        tiers: [...tiers, { ...tiers[0], name: 'H100 ', memory: 79 }],
        profiles: [...profiles!, { ...profiles![0], tier: 'H100 ' }],
      },
      'tiers[1].name',
      /look the same/,
    ],
    [
      'percent-instead-of-fraction',
      { profiles: [{ ...profiles![0], latency: { ...profiles![0].latency!, deviation: 20 } }] },
      'profiles[0].latency.deviation',
      /21 times as long/,
    ],
    [
      'far-from-neighbours',
      { queryTypes: ['a', 'b', 'c'].map((name, i) => ({ ...queryTypes[0], name, arrivalRate: i === 2 ? 5e5 : 4000 })) },
      'queryTypes[2].arrivalRate',
      /median is 4000/,
    ],
  ];
  it.each(odd)('%s', (code, change, path, message) => {
    const warnings = found(change);
    expect(warnings.map((each) => [each.code, each.path])).toEqual([[code, path]]);
    expect(warnings[0].message).toMatch(message);
  });
});
