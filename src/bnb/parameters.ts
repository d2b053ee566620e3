/**
 * Every number of the search that one may want to vary, with its reason and what was seen. A strategy carries the
 * record, and with it a saved search. "Relative" is relative to what the entry names. The simplex has its own in
 * src/lp.
 */

import type { FrozenRecord, ParameterRoom } from './parameterPaths.ts';

export const defaultSearchParameters = {
  /** What whole, zero and violated mean throughout. */
  tolerances: {
    /** A value this near a whole number counts as whole (specification 9.2). */
    integrality: 1e-6,
    /** Reduced costs below this are rounding and fix nothing. */
    reducedCost: 1e-7,
    /**
     * A point violates a cut if its activity is outside by more than this, relative to the cut's norm: less is
     * rounding.
     */
    efficacy: 1e-4,
  },

  /** When a search counts as settled (incumbents.ts). */
  gaps: {
    /** Where none is asked for. */
    relative: 1e-6,
    /** Closes gaps that are rounding only; costs of 0 have no relative gap. */
    absolute: 1e-9,
    /**
     * No bound in double precision comes closer to a cost than this share of it; a smaller gap, also 0, asks for this
     * one.
     */
    leastProvable: 1e-9,
  },

  /** The search's time (treeSearch.ts, searchClock.ts). */
  pace: {
    /** Milliseconds of work between two pauses of the asynchronous run. */
    pauseInterval: 20,
    /**
     * Nodes between two checkpoints: what a resumed search solves again at most. More often would cost warm factors and
     * weights.
     */
    checkpointPeriod: 50,
    /**
     * Milliseconds that work may take to end by itself once a limit has struck, with the bound that it has found; after
     * that it is left standing at its next pause, and goes on from there if the search does.
     */
    graceInterval: 50,
    /** Seconds from the start that a first solution may be looked for, whatever the limits of time and memory. */
    firstSolutionSeconds: 0.15,
    /** Milliseconds between two looks at the memory: one look takes some hundredths of one. */
    meterInterval: 20,
  },

  /** Which node is next (openNodes.ts). */
  plunges: {
    /** A plunge ends once its bound has used up this part of the way from the best bound to the cutoff (SCIP's). */
    boundQuotient: 0.25,
    /** A plunge may always go this deep, whatever its bound. */
    leastDepth: 2,
  },

  /** What a node is branched on (branching.ts, pseudoCosts.ts, linear/columnCandidates.ts). */
  branching: {
    /** Keeps a product of gains from being blind to the other side when one gain is 0. */
    leastGain: 1e-6,
    /**
     * Strong branching stops after this many candidates in a row that do not improve on the best (the lookahead of
     * Achterberg 2007).
     */
    lookahead: 4,
    /** Gain assumed per unit before anything is known; only its being positive matters. */
    gainWithoutHistory: 1,
    /** Distances below this say nothing about a slope. */
    leastDistance: 1e-6,
    /** Candidates given where the LP's point says nothing. */
    mostBlindCandidates: 20,
  },

  /** The linear program of a node (linear/nodeLp.ts, linear/linearRelaxation.ts, linear/nodeBounds.ts). */
  nodes: {
    /**
     * Simplex iterations before the first look at the limits; doubled each time, since every pause costs the simplex
     * its perturbation.
     */
    firstSlice: 1000,
    /** Iterations of one LP per row and column after which it is given up as stalled. */
    mostIterationsPerLine: 20,
    /** Rounds of lazy rows at one node; each adds rows that the point violates, so it ends long before. */
    mostLazyRounds: 1000,
    /** Rounding integer values by more than this calls for continuous columns to be computed again. */
    roundingShift: 1e-9,
    /** A continuous column whose bounds are this near is fixed. */
    fixedWidth: 1e-9,
  },

  /** Bound propagation (linear/propagation.ts). */
  propagation: {
    /** Bounds of continuous columns move only by more than this part of their range: else propagation creeps. */
    leastContinuousProgress: 0.05,
    /** Bounds beyond this are left alone: derived from large activities they are mostly rounding. */
    largestDerivedBound: 1e8,
    /** Each row is looked at this often per call, at most. */
    visitsPerRow: 20,
  },

  /** Objectives that move in steps (linear/objectiveSteps.ts). */
  steps: {
    /** Costs are tried as multiples of 1, 0.1, ... down to this power of ten. */
    mostDecimals: 4,
    /**
     * A scaled cost this near a whole number, relative to its size, counts as whole: rounding of the decimal and of the
     * scaling.
     */
    wholeTolerance: 1e-13,
    /** Rounding of a bound, relative to the step: the simplex's objective may lie this much above the true value. */
    roundingTolerance: 1e-5,
    /** What a cutoff leaves above the best value that is still looked for, relative to the step, for rounding. */
    cutoffSlack: 1e-4,
  },

  /** Roundings of a point with the help of propagation (linear/propagationRounding.ts). */
  rounding: {
    /** Simplex iterations that the continuous columns may take: this is a guess, not worth more. */
    mostIterations: 1000,
    /** Nodes deeper than the root are rounded when their depth is a multiple of this. */
    depthStep: 5,
  },

  /** Searches near the incumbent, where a strategy has them (plugins/ours/neighbourhoods.ts). */
  neighbourhoods: {
    /** Nodes whose number is a multiple of this are looked at: each search costs as much as some dozen nodes. */
    nodeStep: 40,
    /** Nodes of each search. */
    mostNodes: 60,
    /** Part of the integer columns that RINS must fix: less leaves a program that is hardly smaller. */
    leastFixed: 0.3,
    /** Binary columns that local branching lets change (10 to 20 in Fischetti and Lodi 2003). */
    radius: 15,
  },

  /** Dives, where a strategy has them (plugins/ours/dives.ts). */
  dives: {
    /** Nodes whose number is a multiple of this are dived from: a dive solves up to dozens of linear programs. */
    nodeStep: 20,
    /** Simplex iterations of a dive. */
    mostIterations: 5000,
  },

  /** Starting the root anew with a smaller program (linear/shrinkingRelaxation.ts, linear/reducedProgram.ts). */
  restarts: {
    /**
     * Parts of the columns that must be fixed, during the rounds of cuts and after them: starting anew costs a
     * factorisation and rounds of cuts.
     */
    leastFixedDuringRounds: 0.2,
    leastFixedAfterRounds: 0.05,
    /** Restarts that each remove little: after so many the tree begins. */
    mostRestarts: 20,
    /**
     * A row is implied if its extreme activity keeps its bound by this, relative to max(1, |bound|), or to its largest
     * coefficient where that is below 1: rounding of the sum.
     */
    impliedTolerance: 1e-9,
  },

  /** Rounds of cuts (linear/linearRelaxation.ts, linear/lpCuts.ts). */
  cutRounds: {
    /** Rounds at the root where the model does not say. */
    mostAtRoot: 50,
    /** Rounds at a node below the root: a second one finds hardly more. */
    mostBelowRoot: 1,
    /** Without an incumbent, a round that gains less than this part of the bound is a stalled one. */
    leastProgress: 1e-4,
    /** With one, a round that closes less than this part of the gap; so many in a row end the rounds. */
    leastGapPart: 0.02,
    mostStalled: 3,
    /**
     * The same where nodes separate cuts too: there slow rounds at the root cost more than the nodes that they save.
     */
    impatientLeastGapPart: 0.2,
    impatientMostStalled: 2,
    /** At most this many cuts are added in a round, plus a share of the columns. */
    leastCutsPerRound: 100,
    cutsPerColumn: 0.5,
    /** Rounds that a cut may be slack before it leaves the LP. */
    mostSlackRounds: 2,
  },

  /** Which cuts are kept and picked (linear/cutPool.ts). */
  cutPool: {
    /** Two cuts whose cosine is above this say nearly the same; the weaker one waits. */
    largestParallelism: 0.7,
    /** Even parallel cuts are taken if this good relative to the best, up to this cosine. */
    goodPart: 0.9,
    largestParallelismOfGood: 0.95,
    /** Coefficients of equal cuts agree to this, relative to the first. */
    sameTolerance: 1e-9,
    /** Rounds after which a cut that was not violated is forgotten. */
    mostIdleRounds: 10,
    /** Cuts whose largest coefficient exceeds the smallest by more than this lose their validity to rounding. */
    largestRange: 1e6,
    /** Denser cuts than this part of the columns (plus a few) slow the LP more than they help. */
    densestPart: 0.4,
    densityAllowance: 100,
  },

  /** Rows as knapsacks over binaries (cuts/clique.ts, cuts/knapsackCover.ts). */
  knapsacks: {
    /** Weights must exceed the capacity by this, relative to it, to be too heavy: nearer is rounding. */
    overweightTolerance: 1e-6,
    /** Conflicts stored at most; set-partitioning rows have quadratically many. */
    mostConflicts: 400_000,
    /** Sum of values above 1 that makes a clique worth giving. */
    leastCliqueViolation: 1e-3,
  },

  /** Mixed-integer rounding (cuts/mixedIntegerRounding.ts). */
  mixedIntegerRounding: {
    /** Fractions of the scaled right-hand side outside of these give weak cuts or divide by almost nothing. */
    leastFraction: 0.02,
    largestFraction: 0.98,
    /** Divisors tried, of the coefficients of integer variables strictly between their bounds. */
    mostDivisors: 12,
    /** Divisors that differ by less than this, relatively, are one. */
    sameDivisorTolerance: 1e-6,
    /** The best divisor is tried again divided by these (Marchand and Wolsey 2001). */
    divisorParts: [2, 4, 8] as readonly number[],
    /** Divisors below this part of the largest coefficient make huge cut coefficients. */
    leastDivisorPart: 1e-4,
    /** Complementations tried after the best divisor is found. */
    mostToggles: 12,
    /** Coefficients below this part of the largest are removed at the variable's bound: solvers drop them silently. */
    negligiblePart: 1e-9,
    /** Sums that cancel to below this part of their terms are 0 but for rounding. */
    cancellationNoise: 1e-13,
    /** Loosening of each cut, relative to max(1, |rhs|): pays for rounding in the derivation. */
    safetySlack: 1e-9,
    /** Coefficients of the sum below this are 0. */
    zero: 1e-11,
    /** Slopes of variable bounds beyond this are a big M: the bound says little and its rounding much. */
    largestSlope: 1e6,
  },

  /** The rows that are rounded (cuts/aggregatedRounding.ts, cuts/gomory.ts, cuts/rowAggregation.ts). */
  aggregation: {
    /** Rows summed at most: longer sums are dense and rarely give cuts. */
    mostRows: 6,
    /** A continuous column nearer than this to a bound is not worth eliminating. */
    leastDistance: 1e-6,
    /** Rows with more entries are not started from. */
    longestRow: 1000,
    /**
     * Nor are rows whose slack is above this, relative to max(1, |activity|). Tight rows alone would miss the rows of
     * variable capacity, which are slack where the capacity is fractional.
     */
    largestSlack: 1,
    /** Slack that one entry more is worth when rows are compared: decides between rows that are equally tight. */
    slackPerEntry: 1e-6,
    /** Tableau rows tried in a round, the most fractional first. */
    mostTableauRows: 100,
    /** Multipliers below this part of the largest are rounding of the inverse. */
    negligibleMultiplier: 1e-9,
  },

  /** What divisors say before the tree (integers/). */
  integers: {
    /** Equations and their columns beyond which elimination with long numbers takes too long. */
    mostEquations: 200,
    mostVariables: 200,
    /** Bits of the numbers beyond which the elimination is given up. */
    mostBits: 256,
    /** A column with more values than this counts as unbounded: a tree would not go through them. */
    manyValues: 1e6,
    /** Rounding of a scaled side, relative to its size. */
    sideRounding: 1e-9,
    /** Largest denominator looked for in a coefficient, and least common one of a row. */
    largestDenominator: 10_000,
    largestMultiple: 1e12,
  },
};

export type SearchParameters = FrozenRecord<typeof defaultSearchParameters>;

/** The record by path, for who changes single numbers. */
export const searchParameterRoom: ParameterRoom<SearchParameters> = {
  name: 'search',
  defaults: defaultSearchParameters,
  ranges: {
    'gaps.relative': { least: 0, most: 1, below: true },
    'gaps.absolute': { least: 0, most: Infinity },
    'pace.firstSolutionSeconds': { least: 0, most: Infinity },
    'pace.pauseInterval': { least: 0, most: Infinity },
    'pace.graceInterval': { least: 0, most: Infinity },
    'branching.gainWithoutHistory': { least: 0, above: true, most: Infinity },
    'neighbourhoods.nodeStep': { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
    'neighbourhoods.leastFixed': { least: 0, most: 1 },
    'dives.nodeStep': { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
    'nodes.mostIterationsPerLine': { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
    'nodes.mostLazyRounds': { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
    'steps.mostDecimals': { least: 0, most: 12, whole: true },
    'cutRounds.cutsPerColumn': { least: 0, most: Infinity },
    'cutPool.densityAllowance': { least: 0, most: Infinity },
    'mixedIntegerRounding.divisorParts': { least: 1, above: true, most: Infinity },
  },
};

/** Whether a value has exactly the entries of the record, each of its kind. */
export function isSearchParameters(value: unknown): value is SearchParameters {
  return isLike(defaultSearchParameters, value);
}

function isLike(model: unknown, value: unknown): boolean {
  if (typeof model !== 'object' || model === null) return typeof value === 'number' && Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(model)) return Array.isArray(value) && value.every((entry) => isLike(0, entry));
  const names = Object.keys(model);
  if (Object.keys(value).length !== names.length) return false;
  return names.every((name) => isLike((model as never)[name], (value as never)[name]));
}
