/** What each factor of fleets makes of an instance, and of a plan whose right cost is known by hand. */
import { describe, expect, it } from 'vitest';
import { type FactorValue, factors, findFactor } from '../../src/analysis/factors.ts';
import type { Instance, Profile } from '../../src/model/instance.ts';
import { optimize } from '../../src/planner/optimize.ts';

/** Two busy replicas of 1 $/h for one hour at utilization 1. */
const profile: Profile = {
  model: 'M',
  tier: 'T',
  tpDegree: 1,
  secondsPerInputToken: 0.01,
  secondsPerOutputToken: 0,
  secondsPerContextToken: 0,
  latency: { firstToken: 100, perInputToken: 0, perOutputToken: 10, deviation: 0.5 },
};
const fleet: Instance = {
  format: 'rolla-instance/1',
  queryTypes: [
    {
      name: 'q',
      inputTokens: 100,
      outputTokens: 11,
      arrivalRate: 7200,
      delayThreshold: 400,
      ttftThreshold: 200,
      tpotThreshold: 20,
    },
  ],
  models: [{ name: 'M', weightSize: 10, kvCachePerToken: 0 }],
  tiers: [{ name: 'T', memory: 16, price: 1, available: 10, committed: 1 }],
  profiles: [profile],
  utilization: 1,
  fleetLimits: [{ name: 'pool', perGpu: { T: 1 }, most: 6 }],
  uncertaintyBudget: { delay: 1, error: 0 },
  currentPlan: { format: 'rolla-plan/1', deployments: [], routing: [], unmet: [] },
  switchingCost: { added: 0.25, removed: 0 },
  rentalPeriod: 1,
};

function costWith(name: string, value: FactorValue, instance = fleet): number | null {
  const scenario = findFactor(name).apply({ instance, options: {} }, value);
  const { status, cost } = optimize(scenario.instance, { ...scenario.options, uncertainty: 'budgeted' });
  expect(['optimal', 'infeasible']).toContain(status);
  return cost?.total ?? null;
}

describe('factors of fleets', () => {
  // A replica costs 1 $ and 0.25 $ for the change.
  it.each<[string, FactorValue, number | null]>([
    ['rate', 1, 2.5],
    ['rate', 1.4, 3.75],
    ['rate', 3.1, null], // 7 GPUs of a pool of 6
    ['input-tokens', 2, 5],
    ['service-time', 0.5, 1.25],
    ['utilization', 0.5, 5],
    ['cached-share', 0.5, 1.25],
    ['rental-period', 24, 48.5],
    ['price', 3, 6.5],
    ['fleet-limits', 0.3, null], // 1.8 GPUs
    ['fleet-limits', 0.5, 2.5],
    ['available', 0.19, null], // 1 GPU
    ['available', 0.2, 2.5],
    ['committed', 5, 5.5], // 5 GPUs paid, 2 of them rented
    ['committed', 0, 2.5],
    ['memory-reserve', 6, 2.5],
    ['memory-reserve', 6.1, null],
    ['min-replicas', 3, 3.75],
    ['switching-cost', 4, 4],
    ['max-replicas', 1, null],
    // Worst latencies: 150 ms, 15 ms and 300 ms.
    ['ttft', 0.74, null],
    ['ttft', 0.76, 2.5],
    ['tpot', 0.74, null],
    ['tpot', 0.76, 2.5],
    ['delay', 0.74, null],
    ['delay', 0.76, 2.5],
    ['latency', 1.3, 2.5],
    ['latency', 1.4, null],
    ['latency-deviation', 1.9, 2.5], // 195 ms of 200
    ['latency-deviation', 2.1, null],
  ])('%s %d', (name, value, expected) => {
    // No plan counts as -1, which nothing costs.
    expect(costWith(name, value) ?? -1).toBeCloseTo(expected ?? -1, 6);
  });

  it('scale what was measured too', () => {
    const measured = [{ queryType: 'q', queriesPerHour: 3600, ttft: 100, tpot: 10 }];
    const instance = { ...fleet, profiles: [{ model: 'M', tier: 'T', tpDegree: 1, measured }] };
    expect(costWith('service-time', 2, instance)).toBeCloseTo(5, 6);
    expect(costWith('latency', 1.99, instance)).toBeCloseTo(2.5, 6);
    expect(costWith('latency', 2.01, instance)).toBeNull();
  });

  it('leave alone what an instance does not have', () => {
    const bare: Instance = {
      format: 'rolla-instance/1',
      queryTypes: [{ name: 'q', inputTokens: 1, outputTokens: 1, arrivalRate: 1 }],
      models: [{ name: 'M', weightSize: 1, kvCachePerToken: 0 }],
      tiers: [{ name: 'T', memory: 2, price: 1 }],
      rentalPeriod: 1,
    };
    const scales = factors.filter(
      ({ label }) => label.includes('× base') && !/price|rate|tokens|period|memory/i.test(label),
    );
    expect(scales.length).toBeGreaterThan(12);
    for (const factor of scales) expect(factor.apply({ instance: bare, options: {} }, 3).instance).toEqual(bare);
  });

  it('refuse values that no instance may have', () => {
    const refused: [string, FactorValue][] = [
      ['utilization', 0],
      ['utilization', 1.1],
      ['cached-share', 1],
      ['service-time', 0],
      ['min-replicas', 0],
      ['min-replicas', 1.5],
      ['latency', -1],
      ['available', 'many'],
      ['max-replicas', 0],
    ];
    expect(refused.filter(([name, value]) => findFactor(name).accepts(value))).toEqual([]);
  });
});
