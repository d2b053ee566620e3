/**
 * A sparse vector in dense storage with a list of its non-zeros. Invariant outside of a solve: an entry is listed,
 * once, exactly when its value is not zero.
 */
import { listedZero } from '../tolerances.ts';

export class WorkVector {
  array: Float64Array;
  index: Int32Array;
  count = 0;

  constructor(size: number) {
    this.array = new Float64Array(size);
    this.index = new Int32Array(size);
  }

  /** Makes room for `size` entries; the content is lost. */
  resize(size: number): void {
    if (this.array.length < size) {
      const room = size + (size >> 2) + 8;
      this.array = new Float64Array(room);
      this.index = new Int32Array(room);
    } else {
      this.array.fill(0);
    }
    this.count = 0;
  }

  clear(): void {
    const { array, index, count } = this;
    if (count * 4 > array.length) array.fill(0);
    else for (let t = 0; t < count; t++) array[index[t]] = 0;
    this.count = 0;
  }

  /** Sets one entry of an empty vector. */
  setUnit(position: number, value = 1): void {
    this.array[position] = value;
    this.index[0] = position;
    this.count = 1;
  }

  copyFrom(source: WorkVector): void {
    this.clear();
    const { array, index } = this;
    const count = source.count;
    for (let t = 0; t < count; t++) {
      const i = source.index[t];
      index[t] = i;
      array[i] = source.array[i];
    }
    this.count = count;
  }

  /** Takes entries up to `drop` out of the list and sets them to zero. */
  dropListed(drop: number): void {
    const { array, index, count } = this;
    let kept = 0;
    for (let t = 0; t < count; t++) {
      const i = index[t];
      const value = array[i];
      if (Math.abs(value) > drop) index[kept++] = i;
      else array[i] = 0;
    }
    this.count = kept;
  }

  /** Lists the non-zeros of the first `size` entries anew, dropping those below `drop`. */
  relist(size: number, drop: number): void {
    const { array, index } = this;
    let count = 0;
    for (let i = 0; i < size; i++) {
      const value = array[i];
      if (Math.abs(value) > drop) index[count++] = i;
      else array[i] = 0;
    }
    this.count = count;
  }
}

/** v[position] += amount, listing the position when it was zero. */
export function addListed(v: WorkVector, position: number, amount: number): void {
  const before = v.array[position];
  if (before === 0) v.index[v.count++] = position;
  const after = before + amount;
  v.array[position] = after === 0 ? listedZero : after;
}

/** Largest absolute value of the listed entries. */
export function largestEntry(vector: WorkVector): number {
  let largest = 0;
  for (let t = 0; t < vector.count; t++) largest = Math.max(largest, Math.abs(vector.array[vector.index[t]]));
  return largest;
}
