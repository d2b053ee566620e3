import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { expect, it } from 'vitest';
import { alea } from '../src/alea.ts';

it('draws what seedrandom draws, bit for bit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.boolean(), { maxLength: 60 }), (seed, asDouble) => {
      const ours = alea(seed);
      const theirs = seedrandom.alea(seed);
      for (const double of asDouble) {
        const [own, other] = double ? [ours.double(), theirs.double()] : [ours(), theirs()];
        expect(own).toBe(other);
      }
    }),
    { numRuns: 2000 },
  );
});
