/** Self-contained HTML pages: no script, font, style or picture from elsewhere, so that they open without a network. */
import { visible } from '../model/visibleText.ts';

/**
 * One line of text made safe for HTML and XML, in elements and in double-quoted attributes; hidden characters, line
 * breaks among them, are shown as escapes.
 */
export function escapeHtml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/**
 * A page may load nothing, send nothing, and run no script but `sortScript`: whatever a name smuggles in stays dead.
 * (Styles are inline, also in charts.)
 */
function contentPolicy(script: string): string {
  const scripts = script === '' ? '' : ` script-src ${sortScriptHash};`;
  return `default-src 'none';${scripts} style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --head: #f6f8fa; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #a3abb5; --line: #3b424b; --head: #22272e; --paper: #171a1f; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "DejaVu Sans", Verdana, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto; max-width: 1180px; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; overflow-wrap: anywhere; } h2 { font-size: 18px; margin: 36px 0 8px; } h3 { font-size: 16px; margin: 28px 0 8px; }
p.facts { color: var(--soft); margin: 0 0 16px; }
figure { margin: 16px 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; }
figure.chart { background: #fff; display: flex; flex-wrap: wrap; gap: 20px 36px; padding: 6px; } figure.chart svg { max-width: max(100%, 560px); }
.narrow { display: none; }
.halo { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 0 40px; }
ul.bars { list-style: none; margin: 0; padding: 0; } ul.bars li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; margin: 0 0 8px; font-size: 13.5px; overflow-wrap: anywhere; }
ul.bars .value { color: var(--soft); margin-left: auto; font-variant-numeric: tabular-nums; } ul.bars svg { width: 100%; height: 6px; display: block; }
dl.facts { margin: 0; font-size: 13.5px; } dl.facts div { display: grid; grid-template-columns: 9em 1fr; gap: 12px; } dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; } dl.facts dd.whole { grid-column: 1 / -1; font-weight: 600; }
.table { overflow-x: auto; border: 1px solid var(--line); max-height: 75vh; max-width: max-content; }
table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 9px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
.text { text-align: left; } tr.total td { font-weight: 600; } tr:last-child td { border-bottom: 0; }
th { position: sticky; top: 0; background: var(--head); }
.sortable th { padding: 0; }
th button { all: unset; cursor: pointer; padding: 6px 9px; display: block; width: calc(100% - 18px); }
th button:focus-visible { outline: 2px solid #0072b2; }
th[aria-sort="ascending"] button::after { content: " ▲"; } th[aria-sort="descending"] button::after { content: " ▼"; }
tr.without-plan td { color: var(--soft); background: var(--head); }
@media (max-width: 700px) { body { padding: 14px; } .wide { display: none; } .narrow { display: block; } }
@media print { .table { max-height: none; } body { max-width: none; } }
`;

/** A page with a title, a line of facts, and sections that are HTML already. */
export function htmlPage(
  title: string,
  facts: string,
  sections: readonly string[],
  script: '' | typeof sortScript = '',
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="facts">${escapeHtml(facts)}</p>
${sections.join('\n')}
${script === '' ? '' : `<script>${script}</script>`}
</body>
</html>
`;
}

/** A heading and inline SVGs, side by side as far as there is room. */
export function figureSection(title: string, ...pictures: readonly string[]): string {
  const figure = `<figure class="chart" aria-label="${escapeHtml(title)}">${pictures.join('\n')}</figure>`;
  return `<section><h2>${escapeHtml(title)}</h2>${figure}</section>`;
}

export type TableRow = Readonly<Record<string, number | string | null>>;

export interface TableColumn {
  /** Of the rows. */
  readonly name: string;
  readonly heading: string;
}

/** A table whose columns sort by a click; numbers sort as numbers, missing values last. */
export function sortableTable(
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
  isMuted: (row: TableRow) => boolean,
): string {
  const head = columns.map(({ name, heading }) => {
    const title = name === heading ? '' : ` title="${escapeHtml(name)}"`;
    return `<th scope="col"${title}><button type="button">${escapeHtml(heading)}</button></th>`;
  });
  const body = rows.map((row) => {
    const cells = columns.map(({ name }) => tableCell(row[name] ?? null));
    return `<tr${isMuted(row) ? ' class="without-plan"' : ''}>${cells.join('')}</tr>`;
  });
  return `<div class="table"><table class="sortable"><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function tableCell(value: number | string | null): string {
  if (value === null) return '<td></td>';
  if (typeof value === 'string') return `<td class="text">${escapeHtml(value)}</td>`;
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return Number(text) === value ? `<td>${text}</td>` : `<td data-value="${value}">${text}</td>`;
}

/** Runs in the page, not here. */
export const sortScript = `
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.firstChild.addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') === 'ascending';
    heads.forEach((other) => other.removeAttribute('aria-sort'));
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const key = ({ cells: { [column]: cell } }) => cell.dataset.value ?? cell.textContent;
    const compare = (a, b) => {
      const x = key(a), y = key(b);
      if (x === '' || y === '') return (x === '') - (y === '');
      const numeric = !Number.isNaN(Number(x)) && !Number.isNaN(Number(y));
      const order = numeric ? Number(x) - Number(y) : x.localeCompare(y);
      return down ? -order : order;
    };
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort(compare));
  }));
}
`;

/** Of `sortScript`, by which the page's policy knows it; a test computes it. */
export const sortScriptHash = "'sha256-m+5TOYTBpjfXcQA8UGFfqgIX4HXKgUlZnPtOzPyvtUA='";
