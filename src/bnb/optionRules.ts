/**
 * Options checked by tables of rules, for whoever solves programs of his own: one RangeError says of every broken rule
 * which option, what was found and what was expected. (Plans come through the planner's door, in its own words.)
 */

/** What a value may be, and the words for it. */
export interface OptionRule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** What of `values` breaks its rule; undefined breaks none. @throws RangeError */
export function refuseBroken(
  rules: Readonly<Record<string, OptionRule>>,
  values: object,
  prefix: string,
  others: readonly string[] = [],
): void {
  const faults = [...others];
  for (const [name, { expected, accepts }] of Object.entries(rules)) {
    const value = (values as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && !accepts(value)) faults.push(faultText(`${prefix}${name}`, value, expected));
  }
  if (faults.length > 0) throw new RangeError(faults.join('\n'));
}

export function faultText(path: string, found: unknown, expected: string): string {
  const shown = typeof found === 'function' ? 'a function' : (JSON.stringify(found) ?? String(found));
  return `${path}: found ${typeof found === 'number' ? found : shown}, expected ${expected}`;
}
