/**
 * SHA-256 of a text in UTF-8 (FIPS 180-4), for checksums and fingerprints of what is saved, in browsers too, whose own
 * digest is asynchronous.
 */

const blockBytes = 64;
/** Characters encoded at once: a saved search may have hundreds of megabytes. */
const sliceLength = 1 << 16;

/** The first 32 bits of the fractional parts of the roots of the first primes. */
function rootFractions(count: number, root: (prime: number) => number): Int32Array {
  const words = new Uint32Array(count);
  let found = 0;
  for (let candidate = 2; found < count; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) isPrime = false;
    if (isPrime) words[found++] = (root(candidate) % 1) * 2 ** 32;
  }
  return new Int32Array(words);
}

const initialState = rootFractions(8, Math.sqrt);
const roundConstants = rootFractions(64, Math.cbrt);
const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** 64 hexadecimal digits. */
export function sha256(text: string): string {
  const state = initialState.slice();
  const schedule = new Int32Array(64);
  const encoder = new TextEncoder();
  // What of the bytes so far does not fill a block yet, then the next slice.
  const bytes = new Uint8Array(2 * blockBytes + 3 * Math.min(text.length, sliceLength));
  let held = 0;
  let total = 0;
  const absorb = (): void => {
    const whole = held - (held % blockBytes);
    for (let at = 0; at < whole; at += blockBytes) absorbBlock(state, schedule, bytes, at);
    bytes.copyWithin(0, whole, held);
    held -= whole;
  };
  for (let at = 0; at < text.length; ) {
    const { read, written } = encoder.encodeInto(text.slice(at, at + sliceLength), bytes.subarray(held));
    // A pair of surrogates that a slice would part is left to the next one.
    const last = text.charCodeAt(at + read - 1);
    const parts = last >= 0xd800 && last < 0xdc00 && at + read < text.length && read > 1;
    const kept = parts ? written - 3 : written;
    held += kept;
    total += kept;
    at += parts ? read - 1 : read;
    absorb();
  }
  bytes[held++] = 0x80;
  while (held % blockBytes !== blockBytes - 8) bytes[held++] = 0;
  const view = new DataView(bytes.buffer);
  view.setUint32(held, Math.floor(total / 2 ** 29));
  view.setUint32(held + 4, (total * 8) >>> 0);
  held += 8;
  absorb();
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function absorbBlock(state: Int32Array, w: Int32Array, bytes: Uint8Array, at: number): void {
  for (let t = 0; t < 16; t++) {
    const from = at + 4 * t;
    w[t] = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
  }
  for (let t = 16; t < 64; t++) {
    const early = rotated(w[t - 15], 7) ^ rotated(w[t - 15], 18) ^ (w[t - 15] >>> 3);
    const late = rotated(w[t - 2], 17) ^ rotated(w[t - 2], 19) ^ (w[t - 2] >>> 10);
    w[t] = w[t - 16] + early + w[t - 7] + late;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g);
    const first = (h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + choice + roundConstants[t] + w[t]) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}
