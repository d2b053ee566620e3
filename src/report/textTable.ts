/**
 * Tables of plain text: columns padded with spaces, numbers aligned right, no lines drawn; what a terminal, a log or a
 * diff shows alike.
 */

export interface TextColumn {
  readonly heading: string;
  /** Default `left`; numbers go `right`. */
  readonly align?: 'left' | 'right';
}

const gap = '  ';

/** Rows under their headings; each line is indented by `indent` spaces and has no trailing spaces. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  { indent = 2 }: { readonly indent?: number } = {},
): string {
  const widths = columns.map(({ heading }, c) => Math.max(heading.length, ...rows.map((row) => row[c].length)));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, c) =>
      columns[c].align === 'right' ? cell.padStart(widths[c]) : cell.padEnd(widths[c]),
    );
    return (' '.repeat(indent) + padded.join(gap)).trimEnd();
  };
  return [columns.map(({ heading }) => heading), ...rows].map(line).join('\n');
}
