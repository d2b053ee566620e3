import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../src/model/check/verifier.ts';
import type { Instance, Plan } from '../../src/model/instance.ts';
import { presets } from '../../src/model/options.ts';
import type { SolveResult } from '../../src/planner/solveResult.ts';
import { planReport } from '../../src/report/planReport.ts';
import { optionsLine, solveReport } from '../../src/report/solveReport.ts';
import { handMadeInstance, handMadePlan } from '../cli/handMadePlan.ts';

const reportOn = (instance: Instance, plan: Plan) =>
  planReport(instance, presets.corrected, plan, checkPlan(instance, presets.corrected, plan));

describe('planReport', () => {
  const report = reportOn(handMadeInstance, handMadePlan);

  it('shows every part of the cost with its share', () => {
    // Figures of test/cli/handMadePlan.ts.
    for (const line of [
      /Rental +10\.00 +10 h +38\.2 %/,
      /Storage of weights +0\.20 +10 h +0\.76 %/,
      /Storage of query data +0\.18 +10 h +0\.69 %/,
      /Delay penalty +10\.80 +1 h +41\.3 %/,
      /Unmet demand +5\.00 +1 h +19\.1 %/,
      /Total +26\.180000 +- +100\.0 %/,
    ]) {
      expect(report).toMatch(line);
    }
  });

  it('shows GPUs, workload, unmet demand and TP degrees', () => {
    expect(report).toMatch(/Small +Card +1 +1 +1\.00 +10\.00/);
    expect(report).toMatch(/Chat +Small +Card +90\.0 % +9\n/);
    expect(report).toMatch(/Chat +10\.0 % +10\.0 % +1 +5\.00/);
    expect(report).toMatch(/Degree +Deployments +GPUs +Share of GPUs\n +1 +1 +1 +100\.0 %/);
  });

  it('shows left side, limit, use and status of each constraint group', () => {
    for (const line of [
      /budget +rental and storage +10\.38 +<= 100 +\$ +10\.4 % +holds/,
      /memory +Small on Card TP 1 +3\.8 +<= 48 +GB per GPU +7\.9 % +holds/,
      /compute +Small on Card TP 1 +18 +<= 50 +TFLOPs +36\.0 % +holds/,
      /storage +stored weights +2 +<= 100 +GB +2\.0 % +holds/,
      /delay +Chat +108 +<= 1000 +ms +10\.8 % +holds/,
      /error +Chat +0\.054 +<= 0\.1 +fraction +54\.0 % +holds/,
    ]) {
      expect(report).toMatch(line);
    }
  });

  it('says how busy replicas are, and what one more costs or what stands against it', () => {
    // 7200 queries/h of 0.5 s keep one replica busy, on two that may be busy half of the time each. A third one costs
    // 2 GPUs x 3 $/h x 10 h; of the committed GPUs the first two are paid in any case.
    const { residency: _, delay: __, ...data } = handMadeInstance;
    const [query] = data.queryTypes;
    const profile = { model: 'Small', tier: 'Card', tpDegree: 2 };
    const busy: Instance = {
      ...data,
      queryTypes: [{ ...query, inputTokens: 100, outputTokens: 0, arrivalRate: 7200 }],
      tiers: [{ ...data.tiers[0], price: 3, available: 6 }],
      utilization: 0.5,
      rentalPeriod: 10,
      profiles: [{ ...profile, secondsPerInputToken: 0.005, secondsPerOutputToken: 0, secondsPerContextToken: 0 }],
    };
    const plan: Plan = {
      ...handMadePlan,
      deployments: [{ ...profile, replicas: 2, gpus: 4 }],
      routing: [{ ...handMadePlan.routing[0], fraction: 1 }],
      unmet: [],
    };
    const on = (instance: Instance, maxReplicas: number | 'none' = 'none') => {
      const options = { ...presets.recommended, maxReplicas };
      return planReport(instance, options, plan, checkPlan(instance, options, plan));
    };
    const row = (end: string) =>
      new RegExp(`Load\\n.*One more, \\$ over 10 h\\n +Small +Card +2 +2 +1 +1 +100\\.0 % +${end}\\n`);
    expect(on(busy)).toMatch(row('60\\.00'));
    expect(on({ ...busy, tiers: [{ ...busy.tiers[0], committed: 5 }] })).toMatch(row('30\\.00'));
    expect(on({ ...busy, tiers: [{ ...busy.tiers[0], available: 5 }] })).toMatch(row('none \\(availability\\)'));
    expect(on(busy, 2)).toMatch(row('none \\(replicas\\)'));
    expect(report).not.toContain('Load\n');
  });

  it('counts penalties for the time that the options say', () => {
    const options = { ...presets.corrected, penalties: 'per-period' } as const;
    const text = planReport(
      handMadeInstance,
      options,
      handMadePlan,
      checkPlan(handMadeInstance, options, handMadePlan),
    );
    expect(text).toMatch(/Delay penalty +108\.00 +10 h/);
    expect(text).toMatch(/Unmet demand +50\.00 +10 h/);
    expect(text).toMatch(/Penalty \$ for 10 h\n +Chat +10\.0 % +10\.0 % +1 +50\.00/);
  });

  it('says when a limit does not exist', () => {
    const { budget: _, ...unlimited } = handMadeInstance;
    expect(reportOn(unlimited, handMadePlan)).toMatch(/budget +rental and storage +10\.38 +no limit +\$ +- +holds/);
  });

  it('shows replicas only where there are any', () => {
    expect(report).not.toContain('Replicas');
    const deployments = [{ ...handMadePlan.deployments[0], replicas: 2, gpus: 2 }];
    const doubled = reportOn(handMadeInstance, { ...handMadePlan, deployments });
    expect(doubled).toMatch(/Small +Card +1 +2 +2 +2\.00 +20\.00/);
    expect(doubled).toMatch(/replicas .*VIOLATED/);
  });

  it('keeps every violated line of a long group, and the tightest of the others', () => {
    const [query] = handMadeInstance.queryTypes;
    const names = Array.from({ length: 40 }, (_, i) => `Chat ${i}`);
    const copies = <T>(entry: T): T[] => names.map(() => entry);
    const long: Instance = {
      ...handMadeInstance,
      queryTypes: names.map((name, i) => ({ ...query!, name, errorThreshold: i === 33 ? 0.01 : 0.1 + i / 1000 })),
      delay: { nominal: copies([[0.5]]), deviation: copies([[0.1]]) },
      error: { nominal: copies([[0.05]]), deviation: copies([[0.01]]) },
    };
    const plan: Plan = {
      ...handMadePlan,
      routing: names.map((queryType) => ({ ...handMadePlan.routing[0], queryType })),
      unmet: names.map((queryType) => ({ queryType, fraction: 0.1 })),
    };
    const text = reportOn(long, plan);
    expect(text).toMatch(/error +Chat 33 +0\.054 +<= 0\.01 +fraction +540\.0 % +VIOLATED/);
    expect(text).toMatch(/error +Chat 0 /);
    expect(text).not.toMatch(/error +Chat 39 /);
    expect(text).toMatch(/error +28 lines with less use/);
  });
});

describe('solveReport', () => {
  const statistics = {
    format: 'rolla-result/1',
    instance: 'by-hand',
    options: presets.corrected,
    notices: [],
    bound: 26.18,
    nodes: 3,
    simplexIterations: 17,
    seconds: 0.5,
    rootBound: 25,
    incumbents: [{ source: 'greedy', cost: 26.18, seconds: 0.1, node: 1 }],
    relaxation: { name: 'compact', reason: 'small' },
  } as const;

  it('shows status, bound, gap and work around the plan', () => {
    const { cost } = checkPlan(handMadeInstance, presets.corrected, handMadePlan);
    const result: SolveResult = { ...statistics, status: 'optimal', gap: 0, cost, plan: handMadePlan };
    const report = solveReport(handMadeInstance, result);
    expect(report).toContain('by-hand: 1 query type, 1 model, 1 GPU tier');
    expect(report).toContain('Status    optimal (proven within the gap, plan verified)');
    expect(report).toContain('Bound     $ 26.180000, gap 0.0 %');
    expect(report).toMatch(/Relaxation +compact \(small\)/);
    expect(report).toMatch(/greedy +26\.18 +1 +0\.10 s/);
    expect(report.endsWith('\n')).toBe(true);
  });

  it('says of an infeasible instance that it is proven, and shows no plan', () => {
    const nothing = { bound: null, rootBound: null, incumbents: [], cost: null, gap: null, plan: null };
    const report = solveReport(handMadeInstance, { ...statistics, ...nothing, status: 'infeasible' });
    expect(report).toContain('infeasible (proven');
    expect(report).not.toContain('GPUs rented');
  });

  it('names the nearest preset and what differs from it', () => {
    expect(optionsLine(presets.paper)).toBe('preset paper');
    expect(optionsLine({ ...presets.reference, placement: 'split' })).toBe('preset reference but placement split');
  });
});
