/** Looking into data of which nothing is known yet: what is not there or of another kind is undefined or empty. */

export type LooseRecord = Readonly<Record<string, unknown>>;

export function asRecord(data: unknown): LooseRecord {
  return typeof data === 'object' && data !== null ? (data as LooseRecord) : {};
}

export function asList(data: unknown): readonly unknown[] {
  return Array.isArray(data) ? data : [];
}

/** The value at a path of keys. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const key of path) value = (asRecord(value) as Readonly<Record<PropertyKey, unknown>>)[key];
  return value;
}
