/**
 * The pool of globally valid cuts: takes what separators find, drops duplicates, and picks for the LP the cuts of
 * largest efficacy (distance of the point to the cut) that are not nearly parallel to a picked one. Cuts that stay
 * unviolated for long are forgotten.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { SearchParameters } from '../parameters.ts';

export interface PooledCut extends SparseRow {
  readonly indices: Int32Array;
  readonly values: Float64Array;
  readonly source: string;
}

interface Entry {
  readonly cut: PooledCut;
  readonly norm: number;
  readonly hash: number;
  idleRounds: number;
  isInLp: boolean;
}

export class CutPool {
  readonly #numColumns: number;
  readonly #leastEfficacy: number;
  readonly #parameters: SearchParameters['cutPool'];
  #entries: Entry[] = [];
  readonly #byHash = new Map<number, Entry[]>();
  readonly #work: Float64Array;

  constructor(numColumns: number, { tolerances, cutPool }: SearchParameters) {
    this.#leastEfficacy = tolerances.efficacy;
    this.#parameters = cutPool;
    this.#numColumns = numColumns;
    this.#work = new Float64Array(numColumns);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Takes a cut unless it is known, too dense, or badly scaled; returns whether it was taken. */
  add(row: SparseRow, source: string): boolean {
    const { densestPart, densityAllowance } = this.#parameters;
    const cut = this.#tidied(row, source);
    if (cut === null || cut.indices.length > densestPart * this.#numColumns + densityAllowance) return false;
    const known = this.#find(cut);
    if (known !== undefined) {
      known.idleRounds = 0;
      return false;
    }
    let square = 0;
    for (const value of cut.values) square += value * value;
    const entry: Entry = { cut, norm: Math.sqrt(square), hash: hashOf(cut.indices), idleRounds: 0, isInLp: false };
    this.#entries.push(entry);
    const bucket = this.#byHash.get(entry.hash);
    if (bucket === undefined) this.#byHash.set(entry.hash, [entry]);
    else bucket.push(entry);
    return true;
  }

  /** Picks at most `limit` violated cuts for the LP and ages the others. */
  select(point: Float64Array, limit: number): readonly PooledCut[] {
    const { goodPart, largestParallelism, largestParallelismOfGood } = this.#parameters;
    const violated: { entry: Entry; efficacy: number }[] = [];
    for (const entry of this.#entries) {
      if (entry.isInLp) continue;
      const efficacy = violationOf(entry.cut, point) / entry.norm;
      if (efficacy > this.#leastEfficacy) {
        entry.idleRounds = 0;
        violated.push({ entry, efficacy });
      } else entry.idleRounds++;
    }
    violated.sort((a, b) => b.efficacy - a.efficacy);
    const picked: Entry[] = [];
    for (const { entry, efficacy } of violated) {
      if (picked.length >= limit) break;
      const allowed = efficacy >= goodPart * violated[0].efficacy ? largestParallelismOfGood : largestParallelism;
      if (this.#largestCosine(entry, picked) <= allowed) picked.push(entry);
    }
    for (const entry of picked) entry.isInLp = true;
    this.#forgetIdle();
    return picked.map(({ cut }) => cut);
  }

  /** A cut left the LP: it may come back if it is violated again. */
  release(cut: PooledCut): void {
    const entry = this.#find(cut);
    if (entry !== undefined) {
      entry.isInLp = false;
      entry.idleRounds = 0;
    }
  }

  #find(cut: PooledCut): Entry | undefined {
    return this.#byHash
      .get(hashOf(cut.indices))
      ?.find((entry) => sayTheSame(entry.cut, cut, this.#parameters.sameTolerance));
  }

  #forgetIdle(): void {
    this.#entries = this.#entries.filter((entry) => {
      const keeps = entry.isInLp || entry.idleRounds <= this.#parameters.mostIdleRounds;
      if (!keeps) {
        const bucket = this.#byHash.get(entry.hash)!.filter((other) => other !== entry);
        if (bucket.length === 0) this.#byHash.delete(entry.hash);
        else this.#byHash.set(entry.hash, bucket);
      }
      return keeps;
    });
  }

  /** Indices sorted, zeros dropped; null for an empty row or one of a hopeless range. */
  #tidied(row: SparseRow, source: string): PooledCut | null {
    const work = this.#work;
    let count = 0;
    let largest = 0;
    let smallest = Infinity;
    for (let t = 0; t < row.indices.length; t++) {
      const size = Math.abs(row.values[t]);
      if (size === 0) continue;
      count++;
      largest = Math.max(largest, size);
      smallest = Math.min(smallest, size);
    }
    if (count === 0 || !(largest < Infinity) || largest > this.#parameters.largestRange * smallest) return null;
    const indices = new Int32Array(count);
    count = 0;
    for (let t = 0; t < row.indices.length; t++) {
      if (row.values[t] === 0) continue;
      indices[count++] = row.indices[t];
      work[row.indices[t]] = row.values[t];
    }
    indices.sort();
    const values = new Float64Array(count);
    for (let t = 0; t < count; t++) {
      values[t] = work[indices[t]];
      work[indices[t]] = 0;
    }
    return { lower: row.lower, upper: row.upper, indices, values, source };
  }

  #largestCosine({ cut, norm }: Entry, others: readonly Entry[]): number {
    const work = this.#work;
    cut.indices.forEach((column, t) => {
      work[column] = cut.values[t];
    });
    let largest = 0;
    for (const other of others) {
      let product = 0;
      for (let t = 0; t < other.cut.indices.length; t++) product += work[other.cut.indices[t]] * other.cut.values[t];
      largest = Math.max(largest, Math.abs(product) / (norm * other.norm));
    }
    for (const column of cut.indices) work[column] = 0;
    return largest;
  }
}

/** How far the row's activity at the point lies outside its bounds. */
export function violationOf(row: SparseRow, point: Float64Array): number {
  let activity = 0;
  for (let t = 0; t < row.indices.length; t++) activity += row.values[t] * point[row.indices[t]];
  return Math.max(row.lower - activity, activity - row.upper, 0);
}

/** Of the columns only: cuts over the same columns share a bucket. */
function hashOf(indices: Int32Array): number {
  let hash = indices.length;
  for (const column of indices) hash = (Math.imul(hash, 31) + column) | 0;
  return hash;
}

/** Whether two cuts over the same columns differ by a positive factor and rounding only. */
function sayTheSame(a: PooledCut, b: PooledCut, tolerance: number): boolean {
  if (a.indices.length !== b.indices.length) return false;
  const factor = Math.abs(a.values[0] / b.values[0]);
  const isNear = (x: number, y: number) =>
    x === y || Math.abs(x - factor * y) <= tolerance * Math.max(Math.abs(x), factor);
  if (!isNear(a.upper, b.upper) || !isNear(a.lower, b.lower)) return false;
  for (let t = 0; t < a.indices.length; t++)
    if (a.indices[t] !== b.indices[t] || !isNear(a.values[t], b.values[t])) return false;
  return true;
}
