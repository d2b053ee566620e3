/**
 * Numbers of the compact relaxations that one may want to vary, with their reasons. What only keeps rounding out of
 * rows stands in the files that make them: nobody gains by varying it.
 */
import type { FrozenRecord, ParameterRoom } from '../bnb/parameterPaths.ts';

export const defaultCompactParameters = {
  /** Rows of the pattern LP over the compact program (relaxations/deploymentBlock.ts). */
  blocks: {
    /** Search nodes for the pattern of one deployment; beyond them a weaker row, its relaxation's, is taken. */
    searchNodes: 100_000,
    /**
     * Master and bound of the pattern LP may end this far apart, relative: that is what rows and fixings lose, and the
     * last rounds are saved.
     */
    priceTolerance: 1e-5,
  },
  /** The tree over what is rented, under split placement (relaxations/rentedSetRelaxation.ts). */
  sets: {
    /**
     * Up to this Gamma a worst case that is not linear is written by scenario rows, found where a point violates them,
     * instead of a row and a column for each query type and pair: on the reference instance some 90 (Gamma 1) to 190
     * rows (Gamma 2) in place of 750. With a larger Gamma too many scenarios matter.
     */
    mostAtTheirWorst: 3,
    /**
     * Nodes for the best plan of the set that the root's rounding ends at: most take a few, the tree comes to the set
     * again where it matters, and with 24 query types it took longer than a minute.
     */
    rootNodes: 100,
    /**
     * Nodes for the best plan of a set that the tree comes to. Those of the reference instance take fewer than 180;
     * with 24 query types one set took 68,000 and was not proven, while the tree had others with lower bounds.
     */
    firstNodes: 200,
    /** A set that is searched on may take so many times the nodes of its last search, from the beginning. */
    nodeGrowth: 4,
    /**
     * From so many query types times pairs on it is asked how many pairs a cheaper plan can have: if no more than
     * Gamma, worst cases are linear. With 24 query types and 200 pairs that makes 3,400 rows of 14,000; on the
     * reference instance (300) it shows nothing and takes half the time of a solve.
     */
    countedPairs: 1000,
    /**
     * Rounds of cuts at the root of a set's own search: with placements as good as whole, what is left of the gap is
     * quicker to branch on.
     */
    cutRounds: 2,
  },
  /** The best plan under single placement, sought for split placement with replicas (singlePlanHeuristic.ts). */
  singlePlan: {
    /** Nodes of the search for it; most such plans are proven in fewer. */
    nodes: 100,
  },
};

export type CompactParameters = FrozenRecord<typeof defaultCompactParameters>;

/** The record by path, for who changes single numbers. */
export const compactParameterRoom: ParameterRoom<CompactParameters> = {
  name: 'compact',
  defaults: defaultCompactParameters,
  ranges: {
    'sets.cutRounds': { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true },
    'sets.firstNodes': { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
    'sets.nodeGrowth': { least: 2, most: Number.MAX_SAFE_INTEGER, whole: true },
    'sets.countedPairs': { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true },
    'sets.mostAtTheirWorst': { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true },
  },
};
