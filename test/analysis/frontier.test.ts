/** Frontiers: every point against a solve of its own, dominance and the exact frontier of GPUs by hand. */
import { describe, expect, it } from 'vitest';
import { factors } from '../../src/analysis/factors.ts';
import { type FrontierPoint, frontier, gpuFrontier } from '../../src/analysis/frontier.ts';
import { parseVary } from '../../src/analysis/grids.ts';
import { compileFleet } from '../../src/generator/fleet/compileFleet.ts';
import type { Fleet } from '../../src/generator/fleet/fleetSchema.ts';
import { generateFleet } from '../../src/generator/generateFleet.ts';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import { InputError } from '../../src/input/inputError.ts';
import type { Instance } from '../../src/model/instance.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { verifyPlan } from '../../src/planner/questions.ts';
import { frontierChart, frontierReport, frontierRows } from '../../src/report/frontierReport.ts';
import { referenceInstance } from '../oracle/testInstances.ts';

/** Tried once each way: small values and large ones, so that limits bind at one end. */
const valuesOf = (name: string): string | null => {
  if (['gamma', 'gamma-delay', 'gamma-error'].includes(name)) return '0,0.5,1,2';
  if (name === 'unmet-cap' || name === 'unmet-cap-per-rate') return '0,0.01,0.3';
  if (name === 'utilization') return '0.3,0.6,1';
  if (name === 'min-replicas') return '1,2,3';
  if (name === 'gpus') return '2,6,12,100';
  if (name === 'cached-share') return '0,0.5,0.9';
  if (name === 'memory-reserve') return '0,4,10';
  const isNumeric = factors.find((factor) => factor.name === name)!.accepts(0.5);
  return isNumeric ? '0.5,1,1.5' : null;
};

const mayDrop = ({ queryTypes }: Instance) => queryTypes.every(({ unmetPenalty }) => unmetPenalty !== undefined);

function expectSolvedAlone(instance: Instance, text: string, point: FrontierPoint): void {
  const { factor } = parseVary(text);
  const { instance: there } = factor.apply({ instance, options: {} }, point.value);
  const alone = optimize(there);
  expect(`${text} at ${point.value}: ${point.status}`).toBe(`${text} at ${point.value}: ${alone.status}`);
  if (alone.cost === null) return;
  expect(point.cost!.total / alone.cost.total).toBeCloseTo(1, 5);
  expect(point.bound!).toBeLessThanOrEqual(alone.cost.total);
  expect(verifyPlan(there, {}, point.plan!)).toMatchObject({ ok: true, cost: { total: point.cost!.total } });
}

describe('a frontier', () => {
  const instances = {
    published: generateInstance({ queryTypes: 3, models: 3, tiers: 3, seed: 3 }),
    fleet: generateFleet({ queryTypes: 3, models: 3, tiers: 3, seed: 2 }),
  };
  for (const [name, instance] of Object.entries(instances)) {
    it(`of every numeric factor has the points that solves of their own find, on a ${name} instance`, () => {
      let ordered = 0;
      for (const factor of factors) {
        const list = valuesOf(factor.name);
        if (list === null || (factor.name.startsWith('unmet-cap') && !mayDrop(instance))) continue;
        const text = `${factor.name}=${list}`;
        const { points, tighter } = frontier(instance, parseVary(text));
        expect(points).toHaveLength(list.split(',').length);
        for (const point of points) expectSolvedAlone(instance, text, point);
        if (tighter === null) continue;
        ordered++;
        const costs = points.map(({ cost }) => cost?.total ?? Infinity);
        for (const [t, cost] of costs.slice(1).entries()) expect(cost).toBeGreaterThanOrEqual(costs[t] * (1 - 2e-6));
      }
      expect(ordered).toBeGreaterThan(10);
    });
  }

  it('calls dominated what a tighter point costs no more than, and proves most of them without a search', () => {
    const { points, solves } = frontier(referenceInstance(), parseVary('error=0.9,1,1.05,1.1,1.15,1.2'));
    expect(points.map(({ value }) => value)).toEqual([1.2, 1.15, 1.1, 1.05, 1, 0.9]);
    points.forEach((point, t) => {
      const costsNoMore = points.slice(t + 1).some(({ cost }) => cost!.total <= point.cost!.total * (1 + 1e-6));
      expect(point.isDominated).toBe(costsNoMore);
    });
    expect(points.some(({ isDominated }) => isDominated)).toBe(true);
    expect(solves).toBeLessThan(points.length);
    expect(points.filter(({ provenBy }) => provenBy === 'looser point')).toHaveLength(points.length - solves);
  });

  it('ends in points without a plan where limits are too tight', () => {
    const { points } = frontier(referenceInstance(), parseVary('error=1,0.001,0.0001'));
    expect(points.map(({ status }) => status)).toEqual(['optimal', 'infeasible', 'infeasible']);
    expect(points.map(({ provenBy }) => provenBy)).toEqual(['search', 'search', 'looser point']);
    expect(points[2].isDominated).toBeNull();
  });

  it('has no order by available GPUs where fewer are committed with them, which may cost less', () => {
    const {
      budget: _budget,
      fleetLimits: _limits,
      ...instance
    } = generateFleet({ queryTypes: 3, models: 3, tiers: 3, seed: 2 });
    const committing: Instance = {
      ...instance,
      tiers: instance.tiers.map((tier) => ({ ...tier, available: 400, committed: 400 })),
    };
    const { points, tighter } = frontier(committing, parseVary('available=1,0.5'));
    expect(tighter).toBeNull();
    for (const point of points) expectSolvedAlone(committing, 'available=1,0.5', point);
    expect(points[1].cost!.total).toBeLessThan(points[0].cost!.total);
    expect(points.map(({ isDominated }) => isDominated)).toEqual([null, null]);
  });

  it('refuses what is no list of numbers', () => {
    expect(() => frontier(referenceInstance(), parseVary('placement=single,split'))).toThrow(InputError);
  });
});

/** 100 queries an hour on a small GPU for 1 $, 300 on a big one for 4 $; 450 are asked for. */
const fleet: Fleet = {
  format: 'rolla-fleet/1',
  period: 1,
  utilization: 1,
  queryTypes: [
    { name: 'chat', rate: 300, inputTokens: 100, outputTokens: 100 },
    { name: 'mail', rate: 150, inputTokens: 100, outputTokens: 100 },
  ],
  models: [{ name: 'm', weights: 1, cachePerToken: 0 }],
  gpus: [
    { name: 'small', memory: 80, price: 1 },
    { name: 'big', memory: 80, price: 4 },
  ],
  profiles: [
    { model: 'm', gpu: 'small', tp: 1, measured: ['chat', 'mail'].map((queryType) => ({ queryType, rate: 100 })) },
    { model: 'm', gpu: 'big', tp: 1, measured: ['chat', 'mail'].map((queryType) => ({ queryType, rate: 300 })) },
  ],
};

describe('the frontier of GPUs', () => {
  it('has every count of GPUs that pays, and ends where there is no plan', () => {
    const { points } = gpuFrontier(compileFleet(fleet), 20);
    // 5 small ones together; big for chat and 2 small for mail; 2 big ones.
    expect(points.map(({ value, cost }) => [value, cost!.total])).toEqual([
      [5, 5],
      [3, 6],
      [2, 8],
    ]);
    expect(points.every(({ provenBy, isDominated }) => provenBy !== null && isDominated === false)).toBe(true);
    expect(gpuFrontier(compileFleet(fleet), 2).points).toHaveLength(2);
  });

  it('is told as text, rows and a chart', () => {
    const instance = compileFleet(fleet);
    const found = gpuFrontier(instance, 20);
    expect(frontierReport(instance, found)).toContain('3 points, 3 proven');
    expect(frontierRows(found)[1]).toMatchObject({ value: 3, cost: 6, gpus: 3, dominated: 'false', status: 'optimal' });
    expect(JSON.stringify(frontierChart('t', found).spec)).toContain('"cost":6');
    const [first] = found.points;
    const tight = { ...first, value: 0, status: 'infeasible' as const, cost: null };
    const chart = JSON.stringify(frontierChart('t', { ...found, points: [...found.points, tight] }).spec);
    expect(chart).toContain('{"value":0,"mark":"×"}');
  });
});
