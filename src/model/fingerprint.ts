/** What tells one instance from another in saved searches, journals and proofs. */
import type { Instance } from './instance.ts';
import { sha256 } from './sha256.ts';

/** Equal instances have equal fingerprints, whatever their notes and the order of their keys: 32 hexadecimal digits. */
export function fingerprintOf({ $schema: _schema, notes: _notes, ...data }: Instance): string {
  return fingerprintOfData(data);
}

/** Of any plain data: equal but for the order of keys, equal fingerprints. */
export function fingerprintOfData(data: unknown): string {
  const text = JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return sha256(text).slice(0, 32);
}
