/**
 * Text of strangers (names, paths, messages about them) on one line: what would move a cursor, break the line, colour a
 * terminal or turn the direction of reading is shown as an escape of JavaScript. What XML cannot hold is among it.
 */

/**
 * Controls (C0, DEL, C1), line and paragraph separators, format characters (marks and embeddings of direction,
 * characters of no width), surrogates without their partner, and noncharacters that XML refuses. Joiners (U+200C,
 * U+200D) stay: scripts and emoji are written with them.
 */
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]|(?![\u200c\u200d])\p{Cf}/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function unicodeEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** One line of printable text. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => shortEscapes[character] ?? unicodeEscape(character));
}

/**
 * Text of several lines: as `visible`, but line breaks and tabs stay. Inside JSON the escapes mean what they stand for.
 */
export function visibleLines(text: string): string {
  return text.replace(hidden, (character) =>
    character === '\n' || character === '\t' ? character : unicodeEscape(character),
  );
}

/** Middle of a line of more than `most` characters left out: error lines stay readable, whatever was in the input. */
export function shortened(line: string, most = 600): string {
  if (line.length <= most) return line;
  const head = Math.ceil(0.6 * most);
  return `${line.slice(0, head)} ... ${line.length - most} characters ... ${line.slice(line.length - (most - head))}`;
}
