/** How a report is laid out: as text for terminals and logs, or as Markdown for pages and comments on changes. */
import { visible } from '../model/visibleText.ts';
import { escapeHtml } from './html.ts';
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

/** Pieces of a page: tables that scroll on their own, facts as a list. Every text is escaped. */
export const htmlLayout: Layout = {
  table: (columns, rows) => {
    const aligned = (c: number) => (columns[c].align === 'right' ? '' : ' class="text"');
    const head = columns.map(({ heading }, c) => `<th scope="col"${aligned(c)}>${escapeHtml(heading)}</th>`);
    const body = rows.map((row) => {
      const cells = row.map((text, c) => `<td${aligned(c)}>${escapeHtml(text)}</td>`);
      return `<tr${row[0] === 'Total' ? ' class="total"' : ''}>${cells.join('')}</tr>`;
    });
    return `<div class="table" tabindex="0" role="group"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
  },
  section: (title, body) => {
    const isMarkup = body.startsWith('<');
    return `<section><h3>${escapeHtml(title)}</h3>${isMarkup ? body : `<p>${escapeHtml(body.trim())}</p>`}</section>`;
  },
  lines: (lines) => {
    const facts = lines.map((line) => {
      const [, name, value] = /^(.*?\S)(?: {2,}(.*))?$/.exec(line.trim()) ?? ['', line, undefined];
      return value === undefined
        ? `<div><dd class="whole">${escapeHtml(name)}</dd></div>`
        : `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`;
    });
    return `<dl class="facts">${facts.join('')}</dl>`;
  },
};
