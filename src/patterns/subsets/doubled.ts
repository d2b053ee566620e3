/** Flat arrays that grow: the same values in twice the room. */

export function doubledFloats(values: Float64Array): Float64Array<ArrayBuffer> {
  const doubled = new Float64Array(2 * values.length);
  doubled.set(values);
  return doubled;
}

export function doubledInts(values: Int32Array): Int32Array<ArrayBuffer> {
  const doubled = new Int32Array(2 * values.length);
  doubled.set(values);
  return doubled;
}
