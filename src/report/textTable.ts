/**
 * Tables of plain text: columns padded with spaces, numbers aligned right, no lines drawn; what a terminal, a log or a
 * diff shows alike.
 */

import { visible } from '../model/visibleText.ts';

export interface TextColumn {
  readonly heading: string;
  /** Default `left`; numbers go `right`. */
  readonly align?: 'left' | 'right';
}

const gap = '  ';

/**
 * Rows under their headings, hidden characters shown as escapes; each line is indented by `indent` spaces and has no
 * trailing spaces.
 */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  { indent = 2 }: { readonly indent?: number } = {},
): string {
  const shown = rows.map((row) => row.map(visible));
  const widths = columns.map(({ heading }, c) =>
    shown.reduce((most, row) => Math.max(most, row[c].length), heading.length),
  );
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, c) =>
      columns[c].align === 'right' ? cell.padStart(widths[c]) : cell.padEnd(widths[c]),
    );
    return (' '.repeat(indent) + padded.join(gap)).trimEnd();
  };
  return [columns.map(({ heading }) => heading), ...shown].map(line).join('\n');
}
