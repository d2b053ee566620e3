/**
 * The pattern relaxation against enumeration, the subset dynamic program, HiGHS on the published program, and known
 * optima. Without heuristics, so that every plan comes from the relaxation and its branching.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildPublished } from '../../src/model/formulations/published.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../src/model/options.ts';
import { supportsPatterns } from '../../src/patterns/supportsPatterns.ts';
import { draws } from '../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../arbitrary/instances.ts';
import { anyInstance, anyOptions } from '../heuristics/randomInstance.ts';
import { bruteForceOptimum } from '../oracle/bruteForce.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../oracle/optimum.ts';
import { subsetOptimum } from '../oracle/subsetDynamicProgram.ts';
import { referenceInstance, withUnmetCapPerRate } from '../oracle/testInstances.ts';
import { solveByPatterns } from './solveByPatterns.ts';

/** What is wrong with the pattern solve of an instance whose optimum is known. */
function faultsOf(instance: PublishedInstance, options: PlanningOptions, optimum: number, cuts: boolean): string[] {
  const { result, refused } = solveByPatterns(instance, options, { cuts });
  const faults: string[] = [];
  if (refused > 0) faults.push(`${refused} plans refused by the verifier`);
  if (optimum === Infinity) {
    if (result.status !== 'infeasible') faults.push(`status ${result.status}, not infeasible`);
    return faults;
  }
  if (result.status !== 'optimal') faults.push(`status ${result.status}, not optimal`);
  if (!(relativeDifference(result.cost ?? Infinity, optimum) < optimumTolerance)) {
    faults.push(`cost ${result.cost}, not ${optimum}`);
  }
  const root = result.rootBound ?? -Infinity;
  if (root > optimum + optimumTolerance * Math.max(1, Math.abs(optimum))) faults.push(`root ${root} above ${optimum}`);
  return faults;
}

const tiny = [
  { queryTypes: 3, models: 1, tiers: 1 },
  { queryTypes: 2, models: 2, tiers: 1 },
  { queryTypes: 3, models: 1, tiers: 2 },
];
const familyOptions: PlanningOptions = {
  ...presets.reference,
  delayRule: 'per-deployment',
  rentalInBudget: 'once',
};

describe('the pattern relaxation, every option of single placement', () => {
  it('agrees with enumeration on tiny instances', async () => {
    let feasible = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(...tiny.map(arbitraryInstance)),
        arbitraryOptions({ placement: 'single' }),
        fc.boolean(),
        async (instance, options, cuts) => {
          const optimum = await bruteForceOptimum(instance, options);
          expect(faultsOf(instance, options, optimum, cuts)).toEqual([]);
          if (optimum < Infinity) feasible += 1;
        },
      ),
      { numRuns: draws(150), seed: 5 },
    );
    expect(feasible).toBeGreaterThan(draws(30));
  });

  it('agrees with HiGHS on the published program of small instances', async () => {
    let feasible = 0;
    await fc.assert(
      fc.asyncProperty(anyInstance(4), anyOptions(['single']), fc.boolean(), async (instance, options, cuts) => {
        const optimum = await optimumOf(buildPublished(instance, options));
        expect(faultsOf(instance, options, optimum, cuts)).toEqual([]);
        if (optimum < Infinity) feasible += 1;
      }),
      { numRuns: draws(120), seed: 7 },
    );
    expect(feasible).toBeGreaterThan(draws(50));
  });

  it('agrees with the subset dynamic program where nothing couples the deployments', () => {
    let compared = 0;
    fc.assert(
      fc.property(anyInstance(6), anyOptions(['single']), fc.boolean(), (instance, options, cuts) => {
        const separable: PlanningOptions = { ...options, delayCostBudget: 'per-query' };
        const { budget: _budget, storageCapacity: _capacity, switchingCost: _switching, ...rest } = instance;
        const uncoupled: PublishedInstance = {
          ...rest,
          tiers: rest.tiers.map(({ available: _available, ...tier }) => tier),
        };
        const { cost, isExact } = subsetOptimum(uncoupled, separable);
        expect(isExact).toBe(true);
        expect(faultsOf(uncoupled, separable, cost, cuts)).toEqual([]);
        if (cost < Infinity) compared += 1;
      }),
      { numRuns: draws(150), seed: 3 },
    );
    expect(compared).toBeGreaterThan(draws(60));
  });
});

describe('the pattern relaxation on known optima', () => {
  const load = (name: string) =>
    JSON.parse(readFileSync(new URL(`../data/instances/${name}.json`, import.meta.url), 'utf8')) as PublishedInstance;

  it.each([
    ['reference', 0, 553.4433449],
    ['reference', 0.01, 494.9981076],
    ['paper', 0, 634.537222],
    ['corrected', 0, 633.4639515],
    ['corrected', 0.01, 612.671574],
  ] as const)('reference instance, preset %s, cap per rate %d', (preset, share, optimum) => {
    const instance = share === 0 ? referenceInstance() : withUnmetCapPerRate(referenceInstance(), share);
    const { result } = solveByPatterns(instance, presets[preset]);
    expect(result.status).toBe('optimal');
    expect(result.cost).toBeCloseTo(optimum, 4);
  });

  it('12 x 6 x 10', () => {
    const { result } = solveByPatterns(load('family-12x6x10'), familyOptions);
    expect(result.status).toBe('optimal');
    expect(result.cost).toBeCloseTo(774.673617, 4);
  });

  it('24 x 10 x 20: between the limits known', () => {
    const { result } = solveByPatterns(load('family-24x10x20'), familyOptions, { heuristics: true });
    expect(result.status).toBe('optimal');
    expect(result.cost).toBeGreaterThan(1395.114);
    expect(result.cost).toBeLessThan(1395.2531);
  });
});

describe('what the pattern relaxation says', () => {
  it('refuses split placement and names the reason', () => {
    const support = supportsPatterns(compileProblem(referenceInstance(), { ...presets.corrected, placement: 'split' }));
    expect(support).toMatchObject({ supported: false, reason: expect.stringContaining('single placement') });
  });

  it('gives the same search twice', () => {
    const instance = withUnmetCapPerRate(referenceInstance(), 0.01);
    const runs = [0, 1].map(() => solveByPatterns(instance, presets.reference, { heuristics: true }).result);
    const [first, second] = runs.map(({ cost, bound, nodes, simplexIterations, solution }) => ({
      cost,
      bound,
      nodes,
      simplexIterations,
      solution,
    }));
    expect(first).toEqual(second);
  });
});
