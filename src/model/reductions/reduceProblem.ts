/**
 * Takes out of a problem what no best plan needs, before any formulation is built. Each reduction stands in a file of
 * its own with the reason why it keeps the optimum; each sees what the earlier ones left, so a dominated thing always
 * has its dominator still there.
 */

import { drain, type Steps } from '../../lp/steps.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import { removeDominatedDegrees } from './dominatedDegrees.ts';
import { removeDominatedPairs } from './dominatedPairs.ts';
import { applyForcedPlacements } from './forcedPlacements.ts';
import { applyGlobalLimits } from './globalLimits.ts';
import { removeIdleDeployments } from './idleDeployments.ts';
import { applySharedGpus } from './sharedGpus.ts';
import { tightenStretchedDelays } from './stretchedDelays.ts';
import { type Removal, type Tightening, WorkingProblem } from './workingProblem.ts';

/** In the order in which a round applies them. */
const reductions = {
  /** What availability, budget or storage capacity exclude, given what every plan spends at least. */
  globalLimits: applyGlobalLimits,
  /** Places that leave too few GPUs, or too little of a fleet limit or the budget, for all that must be served. */
  sharedGpus: applySharedGpus,
  /** Under `pooled` and `last-deployment`: the delay limit is stretched by no more TP degrees than can be rented. */
  stretchedDelays: tightenStretchedDelays,
  /** A query type with one place left settles the TP degree there and takes its share of the room. */
  forcedPlacements: applyForcedPlacements,
  /** Deployments that serve nothing and do not pay by standing there. */
  idleDeployments: removeIdleDeployments,
  /** A TP degree with another of the same (model, tier) that does all the same for less. */
  dominatedDegrees: removeDominatedDegrees,
  /** A deployment whose query types all fit on another one, beside everything else there, for less. */
  dominatedPairs: removeDominatedPairs,
} as const;

export type ReductionName = keyof typeof reductions;
export const reductionNames = Object.keys(reductions) as readonly ReductionName[];
/** Which reductions to apply. Default: all. */
export type ReductionSwitches = { readonly [Name in ReductionName]?: boolean };

/** Rounds until nothing changes rarely exceed three; what a further round would find is small. */
const mostRounds = 8;

export interface ReducedProblem {
  /** Same indices; a removed deployment is gone from `deploymentsOfPair`, and removed fractions are -1. */
  readonly problem: PlanningProblem;
  readonly removed: readonly Removal[];
  readonly tightened: readonly Tightening[];
}

/** Reduces a problem without changing its optimal cost (not every optimal plan is kept). */
export function reduceProblem(problem: PlanningProblem, switches: ReductionSwitches = {}): ReducedProblem {
  return drain(reduceInSteps(problem, switches));
}

/** As `reduceProblem`, pausing now and then. */
export function* reduceInSteps(problem: PlanningProblem, switches: ReductionSwitches = {}): Steps<ReducedProblem> {
  const working = new WorkingProblem(problem);
  const active = reductionNames.filter((name) => switches[name] ?? true);
  for (let round = 0; round < mostRounds; round++) {
    const before = working.removals.length + working.tightenings.length;
    for (const name of active) {
      reductions[name](working, name);
      yield;
    }
    if (working.removals.length + working.tightenings.length === before) break;
  }
  return { problem: working.result(), removed: working.removals, tightened: working.tightenings };
}
