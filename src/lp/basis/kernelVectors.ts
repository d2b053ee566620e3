/**
 * The data structures of the Markowitz elimination: vectors that grow by fill, and lists of vectors by their count of
 * entries.
 */
import { grownFloat64, grownInt32 } from './sparseVectors.ts';

/** Sparse vectors of the kernel that grow while they are eliminated. */
export class KernelVectors {
  begin = new Int32Array(0);
  length = new Int32Array(0);
  room = new Int32Array(0);
  index = new Int32Array(0);
  value = new Float64Array(0);
  used = 0;
  readonly #withValues: boolean;

  constructor(withValues: boolean) {
    this.#withValues = withValues;
  }

  reset(vectors: number): void {
    if (this.begin.length < vectors) {
      this.begin = new Int32Array(vectors);
      this.length = new Int32Array(vectors);
      this.room = new Int32Array(vectors);
    }
    this.used = 0;
  }

  open(v: number, room: number): void {
    this.#reserve(room);
    this.begin[v] = this.used;
    this.length[v] = 0;
    this.room[v] = room;
    this.used += room;
  }

  push(v: number, index: number, value: number): void {
    const length = this.length[v];
    if (length === this.room[v]) {
      const room = 2 * length + 4;
      this.#reserve(room);
      const begin = this.begin[v];
      this.index.copyWithin(this.used, begin, begin + length);
      if (this.#withValues) this.value.copyWithin(this.used, begin, begin + length);
      this.begin[v] = this.used;
      this.room[v] = room;
      this.used += room;
    }
    const place = this.begin[v] + length;
    this.index[place] = index;
    if (this.#withValues) this.value[place] = value;
    this.length[v] = length + 1;
  }

  removeIndex(v: number, index: number): void {
    const begin = this.begin[v];
    const last = begin + this.length[v] - 1;
    let e = begin;
    while (this.index[e] !== index) e++;
    this.index[e] = this.index[last];
    this.length[v]--;
  }

  #reserve(extra: number): void {
    const needed = this.used + extra;
    if (needed <= this.index.length) return;
    const size = needed + (needed >> 1) + 64;
    this.index = grownInt32(this.index, size);
    if (this.#withValues) this.value = grownFloat64(this.value, size);
  }
}

/** Doubly linked lists of vectors with the same number of entries. */
export class CountLists {
  head = new Int32Array(0);
  next = new Int32Array(0);
  previous = new Int32Array(0);

  reset(vectors: number, maxCount: number): void {
    if (this.next.length < vectors) {
      this.next = new Int32Array(vectors);
      this.previous = new Int32Array(vectors);
    }
    if (this.head.length < maxCount + 1) this.head = new Int32Array(maxCount + 1);
    this.head.fill(-1, 0, maxCount + 1);
  }

  link(v: number, count: number): void {
    const first = this.head[count];
    this.next[v] = first;
    this.previous[v] = -1 - count;
    if (first >= 0) this.previous[first] = v;
    this.head[count] = v;
  }

  unlink(v: number): void {
    const before = this.previous[v];
    const after = this.next[v];
    if (before < 0) this.head[-1 - before] = after;
    else this.next[before] = after;
    if (after >= 0) this.previous[after] = before;
  }
}
