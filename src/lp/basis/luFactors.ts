/**
 * Storage of the factors B = L R^-1 .. U. Every pivot is known by its row p: column p of L and U, row p of their copies
 * by rows. L has a unit diagonal, `pivot[p]` is the diagonal of U. Row etas R come from Forrest-Tomlin updates.
 */
import { grownFloat64, grownInt32 } from './sparseVectors.ts';

/** A triangular factor by vectors: the off-diagonal entries of vector p are begin[p] .. end[p] - 1. */
export class TriangularFactor {
  begin = new Int32Array(0);
  end = new Int32Array(0);
  room = new Int32Array(0);
  index = new Int32Array(0);
  value = new Float64Array(0);
  used = 0;

  reset(size: number): void {
    if (this.begin.length < size) {
      this.begin = new Int32Array(size);
      this.end = new Int32Array(size);
      this.room = new Int32Array(size);
    } else {
      this.begin.fill(0);
      this.end.fill(0);
      this.room.fill(0);
    }
    this.used = 0;
  }

  reserve(extra: number): void {
    const needed = this.used + extra;
    if (needed <= this.index.length) return;
    const size = needed + (needed >> 1) + 64;
    this.index = grownInt32(this.index, size);
    this.value = grownFloat64(this.value, size);
  }

  /** Places for what `room` says of the vectors `which`, which are empty; all others have no room. */
  openVectors(which: Int32Array, count: number): void {
    const { begin, end, room } = this;
    let place = 0;
    for (let k = 0; k < count; k++) {
      const p = which[k];
      begin[p] = place;
      end[p] = place;
      place += room[p];
    }
    this.reserve(place);
    this.used = place;
  }

  /** The same for the vectors 0 .. count - 1. */
  openAll(count: number): void {
    const { begin, end, room } = this;
    let place = 0;
    for (let p = 0; p < count; p++) {
      begin[p] = place;
      end[p] = place;
      place += room[p];
    }
    this.reserve(place);
    this.used = place;
  }

  /** Appends to vector p, which has room. */
  append(p: number, index: number, value: number): void {
    const place = this.end[p]++;
    this.index[place] = index;
    this.value[place] = value;
  }

  /** Starts vector p anew, behind all others and with room for so many entries. */
  openLast(p: number, room: number): void {
    this.reserve(room);
    this.begin[p] = this.used;
    this.end[p] = this.used;
  }

  /** Gives back what vector p, opened last, did not use of its room. */
  closeLast(p: number): void {
    this.used = this.end[p];
    this.room[p] = this.used - this.begin[p];
  }

  /** Appends to vector p, moving it to the end when its room is full. */
  push(p: number, index: number, value: number): void {
    const begin = this.begin[p];
    let end = this.end[p];
    if (end - begin === this.room[p]) {
      const room = (end - begin) * 2 + 4;
      this.reserve(room);
      this.index.copyWithin(this.used, begin, end);
      this.value.copyWithin(this.used, begin, end);
      this.begin[p] = this.used;
      end = this.used + end - begin;
      this.room[p] = room;
      this.used += room;
    }
    this.index[end] = index;
    this.value[end] = value;
    this.end[p] = end + 1;
  }

  /** Removes the entry of the given index from vector p, if it is there. */
  remove(p: number, index: number): void {
    const last = this.end[p] - 1;
    for (let e = this.begin[p]; e <= last; e++) {
      if (this.index[e] !== index) continue;
      this.index[e] = this.index[last];
      this.value[e] = this.value[last];
      this.end[p] = last;
      return;
    }
  }
}

export class LuFactors {
  size = 0;
  readonly lowerByColumn = new TriangularFactor();
  readonly lowerByRow = new TriangularFactor();
  /**
   * U by columns, in two parts: the entries in rows of the kernel, and those in rows that belong to slacks. No pivot
   * stands behind the latter: they are results and lead nowhere, so a solve sees to them last, or not at all.
   */
  readonly upperByColumn = new TriangularFactor();
  readonly slackByColumn = new TriangularFactor();
  /** U by rows, those of slacks too. */
  readonly upperByRow = new TriangularFactor();
  pivot = new Float64Array(0);
  /** Pivot rows whose column of L has entries, in the order of the elimination; and those whose row of L has. */
  lowerColumnOrder = new Int32Array(0);
  lowerColumnCount = 0;
  lowerRowOrder = new Int32Array(0);
  lowerRowCount = 0;
  /** 1 / pivot. */
  inversePivot = new Float64Array(0);
  /**
   * Pivot rows in the order of U, -1 where an update took one away and put it at the end. Slacks are left out: diagonal
   * 1, nothing above, so they may stand before all others.
   */
  upperOrder = new Int32Array(0);
  upperOrderCount = 0;
  /** Place of each pivot row in `upperOrder`, -1 for slacks. L and the etas have entries only in rows with a place. */
  upperPlace = new Int32Array(0);
  /**
   * The rows that no slack took before the elimination. Updates make more rows part of the kernel, but not of this
   * list.
   */
  kernelRows = new Int32Array(0);
  kernelCount = 0;
  etaCount = 0;
  etaPivot = new Int32Array(0);
  etaBegin = new Int32Array(1);
  etaIndex = new Int32Array(0);
  etaValue = new Float64Array(0);
  /** Entries of L and U right after the factorisation. */
  freshEntries = 0;

  reset(size: number, maxUpdates: number): void {
    this.size = size;
    this.lowerByColumn.reset(size);
    this.lowerByRow.reset(size);
    this.upperByColumn.reset(size);
    this.slackByColumn.reset(size);
    this.upperByRow.reset(size);
    if (this.pivot.length < size) {
      const room = size + (size >> 2) + 8;
      this.pivot = new Float64Array(room);
      this.inversePivot = new Float64Array(room);
      this.kernelRows = new Int32Array(room);
      this.lowerColumnOrder = new Int32Array(room);
      this.lowerRowOrder = new Int32Array(room);
      this.upperPlace = new Int32Array(room);
    }
    if (this.upperOrder.length < size + maxUpdates)
      this.upperOrder = new Int32Array(size + (size >> 2) + maxUpdates + 8);
    if (this.etaPivot.length < maxUpdates) {
      this.etaPivot = new Int32Array(maxUpdates);
      this.etaBegin = new Int32Array(maxUpdates + 1);
    }
    this.etaCount = 0;
    this.etaBegin[0] = 0;
    this.upperOrderCount = 0;
    this.pivot.fill(1, 0, size);
    this.inversePivot.fill(1, 0, size);
    this.upperPlace.fill(-1, 0, size);
  }

  reserveEta(extra: number): void {
    const needed = this.etaBegin[this.etaCount] + extra;
    if (needed <= this.etaIndex.length) return;
    const size = needed + (needed >> 1) + 64;
    this.etaIndex = grownInt32(this.etaIndex, size);
    this.etaValue = grownFloat64(this.etaValue, size);
  }
}
