/**
 * JSON text to data, with the line and column of the first fault. Engines word their errors differently and some give
 * no position, so on failure (only then) a small scanner walks the text to the first character that no JSON text could
 * have there.
 */
import { InputError, showValue } from './inputError.ts';

/** Characters of the text shown around a fault. */
const shownContext = 20;

/**
 * Parsed data. Throws InputError whose path is the line and column of the first fault. A leading byte-order mark is
 * skipped.
 */
export function parseJson(text: string): unknown {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(body);
  } catch {
    const firstWrong = findFault(body);
    const isCut = cutTokenPattern.test(body.slice(firstWrong.position));
    const fault = isCut ? { position: body.length, expected: 'the rest of the text (it is cut off)' } : firstWrong;
    const before = body.slice(0, fault.position);
    const line = before.split('\n').length;
    const column = fault.position - before.lastIndexOf('\n');
    const found =
      fault.position >= body.length
        ? 'the end of the text'
        : showValue(body.slice(fault.position, fault.position + shownContext));
    throw new InputError([{ path: `line ${line}, column ${column}`, value: found, expected: fault.expected }]);
  }
}

interface Fault {
  readonly position: number;
  readonly expected: string;
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringPattern = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const wordPattern = /true|false|null/y;
const spacePattern = /[ \t\n\r]*/y;
/** What is left of a token that the end of the text cut through: then the end is the fault, not the token. */
const cutTokenPattern = /^(?:"(?:[^"\\]|\\.)*\\?|-|[.eE][+-]?|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/s;

/** Where the text stops being JSON. Iterative, so deep nesting cannot overflow the stack. */
function findFault(text: string): Fault {
  let position = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = position;
    if (!pattern.test(text)) return false;
    position = pattern.lastIndex;
    return true;
  };
  const closers: string[] = [];
  let state: 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'after' = 'value';
  for (;;) {
    take(spacePattern);
    const next = text[position];
    const closer = closers.at(-1);
    if (state === 'after') {
      if (closer === undefined) return { position, expected: 'the end of the text after one JSON value' };
      if (next === closer) {
        position++;
        closers.pop();
      } else if (next === ',') {
        position++;
        state = closer === '}' ? 'key' : 'value';
      } else return { position, expected: `"," or "${closer}" (JSON)` };
    } else if (next === closer && (state === 'key-or-close' || state === 'value-or-close')) {
      position++;
      closers.pop();
      state = 'after';
    } else if (state === 'key' || state === 'key-or-close') {
      if (!take(stringPattern)) return { position, expected: 'a key in double quotes (JSON)' };
      take(spacePattern);
      if (text[position] !== ':') return { position, expected: '":" after a key (JSON)' };
      position++;
      state = 'value';
    } else if (next === '{' || next === '[') {
      position++;
      closers.push(next === '{' ? '}' : ']');
      state = next === '{' ? 'key-or-close' : 'value-or-close';
    } else if (take(stringPattern) || take(numberPattern) || take(wordPattern)) state = 'after';
    else return { position, expected: 'a JSON value' };
  }
}
