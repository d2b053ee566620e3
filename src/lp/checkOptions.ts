/** Options by name and type: a misspelt one would be swallowed, its default used without a word. */

/**
 * @throws RangeError naming the options that are not known, and those of another type than expected; a number that is
 * NaN is none.
 */
export function checkOptionNames(
  options: object,
  types: Readonly<Record<string, 'boolean' | 'number' | 'string' | 'object' | 'function' | 'any'>>,
): void {
  if (typeof options !== 'object' || options === null)
    throw new RangeError(`options: found ${String(options)}, expected an object`);
  const faults: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined)
      faults.push(`${name}: found an unknown option, expected one of ${Object.keys(types).join(', ')}`);
    else if (value !== undefined && type !== 'any' && (typeof value !== type || Number.isNaN(value)))
      faults.push(`${name}: found ${String(value)}, expected a ${type}`);
  }
  if (faults.length > 0) throw new RangeError(faults.join('; '));
}
