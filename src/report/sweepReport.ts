/** The files of a finished sweep: CSV, JSON, charts as SVG and PNG, and one HTML page with all of them. */
import { type Chart, renderPng, renderSvg } from './chart.ts';
import { toCsv } from './csv.ts';
import { factorCharts } from './factorCharts.ts';
import type { ChartRow, HeatmapAxis } from './heatmap.ts';
import { escapeHtml, figureSection, htmlPage, sortableTable, sortScript } from './html.ts';
import { sweepCharts } from './sweepCharts.ts';

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
    sections.push(figureSection(chart.title, svg));
  }
  const feasible = rows.filter((row) => row.total_cost !== null).length;
  const facts = `${rows.length} scenarios, ${feasible} with a plan. Costs in $ over the rental period. × marks infeasible cells, ? cells where a limit struck first.`;
  const isWhole = rows.length <= mostGridCells;
  const heading = isWhole
    ? 'All scenarios'
    : `The first ${mostGridCells} of ${rows.length} scenarios (all of them: ${stem}.csv)`;
  const shown = isWhole ? rows : rows.slice(0, mostGridCells);
  const table = sortableTable(columns, shown, (row) => row.total_cost === null);
  sections.push(`<section><h2>${escapeHtml(heading)}</h2>${table}</section>`);
  files.push({ name: `${stem}.html`, content: htmlPage(title, facts, sections, sortScript) });
  return Promise.all(files);
}
