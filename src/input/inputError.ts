/** Errors about data that a caller handed in: where it is, what was found, what was expected. */

/** Text longer than this is cut in messages: a whole tensor in an error line hides the error. */
const longestShownValue = 60;

/**
 * Faults of one input after which readers look for no more, and lines of them that the command line prints: nobody
 * mends more at once, and a table in the wrong unit has thousands.
 */
export const mostFaults = 40;

export interface InputIssue {
  /** Where, as one would write it in code: `queryTypes[2].arrivalRate`; empty for the whole input. */
  readonly path: string;
  /** What was found, shortened; `missing` where nothing was. */
  readonly value: string;
  /** What would have been right, with its unit. */
  readonly expected: string;
}

/**
 * Bad input. `path`, `value` and `expected` are those of the first issue; `issues` holds all that were found together.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly path: string;
  readonly value: string;
  readonly expected: string;
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly [InputIssue, ...InputIssue[]]) {
    const [first] = issues;
    super(issues.map(issueText).join('\n'));
    this.path = first.path;
    this.value = first.value;
    this.expected = first.expected;
    this.issues = issues;
  }
}

/** The error of a single fault. */
export function fault(path: string, value: string, expected: string): InputError {
  return new InputError([{ path, value, expected }]);
}

/** What `act` gives; null where it throws InputError, whose issues are added to `issues`. */
export function attempt<T>(act: () => T, issues: InputIssue[]): T | null {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    issues.push(...error.issues);
    return null;
  }
}

/** As `attempt`, of what takes its time. */
export async function attemptAsync<T>(act: () => Promise<T>, issues: InputIssue[]): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    return attempt(() => {
      throw error;
    }, issues);
  }
}

/** Throws if there is any issue. */
export function refuse(issues: readonly InputIssue[]): void {
  const [first, ...rest] = issues;
  if (first !== undefined) throw new InputError([first, ...rest]);
}

export function issueText({ path, value, expected }: InputIssue): string {
  return `${path === '' ? 'input' : path}: found ${value}, expected ${expected}`;
}

/** A value as it is shown in a message: JSON-like, short, and with NaN, Infinity and absence spelt out. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return 'an empty array';
    const flat = value.every((entry) => typeof entry !== 'object' || entry === null);
    return flat && value.length <= 8
      ? shorten(`[${value.map(showValue).join(', ')}]`)
      : `an array of ${value.length} entries`;
  }
  if (value !== null && typeof value === 'object') {
    const keys = Object.keys(value);
    if (keys.length > 0) return shorten(`an object with keys ${keys.join(', ')}`);
    const { name } = (value.constructor as { readonly name?: unknown } | undefined) ?? {};
    return typeof name !== 'string' || name === '' || name === 'Object' ? 'an empty object' : shorten(`a ${name}`);
  }
  return shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length <= longestShownValue ? text : `${text.slice(0, longestShownValue - 3)}...`;
}

/** `a`, `[3]`, `b` -> `a[3].b`. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(key))) text += text === '' ? String(key) : `.${String(key)}`;
    else text += `[${JSON.stringify(String(key))}]`;
  }
  return text;
}

/** Throws InputError where `value` is no text; `what` says of what. */
export function checkText(value: unknown, path: string, what: string): void {
  if (typeof value !== 'string') throw fault(path, showValue(value), `a text (${what})`);
}
