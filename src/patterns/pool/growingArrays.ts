/**
 * Typed arrays that grow: pools have hundreds of thousands of columns, of which arrays of numbers would take twice the
 * memory.
 */

const firstCapacity = 1024;

class Growing<Values extends Int32Array | Float64Array> {
  /** Beyond `size` they mean nothing; another array after a `push`. */
  values: Values;
  size = 0;
  readonly #make: (length: number) => Values;

  constructor(make: (length: number) => Values) {
    this.#make = make;
    this.values = make(firstCapacity);
  }

  push(value: number): void {
    if (this.size === this.values.length) {
      const longer = this.#make(2 * this.size);
      longer.set(this.values);
      this.values = longer;
    }
    this.values[this.size++] = value;
  }

  swap(one: number, other: number): void {
    const { values } = this;
    const value = values[one];
    values[one] = values[other];
    values[other] = value;
  }

  /** What was pushed, in an array of its own length. */
  taken(): Values {
    return this.values.slice(0, this.size) as Values;
  }
}

export class GrowingInts extends Growing<Int32Array> {
  constructor() {
    super((length) => new Int32Array(length));
  }
}

export class GrowingFloats extends Growing<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}
