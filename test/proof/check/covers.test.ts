import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Column, hasCover } from '../../../src/proof/check/covers.ts';

/** What the cheapest of all choices of columns costs that is a cover; Infinity: there is none. */
function cheapestCover(columns: readonly Column[], isRequired: readonly boolean[]): number {
  let best = Infinity;
  for (let choice = 0; choice < 1 << columns.length; choice++) {
    const chosen = columns.filter((_, at) => (choice >> at) & 1);
    const held = chosen.flatMap(({ elements }) => elements);
    if (new Set(held).size < held.length || isRequired.some((is, e) => is && !held.includes(e))) continue;
    best = Math.min(
      best,
      chosen.reduce((sum, { cost }) => sum + cost, 0),
    );
  }
  return best;
}

const elements = [0, 1, 2, 3, 4, 5];
const columns = fc.array(
  fc.record({ elements: fc.subarray(elements, { maxLength: 4 }), cost: fc.integer({ min: 0, max: 30 }) }),
  { maxLength: 11 },
);
const required = fc.array(fc.boolean(), { minLength: elements.length, maxLength: elements.length });

it('finds a cover from the cost of the cheapest one on, and none below', () => {
  let found = 0;
  fc.assert(
    fc.property(columns, required, (list, isRequired) => {
      const best = cheapestCover(list, isRequired);
      if (best < Infinity) found++;
      const rooms = best === Infinity ? [1e6] : [Math.max(0, best - 1), best];
      expect(rooms.map((room) => hasCover(list, isRequired, room, 'leaf'))).toEqual(rooms.map((room) => room >= best));
    }),
    { numRuns: 400, seed: 1 },
  );
  expect(found).toBeGreaterThan(100);
});
