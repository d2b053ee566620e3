/**
 * Every number of the heuristics that one may want to vary, with its reason. `HeuristicEffort` carries the record into
 * a search. "Relative" is relative to what the entry names.
 */
import type { FrozenRecord, ParameterRoom } from '../bnb/parameterPaths.ts';
import { defaultSearchParameters } from '../bnb/parameters.ts';

export const defaultHeuristicParameters = {
  /** What deployments share (sharedLimits.ts). */
  limits: {
    /** Relative excess that counts as none: rounding of sums. */
    tolerance: 1e-9,
    /** From this share of a limit on, moves are priced with the limits rather than by their own cost first. */
    tightShare: 0.75,
  },

  /** The served fractions of one deployment (fractionKnapsack.ts). */
  fractions: {
    /** Relative slack on a row before it counts as exceeded: rounding of the sum only. */
    rowTolerance: 1e-12,
    /**
     * Pieces met on the way to the best multiplier; each is a vertex, in practice fewer than ten. Breaks cycles of
     * rounding.
     */
    mostPieces: 60,
    /** Up to so many replicas each number is tried; among more the best is searched. */
    fewReplicas: 4,
  },

  /** Placing what is unplaced (insertion.ts). */
  insertion: {
    /** Savings below this, relative to the objective, are rounding. For every move. */
    improvementTolerance: 1e-9,
    /**
     * Chance that a randomised repair overlooks a place or a member of a group; without it a repair undoes the removal.
     */
    overlookChance: 0.15,
    /** Pairs that are not rented that a query type is tried on when time is up. */
    hurriedBreadth: 3,
  },

  /** Moves, removals and repairs (localSearch.ts). */
  search: {
    /** Removal rounds at effort 1, and so many more for each query type. */
    rounds: 40,
    roundsPerQueryType: 2,
    /**
     * Where nodes cost little, new incumbents get the rounds of effort 1 from so many query types on, fewer below: on
     * the published rows they cost a third of the time and saved no node.
     */
    fullyImprovedSize: 48,
    /**
     * Below so many query types, with patterns, plans are constructed alone, neither descended from nor improved: 31
     * published rows take 814 nodes in all instead of 810, in two thirds of the time. Of 12 query types some take more
     * nodes.
     */
    leastImprovedSize: 12,
    /** Closed pairs that a relocation may open for one query type, by its ranking. */
    relocationBreadth: 6,
    /** Query types that relocation tries between two moments where the work may pause. */
    relocationsPerStep: 8,
    /** Those that a repair may: so many at least, and so many shared among the query types, more where they are few. */
    leastRepairBreadth: 8,
    repairBreadthShared: 400,
    /**
     * How much worse than the best a plan may be to be continued from, as a part of the cost of one query type on
     * average; shrinks to 0.
     */
    startingTolerance: 0.3,
    /**
     * Factors on the price of shared limits after a round that ends beyond them, and after one that keeps them closely.
     */
    priceUp: 1.4,
    priceDown: 0.8,
    /**
     * One round in so many replaces deployments rather than removing query types, choosing the best of so many closed
     * pairs.
     */
    replacementOdds: 3,
    replacementSamples: 8,
    /** Query types that one removal takes out at most. */
    largestRemoval: 12,
  },

  /** A plan near a relaxation's point (`roundPoint`). */
  rounding: {
    /** Placed fractions up to this are what an LP leaves of a zero. */
    leastWeight: 1e-6,
    /** A TP degree this little below the point's is that degree. */
    degreeTolerance: 1e-6,
  },

  /** Searches under single placement (singlePlacementSearch.ts). */
  single: {
    /** Plans whose costs differ by no more than this, relatively, are kept as one. */
    sameCost: 1e-9,
    /** Prices on shared limits are raised this often, by this factor, before a start is given up as infeasible. */
    priceRaises: 6,
    priceFactor: 5,
    /**
     * Prices of the budget row, in $ per $ of rental: the first one tried, the factor to the next, and how many in all.
     */
    firstBudgetPrice: 0.2,
    budgetPriceFactor: 3,
    budgetPriceSteps: 10,
    /**
     * Constructions at one stretch under prices of the budget row; the dearest of them, first, in times the first
     * price.
     */
    pricedConstructions: 5,
    dearestBudgetPrice: 243,
    /** Removal rounds after such a construction. */
    pricedRounds: 12,
    /** Halvings when a one-dimensional parameter is searched: far below any tolerance afterwards. */
    lineSearchSteps: 60,
    /** Degree totals that are tried under the pooled rule. */
    pooledTrials: 12,
    /** Of the stretches tried, those searched longer. */
    promisingStretches: 2,
  },

  /** Searches under split placement (splitPlacementSearch.ts). */
  split: {
    /** Linear programs solved at effort 1: so many in a search of this many rows each, fewer where they are larger. */
    programsAtEffortOne: 160,
    usualRows: 1000,
    /** Simplex iterations for one of them: a move that needs more is left. */
    iterationLimit: 1000,
    /** The same where everything is open: a relaxation solved from nothing. */
    openIterationLimit: 20_000,
    /**
     * From this Gamma on all deviations of a query type count as at their worst: it is hardly served on more pairs, and
     * with 24 query types and 200 pairs the program has 3,400 rows of 14,000.
     */
    linearFrom: 3,
    /** Closed deployments of least reduced cost that are tried. */
    openings: 12,
    /** Of them, those exchanged for each rented one. */
    exchanges: 4,
    /** Fractions below this are rounding of the LP and dropped (with their placement). */
    negligibleFraction: 1e-9,
    /** Replicas this little above a whole number are that number. */
    replicaTolerance: 1e-6,
    /** A move must gain this part of the cost. */
    leastGain: 1e-7,
    /** How much dearer than the least plan a start may be, relatively, to be improved as well. */
    startSpread: 0.2,
    /**
     * How far above a degree the GPUs of a pair may lie to be rounded down to it, as a part of the step: from plenty to
     * scarce.
     */
    roundings: [0.05, 0.15, 0.25, 0.35, 0.45, 0.55] as readonly number[],
    /** Starts improved at most. */
    mostStarts: 2,
    /** Openness this near 0 or 1 is whole, as in every tree here. */
    integralityTolerance: defaultSearchParameters.tolerances.integrality,
    /** LPs of one dive: far more than deployments are rented. */
    mostPrograms: 200,
  },
};

export type HeuristicParameters = FrozenRecord<typeof defaultHeuristicParameters>;

/** The record by path, for who changes single numbers. */
export const heuristicParameterRoom: ParameterRoom<HeuristicParameters> = {
  name: 'heuristics',
  defaults: defaultHeuristicParameters,
  ranges: {
    'search.roundsPerQueryType': { least: 0, most: Infinity },
    'search.priceDown': { least: 0, above: true, most: 1, below: true },
    'insertion.overlookChance': { least: 0, most: 1, below: true },
    'single.firstBudgetPrice': { least: 0, above: true, most: Infinity },
    'split.startSpread': { least: 0, most: Infinity },
    'split.roundings': { least: 0, most: 1 },
  },
};
