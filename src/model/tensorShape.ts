/** Plain loops over nested arrays of numbers: shape and range. */
import { type InputIssue, mostFaults, pathText, showValue } from '../input/inputError.ts';
import type { EntryRange } from './schemaFields.ts';

/** `length` entries at this depth of the nesting, called `of` in messages. */
export interface Dimension {
  readonly length: number;
  readonly of: string;
}

/** What is wrong with a nested array, up to a number of faults. `dimensions` from the outside in. */
export function tensorIssues(
  data: unknown,
  dimensions: readonly Dimension[],
  range: EntryRange,
  path: readonly PropertyKey[],
): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  collectIssues(data, dimensions, range, path, issues);
  return issues;
}

function collectIssues(
  data: unknown,
  dimensions: readonly Dimension[],
  range: EntryRange,
  path: readonly PropertyKey[],
  issues: InputIssue[],
): void {
  const [outer, ...inner] = dimensions;
  if (outer === undefined) {
    issues.push({ path: pathText(path), value: showValue(data), expected: range.expected });
    return;
  }
  if (!Array.isArray(data) || data.length !== outer.length) {
    const expected = `an array of ${outer.length} entries, one for each ${outer.of}`;
    issues.push({ path: pathText(path), value: showValue(data), expected });
    return;
  }
  for (let position = 0; position < data.length && issues.length < mostFaults; position++) {
    const entry: unknown = data[position];
    if (inner.length === 0 && typeof entry === 'number' && entry >= range.least && entry < range.below) continue;
    collectIssues(entry, inner, range, [...path, position], issues);
  }
}
