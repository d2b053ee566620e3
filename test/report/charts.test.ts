/** Every chart compiles and draws, marks what has no plan, and tells its scenarios apart. */
import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { priceOfRobustness } from '../../src/analysis/priceOfRobustness.ts';
import { type Chart, chartPieces, renderPng, renderSvg } from '../../src/report/chart.ts';
import { type ChartRow, type HeatmapAxis, heatmap } from '../../src/report/heatmap.ts';
import { robustnessChart } from '../../src/report/robustnessReport.ts';
import { sweepCharts } from '../../src/report/sweepCharts.ts';
import { sweepFigures } from '../../src/report/sweepReport.ts';
import { tinyInstance } from '../model/tinyInstance.ts';

const planColumns = [
  'total_cost',
  'C1_rental',
  'C2_storage',
  'C3_robust_delay',
  'C4_unmet',
  'C1_pct',
  'C2_pct',
  'C3_pct',
  'C4_pct',
  'total_gpus',
  'avg_delay',
  'avg_error',
  'total_unmet_fraction',
  'budget_utilization',
  'avg_delay_utilization',
  'max_delay_utilization',
  'avg_error_utilization',
  'max_error_utilization',
  'avg_memory_util',
  'max_memory_util',
  'num_gpu_configs',
  'avg_tp_degree',
  'tp_1_count',
  'tp_2_count',
  'tp_4_count',
  'tp_8_count',
];
const axis = (column: string, values: readonly (number | string)[]): HeatmapAxis => ({
  column,
  label: `${column} (x base)`,
  values,
});
const price = axis('price', [0.5, 1, 1.5]);
const budget = axis('budget', [0.3, 0.35]);
const placement = axis('placement', ['single', 'split']);

/** Rows of all combinations; every figure is distinct, the first cell infeasible and the second stopped at a limit. */
function rowsOf(axes: readonly HeatmapAxis[]): ChartRow[] {
  let rows: ChartRow[] = [{}];
  for (const { column, values } of axes) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [column]: value })));
  }
  return rows.map((row, t) => {
    const figures = planColumns.map((name, c) => [name, t < 2 ? null : 1 + t + c / 100]);
    const status = t === 0 ? 'infeasible' : t === 1 ? 'time-limit' : 'optimal';
    return { ...row, status, ...Object.fromEntries(figures) };
  });
}

/** One heatmap of all rows, with its title. */
function heatmapOf(rows: readonly ChartRow[], axes: readonly HeatmapAxis[], column: string) {
  const [y, x] = axes;
  const spec = heatmap(rows, y, x, { column, title: 'Cost', format: ',.0f' });
  return { spec, title: spec.title };
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

async function expectDrawn(charts: readonly Chart[]): Promise<void> {
  expect(new Set(charts.map(({ name }) => name)).size).toBe(charts.length);
  const faults: string[] = [];
  for (const chart of charts) {
    const note = (...words: unknown[]) => {
      faults.push(`${chart.name}: ${words.join(' ')}`);
      return logger;
    };
    const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
    compile(chart.spec as unknown as TopLevelSpec, { logger: logger as never });
    const svg = await renderSvg(chart);
    if (!svg.startsWith('<svg')) note('no SVG');
    for (const [found] of svg.matchAll(/NaN|Infinity|undefined|<image|<script|href="http/g)) note('found', found);
  }
  expect(faults).toEqual([]);
}

describe('charts of a sweep', () => {
  it('are drawn for one, two and three factors', async () => {
    for (const axes of [[price], [price, budget], [price, budget, placement]]) {
      await expectDrawn(sweepCharts('Price', axes, rowsOf(axes)));
    }
  });

  it('show every TP degree that the rows count, in order', async () => {
    const axes = [price, budget];
    const rows = rowsOf(axes).map(({ tp_2_count: _2, tp_4_count: _4, tp_8_count: _8, ...row }, t) => ({
      ...row,
      tp_16_count: t,
      tp_3_count: t,
    }));
    const charts = sweepCharts('Price', axes, rows);
    await expectDrawn(charts);
    const degreesIn = async (name: string) =>
      texts(await renderSvg(charts.find((chart) => chart.name === name)!)).flatMap(
        (text) => /TP (\d+)$/.exec(text)?.[1] ?? [],
      );
    expect(await degreesIn('tp-heatmaps')).toEqual(['1', '3', '16']);
    expect(await degreesIn('tp-distribution')).toEqual(['1', '3', '16']);
  });

  it('are drawn where nothing has a plan', async () => {
    const axes = [price, budget];
    const rows = rowsOf(axes).map((row) => ({ ...row, status: 'infeasible', ...noPlan }));
    const charts = sweepCharts('Price', axes, rows);
    expect(charts.map(({ name }) => name)).toEqual(['cost-heatmaps']);
    await expectDrawn(charts);
    expect(texts(await renderSvg(charts[0])).filter((text) => text === '×')).toHaveLength(rows.length);
    expect(sweepCharts('Price', [price], rows)).toEqual([]);
  });

  it('mark cells without a plan, and write the figure into every other cell', async () => {
    const axes = [price, budget];
    const heatmaps = sweepCharts('Price', axes, rowsOf(axes)).filter(({ name }) => name.endsWith('heatmaps'));
    expect(heatmaps.map(({ name }) => name)).toContain('cost-heatmaps');
    for (const chart of heatmaps) {
      const pieces = (chart.spec as unknown as { concat: unknown[] }).concat.length;
      const labels = texts(await renderSvg(chart));
      expect(labels.filter((text) => text === '×')).toHaveLength(pieces);
      expect(labels.filter((text) => text === '?')).toHaveLength(pieces);
    }
    const shares = texts(await renderSvg(heatmaps.find(({ name }) => name === 'cost-share-heatmaps')!));
    // C1_pct of the third cell: 1 + 2 + 5 / 100.
    expect(shares).toContain('3.0');
  });

  it('mark a plan without a value otherwise than a cell without a plan, and leave out what says nothing', async () => {
    const axes = [price, budget];
    const rows = rowsOf(axes).map((row, t) => ({
      ...row,
      ...(t === 3 && { max_error_utilization: null }),
      max_delay_utilization: null,
      avg_delay_utilization: null,
      C3_robust_delay: row.total_cost === null ? null : 0,
    }));
    const chart = (name: string) => sweepCharts('Price', axes, rows).find((each) => each.name === name)!;
    const uses = texts(await renderSvg(chart('limit-use-heatmaps')));
    expect(uses).not.toContain('Use of the delay limit, largest (%)');
    expect(uses).toContain('Use of the error limit, largest (%)');
    expect([uses.filter((text) => text === '–').length, uses.filter((text) => text === '?').length]).toEqual([1, 2]);
    expect(texts(await renderSvg(chart('cost-heatmaps')))).not.toContain('Delay penalty ($)');
  });

  it('label every scenario of the bars, each once', async () => {
    const axes = [price, budget];
    const chart = sweepCharts('Price', axes, rowsOf(axes)).find(({ name }) => name === 'cost-breakdown')!;
    const labels = texts(await renderSvg(chart)).filter((text) => text.includes(' | ') && !text.includes('base'));
    const values = ['0.5 | 0.3', '0.5 | 0.35', '1 | 0.3', '1 | 0.35', '1.5 | 0.3', '1.5 | 0.35'];
    expect(labels.toSorted()).toEqual(values);
    const marks = texts(await renderSvg(chart)).filter((text) => /^[×?] /.test(text));
    expect(marks).toEqual(['× infeasible', '? stopped']);
    expect(chart.title).toBe('Price: cost breakdown');
  });

  it('of more than ten scenarios say how many the bars show, some without a plan among them', async () => {
    const axes = [
      axis(
        'price',
        Array.from({ length: 15 }, (_, t) => t),
      ),
      budget,
    ];
    const charts = sweepCharts('Price', axes, rowsOf(axes));
    const bars = charts.filter(({ name }) => name === 'cost-breakdown' || name === 'tp-distribution');
    for (const chart of bars) {
      expect(chart.title).toContain('(10 of 30 scenarios)');
      const shown = texts(await renderSvg(chart));
      expect(shown.filter((text) => /^\d+ \| 0\.35?$/.test(text))).toHaveLength(10);
      expect(shown.filter((text) => text === '× infeasible')).toHaveLength(1);
    }
    await expectDrawn(bars);
  });

  it('colour by rank where one cell far off would make the others look alike, and say so', async () => {
    const axes = [price, axis('budget', [1, 2, 3, 4])];
    const rows = rowsOf(axes).map((row, t) => (t === 5 ? { ...row, total_cost: 1e6 } : row));
    const colorsOf = async (cells: readonly ChartRow[], column: string) => {
      const { spec } = heatmapOf(cells, axes, column);
      const svg = await renderSvg({ name: 'h', title: 'h', spec });
      return new Set([...svg.matchAll(/<path d="M[^"]*h50v30h-50Z" fill="(rgb[^"]*)"/g)].map(([, color]) => color));
    };
    expect((await colorsOf(rows, 'total_cost')).size).toBeGreaterThan(6);
    expect(heatmapOf(rows, axes, 'total_cost').title).toBe('Cost, coloured by rank');
    expect(heatmapOf(rows, axes, 'total_gpus').title).toBe('Cost');
  });

  it('of a thousand cells stay small', async () => {
    const axes = [
      axis(
        'price',
        Array.from({ length: 32 }, (_, t) => t),
      ),
      axis(
        'budget',
        Array.from({ length: 31 }, (_, t) => t),
      ),
    ];
    const { length } = await renderSvg(sweepCharts('Price', axes, rowsOf(axes))[0]);
    // Four heatmaps: about a hundred characters for each cell.
    expect(length / (4 * 32 * 31)).toBeLessThan(110);
  });

  it('mark bars without a plan on the axis of the bars', async () => {
    const rows = rowsOf([price]);
    expect(rows.some(({ status }) => status === 'infeasible')).toBe(true);
    const charts = sweepCharts('Price', [price], rows);
    for (const name of ['cost-breakdown', 'tp-distribution']) {
      const svg = await renderSvg(charts.find((chart) => chart.name === name)!);
      const [, depth] = /translate\([\d.]+,([\d.]+)\)[^>]*>× infeasible/.exec(svg)!;
      expect(Number(depth)).toBeGreaterThan(280);
      expect(svg.match(/role-axis-label/g)).toHaveLength(name === 'cost-breakdown' ? 2 : 3);
    }
  });

  it('have no two ticks of a legend that read the same', async () => {
    for (const [low, high, format] of [
      [19, 25, 'd'],
      [69.8, 72.4, '.0f'],
      [94.6, 98.2, '.0f'],
      [5.38, 7, '.2f'],
      [0.1, 120_000, ',.1f'],
    ] as const) {
      const rows = rowsOf([price, budget]).map((row, at) => ({ ...row, figure: at === 0 ? low : high }));
      const spec = heatmap(rows, price, budget, { column: 'figure', title: 'Figure', format });
      const svg = await renderSvg({ name: 'figure', title: 'Figure', spec });
      const legend = /role-legend-label[\s\S]*?<\/g><g/.exec(svg)![0];
      const labels = [...legend.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text);
      expect(labels.length).toBeGreaterThan(1);
      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  it('come as SVG and PNG with one page that holds every chart and row', async () => {
    const axes = [price, budget];
    const rows = rowsOf(axes);
    const columns = ['price', 'budget', 'status', ...planColumns];
    const files = await sweepFigures({ stem: 'stem', title: 'A & B', axes, columns, rows, about: {} });
    const names = sweepCharts('A & B', axes, rows).map(({ name }) => name);
    expect(files.map(({ name }) => name)).toEqual([
      ...names.flatMap((name) => [`stem_${name}.svg`, `stem_${name}.png`]),
      'stem.html',
    ]);
    const page = files.at(-1)!.content as string;
    const pieces = sweepCharts('A & B', axes, rows).flatMap(chartPieces);
    expect(pieces.length).toBeGreaterThan(names.length);
    expect(page.match(/<svg/g)).toHaveLength(pieces.length);
    // The page's title and heading; charts do not repeat it.
    expect(page.match(/A &amp; B/g)).toHaveLength(2);
    expect(page.match(/<tr/g)).toHaveLength(rows.length + 1);
    expect(page).toContain('<title>A &amp; B</title>');
    expect(page).toContain('6 scenarios, 4 with a plan');
    expect(page).not.toMatch(/<(link|img)|src=|href="http/);
  });

  it('on a page of many thousand scenarios have a table of the first thousand, which says so', async () => {
    const axes = [
      axis(
        'price',
        Array.from({ length: 1500 }, (_, t) => t),
      ),
    ];
    const rows = rowsOf(axes);
    const files = await sweepFigures({
      stem: 'stem',
      title: 'T',
      axes,
      columns: ['price', 'total_cost'],
      rows,
      about: {},
    });
    const page = files.at(-1)!.content as string;
    expect(page.match(/<tr/g)).toHaveLength(1001);
    expect(page).toContain('The first 1000 of 1500 scenarios (all of them: stem.csv)');
    expect(page).toContain('of the 1498 of 1500 with a plan');
  });
});

const noPlan = Object.fromEntries(planColumns.map((name) => [name, null]));

it('the curve of the price of robustness is drawn', async () => {
  const points = priceOfRobustness(tinyInstance(), { gammas: [0, 1], draws: 50 });
  await expectDrawn([robustnessChart('Price of robustness', points)]);
});

it('a PNG has twice the size of its SVG', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="5" height="5"/></svg>';
  const png = Buffer.from(await renderPng(svg));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([60, 40]);
});
