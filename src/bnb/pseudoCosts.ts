/**
 * Pseudo-costs: the mean gain of the bound per unit of distance that branching on a key has brought, down and up
 * (Benichou et al. 1971; reliability after Achterberg, Koch and Martin 2005). Keys without history take the mean of
 * their class.
 */
import type { BranchingOrigin } from './nodeStore.ts';
import type { SearchParameters } from './parameters.ts';

interface Slope {
  sum: number;
  count: number;
}

export interface SavedPseudoCosts {
  readonly entries: readonly (readonly [string, number, number])[];
}

export class PseudoCosts {
  /** By `down:key`, `up:key`, and `down/class`, `up/class` for the means. */
  readonly #slopes = new Map<string, Slope>();
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

  save(): SavedPseudoCosts {
    return { entries: [...this.#slopes].map(([name, { sum, count }]) => [name, sum, count] as const) };
  }

  restore(saved: SavedPseudoCosts): void {
    this.#slopes.clear();
    for (const [name, sum, count] of saved.entries) this.#slopes.set(name, { sum, count });
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
