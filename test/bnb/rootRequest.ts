/** What a tree asks of a relaxation at its root before it knows anything. */
export const rootRequest = {
  id: 0,
  decisions: [],
  warmStart: null,
  parentBound: -Infinity,
  depth: 0,
  relativeGap: 1e-9,
  cutoff: Infinity,
  incumbentCost: Infinity,
  incumbent: null,
  shouldStop: () => false,
  offer: () => ({ cutoff: Infinity, incumbentCost: Infinity, incumbent: null }),
};
