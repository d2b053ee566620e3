/** Plain loops over nested arrays of numbers: shape and range, stopping at the first wrong entry of each array. */
import { type InputIssue, pathText, showValue } from './inputError.ts';
import type { EntryRange } from './schemaFields.ts';

/** `length` entries at this depth of the nesting, called `of` in messages. */
export interface Dimension {
  readonly length: number;
  readonly of: string;
}

/** The first problem of a nested array, or null. `dimensions` from the outside in. */
export function tensorIssue(
  data: unknown,
  dimensions: readonly Dimension[],
  range: EntryRange,
  path: readonly PropertyKey[],
): InputIssue | null {
  const [outer, ...inner] = dimensions;
  if (outer === undefined) return { path: pathText(path), value: showValue(data), expected: range.expected };
  if (!Array.isArray(data) || data.length !== outer.length) {
    const expected = `an array of ${outer.length} entries, one for each ${outer.of}`;
    return { path: pathText(path), value: showValue(data), expected };
  }
  for (let position = 0; position < data.length; position++) {
    const entry: unknown = data[position];
    if (inner.length === 0 && typeof entry === 'number' && entry >= range.least && entry < range.below) continue;
    const issue = tensorIssue(entry, inner, range, [...path, position]);
    if (issue !== null) return issue;
  }
  return null;
}
