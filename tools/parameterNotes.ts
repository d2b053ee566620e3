/**
 * Why each number of the rooms' records is what it is, from the comments that stand above it there, for `rolla
 * strategies`: a comment serves the entries behind it until the next one.
 */
import { readFileSync } from 'node:fs';

const records = {
  search: '../src/bnb/parameters.ts',
  heuristics: '../src/heuristics/parameters.ts',
  patterns: '../src/patterns/parameters.ts',
  compact: '../src/planner/parameters.ts',
} as const;

/** Sentences that say what was seen or who found it, rather than what the number means. */
const tellsEvidence =
  /\b(seen|halves|took|takes \d|costs? (them|a third)|loses its|is already rare|are rare|SCIP|\d{4}\))/;

export interface ParameterNote {
  readonly reason: string;
  readonly evidence: string | null;
}

export function parameterNotes(): Readonly<Record<string, ParameterNote>> {
  const notes = Object.entries(records).flatMap(([room, file]) =>
    notesOf(readFileSync(new URL(file, import.meta.url), 'utf8')).map(([path, text]) => [
      `${room}.${path}`,
      split(text),
    ]),
  );
  return Object.fromEntries(notes);
}

/** The text of the module that holds them. */
export function parameterNotesModule(): string {
  const lines = Object.entries(parameterNotes()).map(
    ([path, { reason, evidence }]) =>
      `  '${path}': { reason: ${JSON.stringify(reason)}, evidence: ${JSON.stringify(evidence)} },`,
  );
  return `/** Made by \`npm run schema\` (tools/parameterNotes.ts) of the comments in the rooms' records. */

export interface ParameterNote {
  readonly reason: string;
  /** The sentences of the reason that say what was seen, or where it comes from; null: there are none. */
  readonly evidence: string | null;
}

// biome-ignore format: one line for each
export const parameterNotes: Readonly<Record<string, ParameterNote>> = {
${lines.join('\n')}
};
`;
}

/** Path and comment of each entry of the record that a file defines. */
function notesOf(source: string): (readonly [string, string])[] {
  const [, record] = /^export const default\w+ = \{\n([\s\S]*?)^\};/m.exec(source)!;
  const found: (readonly [string, string])[] = [];
  const groups: string[] = [];
  let comment = '';
  for (const token of record.matchAll(/\/\*\*([\s\S]*?)\*\/|^ *(\w+): \{$|^ *\},?$|^ *(\w+): .+,$/gm)) {
    const [, text, group, entry] = token;
    if (text !== undefined) comment = text.replace(/\s*\n\s*\*?\s*/g, ' ').trim();
    else if (group !== undefined) groups.push(group);
    else if (entry !== undefined) found.push([[...groups, entry].join('.'), comment]);
    else groups.pop();
  }
  return found;
}

function split(text: string): ParameterNote {
  const evidence = text.split(/(?<=[.:)]) (?=[A-Z])/).filter((sentence) => tellsEvidence.test(sentence));
  return { reason: text, evidence: evidence.length === 0 ? null : evidence.join(' ') };
}
