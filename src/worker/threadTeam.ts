/**
 * The team of `src/patterns/patternTeam.ts` made of threads of Node. The solving thread is busy as long as it solves,
 * so that jobs and outcomes do not wait for its event loop: each helper has a message port, which is read
 * synchronously, and each job on offer has a word in shared memory that says who has it. Every job goes to every
 * helper; who changes its word first does it. Piscina starts the threads, tells of those that die, and ends them.
 */
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { PatternTeam, TeamAnswer, TeamContext, TeamJob } from '../patterns/patternTeam.ts';
import { checkThreads } from '../planner/threadCount.ts';
import {
  begunState,
  doneState,
  type HelperMessage,
  type HelperReply,
  type HelperTask,
  openState,
  takenState,
} from './jobBoard.ts';

/** Jobs on offer for each helper: enough for a plunge of the search, during which nothing of them is taken. */
const roomPerHelper = 16;
/** Milliseconds that the solving thread waits for a helper before it looks at its limits. */
const patience = 20;

interface Helper {
  readonly port: MessagePort;
  readonly number: number;
  isAlive: boolean;
}

export interface ThreadTeam extends PatternTeam {
  /** Ends the threads, whatever they are at. */
  close(): Promise<void>;
}

/**
 * Starts `threads` - 1 helpers, for one solve at a time (`SolveOptions.team`) by `runAsync`, as they start and are
 * watched in the event loop; the solving thread is the one more. They live until `close`. Null for one thread, the
 * default. Throws InputError unless `threads` is a whole number from 1 to 256.
 */
export function startThreadTeam(threads = 1): ThreadTeam | null {
  checkThreads(threads);
  return threads === 1 ? null : new Team(threads - 1);
}

class Team implements ThreadTeam {
  readonly room: number;
  readonly #helpers: readonly Helper[];
  readonly #pool: Piscina<HelperTask, void>;
  /** (slot): state of the job there (`jobBoard.ts`). */
  readonly #board: Int32Array;
  readonly #freeSlots: number[];
  /** (id): where the job is. */
  readonly #slots = new Map<number, number>();
  /** (slot): the answer that has come and is not taken. */
  readonly #answers: (TeamAnswer | null)[];
  /** (slot): how many jobs it has had, so that words of former ones fit no more. */
  readonly #turns: Int32Array;

  constructor(helpers: number) {
    this.room = roomPerHelper * helpers;
    this.#board = new Int32Array(new SharedArrayBuffer(this.room * Int32Array.BYTES_PER_ELEMENT));
    this.#turns = new Int32Array(this.room);
    this.#answers = Array.from({ length: this.room }, () => null);
    this.#freeSlots = Array.from({ length: this.room }, (_, slot) => slot);
    // Run from source, threads need a loader for .ts of their own.
    const file = import.meta.url.endsWith('.ts') ? './helperThread.source.mjs' : './helperThread.js';
    this.#pool = new Piscina({
      filename: fileURLToPath(new URL(file, import.meta.url)),
      minThreads: helpers,
      maxThreads: helpers,
      idleTimeout: Number.POSITIVE_INFINITY,
    });
    this.#helpers = Array.from({ length: helpers }, (_, number) => {
      const { port1, port2 } = new MessageChannel();
      // Only read when asked: an open port must not keep the process.
      port1.unref();
      const helper = { port: port1, number, isAlive: true };
      const task: HelperTask = { board: this.#board, number, port: port2 };
      this.#pool.run(task, { transferList: [port2] }).then(
        () => {},
        // Its thread is dead or was ended: what it had begun is for others.
        () => {
          helper.isAlive = false;
        },
      );
      return helper;
    });
  }

  begin(context: TeamContext): void {
    this.withdraw();
    this.#post({ kind: 'context', context });
  }

  offer(jobs: readonly TeamJob[]): void {
    const posted = jobs.map((job) => {
      const slot = this.#freeSlots.pop();
      if (slot === undefined) throw new Error('more jobs on offer than the team has room for');
      const turn = ++this.#turns[slot];
      this.#slots.set(job.id, slot);
      this.#answers[slot] = null;
      Atomics.store(this.#board, slot, openState(turn));
      return { slot, turn, job };
    });
    this.#post({ kind: 'jobs', jobs: posted });
  }

  take(id: number): TeamAnswer | 'mine' | 'under way' {
    const slot = this.#slots.get(id);
    if (slot === undefined) return 'mine';
    const turn = this.#turns[slot];
    const found = Atomics.compareExchange(this.#board, slot, openState(turn), takenState(turn));
    if (this.#helpers.some(({ isAlive, number }) => isAlive && found === begunState(turn, number))) return 'under way';
    if (found === doneState(turn)) this.#receive();
    const answer = this.#answers[slot] ?? 'mine';
    this.#free(id, slot);
    return answer;
  }

  wait(id: number): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    const found = Atomics.load(this.#board, slot);
    if (found !== doneState(this.#turns[slot])) Atomics.wait(this.#board, slot, found, patience);
  }

  withdraw(): void {
    for (const [id, slot] of this.#slots) this.#free(id, slot);
  }

  async close(): Promise<void> {
    for (const { port } of this.#helpers) port.close();
    await this.#pool.destroy();
  }

  #post(message: HelperMessage): void {
    for (const { port, isAlive } of this.#helpers) if (isAlive) port.postMessage(message);
  }

  /** Whoever is at the job finds its word changed in the end. */
  #free(id: number, slot: number): void {
    Atomics.store(this.#board, slot, takenState(this.#turns[slot]));
    this.#answers[slot] = null;
    this.#slots.delete(id);
    this.#freeSlots.push(slot);
  }

  /** Takes what has come of helpers; what belongs to former turns is dropped. */
  #receive(): void {
    for (const { port } of this.#helpers) {
      for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
        const { slot, turn, answer } = received.message as HelperReply;
        if (this.#turns[slot] === turn && this.#isOnOffer(slot)) this.#answers[slot] = answer;
      }
    }
  }

  /** A helper's answer may be here before its word says done. */
  #isOnOffer(slot: number): boolean {
    return Atomics.load(this.#board, slot) !== takenState(this.#turns[slot]);
  }
}
