/** What the checks say of a place in the data. */
import { pathText } from '../../src/input/inputError.ts';
import { visible } from '../../src/model/visibleText.ts';
import type { Checks } from '../state/checks.ts';
import type { Path } from '../state/draft.ts';

export interface Note {
  readonly kind: 'fault' | 'warning';
  readonly path: string;
  readonly text: string;
}

interface NoteIndex {
  readonly all: readonly Note[];
  readonly byPath: ReadonlyMap<string, readonly Note[]>;
}

const indexes = new WeakMap<Checks, NoteIndex>();

function indexOf(checks: Checks): NoteIndex {
  const known = indexes.get(checks);
  if (known !== undefined) return known;
  const all: Note[] = [
    ...checks.issues.map(({ path, value, expected }) => ({
      kind: 'fault' as const,
      path,
      text: visible(value === 'missing' ? `needed: ${expected}` : `found ${value}, expected ${expected}`),
    })),
    ...checks.warnings.map(({ path, message }) => ({ kind: 'warning' as const, path, text: visible(message) })),
  ];
  const byPath = new Map<string, Note[]>();
  for (const note of all) byPath.set(note.path, [...(byPath.get(note.path) ?? []), note]);
  const index = { all, byPath };
  indexes.set(checks, index);
  return index;
}

export function notesAt(checks: Checks, path: Path): readonly Note[] {
  return indexOf(checks).byPath.get(pathText(path)) ?? [];
}

export function allNotes(checks: Checks): readonly Note[] {
  return indexOf(checks).all;
}
