/**
 * The text that the bytes of an input are: gzip unpacked, UTF-16 by its mark (what PowerShell's `>` writes), else
 * UTF-8. Bytes that are none of these are refused: shown as replacement characters, different names would become one.
 */
import { gunzipSync } from 'node:zlib';
import { fault, type InputError } from '../input/inputError.ts';
import { longestText } from '../model/jsonText.ts';

export interface Encoding {
  /** Default false; true: what is no UTF-8 has a character for each byte (Latin-1), so that names stay different. */
  readonly takesAnyByte?: boolean;
}

/** Throws InputError with `name` in front. */
export function textOfBytes(bytes: Uint8Array, name: string, { takesAnyByte = false }: Encoding): string {
  if (bytes.length > longestText) throw tooLong(name);
  const content = isGzip(bytes) ? unpacked(bytes, name) : bytes;
  try {
    return new TextDecoder(encodingOf(content), { fatal: true }).decode(content);
  } catch {
    if (takesAnyByte) return Buffer.from(content).toString('latin1');
    const lossy = Buffer.from(content).toString('utf8');
    const line = lossy.slice(0, lossy.indexOf('\uFFFD')).split('\n').length;
    throw fault(`${name}: line ${line}`, 'bytes that are no UTF-8', 'text in UTF-8');
  }
}

export function tooLong(name: string): InputError {
  return fault(name, 'a larger file', `at most ${longestText} bytes`);
}

const isGzip = ([first, second]: Uint8Array) => first === 0x1f && second === 0x8b;

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: longestText });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLong(name) : fault(name, code ?? String(error), 'a readable file');
  }
}
