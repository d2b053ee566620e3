/**
 * Irreducible subsets by divide and conquer: QuickXplain (U. Junker, AAAI 2004), which needs about 2 s log2(n / s)
 * tests for s of n items where a deletion filter needs n.
 */

export interface IrreducibleSubset<Item> {
  readonly items: readonly Item[];
  /** Whether every test was answered: then leaving out any one item changes the answer. */
  readonly isProven: boolean;
}

/**
 * A smallest-by-inclusion subset S of `items` for which `holds(S)` is true. `holds` must be true of all items and stay
 * true when items are added; it answers null when it cannot tell, which counts as false (the subset may then be larger
 * than needed). Items in front of the list are preferred to be in S over those behind.
 */
export function* irreducibleSubset<Item, Question, Answer>(
  items: readonly Item[],
  holds: (subset: readonly Item[]) => Generator<Question, boolean | null, Answer>,
): Generator<Question, IrreducibleSubset<Item>, Answer> {
  let isProven = true;
  const test = function* (subset: readonly Item[]): Generator<Question, boolean, Answer> {
    const answer = yield* holds(subset);
    if (answer === null) isProven = false;
    return answer === true;
  };
  const search = function* (
    background: readonly Item[],
    hasNew: boolean,
    candidates: readonly Item[],
  ): Generator<Question, Item[], Answer> {
    if (hasNew && (yield* test(background))) return [];
    if (candidates.length === 1) return [...candidates];
    const half = candidates.length >> 1;
    const front = candidates.slice(0, half);
    const back = candidates.slice(half);
    const fromBack = yield* search([...background, ...front], front.length > 0, back);
    const fromFront = yield* search([...background, ...fromBack], fromBack.length > 0, front);
    return [...fromFront, ...fromBack];
  };
  if (items.length === 0 || (yield* test([]))) return { items: [], isProven };
  const found = new Set(yield* search([], false, items));
  return { items: items.filter((item) => found.has(item)), isProven };
}
