/**
 * Every number of the pattern relaxation that one may want to vary, with its reason and what was seen. A `PatternTable`
 * carries the record to whoever reads it. "Relative" is relative to what the entry names; sizes are numbers of query
 * types.
 */
import type { FrozenRecord, ParameterRoom } from '../bnb/parameterPaths.ts';
import { defaultSearchParameters } from '../bnb/parameters.ts';
import type { HeuristicParameters } from '../heuristics/parameters.ts';

export const defaultPatternParameters = {
  /** Column generation, over priced and over pooled columns (master/columnGeneration.ts). */
  generation: {
    /**
     * Reduced costs above minus this, relative to the objective, are not worth a column: they cannot move the sixth
     * digit.
     */
    improvementTolerance: 1e-9,
    /** Master and Lagrangian bound closer than this, relative, have met. Below it lie the duals' own digits. */
    convergenceTolerance: 2e-8,
    /** The same beyond `largeSize`: proving the last digits of a node takes longer there than branching. */
    looseConvergenceTolerance: 2e-4,
    /**
     * Where what is alike is merged: share of the distance from the master to the cutoff by which its bound may miss
     * the master. With many alike bins the last rounds are the dearest: 24 x 2 x 16 took 8 s to there, and takes 1 s.
     */
    mergedCutoffShare: 0.05,
    /** What artificial columns may cover by rounding. */
    artificialTolerance: 1e-7,
    /** Bound of the first phase above which no plan exists: a margin beyond `artificialTolerance`. */
    infeasibilityTolerance: 1e-6,
    /** A round that moves the master by less, relative, was mispriced: the next one is priced at its own duals. */
    stallTolerance: 1e-10,
    /**
     * Columns added in one round, and so many more for each query type: enough to renew the whole basis; more slow the
     * master down.
     */
    columnsPerRound: 40,
    columnsPerRoundAndQueryType: 3,
    /** Rounds after which a node gives up converging; its bound holds. Guards the running time. */
    roundLimit: 1000,
    /** The same over a pool, where rounds are not smoothed. */
    pooledRoundLimit: 500,
    /**
     * Weight of the best bound's duals (Wentges) in those that are priced: halves the rounds. More stalls near the end,
     * less zigzags.
     */
    smoothing: 0.6,
    /** Gap of master and bound, relative, that is presumed before there is a bound. */
    presumedGap: 0.1,
    /** Share of that gap that the pairs together may leave unsearched in a round. */
    unsearchedShare: 0.1,
    /**
     * Share of a configuration's best reduced cost that its search may leave unproven; it vanishes as prices converge.
     */
    unprovenShare: 0.2,
    /** Nodes of a search while generation is rough: enough for good patterns, not for proofs. */
    roughNodeLimit: 300,
    /** Rough rounds end when so many in a row together gain less than `roughGain`, relative. */
    roughPatience: 4,
    roughGain: 1e-3,
    /**
     * Nodes of a search when it is exact. Guards the running time of one search: seconds. Hundreds of thousands of
     * nodes are rare.
     */
    exactNodeLimit: 2_000_000,
  },

  /** The restricted master (master/restrictedMaster.ts) and its point. */
  master: {
    /**
     * A fraction of a pattern may exceed a table's largest by this before the pattern counts as not allowed there:
     * rounding.
     */
    fractionSlack: 1e-9,
    /**
     * The first surcharge on artificial columns, relative to the dearest pattern. Small, so that the duals that pricing
     * shaped stay near.
     */
    firstSurcharge: 0.02,
    surchargeGrowth: 4,
    /** The largest, relative to the same. Beyond it digits of the duals are lost, and the first phase decides. */
    surchargeLimit: 1e3,
    /** Weights of patterns below this are rounding. */
    weightTolerance: 1e-9,
    /** Weights this near a whole number are whole, as in every tree here. */
    integralityTolerance: defaultSearchParameters.tolerances.integrality,
    /** A pooled delay limit exceeded by more than this share of it becomes a row. */
    pooledDelayTolerance: 1e-7,
    /** The budget binds where it costs more than this: $ of the objective for a $ of the budget. */
    leastBudgetPrice: 1e-6,
    /** A bound must pass the cutoff by this share of it before it rules anything out: the arithmetic of the bound. */
    fixingSlack: 1e-9,
    /**
     * Before a node a master with more patterns than this, for each query type, is thinned out: one that only grows
     * spends its time on them.
     */
    mostPerQueryType: 15,
    /** What is kept beside the basic ones: those of least reduced cost. */
    keptPerQueryType: 10,
  },

  /** The search for the best pattern of one configuration (pricing/). Rooms are of order one there. */
  pricing: {
    /** Improving patterns kept of one search: the best and those found on the way to it. */
    patternsKept: 2,
    /** An item that gains less than this is left out. */
    leastGain: 1e-12,
    /** Values that differ by less than this are the same: far below the tolerance of the master's duals. */
    valueTolerance: 1e-9,
    /** A share this near 0 or 1 is whole; rounding it costs less than `valueTolerance`. */
    shareTolerance: 1e-9,
    /** Room that rounding may take. */
    roomTolerance: 1e-9,
    /** Shares and slacks of the two-resource LP beyond their bounds by less than this are within. */
    lpFeasibilityTolerance: 1e-10,
    /**
     * A pivot that cancels to less than this share of its terms belongs to a column parallel to the one that stays in
     * the basis.
     */
    lpParallelTolerance: 1e-11,
    /**
     * Steps after which the LP's bound is taken as it stands. Ten is already rare, but at the root, where all begin at
     * 1.
     */
    lpStepLimit: 60,
    /** Nodes between two questions whether to stop: some ten milliseconds. */
    stopPeriod: 20_000,
  },

  /** Subset-row cuts at the root. */
  cuts: {
    /** Rows violated by less move the bound less than they cost in pricing. */
    leastViolation: 0.03,
    /** Without a pool: rounds; below the root they made nodes dearer than they saved. */
    pricedRounds: 10,
    /** Without a pool: beyond this size pricing under the cuts' duals costs more than the cuts save. */
    largestPricedSize: 60,
    /** Without a pool: rounds end when one moves the bound by less than this share of it. */
    leastPricedGain: 2e-4,
    /** The same as a share of the gap to the incumbent: under a binding budget rounds of seconds closed 0.6 % of it. */
    leastPricedShare: 0.02,
    /** Without a pool: cuts of one round, and in all, for each query type; how many may hold the same one. */
    pricedPerRound: 0.5,
    pricedPerQueryType: 3,
    pricedPerMember: 3,
    /**
     * Over a pool, where they cost a pass: rounds, the least gain, cuts of one round for each query type, and those
     * that may hold the same one.
     */
    pooledRounds: 40,
    leastPooledGain: 2e-5,
    pooledPerRound: 1,
    pooledPerMember: 5,
  },

  /** Whole numbers of deployments and GPUs, proven at a root where what is alike is merged (master/provenCounts.ts). */
  counts: {
    /** A number nearer to a whole one is not tried: the next whole one moves the bound by little. */
    leastFraction: 0.01,
    /** Rounds of the linear program of one side: those that end in fewer are nearly all that end. */
    provingRounds: 200,
  },

  /** Covers of GPU limits (master/gpuCovers.ts), at any node: few, but each may close most of a gap. */
  gpuCovers: {
    /** Rounds at the root, and below it. */
    rootRounds: 10,
    nodeRounds: 2,
    /** Covers of one limit in one round, and rows of them in all. */
    perLimit: 3,
    mostRows: 60,
    /** Sets of thresholds looked at for one limit: some milliseconds. */
    effort: 5000,
  },

  /** Enumeration of all patterns that a cheaper plan can hold, and nodes over them (pool/). */
  pool: {
    /** Sets that an enumeration may look at before it is given up: a second. */
    effort: 8_000_000,
    /** Sets looked at between two questions whether to stop: some ten milliseconds. */
    stopPeriod: 100_000,
    /** Sets of one deployment after which its bounds count items as whole, and cells of the room there: a moment. */
    fillAfter: 200,
    fillCells: 1024,
    /** Columns that a pool may have: larger ones are not worth passing over at each round. */
    columns: 400_000,
    /** Once an enumeration has been given up, the gap must shrink to this share of it before the next. */
    retryShare: 0.8,
    /** The cutoff may be exceeded by this share of it: costs of one plan by two ways of adding up. */
    cutoffSlack: 1e-9,
    /** Use above capacity, relative, that counts as within. */
    capacitySlack: 1e-10,
    /** Room of the bound that is meant for half-empty sets, as a share. */
    halfRoom: 0.5,
    /**
     * Columns that a node's master begins with, for each query type; the passes over the pool bring what is missing.
     */
    seedsPerQueryType: 10,
    /** Below this many columns, for each query type, a node takes all it may use. */
    allPerQueryType: 20,
    /** Rounds of a child that is tried: the Lagrangian bound is near its end by then. */
    trialRounds: 2,
  },

  /** Pools where the budget row looks at fractions, and a set has columns at several (pool/patternPool.ts). */
  budgetPool: {
    /** Sets looked at: two seconds. At gaps beyond those that this is enough for branching on deployments says more. */
    effort: 4_000_000,
    /** Columns: 24 x 10 x 20 at 0.6 of its spend lived on 390,000 for 15 s a node. */
    columns: 200_000,
  },

  /** The widest pool that stays small, where a whole one does not (pool/partialPool.ts). */
  partialPool: {
    /** Share of the gap that the first pool covers, and how much more each next one does. */
    firstShare: 0.05,
    shareGrowth: 1.4,
    /** What one step may multiply the columns by, when nothing is known yet. */
    firstSizeGrowth: 3,
    /** Columns that it may have: gone through once, it may be larger than a pool that nodes live on. */
    columns: 1_000_000,
    /** Sets looked at by all its enumerations together. */
    effort: 100_000_000,
    /**
     * The same for each two query types: where nodes are cheap, branching is done before long enumerations are. The 46
     * million of 48 query types prove 48 x 12 x 20 seed 2 at the root, and leave seed 1 of its 60 s enough for a tree.
     */
    effortPerTwo: 20_000,
  },

  /** Nodes settled by going through their covers (pool/coverSearch.ts). */
  covers: {
    /**
     * The gap is covered in so many stages, each of which ends this much farther from the bound than the one before.
     */
    stages: 7,
    stageGrowth: 1.3,
    /** Excesses may be off by this share of the cutoff. */
    roundingShare: 1e-9,
    /**
     * Effort of one stage to the next, when nothing is known yet: stages were seen to take two to four times the one
     * before.
     */
    firstEffortGrowth: 4,
    /** Columns that the search may look at, at the root and below. */
    rootEffort: 4e8,
    /**
     * At the root where what is alike is merged: branching on the number of rented pairs says more than long covers.
     */
    mergedRootEffort: 4e7,
    nodeEffort: 1e7,
    /** Share of an effort before a rival's turn. */
    doubtfulShare: 0.25,
    /**
     * Making, checking and pricing the plan of a cover takes as long as looking at so many columns. Where a budget and
     * committed GPUs bind, hardly a cover is a plan: 6 x 6 x 10 tried a million in 12 s.
     */
    planEffort: 2000,
    /** Columns looked at between two questions whether to stop: some milliseconds. */
    stopPeriod: 2e6,
  },

  /** Plans from the master's points (plans/). */
  plans: {
    /** Of the nodes below the root one in so many is rounded, and one in so many dived from. */
    roundingPeriod: 5,
    divePeriod: 10,
    /** The same beyond `largeSize`: where nodes are dear plans are worth more than bounds. */
    largeDivePeriod: 2,
    /**
     * Below this size the root alone is rounded, and only descended from: the 270 published cells take 4,082 nodes
     * instead of 4,053, in 0.86 of the time.
     */
    leastRoundedSize: 12,
    /** Up to this size the root's rounding is followed by a search; beyond it the dive is worth more. */
    searchedRootSize: 30,
    /** Dives at the root: alternately of patterns and of placements, each pair with another start. */
    rootDives: 6,
    /** The same where the budget binds: each takes as long as several nodes of the tree, which go the same way. */
    rootDivesInBudget: 2,
    /**
     * Beyond `largeSize`: simplex iterations after which no further dive is begun at the root. Six of 200 x 20 x 40
     * took 100 s, before the tree had any plan but the construction's.
     */
    largeRootIterations: 25_000,
    /** Over a pool dives end after so many in a row that bring nothing better. */
    mostFailures: 3,
    /** Plans within this share of the cheapest are searched around with this effort, others only descended from. */
    worthSearching: 0.02,
    searchEffort: 0.2,
    /** Patterns, or placements, at or above this weight are fixed together with the largest. */
    patternsFixedTogether: 0.8,
    placementsFixedTogether: 0.95,
    /** Pricing rounds after each fixing; the patterns at hand mostly suffice. */
    roundsPerStep: 3,
    /** The same as long as artificial columns cover something. */
    mostRoundsPerStep: 25,
    /** Reduced costs above minus this, relative to the objective, are not worth a column in a dive. */
    improvementTolerance: 1e-6,
    /** Nodes of one search of a dive, and the share of a reduced cost that it may leave unproven. */
    searchNodes: 400,
    unprovenShare: 0.2,
    /**
     * A dive over a pool looks at so many columns for each query type, those of the cheapest plans, and adds so many at
     * once.
     */
    pooledColumnsPerQueryType: 1000,
    pooledColumnsAdded: 100,
  },

  /** Large neighbourhoods of the root's best plan beyond `largeSize` (pool/neighbourhoods.ts). */
  neighbourhoods: {
    /** Deployments that are given up together: with three plans gain most, with six seldom anything. */
    leastDeployments: 3,
    mostDeployments: 6,
    /** From each deployment so many neighbourhoods are searched, with another second one. */
    secondChoices: 2,
    /** Sets that one enumeration may look at, and columns that it may have: tenths of a second. */
    effort: 300_000,
    columns: 10_000,
    /**
     * Where that is too little, patterns may have so much of the room alone: a plan mostly shares it among several. And
     * the least share with which that is tried again.
     */
    shareStep: 0.7,
    leastShare: 0.2,
    /** Columns that one search of covers may look at. */
    coverEffort: 3_000_000,
    /** Simplex iterations and sets of all neighbourhoods together: 200 x 20 x 40 takes up either in some 30 s. */
    iterations: 30_000,
    sets: 60_000_000,
  },

  /** Sets of deployments that may be rented together, in a binding budget or on alike pairs (plans/rentedSets.ts). */
  rentedSets: {
    /** Sets that a list keeps, those of least bound; fewer where fewer programs are solved, as few say little. */
    mostSets: 3_000,
    /** Parts of sets looked at in one list, a second or two, and in all. */
    mostLooked: 8_000_000,
    mostLookedInAll: 60_000_000,
    /** A list holds what lies below so much of the gap that is left, twice as much if that is nothing. */
    firstShare: 0.15,
    /** Bounds kept side by side: each costs an addition wherever one looks. */
    mostBounds: 80,
    /** Cells of equal size that the budget is counted in: spends are rounded down to them. */
    moneyCells: 256,
    /** Sets looked at between two questions whether to stop. */
    stopPeriod: 2_000,
    /** Relative distance of master and bound that counts as met in a set's program: most are far above the cutoff. */
    tolerance: 1e-4,
    /**
     * Simplex iterations in all, some seconds, after which no further program is begun; as many again to search through
     * sets. Where not all sets could be listed, only plans are to be had.
     */
    iterationsOfAll: 40_000,
    iterationsOfSome: 10_000,
  },

  /** The search beside patterns (rivalry.ts). */
  rival: {
    /** Searched nodes of pricing that one iteration of the master is as much work as. */
    nodesPerMasterIteration: 150,
    /** The same of a column that a pass over a pool looks at, and of one that a search of covers does. */
    nodesPerPooledColumn: 0.3,
    nodesPerCoverColumn: 0.007,
    /**
     * Work of the patterns before the rival's first turn, half a second, and how much more before each next one: most
     * searches are done before the first.
     */
    firstWork: 600_000,
    workGrowth: 16,
    /**
     * Simplex iterations of the rival's first turn, some seconds, and how many more in each next one: of what it proves
     * in 15 s at all it proves most in these.
     */
    firstIterations: 10_000,
    iterationGrowth: 4,
    /** A gap below this, relative to the incumbent, is left to patterns, which were quicker at 0.4 %. */
    leastPricedGap: 5e-3,
    /**
     * The same over a pool: usual ones are below 1 % when they are made. At 8 to 17 %, where serving costs next to
     * nothing beside the rent, neither subset rows nor covers got anywhere in 15 s.
     */
    leastPooledGap: 0.02,
    /**
     * Query types times deployments up to which the rival's program is so small that it has turns also where the budget
     * binds, and, after so many times the work, at any gap: on 14 x 4 x 5 and 16 x 3 x 6 it proved in seconds what
     * patterns left 0.02 to 0.3 % open after hundreds of nodes.
     */
    smallProgram: 2000,
    narrowWork: 3,
    /** Query types times deployments beyond which the rival's program is too large. */
    largestProgram: 20_000,
  },

  /** Beyond this size nodes are dear: bounds may be loose, dives come more often. */
  largeSize: 60,

  /** The dynamic program over sets of few query types (subsets/). */
  subsets: {
    /** Its tables have 2^n entries for each pair; sets are bits of a whole number. */
    mostQueryTypes: 12,
    /** Sets of all deployments, and patterns: beyond, enumerating them takes as long as generating columns. */
    mostSets: 60_000,
    /** Steps of one pass over its table: tenths of a second. */
    mostSteps: 6_000_000,
    /** Entries of all its tables, for each pair, set and limit that plans share: a hundred MB. */
    mostEntries: 8_000_000,
    /**
     * Where rent leads and plans share nothing (subsetService.ts) more of everything pays: the linear program over
     * patterns ends 7 to 17 % below the optimum there, and neither cuts nor covers get anywhere in seconds.
     */
    ledByRent: {
      /** As `mostQueryTypes` above; with each one more a pass takes up to three times as long. */
      mostQueryTypes: 16,
      /**
       * Sets of all deployments, and sets and patterns looked at below one limit on all pairs together: half a second.
       * Six of those that it was kept for take up to 5.5 million; with many replicas for each set four pairs alone
       * took 18.
       */
      mostSets: 6_000_000,
      /** Steps of the pass: two seconds, of 18 pairs whose deployments hold any set of 16. */
      mostSteps: 800_000_000,
      /**
       * Rent as a share of the known plan's cost, from which it leads. Of 138 instances with 14 and 16 query types,
       * those that patterns left open after 4 s have 0.57 to 0.98 (one 0.34), most others less than 0.2.
       */
      leastShare: 0.4,
    },
    /**
     * Labels looked at, and compared with another one, below one limit, after which columns are generated instead:
     * about as long.
     */
    mostLabels: 400_000,
    /** What sums of a dozen uses may pass a limit by, relative to it: their rounding. */
    summingTolerance: 1e-12,
    /** Plans that cost so much more than a known one, relative to it, are still looked for: its cost is rounded. */
    knownTolerance: 1e-9,
    /** Labels, or sets, between two questions whether to stop. */
    stopPeriod: 20_000,
    /** Prices of the budget that are tried for the best bound; some ten suffice. */
    mostPrices: 40,
    /** A price whose bound misses that of its cutting planes by less than this, relative, is the best. */
    priceTolerance: 1e-9,
    /**
     * Patterns are made below a limit on what their plans cost: first this share of the way from the shares of the
     * query types to what they cost alone, then so many times as far. A third of all suffice mostly.
     */
    firstLimit: 0.9,
    limitGrowth: 3,
    /**
     * The first limit of labels lies above the bound by this share of the gap, or of the bound where there is no plan;
     * each further one is so many times as far. Most cells end below the first.
     */
    firstShare: 0.25,
    stepGrowth: 4,
  },

  /**
   * Rows of a joint, decision-dependent delay cost above which the master would be slower than the compact relaxation.
   */
  delayCostRowLimit: 2000,
};

export type PatternParameters = FrozenRecord<typeof defaultPatternParameters> & {
  /** Of the moves that improve its plans; default: their own. */
  readonly heuristics?: HeuristicParameters;
};

/** As options of the moves that improve plans. */
export function movesOf({ heuristics }: PatternParameters): { readonly parameters?: HeuristicParameters } {
  return heuristics === undefined ? {} : { parameters: heuristics };
}

/** The record by path, for who changes single numbers. */
export const patternParameterRoom: ParameterRoom<PatternParameters> = {
  name: 'patterns',
  defaults: defaultPatternParameters,
  ranges: {
    'generation.smoothing': { least: 0, most: 1, below: true },
    'generation.unsearchedShare': { least: 0, most: 1, below: true },
    'generation.unprovenShare': { least: 0, most: 1, below: true },
    'master.surchargeLimit': { least: 1, most: Infinity },
    'cuts.pricedPerRound': { least: 0, most: Infinity },
    'subsets.mostQueryTypes': { least: 0, most: 20, whole: true },
    'subsets.ledByRent.mostQueryTypes': { least: 0, most: 20, whole: true },
    'subsets.ledByRent.leastShare': { least: 0, most: 1 },
    'subsets.limitGrowth': { least: 1.1, most: Infinity },
    'subsets.stepGrowth': { least: 1.1, most: Infinity },
    'rentedSets.mostBounds': { least: 2, most: Number.MAX_SAFE_INTEGER, whole: true },
    'rentedSets.moneyCells': { least: 1, most: 2 ** 16, whole: true },
    'plans.searchEffort': { least: 0, most: Infinity },
    'plans.worthSearching': { least: 0, most: Infinity },
    'plans.mostRoundsPerStep': { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
    'neighbourhoods.leastDeployments': { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
    'neighbourhoods.shareStep': { least: 0, most: 1, below: true },
    'neighbourhoods.leastShare': { least: 1e-3, most: 1 },
    'plans.roundsPerStep': { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
  },
};
