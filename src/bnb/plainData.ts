/**
 * Plain data to JSON-safe data and back: typed arrays become base64 (little-endian), numbers that JSON lacks become
 * words. Objects that several places share are written once for each place; share by index where that matters.
 */

const typedArrays = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
} as const;
type TypedArrayName = keyof typeof typedArrays;

/** Marks an encoded typed array or number; plain data may not use this key itself. */
const typeKey = '$type';

/** @throws TypeError on functions, symbols, bigints and objects with a class of their own. */
export function encodePlain(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { [typeKey]: 'number', value: numberWord(value) };
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return { [typeKey]: 'undefined' };
    case 'object':
      break;
    default:
      throw new TypeError(`found a ${typeof value}, expected plain data`);
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(encodePlain);
  const name = Object.prototype.toString.call(value).slice(8, -1);
  if (ArrayBuffer.isView(value)) {
    if (!Object.hasOwn(typedArrays, name)) throw new TypeError(`found a ${name}, expected plain data`);
    return { [typeKey]: name, base64: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`found a ${name}, expected plain data`);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, encodePlain(entry)]));
}

/** Undoes `encodePlain`. */
export function decodePlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decodePlain);
  const record = value as Record<string, unknown>;
  const type = record[typeKey];
  if (type === undefined)
    return Object.fromEntries(Object.entries(record).map(([key, entry]) => [key, decodePlain(entry)]));
  if (type === 'undefined') return undefined;
  if (type === 'number') return record.value === '-0' ? -0 : Number(record.value);
  const bytes = fromBase64(String(record.base64));
  return new typedArrays[type as TypedArrayName](bytes.buffer);
}

function numberWord(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
