/** Files in one archive (ZIP, stored without packing; PKWARE's application note 6.3). */
export interface NamedFile {
  readonly name: string;
  readonly text: string;
}

/** The archive's bytes. Names must differ. */
export function zipOf(files: readonly NamedFile[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, text } of files) {
    const nameBytes = encoder.encode(name);
    const body = encoder.encode(text);
    const common = fieldsOf([
      [2, 20],
      [2, utf8Names],
      [2, 0],
      [2, 0],
      [2, firstOfJanuary1980],
      [4, crc32(body)],
      [4, body.length],
      [4, body.length],
      [2, nameBytes.length],
      [2, 0],
    ]);
    const header = [fieldsOf([[4, 0x04034b50]]), common, nameBytes, body];
    directory.push(
      fieldsOf([
        [4, 0x02014b50],
        [2, 20],
      ]),
      common,
      fieldsOf([
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, offset],
      ]),
      nameBytes,
    );
    parts.push(...header);
    offset += lengthOf(header);
  }
  const end = fieldsOf([
    [4, 0x06054b50],
    [4, 0],
    [2, files.length],
    [2, files.length],
    [4, lengthOf(directory)],
    [4, offset],
    [2, 0],
  ]);
  return joined([...parts, ...directory, end]);
}

const utf8Names = 1 << 11;
const firstOfJanuary1980 = (1 << 5) | 1;

/** Little-endian numbers: bytes, value. */
function fieldsOf(fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

const lengthOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, { length }) => sum + length, 0);

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Of ISO 3309, reflected polynomial 0xedb88320. */
export function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
