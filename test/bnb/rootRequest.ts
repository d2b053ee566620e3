/** What a tree asks of a relaxation at its root before it knows anything. */
export const rootRequest = {
  id: 0,
  decisions: [],
  warmStart: null,
  parentBound: -Infinity,
  depth: 0,
  cutoff: Infinity,
  incumbentCost: Infinity,
  incumbent: null,
  shouldStop: () => false,
};
