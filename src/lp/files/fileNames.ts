/**
 * Names of rows and columns for a file format that does not allow every name: allowed ones stay, others are changed as
 * little as possible, and no two are equal afterwards. Writers list the changed ones in comments, so that the way back
 * is known.
 */

/** What a file format allows in a name. */
export interface NameRules {
  /** Matches one character that may not stand in a name (with the g flag). */
  readonly illegalCharacters: RegExp;
  /** A name that may not stand as it is although its characters may: it gets a leading underscore. */
  readonly reserved: (name: string) => boolean;
  readonly maximalLength: number;
}

/**
 * Legal, pairwise different names in the order given. Illegal characters become underscores; what is then empty, too
 * long or taken becomes `fallbackPrefix` and its index (with more underscores while that is taken too).
 */
export function legalNames(names: readonly string[], fallbackPrefix: string, rules: NameRules): string[] {
  // Names that need no change come first, so that a changed one never takes another's name.
  const taken = new Set<string>();
  const result = names.map((name) => {
    const stays =
      name !== '' && legalized(name, rules) === name && name.length <= rules.maximalLength && !taken.has(name);
    if (stays) taken.add(name);
    return stays ? name : null;
  });
  return result.map((kept, index) => {
    if (kept !== null) return kept;
    let candidate = legalized(names[index], rules);
    if (candidate === '' || candidate.length > rules.maximalLength || taken.has(candidate))
      candidate = `${fallbackPrefix}${index}`;
    while (taken.has(candidate)) candidate = `${candidate}_`;
    taken.add(candidate);
    return candidate;
  });
}

function legalized(name: string, rules: NameRules): string {
  const replaced = name.replace(rules.illegalCharacters, '_');
  return rules.reserved(replaced) ? `_${replaced}` : replaced;
}

/** One line per changed name, "written = original", for the comments at the head of a file. */
export function renamings(original: readonly string[], written: readonly string[]): string[] {
  const lines: string[] = [];
  original.forEach((name, index) => {
    if (written[index] !== name) lines.push(`${written[index]} = ${JSON.stringify(name)}`);
  });
  return lines;
}

/** A name that is not among those taken: the wish, with underscores as needed. */
export function freeName(wish: string, taken: readonly string[]): string {
  let name = wish;
  while (taken.includes(name)) name = `${name}_`;
  return name;
}
