/**
 * The reference instance under the presets: every formulation by HiGHS and the dynamic program over subsets give the
 * known optima (truth README), within 1e-6 relative; sizes and LP bounds are those of specification 7.
 */
import { describe, expect, it } from 'vitest';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { PublishedInstance } from '../../../src/model/instance.ts';
import { type PlanningOptions, type PresetName, presets } from '../../../src/model/options.ts';
import { solveWithHighs } from '../../oracle/highs.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';
import { subsetOptimum } from '../../oracle/subsetDynamicProgram.ts';
import { loadInstance, referenceInstance, withUnmetCapPerRate } from '../../oracle/testInstances.ts';

const tight = referenceInstance();
const loose = withUnmetCapPerRate(tight, 0.01);

/** The options under which the truth README gives its other optima. */
const perDeployment: PlanningOptions = { ...presets.reference, delayRule: 'per-deployment', rentalInBudget: 'once' };

it('has the known optimum under split placement', async () => {
  const problem = compileProblem(tight, { ...perDeployment, placement: 'split' });
  const { objective } = await solveWithHighs(buildStrengthened(problem).program, { gap: 1e-6 });
  expect(Math.abs(objective - 350.0855)).toBeLessThan(1e-3);
});

it('has the known optimum of the larger family instance', async () => {
  const problem = compileProblem(loadInstance('family-12x6x10'), perDeployment);
  const { objective } = await solveWithHighs(buildStrengthened(problem).program, { gap: 1e-7 });
  expect(relativeDifference(objective, 774.673617)).toBeLessThan(optimumTolerance);
});

const known: readonly { label: string; instance: PublishedInstance; preset: PresetName; optimum: number }[] = [
  { label: 'unmet cap 0.01', instance: tight, preset: 'corrected', optimum: 633.4639515 },
  { label: 'unmet cap 0.01', instance: tight, preset: 'paper', optimum: 634.537222 },
  { label: 'unmet cap 0.01', instance: tight, preset: 'reference', optimum: 553.4433449 },
  { label: 'unmet cap 0.01 of the rate', instance: loose, preset: 'corrected', optimum: 612.671574 },
  { label: 'unmet cap 0.01 of the rate', instance: loose, preset: 'reference', optimum: 494.9981076 },
];

describe.each(known)('preset $preset, $label', ({ instance, preset, optimum }) => {
  const options = presets[preset];
  const problem = compileProblem(instance, options);

  it('has the known optimum in every formulation', async () => {
    const strengthened = [buildStrengthened(problem), buildStrengthened(problem, { robust: 'dual' })];
    // HiGHS needs ten times as long for the published program of the loose cap as for all others together.
    const formulations = instance === tight ? [buildPublished(instance, options), ...strengthened] : strengthened;
    for (const formulation of formulations) {
      const found = await optimumOf(formulation);
      expect(relativeDifference(found, optimum)).toBeLessThan(optimumTolerance);
    }
  });

  it('has the known optimum by the dynamic program over subsets', () => {
    const { cost, isExact } = subsetOptimum(instance, options);
    expect(isExact).toBe(true);
    expect(relativeDifference(cost, optimum)).toBeLessThan(optimumTolerance);
  });

  it('has the sizes and the LP bounds that the formulations should have', async () => {
    const published = buildPublished(instance, options);
    const strengthened = buildStrengthened(problem);
    expect(published.program.numRows).toBeGreaterThan(7000);
    expect(published.program.numRows).toBeLessThan(7200);
    expect(published.program.numColumns).toBeGreaterThan(3800);
    expect(published.program.numColumns).toBeLessThan(3950);
    expect(strengthened.program.numRows).toBeLessThan(instance === tight ? 360 : 2100);
    expect(strengthened.program.numColumns).toBeLessThan(instance === tight ? 340 : 1310);
    const publishedGap = 1 - (await optimumOf(published, true)) / optimum;
    const strengthenedGap = 1 - (await optimumOf(strengthened, true)) / optimum;
    expect(publishedGap).toBeGreaterThan(0.4);
    expect(publishedGap).toBeLessThan(0.55);
    expect(strengthenedGap).toBeGreaterThan(0);
    expect(strengthenedGap).toBeLessThan(instance === tight ? 0.1 : 0.13);
  });
});
