/** How a report is laid out: as text for terminals and logs, or as Markdown for pages and comments on changes. */
import { visible } from '../model/visibleText.ts';
import { type TextColumn, textTable } from './textTable.ts';

export interface Layout {
  table(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string;
  section(title: string, body: string): string;
  /** Lines whose columns are made by blanks. */
  lines(lines: readonly string[]): string;
}

export const textLayout: Layout = {
  table: (columns, rows) => textTable(columns, rows),
  section: (title, body) => `${title}\n${body}`,
  lines: (lines) => lines.join('\n'),
};

/** Of GitHub's flavour. Names come from strangers: nothing in a cell is markup. */
export const markdownLayout: Layout = {
  table: (columns, rows) => {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
    return [columns.map(({ heading }) => heading), rule]
      .map(line)
      .concat(rows.map((row) => line(row.map(cell))))
      .join('\n');
  },
  section: (title, body) => `## ${title}\n\n${body.trim()}`,
  lines: (lines) => ['```text', ...lines.map((text) => text.replaceAll('```', "'''")), '```'].join('\n'),
};

function cell(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&');
}
