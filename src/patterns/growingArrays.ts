/**
 * Typed arrays that grow: pools have hundreds of thousands of columns, of which arrays of numbers would take twice the
 * memory.
 */

const firstCapacity = 1024;

/** The same values in twice the room. */
export function doubledInts(values: Int32Array): Int32Array<ArrayBuffer> {
  const doubled = new Int32Array(2 * values.length);
  doubled.set(values);
  return doubled;
}

/** The same values in twice the room. */
export function doubledFloats(values: Float64Array): Float64Array<ArrayBuffer> {
  const doubled = new Float64Array(2 * values.length);
  doubled.set(values);
  return doubled;
}

class Growing<Values extends Int32Array | Float64Array> {
  /** Beyond `size` they mean nothing; another array after a `push`. */
  values: Values;
  size = 0;
  readonly #double: (values: Values) => Values;

  constructor(values: Values, double: (values: Values) => Values) {
    this.#double = double;
    this.values = values;
  }

  push(value: number): void {
    if (this.size === this.values.length) this.values = this.#double(this.values);
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
    super(new Int32Array(firstCapacity), doubledInts);
  }
}

export class GrowingFloats extends Growing<Float64Array> {
  constructor() {
    super(new Float64Array(firstCapacity), doubledFloats);
  }
}
