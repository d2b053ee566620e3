/**
 * A helper of `threadTeam.ts`: does jobs that the solving thread has on offer, until that closes the port or ends the
 * thread.
 */
import type { TeamAnswer, TeamContext, TeamJob } from '../patterns/patternTeam.ts';
import { TeamMember } from '../patterns/teamMember.ts';
import {
  begunState,
  doneState,
  type HelperMessage,
  type HelperReply,
  type HelperTask,
  openState,
  type PostedJob,
} from './jobBoard.ts';

export default function help({ board, number, port }: HelperTask): Promise<void> {
  let context: TeamContext | null = null;
  /** Made when first needed. */
  let member: TeamMember | null = null;
  const answer = (job: TeamJob): TeamAnswer | null => {
    try {
      if (context === null) return null;
      member ??= new TeamMember(context);
      return member.answer(job);
    } catch {
      // The solving thread does the same work then, and throws where its caller can see it.
      return null;
    }
  };
  const work = ({ slot, turn, job }: PostedJob): void => {
    const begun = begunState(turn, number);
    if (Atomics.compareExchange(board, slot, openState(turn), begun) !== openState(turn)) return;
    const reply: HelperReply = { slot, turn, answer: answer(job) };
    port.postMessage(reply);
    // The reply is there before the word says so; no word if the job was withdrawn meanwhile.
    if (Atomics.compareExchange(board, slot, begun, doneState(turn)) === begun) Atomics.notify(board, slot);
  };
  port.on('message', (message: HelperMessage) => {
    if (message.kind === 'jobs') return message.jobs.forEach(work);
    context = message.context;
    member = null;
  });
  return new Promise((resolve) => port.once('close', resolve));
}
