/** A helper of `threadTeam.ts`: solves nodes that the solving thread has on offer, until that closes the port or ends the thread. */
import type { NodeJob, TeamContext } from '../model/patterns/nodeTeam.ts';
import { type PooledSearch, searchInContext } from '../model/patterns/pooledSearch.ts';
import type { PoolNodeOutcome } from '../model/patterns/poolNode.ts';
import { begunState, doneState, type HelperMessage, type HelperReply, type HelperTask, openState } from './jobBoard.ts';

export default function help({ board, number, port }: HelperTask): Promise<void> {
  let context: TeamContext | null = null;
  /** Made when first needed. */
  let search: PooledSearch | null = null;
  const answer = (job: NodeJob): PoolNodeOutcome | null => {
    try {
      if (context === null) return null;
      search ??= searchInContext(context);
      return search.answer(job);
    } catch {
      // The solving thread does the same work then, and throws where its caller can see it.
      return null;
    }
  };
  port.on('message', (message: HelperMessage) => {
    if (message.kind === 'context') {
      context = message.context;
      search = null;
      return;
    }
    const { slot, turn, job } = message;
    const begun = begunState(turn, number);
    if (Atomics.compareExchange(board, slot, openState(turn), begun) !== openState(turn)) return;
    const reply: HelperReply = { slot, turn, outcome: answer(job) };
    port.postMessage(reply);
    // The reply is there before the word says so; no word if the job was withdrawn meanwhile.
    if (Atomics.compareExchange(board, slot, begun, doneState(turn)) === begun) Atomics.notify(board, slot);
  });
  return new Promise((resolve) => port.once('close', resolve));
}
