/** What parts of a pattern node's work see of its request. */
import { cutoffWithin } from '../bnb/progress.ts';
import type { NodeOutcome, NodeRequest } from '../bnb/relaxation.ts';
import { planCost } from '../heuristics/index.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import type { PatternDecision } from './master/patternDecision.ts';
import type { PatternWarmStart } from './patternWarmStart.ts';

export type PatternOutcome = NodeOutcome<PatternDecision, IndexedPlan, PatternWarmStart>;
export type PatternRequest = NodeRequest<PatternDecision, IndexedPlan, PatternWarmStart>;
export type Proposal = PatternOutcome['proposals'][number];

/** The request as work sees it before which the node took so many simplex iterations. */
export function counting(request: PatternRequest, before: number): PatternRequest {
  const { onRound } = request;
  if (onRound === undefined) return request;
  return {
    ...request,
    onRound: (round) => onRound({ ...round, simplexIterations: before + round.simplexIterations }),
  };
}

/** The cutoff once the best of the proposals has been let in, at the tree's own gap. */
export function cutoffWith(problem: PlanningProblem, request: PatternRequest, proposals: readonly Proposal[]): number {
  const { cutoff, incumbentCost, relativeGap } = request;
  const best = proposals.reduce((least, { solution }) => Math.min(least, planCost(problem, solution)), Infinity);
  // Without an incumbent the cutoff may be another search's: what is dearer is not let in.
  if (!(best < (incumbentCost < Infinity ? incumbentCost : cutoff))) return cutoff;
  return Math.min(cutoff, cutoffWithin(best, relativeGap));
}
