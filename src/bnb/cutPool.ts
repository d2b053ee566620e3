/**
 * The pool of globally valid cuts: takes what separators find, drops duplicates, and picks for the LP the cuts of largest efficacy
 * (distance of the point to the cut) that are not nearly parallel to a picked one. Cuts that stay unviolated for long are forgotten.
 */
import type { SparseRow } from '../lp/linearProgram.ts';
import { leastEfficacy } from './tolerances.ts';

/** Two cuts whose cosine is above this say nearly the same; the weaker one waits. */
const largestParallelism = 0.7;
/** Even parallel cuts are taken if this good relative to the best. */
const goodPart = 0.9;
/** Largest cosine for such good cuts. */
const largestParallelismOfGood = 0.95;
/** Rounds after which a cut that was not violated is forgotten. */
const mostIdleRounds = 10;
/** Cuts whose largest coefficient exceeds the smallest by more than this lose their validity to rounding. */
const largestRange = 1e6;
/** Denser cuts than this part of the columns (plus a few) slow the LP more than they help. */
const densestPart = 0.4;
const densityAllowance = 100;

export interface PooledCut extends SparseRow {
  readonly indices: Int32Array;
  readonly values: Float64Array;
  readonly source: string;
}

interface Entry {
  readonly cut: PooledCut;
  readonly norm: number;
  readonly hash: string;
  idleRounds: number;
  isInLp: boolean;
}

export class CutPool {
  readonly #numColumns: number;
  #entries: Entry[] = [];
  readonly #byHash = new Map<string, Entry>();
  readonly #work: Float64Array;

  constructor(numColumns: number) {
    this.#numColumns = numColumns;
    this.#work = new Float64Array(numColumns);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Takes a cut unless it is known, too dense, or badly scaled; returns whether it was taken. */
  add(row: SparseRow, source: string): boolean {
    const cut = tidied(row, source);
    if (cut === null || cut.indices.length > densestPart * this.#numColumns + densityAllowance) return false;
    const hash = hashOf(cut);
    const known = this.#byHash.get(hash);
    if (known !== undefined) {
      known.idleRounds = 0;
      return false;
    }
    let square = 0;
    for (const value of cut.values) square += value * value;
    const entry: Entry = { cut, norm: Math.sqrt(square), hash, idleRounds: 0, isInLp: false };
    this.#entries.push(entry);
    this.#byHash.set(hash, entry);
    return true;
  }

  /** Picks at most `limit` violated cuts for the LP and ages the others. */
  select(point: Float64Array, limit: number): readonly PooledCut[] {
    const violated: { entry: Entry; efficacy: number }[] = [];
    for (const entry of this.#entries) {
      if (entry.isInLp) continue;
      const efficacy = violationOf(entry.cut, point) / entry.norm;
      if (efficacy > leastEfficacy) {
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
    const entry = this.#byHash.get(hashOf(cut));
    if (entry !== undefined) {
      entry.isInLp = false;
      entry.idleRounds = 0;
    }
  }

  #forgetIdle(): void {
    this.#entries = this.#entries.filter((entry) => {
      const keeps = entry.isInLp || entry.idleRounds <= mostIdleRounds;
      if (!keeps) this.#byHash.delete(entry.hash);
      return keeps;
    });
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

/** Indices sorted, zeros dropped; null for an empty row or one of a hopeless range. */
function tidied(row: SparseRow, source: string): PooledCut | null {
  const order = Array.from(row.indices, (_, t) => t)
    .filter((t) => row.values[t] !== 0)
    .sort((a, b) => row.indices[a] - row.indices[b]);
  if (order.length === 0) return null;
  const values = Float64Array.from(order, (t) => row.values[t]);
  const sizes = values.map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b));
  if (!(largest < Infinity) || largest > largestRange * sizes.reduce((a, b) => Math.min(a, b))) return null;
  return { lower: row.lower, upper: row.upper, indices: Int32Array.from(order, (t) => row.indices[t]), values, source };
}

/** The same for rows that differ by a positive factor or by rounding. */
function hashOf({ lower, upper, indices, values }: PooledCut): string {
  const scale = 1 / Math.abs(values[0]);
  const digits = (value: number) => (value * scale).toPrecision(9);
  return `${digits(lower)} ${digits(upper)} ${indices.join(',')} ${Array.from(values, digits).join(',')}`;
}
