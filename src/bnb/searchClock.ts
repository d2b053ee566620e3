/** What stops a search from outside: its clock over all runs, the limits and whoever interrupts it. */
import { checkSearchOptions } from './searchOptions.ts';
import type { SearchLimits } from './searchTypes.ts';

export type StopReason = 'time-limit' | 'node-limit' | 'memory-limit' | 'interrupted';

export class SearchClock {
  readonly #isInterrupted: () => boolean;
  #limits: SearchLimits;
  #secondsBefore: number;
  #start: number | null = null;

  /** `secondsBefore` were spent by earlier runs. */
  constructor(limits: SearchLimits, isInterrupted: () => boolean = () => false, secondsBefore = 0) {
    this.#limits = limits;
    this.#isInterrupted = isInterrupted;
    this.#secondsBefore = secondsBefore;
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

  /** @throws RangeError on bad limits. */
  setLimits(limits: SearchLimits): void {
    checkSearchOptions(limits);
    this.#limits = limits;
  }

  /** Why no further node may be taken, if so. */
  stopReason(nodes: number, bytes: number): StopReason | null {
    if (this.#isInterrupted()) return 'interrupted';
    const { timeLimit = Infinity, nodeLimit = Infinity, memoryLimit = Infinity } = this.#limits;
    if (nodes >= nodeLimit) return 'node-limit';
    if (bytes > memoryLimit) return 'memory-limit';
    if (timeLimit !== Infinity && this.seconds >= timeLimit) return 'time-limit';
    return null;
  }

  /** Asked in the middle of work; bound, so that it can be handed on. */
  readonly shouldStop = (): boolean => {
    if (this.#isInterrupted()) return true;
    const { timeLimit = Infinity } = this.#limits;
    return timeLimit !== Infinity && this.seconds >= timeLimit;
  };
}
