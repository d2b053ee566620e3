import { expect, it } from 'vitest';
import { judgedForms } from '../../proof/judgedForms.ts';
import { hasPython } from '../../proof/secondChecker.ts';

it.skipIf(!hasPython).each(['single', 'split'] as const)(
  'both checkers refuse the same forms of a proof, and accept the same: %s placement',
  (placement) => {
    const { differing, accepted, refused } = judgedForms(placement, 1);
    expect(differing).toEqual([]);
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(2000);
  },
);
