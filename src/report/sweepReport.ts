/** The files of a finished sweep: CSV, JSON, charts as SVG and PNG, and one HTML page with all of them. */
import { type Chart, chartPieces, renderPng, renderSvg } from './chart.ts';
import { toCsv } from './csv.ts';
import { factorCharts } from './factorCharts.ts';
import type { ChartRow, HeatmapAxis } from './heatmap.ts';
import { escapeHtml, figureSection, htmlPage, sortableTable, sortScript } from './html.ts';
import { columnWords, sweepCharts } from './sweepCharts.ts';

export interface SweepReportInput {
  /** `sensitivity_<name>_<timestamp>`: stem of every file name. */
  readonly stem: string;
  readonly title: string;
  readonly axes: readonly HeatmapAxis[];
  readonly columns: readonly string[];
  readonly rows: readonly ChartRow[];
  /** What else the JSON holds: the instance's name, options, version. */
  readonly about: Readonly<Record<string, unknown>>;
}

export interface ReportFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** The table only: CSV and JSON. */
export function sweepTables({ stem, columns, rows, about, title }: SweepReportInput): ReportFile[] {
  const json = JSON.stringify({ format: 'rolla-sweep/1', title, ...about, rows }, null, 2);
  return [
    { name: `${stem}.csv`, content: toCsv(columns, rows) },
    { name: `${stem}.json`, content: `${json}\n` },
  ];
}

/** Cells that heatmaps can label and a page can hold. */
const mostGridCells = 1000;

/** Whether every combination of the factors' values is a row, and there are few enough to show each. */
function isSmallGrid(axes: readonly HeatmapAxis[], rows: readonly ChartRow[]): boolean {
  const cells = axes.reduce((product, { values }) => product * values.length, 1);
  if (axes.length === 0 || rows.length !== cells || cells > mostGridCells) return false;
  return new Set(rows.map((row) => JSON.stringify(axes.map(({ column }) => row[column])))).size === cells;
}

/** Charts as SVG and PNG, and the HTML page: of a small grid each cell, of all else the spread along each factor. */
export async function sweepFigures(input: SweepReportInput): Promise<ReportFile[]> {
  const { stem, title, axes, columns, rows } = input;
  const charts: readonly Chart[] = isSmallGrid(axes, rows)
    ? sweepCharts(title, axes, rows)
    : factorCharts(title, axes, rows);
  const files: (ReportFile | Promise<ReportFile>)[] = [];
  const sections: string[] = [];
  for (const chart of charts) {
    const svg = await renderSvg(chart);
    files.push({ name: `${stem}_${chart.name}.svg`, content: svg });
    files.push(renderPng(svg).then((content) => ({ name: `${stem}_${chart.name}.png`, content })));
    const pieces = await Promise.all(chartPieces(chart).map(renderSvg));
    sections.push(figureSection(headingWithin(title, chart.title), ...pieces));
  }
  const feasible = rows.filter((row) => row.total_cost !== null).length;
  const facts = `${rows.length} scenarios, ${feasible} with a plan. Costs in $ over the rental period. × marks infeasible cells, ? cells where a limit struck first, – plans without such a value (no limit to measure by).`;
  const isWhole = rows.length <= mostGridCells;
  const heading = isWhole
    ? 'All scenarios'
    : `The first ${mostGridCells} of ${rows.length} scenarios (all of them: ${stem}.csv)`;
  const shown = isWhole ? rows : rows.slice(0, mostGridCells);
  const table = wordedTable(axes, columns, shown);
  sections.push(`<section><h2>${escapeHtml(heading)}</h2>${table}</section>`);
  files.push({ name: `${stem}.html`, content: htmlPage(title, facts, sections, sortScript) });
  return Promise.all(files);
}

/** What a chart's title says beyond that of the page. */
function headingWithin(title: string, chartTitle: string): string {
  const rest = chartTitle.startsWith(title) ? chartTitle.slice(title.length).replace(/^[:,] /, '') : chartTitle;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** The table in the words and units of the charts; the column's name in the CSV is the heading's title. */
function wordedTable(axes: readonly HeatmapAxis[], columns: readonly string[], rows: readonly ChartRow[]): string {
  const labels = new Map(axes.map(({ column, label }) => [column, label]));
  const worded = columns.map((name) => {
    const { heading, scale } = columnWords(name) ?? { heading: labels.get(name) ?? name, scale: 1 };
    return { name, heading, scale };
  });
  const scaled = worded.filter(({ scale }) => scale !== 1);
  const shown = rows.map((row) => {
    const changed = scaled.flatMap(({ name, scale }) => {
      const value = row[name];
      return typeof value === 'number' ? [[name, value * scale] as const] : [];
    });
    return { ...row, ...Object.fromEntries(changed) };
  });
  return sortableTable(worded, shown, (row) => row.total_cost === null);
}
