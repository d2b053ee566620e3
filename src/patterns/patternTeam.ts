/**
 * The seam to other threads: work that is likely to be wanted is offered, nodes over a pool and dives of the root;
 * whoever is free does a job, and the search takes the answer, or the job itself, when its turn comes. An answer
 * depends on the context and the job alone, so that the search is the same whoever does the work. Nothing here knows
 * threads: `rolla/worker` has the team that does.
 */
import type { NodeRequest } from '../bnb/relaxation.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import type { MasterPoint } from './master/masterPoint.ts';
import type { Fixings, PatternDecision, SavedRestrictions } from './master/patternDecision.ts';
import type { SavedMaster } from './master/restrictedMaster.ts';
import type { PatternParameters } from './parameters.ts';
import type { PatternWarmStart } from './patternWarmStart.ts';
import type { SavedPool } from './pool/patternPool.ts';
import type { PoolNodeOutcome } from './pool/poolNode.ts';
import type { SavedPricing } from './pricing/patternPricer.ts';

/** What all jobs until the next context are about: plain data. */
export interface TeamContext {
  readonly problem: PlanningProblem;
  readonly parameters: PatternParameters;
  /** What nodes are solved over; null: the jobs are dives. */
  readonly pooled: {
    readonly pool: SavedPool;
    readonly fixings: Fixings;
    readonly cuts: boolean;
    readonly heuristics: boolean;
    readonly enumeration: boolean;
  } | null;
}

/** A node to be solved: plain data. */
export interface NodeJob
  extends Pick<
    NodeRequest<PatternDecision, IndexedPlan, PatternWarmStart>,
    'id' | 'decisions' | 'warmStart' | 'parentBound' | 'depth' | 'cutoff' | 'relativeGap'
  > {
  readonly kind: 'node';
}

/** Where dives begin, and all that decides what a dive finds: plain data. */
export interface DiveStart {
  readonly master: SavedMaster;
  readonly point: MasterPoint;
  readonly restrictions: SavedRestrictions;
  readonly pricing: Pick<SavedPricing, 'stretch' | 'muA' | 'muB'>;
  /** As in `DiveLimits`. */
  readonly searchBelow: number;
  /** Dives before this one, in all: they take turns. */
  readonly divesBefore: number;
}

export interface DiveResult {
  readonly solution: IndexedPlan | null;
  readonly simplexIterations: number;
}

/** A dive: plain data. */
export interface DiveJob {
  readonly kind: 'dive';
  /** Its turn. */
  readonly id: number;
  readonly start: DiveStart;
}

export type TeamJob = NodeJob | DiveJob;

export type TeamAnswer =
  | { readonly kind: 'node'; readonly outcome: PoolNodeOutcome }
  | { readonly kind: 'dive'; readonly result: DiveResult };

/** Helps one solve at a time. */
export interface PatternTeam {
  /** Jobs that may be on offer or done and not taken at a time. */
  readonly room: number;
  /** Sets the context of the jobs to come; those on offer, such as a stopped solve left there, are withdrawn. */
  begin(context: TeamContext): void;
  /** Lets others begin the jobs, until they are taken or withdrawn. Ids on offer differ. */
  offer(jobs: readonly TeamJob[]): void;
  /**
   * Takes a job that is on offer: the answer if somebody has it; `mine` if nobody has begun, or whoever did cannot end
   * it: the caller does the job; `under way` if somebody is at it: to be asked again.
   */
  take(id: number): TeamAnswer | 'mine' | 'under way';
  /** Waits until a job that is under way is done, but not more than some milliseconds. */
  wait(id: number): void;
  /** Takes all jobs off the offer; what is found of them is dropped. */
  withdraw(): void;
}
