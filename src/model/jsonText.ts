/**
 * JSON text to data. Where something is wrong a scanner walks the text: it knows the line and column of a fault
 * (engines word theirs differently and some give no position), refuses a key that an object has twice, where
 * `JSON.parse` would silently take the last, and stops at once where the nesting is deeper than any of our files. It is
 * iterative and holds no more than the keys of the objects that are open. Sound text is not walked, which takes longer
 * than all other checks: its keys are counted, in the text and in the data.
 */
import { checkText, type InputIssue, refuse, showValue } from '../input/inputError.ts';

/** Characters. Longer texts would need gigabytes as data; the largest instance that we know of has 2 % of it. */
export const longestText = 2 ** 28;
/** Levels of objects and arrays; an instance has 5, a saved search some 10. */
const deepestNesting = 100;
/** Duplicated keys after which no more are looked for. */
const mostDuplicates = 100;
/** Characters of the text shown around a fault. */
const shownContext = 20;

/**
 * Parsed data. Throws InputError whose path is the line and column of the first fault, or of every duplicated key. A
 * leading byte-order mark is skipped. `deepest`: levels of objects and arrays.
 */
export function parseJson(text: string, deepest = deepestNesting): unknown {
  checkText(text, '', 'JSON');
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const data = soundData(body, Math.min(deepest, deepestNesting));
  if (data !== undefined) return data;
  refuse(faultsOf(body, deepest));
  return JSON.parse(body);
}

/** Undefined where the text may have a fault, or more levels. */
function soundData(text: string, levels: number): unknown {
  if (text.length > longestText) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  return keysOfData(data, levels) === keysOfText(text) ? data : undefined;
}

/** Keys of all objects together, each once; NaN where they are nested deeper than `levels`. */
function keysOfData(data: unknown, levels: number): number {
  if (typeof data !== 'object' || data === null) return 0;
  if (levels === 0) return Number.NaN;
  const entries: readonly unknown[] = Array.isArray(data) ? data : Object.values(data);
  let keys = Array.isArray(data) ? 0 : entries.length;
  for (const entry of entries) if (typeof entry === 'object') keys += keysOfData(entry, levels - 1);
  return keys;
}

/** Keys that are written in a sound text: its strings with a colon behind. */
function keysOfText(text: string): number {
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = endOfString(text, at);
    while (isBlank(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) === colon) keys++;
  }
  return keys;
}

/** Where a token ends, or why it does not. */
const broken = -1;
const cutOff = -2;

type State = 'value' | 'value or close' | 'key' | 'key or close' | 'after';

const code = (character: string) => character.charCodeAt(0);
const [lineFeed, carriageReturn, tab, space] = [code('\n'), code('\r'), code('\t'), code(' ')];
const [openBrace, closeBrace, openBracket, closeBracket] = [code('{'), code('}'), code('['), code(']')];
const isBlank = (next: number) => next === space || next === lineFeed || next === carriageReturn || next === tab;
const [comma, colon, quote, backslash] = [code(','), code(':'), code('"'), code('\\')];

/** The first fault of the text's form, else its duplicated keys. */
function faultsOf(text: string, deepest: number): readonly InputIssue[] {
  const duplicates: InputIssue[] = [];
  /** The keys of each open object with their places; null for an open array. */
  const open: (Map<string, string> | null)[] = [];
  let state: State = 'value';
  let at = 0;
  let line = 1;
  let lineStart = 0;
  const place = (position: number) => `line ${line}, column ${position - lineStart + 1}`;
  const fault = (position: number, expected: string): readonly InputIssue[] => {
    const isEnd = position >= text.length;
    const value = isEnd ? 'the end of the text' : showValue(text.slice(position, position + shownContext));
    return [{ path: place(position), value, expected }];
  };
  if (text.length > longestText) {
    return [{ path: '', value: `a text of ${text.length} characters`, expected: `at most ${longestText} characters` }];
  }
  for (;;) {
    let next = text.charCodeAt(at);
    while (isBlank(next)) {
      at++;
      if (next === lineFeed) {
        line++;
        lineStart = at;
      }
      next = text.charCodeAt(at);
    }
    const depth = open.length;
    const keys = depth === 0 ? null : open[depth - 1];
    const closer = keys === null ? closeBracket : closeBrace;
    if (state === 'after') {
      if (depth === 0) return at < text.length ? fault(at, 'the end of the text after one JSON value') : duplicates;
      if (next === comma) state = keys === null ? 'value' : 'key';
      else if (next === closer) open.pop();
      else return fault(at, `"," or "${keys === null ? ']' : '}'}" (JSON)`);
      at++;
    } else if (next === closer && depth > 0 && (state === 'key or close' || state === 'value or close')) {
      open.pop();
      state = 'after';
      at++;
    } else if (state === 'key' || state === 'key or close') {
      const end = next === quote ? endOfString(text, at) : broken;
      if (end === cutOff) return fault(text.length, 'the rest of the text (it is cut off)');
      if (end === broken) return fault(at, 'a key in double quotes (JSON)');
      const key = unquoted(text.slice(at, end));
      const first = keys!.get(key);
      if (first === undefined) keys!.set(key, place(at));
      else {
        const expected = `each key once in an object; ${first} has it too`;
        duplicates.push({ path: place(at), value: showValue(key), expected });
        if (duplicates.length === mostDuplicates) return duplicates;
      }
      at = end;
      for (next = text.charCodeAt(at); next !== colon; next = text.charCodeAt(++at)) {
        if (next === lineFeed) {
          line++;
          lineStart = at + 1;
        } else if (!isBlank(next)) return fault(at, '":" after a key (JSON)');
      }
      at++;
      state = 'value';
    } else if (next === openBrace || next === openBracket) {
      if (depth === deepest) return fault(at, `at most ${deepest} levels of objects and arrays`);
      open.push(next === openBrace ? new Map() : null);
      state = next === openBrace ? 'key or close' : 'value or close';
      at++;
    } else {
      const end = next === quote ? endOfString(text, at) : endOfPlainValue(text, at);
      if (end === cutOff) return fault(text.length, 'the rest of the text (it is cut off)');
      if (end === broken) return fault(at, 'a JSON value');
      at = end;
      state = 'after';
    }
  }
}

function unquoted(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

function endOfString(text: string, at: number): number {
  for (let position = at + 1; position < text.length; position++) {
    const next = text.charCodeAt(position);
    if (next === quote) return position + 1;
    if (next < space) return broken;
    if (next !== backslash) continue;
    position++;
    if (position >= text.length) return cutOff;
    if (text[position] === 'u') {
      const digits = text.slice(position + 1, position + 5);
      if (!/^[\da-f]*$/i.test(digits)) return broken;
      position += 4;
    } else if (!'"\\/bfnrt'.includes(text[position])) return broken;
  }
  return cutOff;
}

const words = ['true', 'false', 'null'];

/** Of a number or a word. What cannot belong to a number ends it: the caller finds it where a comma should be. */
function endOfPlainValue(text: string, at: number): number {
  const next = text.charCodeAt(at);
  if (next === minus || isDigit(next)) return endOfNumber(text, at);
  if (at >= text.length) return broken;
  for (const word of words) {
    if (text.startsWith(word, at)) return at + word.length;
    if (text.length - at < word.length && word.startsWith(text.slice(at))) return cutOff;
  }
  return broken;
}

const [zero, nine, minus, plus, point] = [code('0'), code('9'), code('-'), code('+'), code('.')];
const isDigit = (next: number) => next >= zero && next <= nine;
const isExponent = (next: number) => next === code('e') || next === code('E');

function endOfNumber(text: string, at: number): number {
  let end = text.charCodeAt(at) === minus ? at + 1 : at;
  if (end === text.length) return cutOff;
  if (!isDigit(text.charCodeAt(end))) return broken;
  end = text.charCodeAt(end) === zero ? end + 1 : endOfDigits(text, end);
  if (text.charCodeAt(end) === point) {
    if (end + 1 === text.length) return cutOff;
    const fraction = endOfDigits(text, end + 1);
    if (fraction === end + 1) return end;
    end = fraction;
  }
  if (isExponent(text.charCodeAt(end))) {
    const sign = text.charCodeAt(end + 1);
    const digits = sign === plus || sign === minus ? end + 2 : end + 1;
    if (digits >= text.length) return cutOff;
    const exponent = endOfDigits(text, digits);
    if (exponent === digits) return end;
    end = exponent;
  }
  return end;
}

function endOfDigits(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}
