import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { errorOf } from './errorOf.ts';
import { tinyInstance, tinyPlan } from './tinyInstance.ts';

// biome-ignore lint/suspicious/noExplicitAny: malformed data has no type
type Anything = any;

const scalars: [string[], string, boolean][] = [
  // path, expectation, required
  [['queryTypes', '1', 'inputTokens'], 'a finite number >= 0 (tokens per query)', true],
  [['queryTypes', '1', 'outputTokens'], 'a finite number >= 0 (tokens per query)', true],
  [['queryTypes', '1', 'arrivalRate'], 'a finite number >= 0 (queries per hour)', true],
  [['queryTypes', '1', 'computePerToken'], 'a finite number >= 0 (TFLOP per token)', false],
  [['queryTypes', '1', 'tokenSize'], 'a finite number >= 0 (GB per token)', false],
  [['queryTypes', '1', 'delayPenalty'], 'a finite number >= 0 ($ per ms per query)', false],
  [['queryTypes', '1', 'unmetPenalty'], 'a finite number >= 0 ($ per dropped query)', false],
  [['queryTypes', '1', 'delayThreshold'], 'a finite number >= 0 (ms)', false],
  [['queryTypes', '1', 'errorThreshold'], 'a finite number >= 0 (fraction)', false],
  [['queryTypes', '1', 'unmetCap'], 'a number from 0 to 1 (largest share that may be dropped)', false],
  [['queryTypes', '1', 'minimumServed'], 'a number from 0 to 1 (least share that must be served)', false],
  [['models', '0', 'weightSize'], 'a finite number >= 0 (GB), or an object of them by the precision of tiers', true],
  [
    ['models', '0', 'kvCachePerToken'],
    'a finite number >= 0 (GB per token), or an object of them by the precision of tiers',
    true,
  ],
  [['tiers', '1', 'memory'], 'a finite number > 0 (GB per GPU)', true],
  [['tiers', '1', 'compute'], 'a finite number > 0 (TFLOPs per GPU)', false],
  [['tiers', '1', 'price'], 'a finite number >= 0 ($ per GPU-hour)', true],
  [['tiers', '1', 'available'], 'a whole number >= 0 (GPUs; leave it out for no cap)', false],
  [['uncertaintyBudget', 'delay'], 'a finite number >= 0 (delays that may be at their worst together)', true],
  [['uncertaintyBudget', 'error'], 'a finite number >= 0 (errors that may be at their worst together)', true],
  [['residency'], 'a finite number >= 0 (hours), or I x J x K nested arrays of them', false],
  [['rentalPeriod'], 'a finite number > 0 (hours)', true],
  [['budget'], 'a finite number >= 0 ($; leave it out for no limit)', false],
  [['storageCapacity'], 'a finite number >= 0 (GB; leave it out for no limit)', false],
  [['storagePrice'], 'a finite number >= 0 ($ per GB-hour)', false],
];

function withValue(path: readonly string[], value: unknown): unknown {
  const instance: Anything = tinyInstance();
  let holder = instance;
  for (const key of path.slice(0, -1)) holder = holder[key];
  if (value === undefined) delete holder[path.at(-1)!];
  else holder[path.at(-1)!] = value;
  return instance;
}

const written = (path: readonly string[]) => path.join('.').replace(/\.(\d+)/g, '[$1]');

describe('validateInstance', () => {
  it('accepts a well-formed instance and keeps its data', () => {
    expect(validateInstance(tinyInstance())).toEqual(tinyInstance());
  });

  it('accepts every optional part', () => {
    const full: Anything = tinyInstance();
    full.delay.relief = full.error.relief = [
      [0, 0.2],
      [0.5, 0.99],
    ];
    full.residency = full.delay.nominal;
    full.tiers[0].available = 0;
    full.tiers[0].precision = 'FP16';
    full.queryTypes[0].minimumServed = 0.5;
    full.allowed = [{ model: 'small' }, { queryType: 'code', tier: 'fast' }];
    full.forbidden = [];
    full.currentPlan = tinyPlan();
    full.switchingCost = { added: 1, removed: 2 };
    expect(validateInstance(structuredClone(full))).toEqual(full);
    for (const key of ['name', 'budget', 'storageCapacity']) delete full[key];
    delete full.tiers[1].tpDegrees;
    delete full.queryTypes[1].unmetCap;
    expect(validateInstance(structuredClone(full))).toEqual(full);
  });

  it.each(scalars)('%j must be %s', (path, expected, required) => {
    const bad: [unknown, string][] = [
      [-1, '-1'],
      [Number.NaN, 'NaN'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
      ['7', '"7"'],
      [null, 'null'],
    ];
    if (required) bad.push([undefined, 'missing']);
    for (const [value, shown] of bad) {
      const error = errorOf(() => validateInstance(withValue(path, value)));
      expect(error).toMatchObject({ path: written(path), value: shown, expected });
      expect(error.message).toBe(`${written(path)}: found ${shown}, expected ${expected}`);
    }
  });

  it('refuses values beyond ranges that are closed above', () => {
    for (const [path, value] of [
      [['queryTypes', '0', 'unmetCap'], 1.01],
      [['queryTypes', '0', 'minimumServed'], 1.5],
      [['tiers', '0', 'memory'], 0],
      [['tiers', '0', 'compute'], 0],
      [['rentalPeriod'], 0],
      [['tiers', '0', 'available'], 1.5],
    ] as const) {
      expect(errorOf(() => validateInstance(withValue(path, value)))).toMatchObject({
        path: written(path),
        value: String(value),
      });
    }
  });

  const degrees = 'a non-empty array of distinct whole numbers >= 1 (tensor-parallel degrees)';
  const cases: [name: string, change: (data: Anything) => void, path: string, value: string, expected: string][] = [
    ['an unknown key at the top', (d) => (d.colour = 'red'), 'colour', '"red"', 'no such key; known here: format'],
    ['an unknown key of a query type', (d) => (d.queryTypes[0].rate = 3), 'queryTypes[0].rate', '3', 'no such key'],
    ['an unknown key of a tensor pair', (d) => (d.delay.mean = []), 'delay.mean', 'an empty array', 'no such key'],
    ['no format', (d) => delete d.format, 'format', 'missing', '"rolla-instance/1"'],
    ['another format', (d) => (d.format = 'rolla-instance/2'), 'format', '"rolla-instance/2"', '"rolla-instance/1"'],
    ['no query types key', (d) => delete d.queryTypes, 'queryTypes', 'missing', 'an array of query types'],
    ['no query types', (d) => (d.queryTypes = []), 'queryTypes', 'an empty array', 'at least one query type'],
    ['no models', (d) => (d.models = []), 'models', 'an empty array', 'at least one model'],
    ['no tiers', (d) => (d.tiers = []), 'tiers', 'an empty array', 'at least one GPU tier'],
    ['models as an object', (d) => (d.models = { a: 1 }), 'models', 'an object with keys a', 'an array of models'],
    ['a query type that is null', (d) => (d.queryTypes[1] = null), 'queryTypes[1]', 'null', 'an object: a query type'],
    ['a tier that is a number', (d) => (d.tiers[0] = 4), 'tiers[0]', '4', 'an object: a GPU tier'],
    ['a missing name', (d) => delete d.models[1].name, 'models[1].name', 'missing', 'a non-empty string'],
    ['a blank name', (d) => (d.tiers[1].name = ' '), 'tiers[1].name', '" "', 'a non-empty string'],
    [
      'a duplicated query type',
      (d) => (d.queryTypes[1].name = 'chat'),
      'queryTypes[1].name',
      '"chat"',
      'queryTypes[0]',
    ],
    ['a duplicated model', (d) => (d.models[1].name = 'small'), 'models[1].name', '"small"', 'a name of its own'],
    ['a duplicated tier', (d) => (d.tiers[1].name = 'plain'), 'tiers[1].name', '"plain"', 'a name of its own'],
    ['TP degree 0', (d) => (d.tiers[0].tpDegrees = [0, 1]), 'tiers[0].tpDegrees', '[0, 1]', degrees],
    ['TP degree 1.5', (d) => (d.tiers[0].tpDegrees = [1.5]), 'tiers[0].tpDegrees', '[1.5]', degrees],
    ['TP degree as text', (d) => (d.tiers[0].tpDegrees = ['2']), 'tiers[0].tpDegrees', '["2"]', degrees],
    ['a repeated TP degree', (d) => (d.tiers[0].tpDegrees = [2, 2]), 'tiers[0].tpDegrees', '[2, 2]', degrees],
    ['no TP degree', (d) => (d.tiers[0].tpDegrees = []), 'tiers[0].tpDegrees', 'an empty array', degrees],
    [
      'a precision that is a number',
      (d) => (d.tiers[0].precision = 16),
      'tiers[0].precision',
      '16',
      'a string (the precision, or any label)',
    ],
    [
      'no delay, but limits on it',
      (d) => delete d.delay,
      'queryTypes[0].delayThreshold',
      '500',
      'no such limit, or data to check it: "delay" of the instance, or "latency" of its profiles',
    ],
    ['no nominal delay', (d) => delete d.delay.nominal, 'delay.nominal', 'missing', 'I x J x K (ms per token)'],
    ['no error deviation', (d) => delete d.error.deviation, 'error.deviation', 'missing', 'I x J x K (fraction)'],
    ['a tensor that is a number', (d) => (d.error.nominal = 0.1), 'error.nominal', '0.1', 'nested arrays of numbers'],
    [
      'too few rows',
      (d) => d.delay.nominal.pop(),
      'delay.nominal',
      'an array of 1 entries',
      '2 entries, one for each query type',
    ],
    [
      'too few models',
      (d) => d.delay.deviation[1].pop(),
      'delay.deviation[1]',
      'an array of 1 entries',
      '2 entries, one for each model',
    ],
    [
      'too many tiers',
      (d) => d.error.nominal[0][1].push(1),
      'error.nominal[0][1]',
      '[0.02, 0.02, 1]',
      '2 entries, one for each tier',
    ],
    [
      'a tensor too shallow',
      (d) => (d.delay.nominal[0][1] = 2),
      'delay.nominal[0][1]',
      '2',
      '2 entries, one for each tier',
    ],
    [
      'a tensor too deep',
      (d) => (d.delay.nominal[0][1][0] = [2]),
      'delay.nominal[0][1][0]',
      '[2]',
      '>= 0 (ms per token)',
    ],
    [
      'a hole in a tensor',
      (d) => delete d.delay.nominal[0][1][0],
      'delay.nominal[0][1][0]',
      'missing',
      '>= 0 (ms per token)',
    ],
    ['a negative delay', (d) => (d.delay.nominal[1][0][1] = -2), 'delay.nominal[1][0][1]', '-2', '>= 0 (ms per token)'],
    [
      'a NaN deviation',
      (d) => (d.delay.deviation[1][0][1] = Number.NaN),
      'delay.deviation[1][0][1]',
      'NaN',
      '>= 0 (ms per token)',
    ],
    [
      'an infinite error',
      (d) => (d.error.nominal[0][0][0] = Infinity),
      'error.nominal[0][0][0]',
      'Infinity',
      '>= 0 (fraction)',
    ],
    [
      'an error as text',
      (d) => (d.error.deviation[0][0][0] = '0'),
      'error.deviation[0][0][0]',
      '"0"',
      '>= 0 (fraction)',
    ],
    [
      'relief of 1',
      (d) =>
        (d.delay.relief = [
          [0, 1],
          [0, 0],
        ]),
      'delay.relief[0][1]',
      '1',
      '>= 0 and < 1',
    ],
    [
      'relief of I x J x K',
      (d) => (d.error.relief = d.error.nominal),
      'error.relief[0][0]',
      '[0.06, 0.06]',
      '>= 0 and < 1',
    ],
    ['residency of wrong shape', (d) => (d.residency = [1, 2]), 'residency[0]', '1', '2 entries, one for each model'],
    [
      'a negative residency',
      (d) =>
        (d.residency = [
          [
            [1, 1],
            [1, -1],
          ],
          [
            [1, 1],
            [1, 1],
          ],
        ]),
      'residency[0][1][1]',
      '-1',
      'hours',
    ],
    [
      'a query type without tokens',
      (d) => (d.queryTypes[0].inputTokens = d.queryTypes[0].outputTokens = 0),
      'queryTypes[0].outputTokens',
      '0',
      'inputTokens + outputTokens > 0',
    ],
    [
      'an empty pairing',
      (d) => (d.forbidden = [{}]),
      'forbidden[0]',
      'an empty object',
      'at least one of queryType, model, tier',
    ],
    [
      'a pairing of an unknown model',
      (d) => (d.allowed = [{ model: 'huge' }]),
      'allowed[0].model',
      '"huge"',
      'the name of a model',
    ],
    [
      'a pairing of an unknown query type',
      (d) => (d.forbidden = [{ tier: 'fast' }, { queryType: 'x' }]),
      'forbidden[1].queryType',
      '"x"',
      'the name of a query type',
    ],
    ['a pairing with a strange key', (d) => (d.allowed = [{ gpu: 'fast' }]), 'allowed[0].gpu', '"fast"', 'no such key'],
    [
      'a current plan without GPUs',
      (d) => {
        d.currentPlan = tinyPlan();
        delete d.currentPlan.deployments[0].gpus;
      },
      'currentPlan.deployments[0].gpus',
      'missing',
      'a whole number >= 1',
    ],
    [
      'half a switching cost',
      (d) => (d.switchingCost = { added: 1 }),
      'switchingCost.removed',
      'missing',
      '>= 0 ($ per GPU removed)',
    ],
  ];
  it.each(cases)('refuses %s', (_name, change, path, value, expected) => {
    const data = tinyInstance();
    change(data);
    const error = errorOf(() => validateInstance(data));
    expect({ path: error.path, value: error.value }).toEqual({ path, value });
    expect(error.expected).toContain(expected);
  });

  it.each([undefined, null, 3, 'text', []])('refuses %j in place of an instance', (data) => {
    expect(errorOf(() => validateInstance(data))).toMatchObject({
      path: '',
      expected: 'an object: a rolla-instance/1',
    });
  });

  it('lists every problem that it found', () => {
    const data: Anything = tinyInstance();
    data.queryTypes[0].arrivalRate = -1;
    data.tiers[1].memory = 'lots';
    data.extra = true;
    const { issues } = errorOf(() => validateInstance(data));
    expect(issues.map((issue) => issue.path)).toEqual(['queryTypes[0].arrivalRate', 'tiers[1].memory', 'extra']);
  });

  it('shortens long values', () => {
    const data: Anything = tinyInstance();
    data.budget = 'x'.repeat(1000);
    const { value } = errorOf(() => validateInstance(data));
    expect(value).toHaveLength(60);
    expect(value.endsWith('...')).toBe(true);
  });
});

describe('all faults at once', () => {
  const faults: [path: string, change: (data: Anything) => void][] = [
    ['queryTypes[0].arrivalRate', (d) => (d.queryTypes[0].arrivalRate = '3')],
    ['rentalPeriod', (d) => delete d.rentalPeriod],
    ['tiers[1].price', (d) => (d.tiers[1].price = Number.NaN)],
    ['extra', (d) => (d.extra = 1)],
    ['queryTypes[1].name', (d) => (d.queryTypes[1].name = 'chat')],
    ['queryTypes[1].outputTokens', (d) => (d.queryTypes[1].inputTokens = d.queryTypes[1].outputTokens = 0)],
    ['delay.nominal[0][1][0]', (d) => (d.delay.nominal[0][1][0] = -1)],
    ['error.deviation[1]', (d) => d.error.deviation[1].pop()],
    ['forbidden[0].tier', (d) => (d.forbidden = [{ tier: 'slow' }])],
    [
      'profiles[0].tier',
      (d) =>
        (d.profiles = [
          { model: 'small', tier: 'slow', tpDegree: 1, measured: [{ queryType: 'chat', queriesPerHour: 1 }] },
        ]),
    ],
    ['fleetLimits[0].perGpu.slow', (d) => (d.fleetLimits = [{ name: 'pool', perGpu: { slow: 1 }, most: 1 }])],
  ];

  it('are in one error, whatever else is wrong', () => {
    const choose = fc.subarray(faults, { minLength: 1 });
    fc.assert(
      fc.property(choose, (chosen) => {
        const data: Anything = tinyInstance();
        for (const [, change] of chosen) change(data);
        const { issues } = errorOf(() => validateInstance(data));
        expect(issues.map(({ path }) => path).sort()).toEqual(chosen.map(([path]) => path).sort());
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it('names every wrong number of a tensor, and not thousands', () => {
    const data: Anything = tinyInstance();
    data.delay.nominal[0][0][0] = Number.NaN;
    data.delay.nominal[1][1][1] = null;
    expect(errorOf(() => validateInstance(data)).issues.map(({ path }) => path)).toEqual([
      'delay.nominal[0][0][0]',
      'delay.nominal[1][1][1]',
    ]);
    const wide: Anything = tinyInstance();
    wide.tiers = Array.from({ length: 1000 }, (_, k) => ({ ...wide.tiers[0], name: `tier ${k}` }));
    const matrix = [0, 1].map(() => wide.tiers.map(() => -1));
    wide.delay = { nominal: [matrix, matrix], deviation: [matrix, matrix] };
    wide.error = wide.delay;
    const { issues } = errorOf(() => validateInstance(wide));
    expect(issues.length).toBeGreaterThan(4);
    expect(issues.length).toBeLessThan(200);
  });

  it.each([
    'queryTypes',
    'models',
    'tiers',
    'delay',
    'error',
    'allowed',
    'currentPlan',
    'residency',
    'uncertaintyBudget',
  ])('survive anything in place of %s', (key) => {
    for (const value of [null, 3, 'x', [], [null], [[]], {}, { deployments: 3 }, { nominal: [null] }, [{ name: [] }]]) {
      const { issues } = errorOf(() => validateInstance({ ...tinyInstance(), [key]: value, extra: 1 }));
      expect(issues.map(({ path }) => path)).toContain('extra');
    }
  });

  it('refuses a list that would fill memory with its faults, at once', () => {
    const issue = errorOf(() =>
      validateInstance({ ...tinyInstance(), models: Array.from({ length: 200_000 }, () => null) }),
    ).issues;
    expect(issue).toEqual([
      { path: 'models', value: 'an array of 200000 entries', expected: 'at most 100000 entries' },
    ]);
  });
});

describe('a valid instance', () => {
  it('is known, and safe from later changes', () => {
    const data: Anything = tinyInstance();
    const instance: Anything = validateInstance(data);
    expect(validateInstance(instance)).toBe(instance);
    data.budget = -1;
    data.delay.nominal[0][0][0] = Number.NaN;
    expect(instance).toEqual(tinyInstance());
    expect(() => (instance.budget = 1)).toThrow(TypeError);
    expect(() => (instance.delay.nominal[0][0][0] = 1)).toThrow(TypeError);
    expect(() => instance.tiers[0].tpDegrees.push(16)).toThrow(TypeError);
    expect(errorOf(() => validateInstance({ ...instance, budget: -1 })).path).toBe('budget');
  });
});
