/** Windows of demand: figures by hand on one tier, and what holds for every sequence. */
import { describe, expect, it } from 'vitest';
import { type DemandWindow, rollWindows } from '../../src/analysis/rollingWindows.ts';
import { compileFleet } from '../../src/generator/fleet/compileFleet.ts';
import type { Fleet } from '../../src/generator/fleet/fleetSchema.ts';
import { InputError } from '../../src/input/inputError.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { presets } from '../../src/model/options.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { rollChart, rollReport, rollRows } from '../../src/report/rollReport.ts';

/** One replica of one GPU serves 100 queries an hour for 1 $. */
const fleet: Fleet = {
  format: 'rolla-fleet/1',
  period: 24,
  utilization: 1,
  queryTypes: [{ name: 'chat', rate: 1, inputTokens: 100, outputTokens: 100 }],
  models: [{ name: 'm', weights: 1, cachePerToken: 0 }],
  gpus: [{ name: 'g', memory: 80, price: 1 }],
  profiles: [{ model: 'm', gpu: 'g', tp: 1, measured: [{ queryType: 'chat', rate: 100 }] }],
};

const windows: DemandWindow[] = [390, 150, 390, 90].map((rate, w) => ({ start: w, hours: 1, rates: { chat: rate } }));

describe('windows', () => {
  it('without switching costs follow the demand', async () => {
    const rolled = await rollWindows(compileFleet(fleet), windows);
    // 4, 2, 4 and 1 GPUs.
    expect(rolled.windows.map(({ cost }) => cost)).toEqual([4, 2, 4, 1]);
    expect(rolled.totals).toEqual({ cost: 11, switching: 0, bound: expect.closeTo(11, 4), gpusMoved: 2 + 2 + 3 });
    expect(rolled.peak.cost).toBe(16);
  });

  it('with them keep GPUs whose removal costs more than their rental of a window', async () => {
    const instance = compileFleet({ ...fleet, switchingCost: { added: 0, removed: 1.5 } });
    const rolled = await rollWindows(instance, windows);
    // Each window sees that a GPU kept costs 1 $ and one given back 1.50 $: four throughout.
    expect(rolled.windows.map(({ cost }) => cost)).toEqual([4, 4, 4, 4]);
    expect(rolled.totals).toMatchObject({ cost: 16, switching: 0, bound: expect.closeTo(11, 4), gpusMoved: 0 });
    const cheap = await rollWindows(compileFleet({ ...fleet, switchingCost: { added: 0.25, removed: 0.25 } }), windows);
    // The first window builds from nothing, which nobody is asked to pay; then 2, 2 and 3 GPUs move.
    expect(cheap.totals).toMatchObject({ cost: 11, switching: 7 / 4, bound: expect.closeTo(11, 4), gpusMoved: 7 });
  });

  it('of equal demand are planned alone once', async () => {
    const day = [390, 150, 390, 150].map((rate, w) => ({ start: w, hours: 1, rates: { chat: rate } }));
    const rolled = await rollWindows(compileFleet(fleet), day);
    expect(rolled.windows.map(({ cost }) => cost)).toEqual([4, 2, 4, 2]);
    expect(rolled.windows[2].bound).toBe(rolled.windows[0].bound);
    expect(rolled.totals.gpusMoved).toBe(6);
  });

  it('begin from the current plan, if there is one', async () => {
    const currentPlan = {
      format: 'rolla-plan/1' as const,
      deployments: [{ model: 'm', tier: 'g', tpDegree: 1, replicas: 1, gpus: 1 }],
      routing: [],
      unmet: [],
    };
    const instance = compileFleet({ ...fleet, currentPlan, switchingCost: { added: 2, removed: 0 } });
    const { windows: rolled } = await rollWindows(instance, windows.slice(0, 1));
    expect(rolled[0]).toMatchObject({
      cost: 4,
      switching: 6,
      bound: expect.closeTo(4, 4),
      moves: { added: 3, removed: 0 },
    });
  });

  it('keep the share of the budget that their time has, and say where there is no plan', async () => {
    const instance = compileFleet({ ...fleet, budget: 24 * 3 });
    const { windows: rolled, totals, peak } = await rollWindows(instance, windows);
    expect(rolled.map(({ status, cost }) => [status, cost])).toEqual([
      ['infeasible', null],
      ['optimal', 2],
      ['infeasible', null],
      ['optimal', 1],
    ]);
    expect([totals.cost, peak.status, peak.cost]).toEqual([null, 'infeasible', null]);
    expect(rollReport(await rollWindows(instance, windows))).toContain('infeasible');
  });

  it('have plans that the verifier accepts at their rates, none below its bound', async () => {
    const two: Fleet = {
      ...fleet,
      queryTypes: [...fleet.queryTypes, { name: 'code', rate: 1, inputTokens: 100, outputTokens: 900 }],
      gpus: [...fleet.gpus, { name: 'h', memory: 80, price: 2.2 }],
      profiles: ['g', 'h'].map((gpu, k) => ({
        model: 'm',
        gpu,
        tp: 1,
        measured: [
          { queryType: 'chat', rate: 100 + 90 * k },
          { queryType: 'code', rate: 30 + 60 * k },
        ],
      })),
      switchingCost: { added: 0.3, removed: 0.1 },
    };
    const instance = compileFleet(two);
    const demand = Array.from({ length: 6 }, (_, w) => ({
      start: w / 2,
      hours: 0.5,
      rates: { chat: 200 + 150 * Math.cos(w), code: 100 + 60 * Math.sin(w) },
    }));
    const rolled = await rollWindows(instance, demand);
    rolled.windows.forEach(({ plan, cost, switching, gap, bound, rates, hours }, w) => {
      const { currentPlan: _, switchingCost: __, ...rest } = instance;
      const queryTypes = rest.queryTypes.map((query) => ({
        ...query,
        arrivalRate: (rates as Record<string, number>)[query.name],
      }));
      const check = checkPlan({ ...rest, queryTypes, rentalPeriod: hours }, presets.recommended, plan!);
      expect([w, check.violations]).toEqual([w, []]);
      expect(cost).toBeCloseTo(check.cost.total, 9);
      expect(cost!).toBeGreaterThanOrEqual(bound! - 1e-9);
      const free = { ...rest, queryTypes, rentalPeriod: hours };
      expect(bound!).toBeLessThanOrEqual(optimize(free).cost!.total + 1e-9);
      const before = rolled.windows[w - 1]?.plan;
      const least = optimize(before ? { ...free, currentPlan: before, switchingCost: instance.switchingCost! } : free);
      expect(gap!).toBeLessThanOrEqual(rolled.gap);
      expect((cost! + switching!) * (1 - gap!)).toBeLessThanOrEqual(least.cost!.total + 1e-9);
    });
    expect(rolled.totals.cost!).toBeLessThanOrEqual(rolled.peak.cost! + rolled.totals.switching! + 1e-9);
    expect(rollRows(rolled)).toHaveLength(6);
    expect(rollChart('t', rolled).spec.vconcat).toHaveLength(3);
  });

  it('refuse strangers, lengths that are none and windows that overlap, together', async () => {
    const wrong = [
      { start: 0, hours: 1, rates: { chat: 1, chit: 2 } },
      { start: 0.5, hours: 0, rates: { chat: -1 } },
    ];
    const error = await rollWindows(compileFleet(fleet), wrong).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).issues.map(({ path }) => path)).toEqual([
      'windows[1].hours',
      'windows[1].rates.chat',
      'windows[0].rates',
      'windows[1].start',
    ]);
  });
});
