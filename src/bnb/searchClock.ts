/** What stops a search from outside: its clock over all runs, its memory, the limits and whoever interrupts it. */
import { bytesOfPlatform } from './memoryMeter.ts';
import { checkSearchLimits } from './searchOptions.ts';
import type { SearchLimits, SearchWatch } from './searchTypes.ts';

export type StopReason = 'time-limit' | 'node-limit' | 'memory-limit' | 'interrupted';

export class SearchClock {
  readonly #meterInterval: number;
  readonly #isInterrupted: () => boolean;
  readonly #bytesInUse: () => number | null;
  #limits: SearchLimits;
  #secondsBefore: number;
  #start: number | null = null;
  /**
   * Bytes in use when the search, or its first limit on memory, began; null before that, and where the platform does
   * not say. Not asked for in vain: the answer takes about a millisecond, a fifth of a small solve.
   */
  #bytesBefore: number | null = null;
  #bytesSeen = 0;
  #metered = -Infinity;

  /**
   * `secondsBefore` were spent before: by earlier runs, and on what led to the search; `meterInterval`: milliseconds
   * between two looks at the memory.
   */
  constructor(
    limits: SearchLimits,
    { isInterrupted, bytesInUse }: SearchWatch,
    secondsBefore: number,
    meterInterval: number,
  ) {
    this.#meterInterval = meterInterval;
    this.#limits = limits;
    this.#isInterrupted = isInterrupted ?? (() => false);
    this.#bytesInUse = bytesInUse ?? bytesOfPlatform;
    this.#secondsBefore = secondsBefore;
    this.#beginMetering();
  }

  get seconds(): number {
    return this.#secondsBefore + (this.#start === null ? 0 : (performance.now() - this.#start) / 1000);
  }

  start(): void {
    this.#start ??= performance.now();
  }

  stop(): void {
    this.#secondsBefore = this.seconds;
    this.#start = null;
  }

  /** Throws InputError on bad limits. */
  setLimits(limits: SearchLimits): void {
    checkSearchLimits(limits);
    this.#limits = limits;
    this.#beginMetering();
  }

  #beginMetering(): void {
    if ((this.#limits.memoryLimit ?? Infinity) < Infinity) this.#bytesBefore ??= this.#bytesInUse();
  }

  /** Why no further node may be taken, if so. `bytes` are those known to be held. */
  stopReason(nodes: number, bytes: number): StopReason | null {
    if (this.#isInterrupted()) return 'interrupted';
    const { timeLimit = Infinity, nodeLimit = Infinity, memoryLimit = Infinity } = this.#limits;
    if (nodes >= nodeLimit) return 'node-limit';
    if (memoryLimit < Infinity && Math.max(bytes, this.#bytesGrown()) > memoryLimit) return 'memory-limit';
    if (timeLimit !== Infinity && this.seconds >= timeLimit) return 'time-limit';
    return null;
  }

  /** Asked in the middle of work; bound, so that it can be handed on. */
  readonly shouldStop = (): boolean => this.shouldStopAfter(0);

  /** The same for work that may go on until `seconds` are spent, unless it is interrupted. */
  shouldStopAfter(seconds: number): boolean {
    if (this.#isInterrupted()) return true;
    const { timeLimit = Infinity, memoryLimit = Infinity } = this.#limits;
    if (timeLimit === Infinity && memoryLimit === Infinity) return false;
    const spent = this.seconds;
    if (spent < seconds) return false;
    return spent >= timeLimit || (memoryLimit < Infinity && this.#bytesGrown() > memoryLimit);
  }

  /** By how much the memory in use has grown since it is metered; 0 where the platform does not say. */
  #bytesGrown(): number {
    if (this.#bytesBefore === null) return 0;
    const now = performance.now();
    if (now - this.#metered >= this.#meterInterval) {
      this.#bytesSeen = (this.#bytesInUse() ?? 0) - this.#bytesBefore;
      this.#metered = performance.now();
    }
    return this.#bytesSeen;
  }
}
