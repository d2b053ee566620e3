/**
 * Asks whether to stop once in so much counted work: no loop that may last goes on past a limit, and none pays for
 * asking. Once told to stop it stays with that.
 */
export class StopQuestion {
  isStopped = false;
  readonly #shouldStop: () => boolean;
  readonly #period: number;
  #next: number;

  /** `period`: work between two questions; `from`: work that was done before. */
  constructor(shouldStop: () => boolean, period: number, from = 0) {
    this.#shouldStop = shouldStop;
    this.#period = period;
    this.#next = from + period;
  }

  /** Whether to stop, whatever work was done. */
  now(): boolean {
    this.isStopped ||= this.#shouldStop();
    return this.isStopped;
  }

  /** Whether to stop, now that so much work is done in all. */
  at(work: number): boolean {
    if (work >= this.#next) {
      this.#next = work + this.#period;
      this.now();
    }
    return this.isStopped;
  }
}

export const neverStop = (): boolean => false;
