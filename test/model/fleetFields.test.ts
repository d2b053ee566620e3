/** Instances with the fields of fleets: profiles, latency limits, fleet limits, commitments, switching costs. */
import { describe, expect, it } from 'vitest';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { errorOf } from './errorOf.ts';
import { tinyInstance } from './tinyInstance.ts';

// biome-ignore lint/suspicious/noExplicitAny: malformed data has no type
type Anything = any;

describe('profiles and the other fields of fleets', () => {
  const profile = (change: Anything = {}): Anything => ({
    model: 'small',
    tier: 'plain',
    tpDegree: 1,
    secondsPerInputToken: 1e-5,
    secondsPerOutputToken: 1e-4,
    secondsPerContextToken: 1e-8,
    ...change,
  });
  const latency = { firstToken: 10, perInputToken: 0.01, perOutputToken: 5 };
  const { secondsPerInputToken: _, ...partial } = profile();

  it('are accepted together', () => {
    const data: Anything = tinyInstance();
    delete data.delay;
    data.utilization = 0.7;
    data.fleetLimits = [{ name: 'power', unit: 'kW', perGpu: { plain: 0.7, fast: 1 }, most: 12 }];
    data.profiles = [profile({ latency }), profile({ tpDegree: 2, pipelineDegree: 2, latency })];
    Object.assign(data.queryTypes[0], { ttftThreshold: 500, tpotThreshold: 50, cachedShare: 0.4 });
    Object.assign(data.models[0], { tpDegrees: [1, 2], maxReplicas: 'none', minReplicas: 2, weightSize: { FP8: 8 } });
    Object.assign(data.tiers[0], { gpusPerNode: 8, memoryReserve: 1, committed: 3, precision: 'FP8', utilization: 1 });
    expect(validateInstance(data)).toEqual(data);
  });

  const faults: [string, (d: Anything) => void, string, string][] = [
    ['a profile of an unknown model', (d) => (d.profiles = [profile({ model: 'x' })]), 'profiles[0].model', 'the name'],
    ['a profile of an unknown tier', (d) => (d.profiles = [profile({ tier: 'x' })]), 'profiles[0].tier', 'the name'],
    ['two profiles of one deployment', (d) => (d.profiles = [profile(), profile()]), 'profiles[1]', 'each once'],
    ['no profile at all', (d) => (d.profiles = []), 'profiles', 'at least one profile'],
    [
      'a profile without times',
      (d) => (d.profiles = [{ model: 'small', tier: 'plain', tpDegree: 1 }]),
      'profiles[0]',
      'service times',
    ],
    ['a part of the formula', (d) => (d.profiles = [partial]), 'profiles[0].secondsPerInputToken', 'belong together'],
    [
      'a negative time',
      (d) => (d.profiles = [profile({ secondsPerOutputToken: -1 })]),
      'profiles[0].secondsPerOutputToken',
      '>= 0',
    ],
    [
      'a measurement of an unknown query type',
      (d) => (d.profiles = [profile({ measured: [{ queryType: 'x', queriesPerHour: 1 }] })]),
      'profiles[0].measured[0].queryType',
      'the name',
    ],
    [
      'delays beside latency',
      (d) => (d.profiles = [profile({ latency })]),
      'delay',
      'nothing: the profiles tell latency',
    ],
    [
      'latency of some profiles only',
      (d) => {
        delete d.delay;
        d.profiles = [profile({ latency }), profile({ tpDegree: 2 })];
      },
      'profiles[1].latency',
      'a latency',
    ],
    [
      'a degree that the tier does not offer',
      (d) => (d.profiles = [profile({ tpDegree: 3 })]),
      'profiles[0].tpDegree',
      'one of 1, 2, 4',
    ],
    [
      'a degree that the model does not allow',
      (d) => {
        d.models[0].tpDegrees = [2];
        d.profiles = [profile()];
      },
      'profiles[0].tpDegree',
      'one of 2',
    ],
    ['a degree beyond a node', (d) => (d.tiers[0].gpusPerNode = 2), 'tiers[0].tpDegrees[2]', 'at most 2'],
    ['utilization 0', (d) => (d.utilization = 0), 'utilization', '> 0 and <= 1'],
    ['utilization of a tier above 1', (d) => (d.tiers[0].utilization = 1.1), 'tiers[0].utilization', '> 0 and <= 1'],
    ['all of the input cached', (d) => (d.queryTypes[0].cachedShare = 1), 'queryTypes[0].cachedShare', '< 1'],
    [
      'a limit to the first token without latency',
      (d) => (d.queryTypes[1].ttftThreshold = 5),
      'queryTypes[1].ttftThreshold',
      'data to check it',
    ],
    [
      'a limit per token without latency',
      (d) => (d.queryTypes[1].tpotThreshold = 5),
      'queryTypes[1].tpotThreshold',
      'data to check it',
    ],
    [
      'an error limit without errors',
      (d) => {
        delete d.error;
        delete d.queryTypes[1].errorThreshold;
      },
      'queryTypes[0].errorThreshold',
      'data to check it',
    ],
    [
      'dropping without a penalty',
      (d) => delete d.queryTypes[0].unmetPenalty,
      'queryTypes[0].unmetCap',
      'unmetPenalty',
    ],
    [
      'compute of some query types',
      (d) => delete d.queryTypes[0].computePerToken,
      'queryTypes[0].computePerToken',
      'or none of them',
    ],
    ['compute of some tiers', (d) => delete d.tiers[1].compute, 'tiers[1].compute', 'or none of them'],
    [
      'more replicas at least than at most',
      (d) => Object.assign(d.models[0], { minReplicas: 3, maxReplicas: 2 }),
      'models[0].minReplicas',
      'at most 2',
    ],
    [
      'more GPUs committed than available',
      (d) => Object.assign(d.tiers[0], { committed: 5, available: 4 }),
      'tiers[0].committed',
      'at most 4',
    ],
    [
      'more replicas at least than there are GPUs for',
      (d) => {
        d.models[1].minReplicas = 4;
        d.tiers[0].available = 2;
        d.fleetLimits = [{ name: 'power', perGpu: { fast: 0.7 }, most: 2.1 }];
      },
      'models[1].minReplicas',
      'at most 3',
    ],
    ['more reserve than memory', (d) => (d.tiers[0].memoryReserve = 17), 'tiers[0].memoryReserve', 'at most 16'],
    ['replicas as a word', (d) => (d.models[0].maxReplicas = 'many'), 'models[0].maxReplicas', '"none"'],
    [
      'a fleet limit on an unknown tier',
      (d) => (d.fleetLimits = [{ name: 'pool', perGpu: { x: 1 }, most: 1 }]),
      'fleetLimits[0].perGpu.x',
      'the name',
    ],
    [
      'a fleet limit of one name twice',
      (d) => (d.fleetLimits = [0, 1].map(() => ({ name: 'pool', perGpu: { plain: 1 }, most: 1 }))),
      'fleetLimits[1]',
      'each once',
    ],
    [
      'a negative use in a fleet limit',
      (d) => (d.fleetLimits = [{ name: 'pool', perGpu: { plain: -1 }, most: 1 }]),
      'fleetLimits[0].perGpu',
      '>= 0',
    ],
  ];
  it.each(faults)('refuse %s', (_name, change, path, expected) => {
    const data: Anything = tinyInstance();
    change(data);
    const { issues } = errorOf(() => validateInstance(data));
    expect(issues.map((each) => each.path)).toEqual([path]);
    expect(issues[0].expected).toContain(expected);
  });
});
