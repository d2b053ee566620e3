import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import { InputError } from '../../src/input/inputError.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { parseInstance } from '../../src/model/validateInstance.ts';
import { optimize, optimizeAsync } from '../../src/planner/optimize.ts';
import type { SolveResult } from '../../src/planner/solveResult.ts';

const reference = generateReference();
const family = parseInstance(readFileSync('test/data/instances/family-12x6x10.json', 'utf8'));
const separable = {
  preset: 'corrected',
  delayCost: 'deviation',
  delayCostBudget: 'per-query',
  weightStorage: 'per-placement',
} as const;

/** Everything but the clock. */
function timeless(result: SolveResult): unknown {
  return { ...result, seconds: 0, incumbents: result.incumbents.map((record) => ({ ...record, seconds: 0 })) };
}

describe('the reference instance', () => {
  // Independent: HiGHS on the published program and a dynamic program over subsets (test/model/formulations).
  it.each([
    ['corrected', 633.4639515],
    ['paper', 634.537222],
    ['reference', 553.4433449],
  ] as const)('under preset %s costs %f by both relaxations', (preset, optimum) => {
    for (const relaxation of ['patterns', 'compact'] as const) {
      const result = optimize(reference, { preset, relaxation });
      expect(result.status).toBe('optimal');
      expect(Math.abs(result.cost!.total - optimum)).toBeLessThanOrEqual(1e-6 * optimum);
      expect(result.bound).toBeLessThanOrEqual(result.cost!.total * (1 + 1e-9));
      expect(result.gap).toBeLessThanOrEqual(1e-6);
      expect(checkPlan(reference, result.options, result.plan!).ok).toBe(true);
    }
  });
});

describe('the family of known optimum', () => {
  it.each(['patterns', 'compact'] as const)('is proven by %s', (relaxation) => {
    const result = optimize(family, { ...separable, relaxation, gap: 1e-4 });
    expect(result.status).toBe('optimal');
    expect(Math.abs(result.cost!.total - 774.673617)).toBeLessThanOrEqual(1e-4 * 774.673617);
  });
});

describe('a result', () => {
  const small = generateInstance({ seed: 3, queryTypes: 8, models: 4, tiers: 6, unmetCap: 1 });

  it('is the same bit for bit for the same seed, options and node limit', () => {
    for (const relaxation of ['patterns', 'compact'] as const) {
      const run = () => optimize(small, { relaxation, nodeLimit: 5, seed: 7 });
      expect(timeless(run())).toEqual(timeless(run()));
    }
  });

  it('is plain data that survives JSON', () => {
    const result = optimize(reference);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('is the same from the asynchronous solve', async () => {
    expect(timeless(await optimizeAsync(reference))).toEqual(timeless(optimize(reference)));
  });

  it('at a limit keeps plan, bound and gap under a status of its own', () => {
    const result = optimize(family, { ...separable, relaxation: 'compact', nodeLimit: 1, gap: 0 });
    expect(result.status).toBe('node-limit');
    expect(result.plan).not.toBeNull();
    expect(result.bound).toBeLessThan(774.673617);
    expect(result.gap).toBeCloseTo((result.cost!.total - result.bound!) / result.cost!.total, 10);
  });

  it('without a feasible plan is infeasible, with nothing that does not exist', () => {
    const { status, cost, plan, gap } = optimize({ ...reference, storageCapacity: 0 });
    expect({ status, cost, plan, gap }).toEqual({ status: 'infeasible', cost: null, plan: null, gap: null });
  });

  it('of an aborted solve is interrupted', async () => {
    const controller = new AbortController();
    controller.abort();
    const result = await optimizeAsync(family, { relaxation: 'compact', signal: controller.signal });
    expect(result.status).toBe('interrupted');
  });
});

describe('options', () => {
  it('that contradict each other or the instance are refused', () => {
    expect(() => optimize(reference, { uncertainty: 'decision-dependent' })).toThrow(InputError);
    expect(() => optimize(reference, { placement: 'split', relaxation: 'patterns' })).toThrow('on one deployment');
    expect(() => optimize(reference, { maxReplicas: 0 })).toThrow(InputError);
  });
});
