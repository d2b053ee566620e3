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
export function irreducibleSubset<Item>(
  items: readonly Item[],
  holds: (subset: readonly Item[]) => boolean | null,
): IrreducibleSubset<Item> {
  let isProven = true;
  const test = (subset: readonly Item[]): boolean => {
    const answer = holds(subset);
    if (answer === null) isProven = false;
    return answer === true;
  };
  const search = (background: readonly Item[], hasNew: boolean, candidates: readonly Item[]): Item[] => {
    if (hasNew && test(background)) return [];
    if (candidates.length === 1) return [...candidates];
    const half = candidates.length >> 1;
    const front = candidates.slice(0, half);
    const back = candidates.slice(half);
    const fromBack = search([...background, ...front], front.length > 0, back);
    const fromFront = search([...background, ...fromBack], fromBack.length > 0, front);
    return [...fromFront, ...fromBack];
  };
  if (items.length === 0 || test([])) return { items: [], isProven };
  const found = new Set(search([], false, items));
  return { items: items.filter((item) => found.has(item)), isProven };
}
