import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateReference } from '../../src/generator/generateReference.ts';
import type { Instance } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { optimize } from '../../src/planner/optimize.ts';
import type { SolveResult } from '../../src/planner/solveResult.ts';
import { type CheckedProof, checkProof } from '../../src/proof/check/checkProof.ts';
import { writeProof } from '../../src/proof/write/writeProof.ts';
import { draws } from '../arbitrary/draws.ts';
import { arbitraryFleet } from '../arbitrary/fleets.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../arbitrary/instances.ts';

const gap = 1e-6;
const reference = generateReference();

/** As a file: what another program would read. */
const throughText = (proof: unknown): unknown => JSON.parse(JSON.stringify(proof));

/** What the checker says of the proof of a result; throws where it refuses. */
function accepted(instance: Instance, result: SolveResult): CheckedProof {
  const checked = checkProof(instance, throughText(writeProof(instance, result)));
  if (!checked.ok) throw new Error(`${checked.path}: ${checked.reason}`);
  return checked;
}

describe('a proof that is written is accepted', () => {
  it.each(['recommended', 'corrected', 'paper', 'reference'] as const)(
    'of the reference instance, preset %s',
    (preset) => {
      const result = optimize(reference, { preset });
      const checked = checkProof(reference, throughText(writeProof(reference, result)));
      if (!checked.ok) throw new Error(`${checked.path}: ${checked.reason}`);
      expect(checked.claims).toEqual(['plan', 'bound']);
      expect(Number(checked.cost)).toBeCloseTo(result.cost!.total, 8);
      expect(checked.gap).toBeLessThanOrEqual(gap);
      expect(checked.largestViolation).toBeLessThanOrEqual(1e-8);
    },
  );

  it('that nothing is feasible, where nothing is', () => {
    const poor = { ...reference, budget: 1 };
    const result = optimize(poor, { preset: 'reference' });
    expect(result.status).toBe('infeasible');
    expect(accepted(poor, result).claims).toEqual(['infeasible']);
  });

  it('of the gap, where a limit struck', () => {
    const result = optimize(reference, { preset: 'reference', nodeLimit: 1, strategy: 'heuristics-only' });
    const checked = accepted(reference, result);
    expect(checked.claims).toEqual(['plan', 'bound']);
    expect(checked.gap).toBeLessThanOrEqual(result.gap! * 1.001);
  });

  const everyVariant = (instance: Instance, options: PlanningOptions) => {
    const result = optimize(instance, options);
    const checked = checkProof(instance, throughText(writeProof(instance, result)));
    expect(checked).toMatchObject({ ok: true });
    if (!checked.ok || checked.cost === null) return;
    expect(checked.gap).toBeLessThanOrEqual(gap);
    expect(Math.abs(Number(checked.cost) - result.cost!.total)).toBeLessThanOrEqual(
      1e-9 * Math.abs(result.cost!.total),
    );
  };

  describe.each(['single', 'split'] as const)('%s placement', (placement) => {
    it('of small instances under every option', () => {
      const instances = arbitraryInstanceUpTo({ queryTypes: 4, models: 3, tiers: 3 });
      fc.assert(fc.property(instances, arbitraryOptions({ placement }), everyVariant), { numRuns: draws(60), seed: 1 });
    });

    it('of small fleets', () => {
      const options = arbitraryOptions({ placement, delayRule: 'per-deployment', uncertainty: 'budgeted' });
      fc.assert(fc.property(arbitraryFleet(4, 3, 3), options, everyVariant), { numRuns: draws(30), seed: 1 });
    });
  });
});
