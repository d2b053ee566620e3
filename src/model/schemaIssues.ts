/**
 * The bridge from zod to `InputError`: fields whose whole expectation is one sentence, and the translation of zod's
 * issues.
 */
import * as z from 'zod';
import { type InputIssue, pathText, showValue } from './inputError.ts';

/** A finite number that passes `accepts`; `expected` is the sentence that a user reads otherwise. */
export function numberField(expected: string, accepts: (value: number) => boolean) {
  return z.custom<number>((value) => typeof value === 'number' && Number.isFinite(value) && accepts(value), {
    error: expected,
  });
}

export const atLeastZero = (unit: string) => numberField(`a finite number >= 0 (${unit})`, (value) => value >= 0);
export const aboveZero = (unit: string) => numberField(`a finite number > 0 (${unit})`, (value) => value > 0);
export const share = (meaning: string) =>
  numberField(`a number from 0 to 1 (${meaning})`, (value) => value >= 0 && value <= 1);
export const wholeNumber = (least: number, meaning: string) =>
  numberField(`a whole number >= ${least} (${meaning})`, (value) => Number.isSafeInteger(value) && value >= least);

export const nameField = (of: string) =>
  z.custom<string>((value) => typeof value === 'string' && value.trim() !== '', {
    error: `a non-empty string, the name of ${of}`,
  });

/** An object with exactly these keys; `what` names it in the message when something else stands there. */
export function record<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `no such key; known here: ${known}` : `an object: ${what}`),
  });
}

export function list<Item extends z.core.SomeType>(what: string, item: Item) {
  return z.array(item, { error: `an array of ${what}` });
}

/** Zod's issues in the words of `InputIssue`; `data` is the input, for showing what was found. */
export function toInputIssues(
  error: z.core.$ZodError,
  data: unknown,
  prefix: readonly PropertyKey[] = [],
): InputIssue[] {
  return error.issues.flatMap((issue): InputIssue[] => {
    const at = issue.path;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: pathText([...prefix, ...at, key]),
        value: showValue(valueAt(data, [...at, key])),
        expected: issue.message,
      }));
    }
    return [{ path: pathText([...prefix, ...at]), value: showValue(valueAt(data, at)), expected: issue.message }];
  });
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = data;
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
