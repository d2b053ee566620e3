/**
 * What a team and its helpers say to each other. The word of a job in shared memory holds the turn of its slot, so that
 * a message about a former job there changes nothing, and who has the job: nobody (open), the solving thread (taken),
 * helper h, or nobody any more (done).
 */
import type { MessagePort } from 'node:worker_threads';
import type { TeamAnswer, TeamContext, TeamJob } from '../patterns/patternTeam.ts';

/** What a helper is started with. */
export interface HelperTask {
  /** Shared. */
  readonly board: Int32Array;
  readonly number: number;
  readonly port: MessagePort;
}

export type HelperMessage =
  | { readonly kind: 'context'; readonly context: TeamContext }
  | { readonly kind: 'jobs'; readonly jobs: readonly PostedJob[] };

export interface PostedJob {
  readonly slot: number;
  readonly turn: number;
  readonly job: TeamJob;
}

export interface HelperReply {
  readonly slot: number;
  readonly turn: number;
  /** Null where the work threw: the solving thread does it again, and fails in its own name. */
  readonly answer: TeamAnswer | null;
}

/** Words of one turn; more helpers than are left here nobody has. */
const wordsPerTurn = 1024;
const open = 0;
const taken = 1;
const done = 2;
const firstHelper = 3;
/** Turns are counted anew before words outgrow 32 bits; that many jobs later nobody has heard of the former. */
const turns = 1 << 20;

function word(turn: number, state: number): number {
  return (turn % turns) * wordsPerTurn + state;
}

export const openState = (turn: number): number => word(turn, open);
export const takenState = (turn: number): number => word(turn, taken);
export const doneState = (turn: number): number => word(turn, done);
export const begunState = (turn: number, helper: number): number => word(turn, firstHelper + helper);
