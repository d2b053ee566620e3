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

function faultText(value: string, expected: string): string {
  if (value === 'missing') return `needed: ${expected}`;
  // "2,10" for 2.10, and not "8, 16" for two numbers.
  const point = /^"\D*\d+,\d+\D*"$/.test(value) ? '. Decimals are written with a point' : '';
  return `found ${value}, expected ${expected}${point}`;
}

const indexes = new WeakMap<Checks, NoteIndex>();

function indexOf(checks: Checks): NoteIndex {
  const known = indexes.get(checks);
  if (known !== undefined) return known;
  const all: Note[] = [
    ...checks.issues.map(({ path, value, expected }) => ({
      kind: 'fault' as const,
      path,
      text: visible(faultText(value, expected)),
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
