import { describe, expect, it } from 'vitest';
import { generateReference } from '../../src/generator/generateReference.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { writeProof } from '../../src/proof/write/writeProof.ts';
import { judgedForms } from './judgedForms.ts';
import { alterations, type Case } from './mutations.ts';
import { disagreements, hasPython } from './secondChecker.ts';

describe.skipIf(!hasPython)('the checker in Python', () => {
  it('accepts what the first accepts of the reference instance', () => {
    const instance = generateReference();
    const proof = writeProof(instance, optimize(instance, { preset: 'reference' }));
    const poor = { ...instance, budget: 1 };
    const infeasible = writeProof(poor, optimize(poor, { preset: 'reference' }));
    const cases = [
      { instance, proof },
      { instance, proof: { ...proof, bound: '600' } },
      { instance: poor, proof: infeasible },
    ];
    expect(disagreements(cases)).toEqual({ count: 3, accepted: 2, different: [] });
  });

  it('knows names beyond the basic plane, halves of pairs, and keys in the order of their UTF-16 units', () => {
    const reference = generateReference();
    const names = ['\u{1F600}', '\uE000', '\uFB01', '\uD83D', '\u2028"\\', '__proto__'];
    const tiers = reference.tiers.map((tier, k) => ({ ...tier, name: names[k] ?? tier.name }));
    const perGpu = Object.fromEntries([...tiers].reverse().map(({ name }) => [name, 1]));
    const instance = { ...reference, tiers, fleetLimits: [{ name: '\uDE00\uD83D', perGpu, most: 500 }] };
    const proof = writeProof(instance, optimize(instance, { preset: 'reference' }));
    expect(disagreements([{ instance, proof }])).toEqual({ count: 1, accepted: 1, different: [] });
  });

  it.each([60, 240, 700, 1200])('accepts what the first accepts at a resolution of %i digits', (resolution) => {
    const instance = generateReference();
    const proof = { ...writeProof(instance, optimize(instance, { preset: 'reference' })), resolution };
    expect(disagreements([{ instance, proof }])).toEqual({ count: 1, accepted: 1, different: [] });
  });

  it('says of altered proofs what the first says', () => {
    // Another resolution weakens the bounds of the first alone.
    const isComparable = ({ proof }: Case) => ((proof as { resolution: number }).resolution ?? 0) > 10;
    const cases = [...alterations(15, 2, 12, 7)].filter(isComparable);
    const { count, accepted, different } = disagreements(cases);
    expect(different).toEqual([]);
    expect(Math.min(accepted, count - accepted)).toBeGreaterThan(20);
  });

  it.each(['single', 'split'] as const)(
    'refuses the forms that the first refuses, and no others: %s placement',
    (placement) => {
      const { differing, accepted, refused } = judgedForms(placement, 12);
      expect(differing).toEqual([]);
      expect(accepted).toBeGreaterThan(10);
      expect(refused).toBeGreaterThan(200);
    },
  );
});
