/**
 * Lines of JSON that carry a checksum, of journals and results: what was cut or changed is known to be so.
 */
import { InputError, showValue } from '../input/inputError.ts';
import { sha256 } from '../model/sha256.ts';

/**
 * A line whose checksum is that of its content and, in a file of several, of all lines before it, by the checksum
 * `before` of the last of them.
 */
export function checkedLine(before: string, content: unknown): { readonly text: string; readonly checksum: string } {
  const json = JSON.stringify(content);
  const checksum = sha256(before + json);
  return { text: `{"checksum":"${checksum}","content":${json}}\n`, checksum };
}

/** What a line holds; one without a checksum, of an earlier version, is all content. */
export function contentOf(at: string, text: string): unknown {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw new InputError([{ path: at, value: showValue(text), expected: 'a line of JSON' }]);
  }
  return typeof line === 'object' && line !== null && 'content' in line ? line.content : line;
}
