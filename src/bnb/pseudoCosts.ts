/**
 * Pseudo-costs: the mean gain of the bound per unit of distance that branching on a key has brought, down and up
 * (Benichou et al. 1971; reliability after Achterberg, Koch and Martin 2005). Keys without history take the mean of
 * their class.
 */
import type { SearchParameters } from './parameters.ts';
import type { BranchingCandidate } from './relaxation.ts';

/** The branching that made a node, for the pseudo-costs. */
export interface BranchingOrigin {
  readonly key: string;
  readonly branchingClass: string;
  readonly direction: 'down' | 'up';
  /** Distance from the parent's value to the child: fraction (down) or 1 - fraction (up). */
  readonly distance: number;
  /** Bound of the parent: the child's own may be known better before it is solved. */
  readonly parentBound: number;
}

interface Slope {
  sum: number;
  count: number;
}

interface Endings {
  uses: number;
  cutoffs: number;
  inferences: number;
}

export interface SavedPseudoCosts {
  readonly entries: readonly (readonly [string, number, number])[];
  readonly endings: readonly (readonly [string, number, number, number])[];
}

export class PseudoCosts {
  /** By `down:key`, `up:key`, and `down/class`, `up/class` for the means. */
  readonly #slopes = new Map<string, Slope>();
  /**
   * By `down:key` and `up:key`: children solved, those of them that were closed at once, and bounds tightened in them;
   * `down` and `up`: the sums over all keys.
   */
  readonly #endings = new Map<string, Endings>();
  readonly #parameters: SearchParameters['branching'];

  constructor(parameters: SearchParameters['branching']) {
    this.#parameters = parameters;
  }

  record(origin: Omit<BranchingOrigin, 'parentBound'>, gain: number): void {
    if (origin.distance < this.#parameters.leastDistance || !Number.isFinite(gain)) return;
    const perUnit = Math.max(0, gain) / origin.distance;
    this.#add(`${origin.direction}:${origin.key}`, perUnit);
    this.#add(`${origin.direction}/${origin.branchingClass}`, perUnit);
  }

  /** Times that the key was branched on (or tried) in this direction. */
  count(key: string, direction: 'down' | 'up'): number {
    return this.#slopes.get(`${direction}:${key}`)?.count ?? 0;
  }

  /** Expected gain of the bound per unit of distance. */
  gainPerUnit(key: string, branchingClass: string, direction: 'down' | 'up'): number {
    const slope = this.#slopes.get(`${direction}:${key}`) ?? this.#slopes.get(`${direction}/${branchingClass}`);
    return slope === undefined ? this.#parameters.gainWithoutHistory : slope.sum / slope.count;
  }

  /** Predicted gains of the bound in the two children. */
  predictedGains({ key, branchingClass, value }: BranchingCandidate<unknown>): Readonly<Record<'down' | 'up', number>> {
    const fraction = value - Math.floor(value);
    return {
      down: fraction * this.gainPerUnit(key, branchingClass, 'down'),
      up: (1 - fraction) * this.gainPerUnit(key, branchingClass, 'up'),
    };
  }

  /**
   * A child that this branching made is solved; `isClosed`: it had no solution below the cutoff; `inferences`: bounds
   * that propagation tightened in it.
   */
  recordEnd(
    { key, direction }: Pick<BranchingOrigin, 'key' | 'direction'>,
    isClosed: boolean,
    inferences: number,
  ): void {
    for (const name of [`${direction}:${key}`, direction]) {
      const known = this.#endings.get(name) ?? { uses: 0, cutoffs: 0, inferences: 0 };
      known.uses += 1;
      if (isClosed) known.cutoffs += 1;
      known.inferences += inferences;
      this.#endings.set(name, known);
    }
  }

  /** Children of this branching that were solved. */
  uses(key: string, direction: 'down' | 'up'): number {
    return this.#endings.get(`${direction}:${key}`)?.uses ?? 0;
  }

  /** Those of them that had no solution below the cutoff. */
  cutoffs(key: string, direction: 'down' | 'up'): number {
    return this.#endings.get(`${direction}:${key}`)?.cutoffs ?? 0;
  }

  /** Bounds that propagation tightened in each of them, on average; without history that of all keys, 0 before any. */
  inferences(key: string, direction: 'down' | 'up'): number {
    const known = this.#endings.get(`${direction}:${key}`) ?? this.#endings.get(direction);
    return known === undefined ? 0 : known.inferences / known.uses;
  }

  save(): SavedPseudoCosts {
    return {
      entries: [...this.#slopes].map(([name, { sum, count }]) => [name, sum, count] as const),
      endings: [...this.#endings].map(
        ([name, { uses, cutoffs, inferences }]) => [name, uses, cutoffs, inferences] as const,
      ),
    };
  }

  restore(saved: SavedPseudoCosts): void {
    this.#slopes.clear();
    for (const [name, sum, count] of saved.entries) this.#slopes.set(name, { sum, count });
    this.#endings.clear();
    for (const [name, uses, cutoffs, inferences] of saved.endings)
      this.#endings.set(name, { uses, cutoffs, inferences });
  }

  #add(name: string, perUnit: number): void {
    const slope = this.#slopes.get(name);
    if (slope === undefined) this.#slopes.set(name, { sum: perUnit, count: 1 });
    else {
      slope.sum += perUnit;
      slope.count += 1;
    }
  }
}
