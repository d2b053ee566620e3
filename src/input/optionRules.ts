/**
 * Options by name: each against what it may be, all faults together, and no name that is not known, since a misspelt
 * option would be swallowed and its default used without a word. Every door for options is made of this.
 */
import { type InputIssue, refuse, showValue } from './inputError.ts';

/** What an option may be. */
export interface OptionRule {
  /** What is wrong with a value at `path`, and the value as it is used where nothing is. */
  readonly check: (
    value: unknown,
    path: string,
  ) => { readonly issues: readonly InputIssue[]; readonly value?: unknown };
  /** Whether there is no default. */
  readonly isRequired?: boolean;
}

export type OptionRules = Readonly<Record<string, OptionRule>>;

/** A value that `accepts` takes; `expected` is the sentence for all else. */
export function rule(expected: string, accepts: (value: unknown) => boolean): OptionRule {
  return {
    check: (value, path) =>
      accepts(value) ? { issues: [], value } : { issues: [{ path, value: showValue(value), expected }] },
  };
}

export const numberRule = (expected: string, accepts: (value: number) => boolean) =>
  rule(expected, (value) => typeof value === 'number' && accepts(value));
export const switchRule = rule('true or false', (value) => typeof value === 'boolean');
/** For those that wait on it. */
export const signalRule = rule('an AbortSignal', (value) => {
  const signal = value as Partial<AbortSignal> | null;
  return typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function';
});
/** An object that can do what is named; `what` says which one it is. */
export const doerRule = (what: string, ...methods: readonly string[]) =>
  rule(what, (value) =>
    methods.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === 'function'),
  );
export const functionRule = rule('a function', (value) => typeof value === 'function');

/**
 * `given` against the rules: every issue, and the options that keep their rule, as they are used. An option that is
 * undefined is not given. `where` names the record where it is none; `prefix` stands before the names inside.
 */
export function checkedOptions(
  given: unknown,
  rules: OptionRules,
  where = 'options',
  prefix = '',
): { readonly issues: InputIssue[]; readonly sound: Readonly<Record<string, unknown>> } {
  if (!isPlainObject(given)) {
    return { issues: [{ path: where, value: showValue(given), expected: 'an object of options' }], sound: {} };
  }
  const issues: InputIssue[] = [];
  const sound: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const path = prefix + name;
    if (!Object.hasOwn(rules, name)) {
      const expected = `no such option; known: ${Object.keys(rules).join(', ')}`;
      issues.push({ path, value: showValue(value), expected });
      continue;
    }
    const checked = rules[name].check(value, path);
    issues.push(...checked.issues);
    if (checked.issues.length === 0) sound[name] = checked.value;
  }
  for (const [name, { check, isRequired }] of Object.entries(rules)) {
    if (isRequired === true && given[name] === undefined) issues.push(...check(undefined, prefix + name).issues);
  }
  return { issues, sound };
}

/** What is wrong with the arguments of a call: (name, value, rule) of each. */
export function argumentIssues(given: readonly (readonly [name: string, value: unknown, rule: OptionRule])[]) {
  return given.flatMap(([name, value, { check }]) => check(value, name).issues);
}

/** An argument that is a record of options, each with its rule. */
export const recordRule = (rules: OptionRules): OptionRule => ({
  check: (value, path) => {
    const { issues, sound } = checkedOptions(value, rules, path, `${path}.`);
    return { issues, value: sound };
  },
});

/** Throws InputError with every issue of `given`. */
export function checkOptions(given: unknown, rules: OptionRules): void {
  refuse(checkedOptions(given, rules).issues);
}

/** An object that is nothing but its own entries: what others hide or inherit would be passed over. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // That of another realm has the methods of all objects as its own.
  return prototype === null || Object.hasOwn(prototype as object, 'isPrototypeOf');
}
