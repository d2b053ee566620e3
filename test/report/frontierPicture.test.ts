/** Frontiers as pictures: a circle for each point that has a plan, in its place, dominated ones hollow. */
import { describe, expect, it } from 'vitest';
import type { FrontierPoint } from '../../src/analysis/frontier.ts';
import { frontierPicture } from '../../src/report/frontierPicture.ts';

const point = (value: number, total: number | null, change: Partial<FrontierPoint> = {}): FrontierPoint => ({
  value,
  status: total === null ? 'infeasible' : 'optimal',
  cost: total === null ? null : { total, rental: total, storage: { model: 0, data: 0 }, delay: 0, unmet: 0 },
  bound: total,
  gap: 0,
  plan: null,
  gpus: 1,
  provenBy: 'search',
  isDominated: false,
  ...change,
});
const told = { label: 'Error limit <x>', tighter: 'smaller' as const };
const circles = (svg: string) =>
  [...svg.matchAll(/<circle class="([^"]*)" cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, look, x, y]) => ({
    look,
    x: Number(x),
    y: Number(y),
  }));

describe('the picture of a frontier', () => {
  it('has a circle for each point with a plan, values from left to right, dear ones above', () => {
    const points = [
      point(3, 10, { isDominated: true }),
      point(2, 10),
      point(1, 30, { provenBy: null }),
      point(0.5, null),
    ];
    const drawn = circles(frontierPicture(points, told, 400));
    expect(drawn.map(({ look }) => look)).toEqual(['broken', 'cost', 'cost hollow']);
    const [dear, cheap, hollow] = drawn;
    expect(cheap.x - dear.x).toBeCloseTo(hollow.x - cheap.x, 9);
    expect(hollow.y).toBe(cheap.y);
    expect(dear.y).toBeLessThan(cheap.y);
  });

  it('draws points as they come: none, one, costs that are all the same', () => {
    expect(frontierPicture([], told, 400)).toBe('');
    expect(frontierPicture([point(1, null)], told, 400)).toBe('');
    for (const points of [[point(1, 10)], [point(1, 10), point(2, 10)]]) {
      const svg = frontierPicture(points, told, 400);
      expect(circles(svg)).toHaveLength(points.length);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('holds the plan of the tighter value between two values', () => {
    const points = [point(1, 30), point(2, 10)];
    const path = (tighter: 'smaller' | 'larger' | null) =>
      / d="([^"]*)"/.exec(frontierPicture(points, { ...told, tighter }, 400))![1].replace(/[^A-Z]/g, '');
    expect([path('smaller'), path('larger'), path(null)]).toEqual(['MHV', 'MVH', 'ML']);
  });

  it('escapes its label', () => {
    expect(frontierPicture([point(1, 10)], told, 400)).toContain('Error limit &lt;x&gt;');
  });
});
