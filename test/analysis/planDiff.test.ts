/** Changes between hand-made plans, whose figures are calculated by hand; and the promise of the order. */
import { describe, expect, it } from 'vitest';
import { diffPlans } from '../../src/analysis/planDiff.ts';
import { compileFleet } from '../../src/generator/fleet/compileFleet.ts';
import type { Fleet } from '../../src/generator/fleet/fleetSchema.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import type { Plan } from '../../src/model/instance.ts';
import { presets } from '../../src/model/options.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { markdownLayout } from '../../src/report/layout.ts';
import { planDiffReport } from '../../src/report/planDiffReport.ts';

const before: Plan = {
  format: 'rolla-plan/1',
  deployments: [
    { model: '8B', tier: 'L40S', tpDegree: 1, replicas: 3, gpus: 3 },
    { model: '70B', tier: 'H100', tpDegree: 2, replicas: 2, gpus: 4 },
  ],
  routing: [
    { queryType: 'chat', model: '8B', tier: 'L40S', fraction: 1 },
    { queryType: 'code', model: '70B', tier: 'H100', fraction: 1 },
  ],
  unmet: [],
};
const after: Plan = {
  format: 'rolla-plan/1',
  deployments: [
    { model: '8B', tier: 'L40S', tpDegree: 1, replicas: 5, gpus: 5 },
    { model: '70B', tier: 'H100', tpDegree: 4, replicas: 1, gpus: 4 },
  ],
  routing: [
    { queryType: 'chat', model: '8B', tier: 'L40S', fraction: 0.9 },
    { queryType: 'code', model: '70B', tier: 'H100', fraction: 1 },
  ],
  unmet: [{ queryType: 'chat', fraction: 0.1 }],
};

const fleet: Fleet = {
  format: 'rolla-fleet/1',
  period: 1,
  utilization: 1,
  queryTypes: [
    { name: 'chat', rate: 1000, inputTokens: 100, outputTokens: 100 },
    { name: 'code', rate: 1000, inputTokens: 100, outputTokens: 100 },
  ],
  models: [
    { name: '8B', weights: 8, cachePerToken: 0 },
    { name: '70B', weights: 70, cachePerToken: 0 },
  ],
  gpus: [
    { name: 'L40S', memory: 48, price: 1, available: 8 },
    { name: 'H100', memory: 80, price: 2.5 },
  ],
  profiles: [
    { model: '8B', gpu: 'L40S', tp: 1, measured: [{ queryType: 'chat', rate: 300 }] },
    { model: '70B', gpu: 'H100', tp: 2, measured: [{ queryType: 'code', rate: 600 }] },
    { model: '70B', gpu: 'H100', tp: 4, measured: [{ queryType: 'code', rate: 1100 }] },
  ],
  limits: [{ name: 'rack', unit: 'GPUs', perGpu: { H100: 1 }, most: 6 }],
  switchingCost: { added: 3, removed: 1 },
};

describe('the change between two plans', () => {
  const diff = diffPlans(before, after, compileFleet(fleet));

  it('adds, reroutes and removes; other degrees are another deployment', () => {
    expect(diff.add.map(({ model, tpDegree, gpus }) => [model, tpDegree, gpus])).toEqual([
      ['8B', 1, 2],
      ['70B', 4, 4],
    ]);
    expect(diff.remove.map(({ model, tpDegree, gpus }) => [model, tpDegree, gpus])).toEqual([['70B', 2, 4]]);
    expect(diff.reroute).toEqual([{ queryType: 'chat', model: '8B', tier: 'L40S', before: 1, after: 0.9 }]);
    expect(diff.unmet).toEqual([{ queryType: 'chat', before: 0, after: 0.1 }]);
  });

  it('costs rental before, during and after, and switching by GPUs of a (model, tier)', () => {
    // 3 + 4 * 2.5, 5 + 8 * 2.5, 5 + 4 * 2.5; two GPUs are added, none removed, at 3 $.
    expect(diff.rentalPerHour).toEqual({ before: 13, during: 25, after: 15 });
    expect(diff.switching).toBe(6);
  });

  it('says which limits do not hold on the way', () => {
    expect(diff.conflicts).toEqual(['rack: 8 GPUs while both plans are up, where 6 is the limit']);
  });

  it('without an instance has no money, and of a plan to itself is nothing', () => {
    expect(diffPlans(before, after)).toMatchObject({ rentalPerHour: null, switching: null, conflicts: [] });
    const none = diffPlans(before, before);
    expect([none.add, none.reroute, none.remove, none.unmet]).toEqual([[], [], [], []]);
    expect(planDiffReport(none)).toBe('Change    none\n');
  });

  it('is told as text and as Markdown', () => {
    const text = planDiffReport(diff);
    expect(text.indexOf('1. Add')).toBeLessThan(text.indexOf('2. Reroute'));
    expect(text.indexOf('2. Reroute')).toBeLessThan(text.indexOf('3. Remove'));
    expect(text).toContain('Rental    $/h 13.00 before, 25.00 during, 15.00 after (+2.00)');
    expect(text).toContain('CONFLICT  rack: 8 GPUs');
    const markdown = planDiffReport(diff, markdownLayout);
    expect(markdown).toContain(
      '## 1. Add\n\n| Model | Tier | TP | PP | Replicas | GPUs |\n| --- | --- | ---: | ---: | ---: | ---: |\n',
    );
    expect(markdown).toContain('| 70B | H100 | 4 | 1 | 0 -\\> 1 | 4 |');
  });
});

describe('the order', () => {
  it('never loses capacity: both routings, and their mixture, fit between the first and the last step', () => {
    const { gpus, limits: _, ...rest } = fleet;
    const roomy = (rates: [number, number]) =>
      compileFleet({
        ...rest,
        gpus: gpus.map(({ available: __, ...gpu }) => gpu),
        models: rest.models,
        queryTypes: rest.queryTypes.map((query, i) => ({ ...query, rate: rates[i] })),
        profiles: ['L40S', 'H100'].map((gpu) => ({
          model: '8B',
          gpu,
          tp: 1,
          measured: rest.queryTypes.map(({ name }, i) => ({
            queryType: name,
            rate: gpu === 'L40S' ? 300 + 50 * i : 900,
          })),
        })),
      });
    const rates: [number, number] = [1700, 2300];
    const options = presets.recommended;
    const plans = [{ placement: 'single' }, { placement: 'split' }].map(
      (choice) => optimize(roomy(rates), choice as { placement: 'single' }).plan!,
    );
    const [first, second] = plans;
    const most = new Map<string, Plan['deployments'][number]>();
    for (const deployment of [...first.deployments, ...second.deployments]) {
      const key = `${deployment.model} ${deployment.tier}`;
      if (deployment.replicas > (most.get(key)?.replicas ?? 0)) most.set(key, deployment);
    }
    for (const share of [0, 0.3, 0.5, 1]) {
      const mixed = new Map<string, Plan['routing'][number]>();
      for (const [plan, weight] of [
        [first, 1 - share],
        [second, share],
      ] as const) {
        for (const route of plan.routing) {
          const key = JSON.stringify([route.queryType, route.model, route.tier]);
          const fraction = (mixed.get(key)?.fraction ?? 0) + weight * route.fraction;
          if (fraction > 0) mixed.set(key, { ...route, fraction });
        }
      }
      const during: Plan = { ...first, deployments: [...most.values()], routing: [...mixed.values()], unmet: [] };
      expect(checkPlan(roomy(rates), { ...options, placement: 'split' }, during).violations).toEqual([]);
    }
  });
});
