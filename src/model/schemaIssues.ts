/** Zod's issues in the words of `InputIssue`. */
import type * as z from 'zod';
import { type InputIssue, pathText, showValue } from './inputError.ts';
import { valueAt } from './looseData.ts';

/** `data` is the input, for showing what was found. */
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
