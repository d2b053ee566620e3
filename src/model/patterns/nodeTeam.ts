/**
 * The seam to other threads: nodes over a pool that are likely to be wanted are offered; whoever is free solves one, and the search takes what was
 * found, or the node itself, when its turn comes. What a node comes to depends on the pool and the job alone, so that the search is the
 * same whoever does the work. Nothing here knows threads: `rolla/worker` has the team that does.
 */
import type { NodeRequest } from '../../bnb/relaxation.ts';
import type { IndexedPlan } from '../indexedPlan.ts';
import type { PlanningProblem } from '../planningProblem.ts';
import type { Fixings, PatternDecision } from './patternDecision.ts';
import type { SavedPool } from './patternPool.ts';
import type { PatternWarmStart } from './patternWarmStart.ts';
import type { PoolNodeOutcome } from './poolNode.ts';

/** What all jobs until the next context are about: plain data. */
export interface TeamContext {
  readonly problem: PlanningProblem;
  readonly pool: SavedPool;
  readonly fixings: Fixings;
  readonly cuts: boolean;
  readonly heuristics: boolean;
}

/** A node to be solved: plain data. */
export type NodeJob = Pick<
  NodeRequest<PatternDecision, IndexedPlan, PatternWarmStart>,
  'id' | 'decisions' | 'warmStart' | 'parentBound' | 'depth' | 'cutoff'
>;

export interface NodeTeam {
  /** Jobs that may be on offer or done and not taken at a time. */
  readonly room: number;
  /** Sets the context of the jobs to come; those on offer, such as a stopped solve left there, are withdrawn. */
  begin(context: TeamContext): void;
  /** Lets others begin the job, until it is taken or withdrawn. Ids on offer differ. */
  offer(job: NodeJob): void;
  /**
   * Takes a job that is on offer: the outcome if somebody has found it; `mine` if nobody has begun, or whoever did cannot end it: the caller solves
   * the node; `under way` if somebody is at it, after a wait of some milliseconds: to be asked again.
   */
  take(id: number): PoolNodeOutcome | 'mine' | 'under way';
  /** Takes all jobs off the offer; what is found of them is dropped. */
  withdraw(): void;
}
