/**
 * YAML text to data (YAML 1.2, core schema), with the line and column of the first fault. Duplicate keys, unknown tags
 * and floods of aliases are refused. Importing this file loads the YAML library; only what reads files does.
 */
import { isNode, LineCounter, parseDocument, type YAMLError } from 'yaml';
import { checkText, InputError, type InputIssue, mostFaults, refuse, showValue } from '../input/inputError.ts';

/** A few anchors are a convenience, thousands of expansions an attack. */
const mostAliases = 1000;
/** Characters: YAML is for what people write; a program writes JSON. */
const longestYaml = 2 ** 22;
const shownContext = 30;

/** Parsed data. Throws InputError; the path of an issue is the line and column of a fault. */
export function parseYaml(text: string): unknown {
  return readYaml(text).data;
}

export interface YamlText {
  readonly data: unknown;
  /** The line of what a path such as `gpus[0].price` names, or of what should hold it; null for the whole text. */
  readonly lineOf: (path: string) => number | null;
}

/** As `parseYaml`, with the lines of what was read. */
export function readYaml(text: string): YamlText {
  checkText(text, '', 'YAML or JSON');
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (body.length > longestYaml) {
    const expected = `YAML of at most ${longestYaml} characters (JSON may be longer)`;
    throw new InputError([{ path: '', value: `${body.length} characters`, expected }]);
  }
  refuse(nestingIssues(body));
  try {
    const lineCounter = new LineCounter();
    const document = parseDocument(body, {
      version: '1.2',
      uniqueKeys: true,
      prettyErrors: true,
      logLevel: 'error',
      lineCounter,
    });
    refuse([...document.errors, ...document.warnings].slice(0, mostFaults).map((fault) => faultIssue(fault, body)));
    const lineOf = (path: string): number | null => {
      for (let keys = keysOf(path); keys.length > 0; keys = keys.slice(0, -1)) {
        const node = document.getIn(keys, true);
        if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
      }
      return null;
    };
    return { data: document.toJS({ maxAliasCount: mostAliases }), lineOf };
  } catch (error) {
    if (error instanceof InputError) throw error;
    // What the library throws on hostile text: too many aliases, aliases of nothing, nesting deeper than the stack.
    const value = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new InputError([{ path: '', value, expected: 'YAML of ordinary nesting and few aliases' }]);
  }
}

/**
 * Levels of brackets, and columns of indentation with dashes: the parser recurses, and a text that is deep enough takes
 * the whole process down instead of throwing.
 */
const deepestBrackets = 100;
const widestIndentation = 200;

function nestingIssues(body: string): InputIssue[] {
  let depth = 0;
  const lines = body.split('\n');
  for (let line = 0; line < lines.length; line++) {
    for (const character of lines[line]) {
      if (character === '[' || character === '{') depth++;
      else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
      if (depth > deepestBrackets) return [tooDeep(line)];
    }
    let column = 0;
    while (' -?:'.includes(lines[line][column] ?? 'end')) column++;
    if (column > widestIndentation) return [tooDeep(line)];
  }
  return [];
}

function tooDeep(line: number): InputIssue {
  return { path: `line ${line + 1}`, value: 'deep nesting', expected: 'YAML of a few levels' };
}

/** `a[3]["b c"].d` -> a, 3, b c, d. */
function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : name,
  );
}

function faultIssue(fault: YAMLError, body: string): InputIssue {
  const [{ line, col }] = fault.linePos ?? [{ line: 1, col: 1 }];
  const found = body.split('\n', line)[line - 1]?.trim().slice(0, shownContext) ?? '';
  const reason = fault.message.split(/ at line \d+|\n/)[0];
  return { path: `line ${line}, column ${col}`, value: showValue(found), expected: `YAML (${reason})` };
}
