/** Zod's issues in the words of `InputIssue`. */
import type * as z from 'zod/mini';
import { type InputIssue, pathText, showValue } from '../input/inputError.ts';
import { valueAt } from './looseData.ts';

/** `data` is the input, for showing what was found. */
export function toInputIssues(
  error: z.core.$ZodError,
  data: unknown,
  prefix: readonly PropertyKey[] = [],
): InputIssue[] {
  return error.issues.flatMap((issue) => issuesOf(issue, data, prefix, []));
}

function issuesOf(
  issue: z.core.$ZodIssue,
  data: unknown,
  prefix: readonly PropertyKey[],
  inside: readonly PropertyKey[],
): InputIssue[] {
  const at = [...inside, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...prefix, ...at, key]),
      value: showValue(valueAt(data, [...at, key])),
      expected: issue.message,
    }));
  }
  if (issue.code === 'invalid_union') {
    // Where the value is of one of the kinds and wrong inside, that is the fault.
    const meant = issue.errors.find((issues) =>
      issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
    );
    if (meant !== undefined) return meant.flatMap((inner) => issuesOf(inner, data, prefix, at));
  }
  return [{ path: pathText([...prefix, ...at]), value: showValue(valueAt(data, at)), expected: issue.message }];
}
