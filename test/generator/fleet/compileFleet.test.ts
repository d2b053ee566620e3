/** What a fleet file becomes, and what is refused. Values are worked out by hand from the units. */
import { describe, expect, it } from 'vitest';
import { parseFleet } from '../../../src/exchange/fleet.ts';
import { catalogueProfiles } from '../../../src/generator/catalogue/throughputTables.ts';
import { compileFleet } from '../../../src/generator/fleet/compileFleet.ts';
import type { Fleet } from '../../../src/generator/fleet/fleetSchema.ts';
import { InputError, type InputIssue } from '../../../src/input/inputError.ts';

const specified = `
format: rolla-fleet/1
name: support desk
period: 24 h                       # numbers with units where a unit is usual
budget: 4000 $
utilization: 0.75
queryTypes:
  - { name: chat,      rate: 12 /s, inputTokens: 900,  outputTokens: 300, cachedShare: 0.4, ttft: 500 ms, tpot: 50 ms, maxError: 0.08 }
  - { name: summaries, rate: 400 /h, inputTokens: 6000, outputTokens: 400, latency: 30 s, dropPenalty: 0.02 $, mayDrop: 0.1 }
models:
  - { name: Llama-3.1-8B,  weights: { FP8: 8 GB, BF16: 16 GB }, cachePerToken: { FP8: 65.5 kB, BF16: 131 kB }, tpDegrees: [1, 2, 4, 8] }
  - { name: Llama-3.1-70B, catalogue: llama-3.1-70b, minReplicas: 2 }
gpus:
  - { name: H100, catalogue: h100-sxm, precision: FP8, price: 2.49 $/h, available: 32, gpusPerNode: 8, reserve: 6 GB }
profiles:
  - { model: Llama-3.1-8B, gpu: H100, tp: 1, secondsPerInputToken: 1.43e-5, secondsPerOutputToken: 1.47e-5, secondsPerContextToken: 2.55e-8,
      latency: { firstToken: 15 ms, perInputToken: 0.02 ms, perOutputToken: 7 ms, deviation: 0.2 } }
  - { model: Llama-3.1-70B, gpu: H100, catalogue: trtllm-70b-fp8-2xh100 }
errors:                            # a table: query type (or any), model, precision (or any); nominal and deviation
  - { model: Llama-3.1-8B, nominal: 0.05, deviation: 0.01 }
  - { model: Llama-3.1-70B, nominal: 0.03, deviation: 0.005 }
limits:
  - { name: rack power, unit: kW, perGpu: { H100: 0.7 }, most: 12 }
gamma: { delay: 1, error: 1 }
`;

const base = (): Fleet => parseFleet(specified);

/** The issues of the fleet with values put at paths such as `profiles[0].tp`; `gone` deletes. */
function issuesOf(changes: Readonly<Record<string, unknown>>): readonly InputIssue[] {
  const fleet = structuredClone(base());
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
    const holder = keys.slice(0, -1).reduce<object>((inside, key) => Reflect.get(inside, key), fleet);
    if (value === gone) Reflect.deleteProperty(holder, keys.at(-1)!);
    else Reflect.set(holder, keys.at(-1)!, value);
  }
  try {
    compileFleet(fleet);
  } catch (error) {
    if (error instanceof InputError) return error.issues;
    throw error;
  }
  return [];
}

const gone = Symbol('gone');

describe('the fleet of the specification', () => {
  it('compiles to its instance', () => {
    const instance = compileFleet(base());
    expect(instance).toMatchObject({
      format: 'rolla-instance/1',
      name: 'support desk',
      rentalPeriod: 24,
      budget: 4000,
      utilization: 0.75,
      uncertaintyBudget: { delay: 1, error: 1 },
      fleetLimits: [{ name: 'rack power', unit: 'kW', perGpu: { H100: 0.7 }, most: 12 }],
      error: {
        nominal: [
          [[0.05], [0.03]],
          [[0.05], [0.03]],
        ],
        deviation: [
          [[0.01], [0.005]],
          [[0.01], [0.005]],
        ],
      },
    });
    expect(instance.queryTypes).toEqual([
      {
        name: 'chat',
        inputTokens: 900,
        outputTokens: 300,
        arrivalRate: 43_200,
        cachedShare: 0.4,
        ttftThreshold: 500,
        tpotThreshold: 50,
        errorThreshold: 0.08,
      },
      {
        name: 'summaries',
        inputTokens: 6000,
        outputTokens: 400,
        arrivalRate: 400,
        delayThreshold: 30_000,
        unmetPenalty: 0.02,
        unmetCap: 0.1,
      },
    ]);
    expect(instance.models[0]).toEqual({
      name: 'Llama-3.1-8B',
      weightSize: { FP8: 8, BF16: 16 },
      kvCachePerToken: { FP8: 65.5e-6, BF16: 131e-6 },
      tpDegrees: [1, 2, 4, 8],
    });
    expect(instance.models[1]).toMatchObject({
      weightSize: { FP8: 70.6, BF16: 141.2 },
      // 2 x 80 layers x 8 heads x 128 bytes.
      kvCachePerToken: { FP8: 0.00016384 },
      tpDegrees: [1, 2, 4, 8],
      minReplicas: 2,
    });
    expect(instance.tiers).toEqual([
      { name: 'H100', memory: 80, memoryReserve: 6, price: 2.49, gpusPerNode: 8, precision: 'FP8', available: 32 },
    ]);
    expect(instance.profiles).toMatchObject([
      {
        model: 'Llama-3.1-8B',
        tier: 'H100',
        tpDegree: 1,
        secondsPerInputToken: 1.43e-5,
        latency: { firstToken: 15, perInputToken: 0.02, perOutputToken: 7, deviation: 0.2 },
      },
      { model: 'Llama-3.1-70B', tier: 'H100', tpDegree: 2, latency: { perOutputToken: 23.9 } },
    ]);
  });

  it('is the same in JSON', () => {
    expect(compileFleet(parseFleet(JSON.stringify(base())))).toEqual(compileFleet(base()));
  });
});

describe('what a fleet may leave to the catalogue', () => {
  it('`catalogue: all` takes the profiles that fit, and leaves configurations alone that have their own', () => {
    const fleet = {
      ...base(),
      queryTypes: [{ name: 'q', rate: 1, inputTokens: 10, outputTokens: 10 }],
      models: [{ name: 'big', catalogue: 'llama-3.1-70b' }],
      gpus: [
        { name: 'H100', catalogue: 'h100-sxm', precision: 'FP8' },
        { name: 'Pro', catalogue: 'rtx-pro-6000', precision: 'FP4' },
      ],
      profiles: [
        { catalogue: 'all' },
        {
          model: 'big',
          gpu: 'H100',
          tp: 4,
          throughput: [{ inputTokens: 100, outputTokens: 100, tokens: 1000 }],
          latency: { firstToken: 1, perInputToken: 1, perOutputToken: 1 },
        },
      ],
      errors: [],
      limits: [],
    };
    const { profiles, tiers } = compileFleet(fleet);
    expect(profiles!.map(({ tier, tpDegree, pipelineDegree }) => [tier, tpDegree, pipelineDegree ?? 1])).toEqual([
      ['H100', 2, 1],
      ['H100', 8, 1],
      ['Pro', 1, 1],
      ['Pro', 1, 2],
      ['Pro', 1, 4],
      ['H100', 4, 1],
    ]);
    // Degrees that the model's own list leaves out are not asked for.
    const narrow = compileFleet({ ...fleet, models: [{ ...fleet.models[0], tpDegrees: [4, 8] }] }).profiles!;
    expect(narrow.map(({ tier, tpDegree }) => [tier, tpDegree])).toEqual([
      ['H100', 8],
      ['H100', 4],
    ]);
    // 0.1 s of a replica for a query of 100 output tokens.
    expect(profiles![5]).toMatchObject({ secondsPerInputToken: 0, secondsPerOutputToken: 0.001 });
    expect(tiers.map(({ memory, price }) => [memory, price])).toEqual([
      [80, 3.49],
      [96, 2.04],
    ]);
  });
});

describe('tables of errors', () => {
  it('later entries win, and precision, GPU and query type narrow them', () => {
    const fleet: Fleet = {
      ...base(),
      errors: [
        { nominal: '10 %' },
        { model: 'Llama-3.1-70B', nominal: 0.03, deviation: 0.01 },
        { model: 'Llama-3.1-70B', queryType: 'chat', precision: 'FP8', nominal: 0.04 },
        { gpu: 'H100', precision: 'BF16', nominal: 0.5 },
      ],
      queryTypes: base().queryTypes.map((query) => ({ ...query, maxError: 0.2 })),
    };
    expect(compileFleet(fleet).error).toEqual({
      nominal: [
        [[0.1], [0.04]],
        [[0.1], [0.03]],
      ],
      deviation: [
        [[0], [0]],
        [[0], [0.01]],
      ],
    });
  });
});

describe('bad fleets: every fault at once, with path, value and expectation', () => {
  it('units that do not fit, in one error', () => {
    const issues = issuesOf({
      period: '24 GB',
      'queryTypes[0].rate': '12 s',
      'queryTypes[1].latency': '30 $',
      'models[0].weights': { FP8: '8 h' },
      'gpus[0].price': '2.49 $',
      'profiles[0].latency.deviation': -1,
      color: 'red',
    });
    expect(issues.map(({ path, value }) => [path, value])).toEqual(
      expect.arrayContaining([
        ['period', '"24 GB"'],
        ['queryTypes[0].rate', '"12 s"'],
        ['queryTypes[1].latency', '"30 $"'],
        ['models[0].weights', 'an object with keys FP8'],
        ['gpus[0].price', '"2.49 $"'],
        ['profiles[0].latency.deviation', '-1'],
        ['color', '"red"'],
      ]),
    );
    expect(issues).toHaveLength(7);
    expect(issues.find(({ path }) => path === 'period')!.expected).toBe(
      'a time > 0 (units: h, min, s, d; a plain number: h)',
    );
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, RegExp]>([
    ['a profile of nothing', { 'profiles[0].model': 'Lama' }, 'profiles[0].model', /Llama-3.1-8B, Llama-3.1-70B/],
    ['a GPU that is not there', { 'profiles[0].gpu': 'H10' }, 'profiles[0].gpu', /the name of a GPU tier/],
    ['a name twice', { 'queryTypes[1].name': 'chat' }, 'queryTypes[1].name', /queryTypes\[0\] has the same/],
    ['an unknown card', { 'gpus[0].catalogue': 'h1000' }, 'gpus[0].catalogue', /l40s, a100-sxm/],
    ['no memory', { 'gpus[0].catalogue': gone }, 'gpus[0].memory', /80 GB/],
    ['a precision that the card lacks', { 'gpus[0].precision': 'FP4' }, 'gpus[0].precision', /BF16, FP8/],
    ['no precision', { 'gpus[0].precision': gone }, 'gpus[0].precision', /FP8, BF16/],
    ['a model without sizes', { 'models[0].cachePerToken': gone }, 'models[0].cachePerToken', /131 kB/],
    ['another degree than measured', { 'profiles[1].tp': 4 }, 'profiles[1].tp', /^2, as trtllm-70b/],
    [
      'a profile of another model',
      { 'profiles[1].catalogue': 'trtllm-8b-fp8-1xh100' },
      'profiles[1].catalogue',
      /of llama-3.1-70b/,
    ],
    [
      'two service times of three',
      { 'profiles[0].secondsPerInputToken': gone },
      'profiles[0].secondsPerInputToken',
      /the other two/,
    ],
    ['no service times', { 'profiles[1].catalogue': gone }, 'profiles[1]', /service times/],
    [
      'two sources',
      { 'profiles[0].throughput': [{ inputTokens: 1, outputTokens: 1, tokens: 1 }] },
      'profiles[0]',
      /one source/,
    ],
    ['a limit on latency without data', { 'profiles[0].latency': gone }, 'profiles[0].latency', /queryTypes\[0\]/],
    [
      'a limit on errors without data',
      { 'errors[1].model': 'Llama-3.1-8B' },
      'errors',
      /chat by Llama-3.1-70B on H100/,
    ],
    ['dropping for nothing', { 'queryTypes[1].dropPenalty': gone }, 'queryTypes[1].dropPenalty', /mayDrop/],
    ['a limit on no GPU', { 'limits[0].perGpu': { H1: 1 } }, 'limits[0].perGpu.H1', /H100/],
    ['an error in per cent', { 'errors[0].nominal': 9 }, 'errors[0].nominal', /from 0 to 1/],
    ['a limit on errors in per cent', { 'queryTypes[0].maxError': 8 }, 'queryTypes[0].maxError', /from 0 to 1/],
    [
      'a throughput with a zero too many',
      {
        'profiles[1].catalogue': gone,
        'profiles[1].throughput': [
          { inputTokens: 900, outputTokens: 60, tokens: 7000 },
          { inputTokens: 1200, outputTokens: 350, tokens: 1500 },
          { inputTokens: 14000, outputTokens: 900, tokens: 330 },
        ],
      },
      'profiles[1].throughput',
      /belong together/,
    ],
    ['utilization 0', { utilization: 0 }, 'utilization', /above 0/],
    ['negative times', { 'profiles[0].secondsPerInputToken': -1 }, 'profiles[0].secondsPerInputToken', />= 0/],
    [
      'all of a catalogue that fits nothing',
      { 'profiles[0]': { catalogue: 'all', model: 'Llama-3.1-8B' } },
      'profiles[0].catalogue',
      /some model/,
    ],
    ['all, and a degree', { 'profiles[0]': { catalogue: 'all', tp: 2 } }, 'profiles[0].tp', /nothing here/],
    // What only the instance's own validation finds comes back in the fleet's words.
    ['degrees beyond a node', { 'gpus[0].gpusPerNode': 1 }, 'profiles[1].tp', /./],
    ['a degree that the heads refuse', { 'models[0].tpDegrees': [2] }, 'profiles[0].tp', /./],
    ['the same configuration twice', { 'profiles[2]': base().profiles[0] }, 'profiles[2]', /./],
  ])('%s', (_, changes, path, expected) => {
    const found = issuesOf(changes).find((issue) => issue.path === path);
    expect(found?.expected).toMatch(expected);
  });

  it('a wrong name of an error is told once', () => {
    const paths = issuesOf({ 'errors[0].model': 'Lama' }).map(({ path }) => path);
    expect(paths).toEqual(['errors[0].model']);
  });

  it('throughputs of the catalogue, and those with a third measured too high, belong together', () => {
    for (const { throughput } of catalogueProfiles) {
      const measured = throughput.map(({ inputTokens, outputTokens, tokensPerSecond }, shape) => ({
        inputTokens,
        outputTokens,
        tokens: tokensPerSecond * (shape === 0 ? 4 / 3 : 1),
      }));
      const { model, gpu, tp, latency } = base().profiles[0];
      expect(issuesOf({ 'profiles[0]': { model, gpu, tp, latency, throughput: measured } })).toEqual([]);
    }
  });
});
