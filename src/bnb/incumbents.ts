/**
 * The best solution so far and how it came about. Solutions enter by the one door only, which verifies them and says
 * what they cost.
 */
import type { SearchParameters } from './parameters.ts';
import { cutoffWithin } from './progress.ts';
import type { IncumbentDoor } from './relaxation.ts';
import type { IncumbentRecord } from './searchTypes.ts';

export interface Incumbent<Solution> {
  readonly cost: number;
  readonly solution: Solution;
}

export interface IncumbentOptions<Solution> {
  readonly door: IncumbentDoor<Solution>;
  readonly relativeGap?: number;
  readonly absoluteGap?: number;
  readonly cutoff?: number;
}

export class Incumbents<Solution> {
  readonly #options: IncumbentOptions<Solution>;
  readonly #gaps: SearchParameters['gaps'];
  #best: Incumbent<Solution> | null = null;
  #records: IncumbentRecord[] = [];
  /** Not yet shown to the heuristics. */
  isNew = false;

  constructor(options: IncumbentOptions<Solution>, gaps: SearchParameters['gaps']) {
    this.#options = options;
    this.#gaps = gaps;
  }

  get best(): Incumbent<Solution> | null {
    return this.#best;
  }

  /** Infinity without one. */
  get cost(): number {
    return this.#best?.cost ?? Infinity;
  }

  /** In the order of acceptance. */
  get records(): readonly IncumbentRecord[] {
    return this.#records;
  }

  /** The gap that is asked for, as far as it can be proven. */
  get relativeGap(): number {
    return Math.max(this.#options.relativeGap ?? this.#gaps.relative, this.#gaps.leastProvable);
  }

  /** Solutions must be cheaper than this to be worth anything. */
  get cutoff(): number {
    const { absoluteGap = this.#gaps.absolute, cutoff = Infinity } = this.#options;
    if (this.#best === null) return cutoff;
    const { cost } = this.#best;
    return Math.min(cutoff, cost - absoluteGap, cutoffWithin(cost, this.relativeGap));
  }

  /** Takes the solution if the door lets it in and it is better; returns what was taken. */
  offer(
    solution: Solution,
    origin: { readonly source: string; readonly letter?: string },
    moment: { readonly nodes: number; readonly seconds: number },
  ): Incumbent<Solution> | null {
    const { source, letter = source[0]?.toUpperCase() ?? '?' } = origin;
    if (solution === this.#best?.solution) return null;
    const accepted = this.#options.door(solution, source);
    if (accepted === null || !(accepted.cost < Math.min(this.cost, this.#options.cutoff ?? Infinity))) return null;
    this.#best = accepted;
    this.isNew = true;
    this.#records.push({ cost: accepted.cost, source, letter, ...moment });
    return accepted;
  }

  restore(best: Incumbent<Solution> | null, records: readonly IncumbentRecord[], isNew: boolean): void {
    this.#best = best;
    this.#records = [...records];
    this.isNew = isNew;
  }
}
