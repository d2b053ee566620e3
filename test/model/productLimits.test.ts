/** Numbers that are fine alone, and whose products no double holds. */
import { describe, expect, it } from 'vitest';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { errorOf } from './errorOf.ts';
import { tinyInstance } from './tinyInstance.ts';

// biome-ignore lint/suspicious/noExplicitAny: malformed data has no type
type Anything = any;

describe('products', () => {
  const huge: [path: string, change: (data: Anything) => void, others: string][] = [
    ['queryTypes[0].delayPenalty', (d) => (d.queryTypes[0].delayPenalty = 1e308), 'arrivalRate'],
    ['queryTypes[1].unmetPenalty', (d) => (d.queryTypes[1].unmetPenalty = 1e150), 'queryTypes[1].arrivalRate (5)'],
    ['rentalPeriod', (d) => (d.rentalPeriod = 1e308), 'storagePrice'],
    ['tiers[0].price', (d) => (d.tiers[0].price = 1e99), 'rentalPeriod (10)'],
    ['delay.deviation[1][0][1]', (d) => (d.delay.deviation[1][0][1] = 1e300), 'inputTokens'],
    ['residency', (d) => (d.residency = 1e99), 'arrivalRate'],
    ['models[1].weightSize', (d) => (d.models[1].weightSize = 1.7e308), 'rentalPeriod'],
  ];
  it.each(huge)('that no number can hold are refused, naming %s', (path, change, others) => {
    const data: Anything = tinyInstance();
    change(data);
    const { issues } = errorOf(() => validateInstance(data));
    expect(issues[0].path).toBe(path);
    expect(issues[0].expected).toContain(others);
  });

  const fleet = (): Anything => ({
    format: 'rolla-instance/1',
    rentalPeriod: 24,
    queryTypes: [
      { name: 'chat', inputTokens: 100, outputTokens: 50, arrivalRate: 3000, delayPenalty: 1e-6, unmetPenalty: 1 },
    ],
    models: [{ name: 'm', weightSize: 16, kvCachePerToken: 1e-4, maxReplicas: 50 }],
    tiers: [{ name: 'a', memory: 80, price: 2, tpDegrees: [1], pipelineDegrees: [1, 2], committed: 1 }],
    profiles: [
      {
        model: 'm',
        tier: 'a',
        tpDegree: 1,
        latency: { firstToken: 20, perInputToken: 0.05, perOutputToken: 8 },
        measured: [{ queryType: 'chat', queriesPerHour: 5000, ttft: 40, tpot: 9 }],
      },
    ],
    fleetLimits: [{ name: 'power', perGpu: { a: 1.5 }, most: 100 }],
    currentPlan: {
      format: 'rolla-plan/1',
      deployments: [{ model: 'm', tier: 'a', tpDegree: 1, replicas: 2, gpus: 2 }],
      routing: [],
      unmet: [],
    },
    switchingCost: { added: 1, removed: 2 },
  });
  const hugeInFleets: [path: string, change: (data: Anything) => void, others: string][] = [
    ['switchingCost.added', (d) => (d.switchingCost.added = 1e300), 'currentPlan.deployments[0].gpus (2)'],
    ['switchingCost.removed', (d) => (d.switchingCost.removed = 1e100), 'currentPlan.deployments[0].gpus (2)'],
    ['fleetLimits[0].perGpu.a', (d) => (d.fleetLimits[0].perGpu.a = 1e99), 'models[0].maxReplicas (50)'],
    ['tiers[0].price', (d) => (d.tiers[0].price = 1e98), 'tiers[0].pipelineDegrees[1] (2), models[0].maxReplicas (50)'],
    ['profiles[0].latency.firstToken', (d) => (d.profiles[0].latency.firstToken = 1e98), 'queryTypes[0].arrivalRate'],
    ['profiles[0].measured[0].ttft', (d) => (d.profiles[0].measured[0].ttft = 1e300), 'queryTypes[0].arrivalRate'],
    ['profiles[0].measured[0].tpot', (d) => (d.profiles[0].measured[0].tpot = 1e98), 'queryTypes[0].inputTokens'],
  ];
  it.each(hugeInFleets)('of a fleet are refused too, naming %s', (path, change, others) => {
    expect(() => validateInstance(fleet())).not.toThrow();
    const data = fleet();
    change(data);
    const { issues } = errorOf(() => validateInstance(data));
    expect(issues[0].path).toBe(path);
    expect(issues[0].expected).toContain(others);
  });

  it('are refused of what an object inherits too', () => {
    const data: Anything = tinyInstance();
    data.tiers[0].price = 1e99;
    const inherits = { ...data, tiers: data.tiers.map((tier: object) => Object.create(tier)) };
    for (const each of [inherits, Object.create(data)])
      expect(errorOf(() => validateInstance(each)).issues.map(({ path }) => path)).toContain('tiers[0].price');
  });

  it('of everyday numbers in any unit are fine', () => {
    const data: Anything = tinyInstance();
    data.rentalPeriod = 1e12;
    data.queryTypes[0].delayThreshold = 1e300;
    data.queryTypes[0].unmetPenalty = 1e30;
    expect(validateInstance(data).rentalPeriod).toBe(1e12);
  });
});
