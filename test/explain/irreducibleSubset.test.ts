import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IrreducibleSubset, irreducibleSubset as searching } from '../../src/explain/irreducibleSubset.ts';

/** Searches with a test that answers at once. */
function irreducibleSubset<Item>(
  items: readonly Item[],
  holds: (subset: readonly Item[]) => boolean | null,
): IrreducibleSubset<Item> {
  const work = searching<Item, readonly Item[], boolean | null>(items, function* (subset) {
    return yield subset;
  });
  let step = work.next();
  while (!step.done) step = work.next(holds(step.value));
  return step.value;
}

/** Holds of every set that includes one of these cores. */
const contains = (cores: readonly (readonly number[])[]) => (subset: readonly number[]) =>
  cores.some((core) => core.every((item) => subset.includes(item)));

describe('irreducibleSubset', () => {
  it('finds a set that holds and of which no item can be left out', () => {
    const cores = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { maxLength: 5 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(cores, (list) => {
        const holds = contains(list);
        const { items, isProven } = irreducibleSubset([...Array(12).keys()], holds);
        expect(isProven).toBe(true);
        expect(holds(items)).toBe(true);
        for (const item of items) expect(holds(items.filter((other) => other !== item))).toBe(false);
      }),
    );
  });

  it('prefers what stands in front', () => {
    const items = [...Array(8).keys()];
    expect(
      irreducibleSubset(
        items,
        contains([
          [0, 3],
          [5, 6],
        ]),
      ).items,
    ).toEqual([0, 3]);
    expect(
      irreducibleSubset(
        items.reverse(),
        contains([
          [0, 3],
          [5, 6],
        ]),
      ).items,
    ).toEqual([6, 5]);
  });

  it('needs few questions for a small set among many', () => {
    let questions = 0;
    const holds = contains([[17, 200]]);
    irreducibleSubset([...Array(256).keys()], (subset) => {
      questions++;
      return holds(subset);
    });
    expect(questions).toBeLessThan(40);
  });

  it('says when a question stayed open', () => {
    const open = irreducibleSubset([1, 2, 3], (subset) => (subset.length === 1 ? null : contains([[2]])(subset)));
    expect(open.isProven).toBe(false);
    expect(open.items).toContain(2);
  });
});
