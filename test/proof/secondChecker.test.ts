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
