/**
 * Many sparse vectors in one pair of arrays, each with room to grow: vector v holds entries begin[v] .. end[v] - 1.
 * A vector that outgrows its room moves to the end; the holes are squeezed out when they outweigh the content.
 */
export class SparseVectors {
  count = 0;
  begin: Int32Array<ArrayBuffer>;
  end: Int32Array<ArrayBuffer>;
  room: Int32Array<ArrayBuffer>;
  indices: Int32Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
  /** First free place behind the last vector. */
  used = 0;
  /** Entries in all vectors. */
  entries = 0;

  constructor(vectors: number, entries: number) {
    this.begin = new Int32Array(vectors);
    this.end = new Int32Array(vectors);
    this.room = new Int32Array(vectors);
    this.indices = new Int32Array(entries);
    this.values = new Float64Array(entries);
  }

  /** Adds an empty vector with room for `room` entries and returns its number. */
  addVector(room: number): number {
    const vector = this.count;
    if (vector >= this.begin.length) {
      const size = vector + (vector >> 1) + 16;
      this.begin = grownInt32(this.begin, size);
      this.end = grownInt32(this.end, size);
      this.room = grownInt32(this.room, size);
    }
    this.#reserve(room);
    this.begin[vector] = this.used;
    this.end[vector] = this.used;
    this.room[vector] = room;
    this.used += room;
    this.count = vector + 1;
    return vector;
  }

  /**
   * Replaces everything by empty vectors with room for so many entries each; whoever fills them without `push` sets
   * `entries`.
   */
  layOut(lengths: Int32Array): void {
    const count = lengths.length;
    let place = 0;
    for (let v = 0; v < count; v++) place += lengths[v];
    if (this.begin.length < count) {
      this.begin = new Int32Array(count);
      this.end = new Int32Array(count);
      this.room = new Int32Array(count);
    }
    if (this.indices.length < place) {
      this.indices = new Int32Array(place);
      this.values = new Float64Array(place);
    }
    this.count = count;
    this.used = place;
    this.entries = 0;
    const { begin, end, room } = this;
    place = 0;
    for (let v = 0; v < count; v++) {
      begin[v] = place;
      end[v] = place;
      room[v] = lengths[v];
      place += lengths[v];
    }
  }

  push(vector: number, index: number, value: number): void {
    const length = this.end[vector] - this.begin[vector];
    if (length === this.room[vector]) this.#move(vector, length + (length >> 1) + 4);
    const place = this.end[vector];
    this.indices[place] = index;
    this.values[place] = value;
    this.end[vector] = place + 1;
    this.entries++;
  }

  length(vector: number): number {
    return this.end[vector] - this.begin[vector];
  }

  #reserve(extra: number): void {
    if (this.used + extra <= this.indices.length) return;
    if (this.used > 2 * this.entries + 1024) {
      this.#squeeze();
      if (this.used + extra <= this.indices.length) return;
    }
    const size = this.used + extra + (this.used >> 1) + 64;
    this.indices = grownInt32(this.indices, size);
    this.values = grownFloat64(this.values, size);
  }

  #move(vector: number, room: number): void {
    this.#reserve(room);
    const begin = this.begin[vector];
    const end = this.end[vector];
    this.indices.copyWithin(this.used, begin, end);
    this.values.copyWithin(this.used, begin, end);
    this.begin[vector] = this.used;
    this.end[vector] = this.used + end - begin;
    this.room[vector] = room;
    this.used += room;
  }

  #squeeze(): void {
    const order = Array.from({ length: this.count }, (_, v) => v).sort((a, b) => this.begin[a] - this.begin[b]);
    let used = 0;
    for (const v of order) {
      const begin = this.begin[v];
      const length = this.end[v] - begin;
      this.indices.copyWithin(used, begin, begin + length);
      this.values.copyWithin(used, begin, begin + length);
      this.begin[v] = used;
      this.end[v] = used + length;
      this.room[v] = length;
      used += length;
    }
    this.used = used;
  }
}

export function grownInt32(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(size);
  grown.set(array);
  return grown;
}

export function grownFloat64(array: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(size);
  grown.set(array);
  return grown;
}

export function grownInt8(array: Int8Array<ArrayBuffer>, size: number): Int8Array<ArrayBuffer> {
  const grown = new Int8Array(size);
  grown.set(array);
  return grown;
}
