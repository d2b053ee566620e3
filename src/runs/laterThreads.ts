/**
 * Solves the scenarios of a sweep in this thread, one after the other, until those that are left are worth the start of
 * worker threads, and in these from then on. Clocks decide where a scenario is solved, never what comes of it.
 */
import { type ScenarioTask, type SolvedScenario, solvingScenario } from '../analysis/scenario.ts';
import { checkThreads } from '../analysis/threadCount.ts';
import type { StopSignal } from '../planner/solveOptions.ts';
import { solveAllAsync } from '../planner/solving.ts';
import type { ScenarioPool } from './scenarioPool.ts';

/** Seconds. */
export interface ThreadRule {
  /**
   * Work in this thread before which nothing is concluded from it: the first scenarios take several times as long as
   * later ones, until the engine's loops are compiled.
   */
  readonly firstLook: number;
  /**
   * Work that has to be left, in one thread. Two threads start in some 0.3 s and compile everything anew, which took
   * 0.5 s of processor time each on the published grids.
   */
  readonly leastLeft: number;
  /** Between two looks at a scenario that is under way. */
  readonly period: number;
}

export const usualThreadRule: ThreadRule = { firstLook: 0.5, leastLeft: 2, period: 0.1 };

export class LaterThreads {
  readonly #most: number;
  readonly #rule: ThreadRule;
  readonly #signal: StopSignal | undefined;
  readonly #timer: NodeJS.Timeout | null;
  /** Scenarios that have not come to their end. */
  #left: number;
  /** Seconds of each scenario that was solved here. */
  readonly #took: number[] = [];
  /** When the one that is solved here began; null: none is. */
  #began: number | null = null;
  /** Who waits for this thread or for others, and may look again. */
  #waiting: (() => void)[] = [];
  #pool: Promise<ScenarioPool> | null = null;
  #isClosed = false;

  /**
   * For `scenarios` scenarios, in `most` threads at most: so many may be asked for at once. `signal` stops the one that
   * is solved here. Throws InputError unless `most` is a number of threads.
   */
  constructor(most: number, scenarios: number, signal?: StopSignal, rule: ThreadRule = usualThreadRule) {
    checkThreads(most);
    this.#most = most;
    this.#left = scenarios;
    this.#signal = signal;
    this.#rule = rule;
    this.#timer = most > 1 ? setInterval(() => this.#look(), 1000 * rule.period).unref() : null;
  }

  /** Whether worker threads were started. */
  get areStarted(): boolean {
    return this.#pool !== null;
  }

  /** Rejects once the threads are closed. */
  async solve(task: ScenarioTask): Promise<SolvedScenario> {
    while (this.#pool === null && this.#began !== null && !this.#isClosed)
      await new Promise<void>((look) => this.#waiting.push(look));
    if (this.#isClosed) throw new Error('the threads are closed');
    try {
      return await (this.#pool === null ? this.#solveHere(task) : (await this.#pool).solve(task));
    } finally {
      this.#left--;
      this.#look();
      this.#wake();
    }
  }

  async #solveHere(task: ScenarioTask): Promise<SolvedScenario> {
    const isOver = () => this.#isClosed || this.#signal?.aborted === true;
    const stop: StopSignal = {
      get aborted() {
        return isOver();
      },
    };
    const began = performance.now();
    this.#began = began;
    try {
      return await solveAllAsync(solvingScenario(task, stop));
    } finally {
      this.#took.push((performance.now() - began) / 1000);
      this.#began = null;
    }
  }

  /** Starts threads where that pays. */
  #look(): void {
    if (this.#most === 1 || this.#isClosed || this.#pool !== null || this.#workLeft() < this.#rule.leastLeft) return;
    clearInterval(this.#timer!);
    this.#pool = import('./scenarioPool.ts').then(({ startScenarioPool }) => startScenarioPool(this.#most));
    this.#wake();
  }

  /** Seconds in one thread, if the scenarios go on as the later half of those here did; 0 where it is early to say. */
  #workLeft(): number {
    const running = this.#began === null ? [] : [(performance.now() - this.#began) / 1000];
    const took = [...this.#took, ...running];
    const sum = (seconds: readonly number[]) => seconds.reduce((total, each) => total + each, 0);
    if (took.length === 0 || sum(took) < this.#rule.firstLook) return 0;
    const later = took.slice(Math.floor(took.length / 2));
    return (sum(later) / later.length) * this.#left;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  /** Ends the threads, at once: scenarios under way are dropped, here as well, and no more begin. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    if (this.#timer !== null) clearInterval(this.#timer);
    await (await this.#pool)?.close();
  }
}
