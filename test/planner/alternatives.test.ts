/** Alternatives against enumeration of every rental on tiny instances, and by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateReference } from '../../src/generator/generateReference.ts';
import { InputError } from '../../src/input/inputError.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import type { Plan } from '../../src/model/instance.ts';
import { planAlternatives } from '../../src/planner/alternatives.ts';
import { type DifferIn, waysToDiffer } from '../../src/planner/alternativesResult.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { arbitraryInstance, arbitraryOptions } from '../arbitrary/instances.ts';
import { moneyTimes } from '../arbitrary/money.ts';
import { bruteForceByRental, type RentalOptimum } from '../oracle/bruteForce.ts';
import { optimumTolerance, relativeDifference } from '../oracle/optimum.ts';

const sizes = [
  { queryTypes: 3, models: 1, tiers: 1 },
  { queryTypes: 2, models: 2, tiers: 1 },
  { queryTypes: 2, models: 1, tiers: 2 },
];

type Rented = RentalOptimum['rented'];

const keys = (rented: Rented, differIn: DifferIn) =>
  rented.map(({ model, tier, tpDegree, pipelineDegree }) => {
    if (differIn === 'tier') return tier;
    return differIn === 'deployment' ? `${model} ${tier}` : `${model} ${tier} ${tpDegree} ${pipelineDegree}`;
  });

const rentedBy = ({ deployments }: Plan): Rented =>
  deployments.map(({ model, tier, tpDegree, pipelineDegree = 1 }) => ({ model, tier, tpDegree, pipelineDegree }));

/** The least cost of a plan that does without something of each plan given; Infinity if there is none. */
function nextCost(all: readonly RentalOptimum[], given: readonly Rented[], differIn: DifferIn): number {
  const isNew = ({ rented }: RentalOptimum) => {
    const there = new Set(keys(rented, differIn));
    return given.every((plan) => keys(plan, differIn).some((key) => !there.has(key)));
  };
  return Math.min(Infinity, ...all.filter(isNew).map(({ cost }) => cost));
}

describe('alternatives', () => {
  for (const differIn of waysToDiffer) {
    it(`are the next best by enumeration, compared by ${differIn}`, async () => {
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(...sizes.map(arbitraryInstance)),
          fc.constantFrom('single', 'split').chain((placement) => arbitraryOptions({ placement })),
          fc.constantFrom(1e-6, 0),
          async (instance, options, gap) => {
            const all = await bruteForceByRental(instance, options);
            const { alternatives, status } = planAlternatives(instance, { ...options, count: 6, differIn, gap });
            const given: Rented[] = [];
            for (const { cost, plan, bound, isProven } of alternatives) {
              expect(relativeDifference(cost.total, nextCost(all, given, differIn))).toBeLessThan(optimumTolerance);
              expect(checkPlan(instance, options, plan)).toMatchObject({ ok: true, cost: { total: cost.total } });
              expect(bound).toBeLessThanOrEqual(cost.total);
              expect(isProven).toBe(true);
              given.push(rentedBy(plan));
            }
            expect(status).toBe(alternatives.length === 6 ? 'complete' : 'exhausted');
            const left = status === 'exhausted' ? nextCost(all, given, differIn) : Infinity;
            expect(left).toBe(Infinity);
            compared += Math.max(0, alternatives.length - 1);
          },
        ),
        { numRuns: 25, seed: 20 },
      );
      expect(compared).toBeGreaterThan(4);
    });
  }

  it('begin with the plan of a solve, cost more and more, and none rents all that another before it does', () => {
    const instance = generateReference();
    const { alternatives } = planAlternatives(instance, { count: 3 });
    expect(alternatives).toHaveLength(3);
    expect(alternatives[0].cost.total).toBeCloseTo(optimize(instance).cost!.total, 3);
    const costs = alternatives.map(({ cost }) => cost.total);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    const sets = alternatives.map(({ plan }) => keys(rentedBy(plan), 'deployment'));
    sets.forEach((set, t) => {
      for (const earlier of sets.slice(0, t)) expect(earlier.every((key) => set.includes(key))).toBe(false);
    });
  });

  it('that a limit hides are not called proven, in whatever unit of money', () => {
    const limited = { count: 2, nodeLimit: 1, relaxation: 'compact', strategy: 'heuristics-only' } as const;
    const usual = planAlternatives(generateReference(), limited);
    const tiny = planAlternatives(moneyTimes(generateReference(), 2 ** -60), limited);
    for (const { alternatives, status } of [usual, tiny]) {
      expect(alternatives.map(({ isProven }) => isProven)).toEqual([false, false]);
      expect(status === 'complete' || status === 'node-limit').toBe(true);
    }
    expect(tiny.alternatives.map(({ gap }) => gap)).toEqual(
      usual.alternatives.map(({ gap }) => expect.closeTo(gap!, 9)),
    );
  });

  it('refuse what they cannot be', () => {
    const instance = generateReference();
    expect(() => planAlternatives(instance, { count: 0 })).toThrow(InputError);
    expect(() => planAlternatives(instance, { count: 2.5 })).toThrow(/count/);
    expect(() => planAlternatives(instance, { count: 2, differIn: 'colour' as never })).toThrow(/differIn/);
    expect(() => planAlternatives(instance, { count: 2, formulation: 'published' } as never)).toThrow(/formulation/);
  });
});
