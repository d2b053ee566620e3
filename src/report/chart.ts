/**
 * Rendering of charts: a Vega-Lite specification becomes SVG, and SVG becomes PNG. No browser and no network. The
 * packages that draw are optional peers, loaded when the first chart is drawn.
 */

import { MissingPackageError } from '../model/missingPackageError.ts';
import { visibleLines } from '../model/visibleText.ts';
import type { ChartSpec } from './vegaTypes.ts';

export interface Chart {
  /** File-name part, kebab case. */
  readonly name: string;
  readonly title: string;
  readonly spec: ChartSpec;
}

const chartConfig = {
  // A label on each mark would be half of a heatmap; pages name the figure and have its numbers in a table.
  aria: false,
  background: 'white',
  font: 'DejaVu Sans, Verdana, sans-serif',
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    labelColor: '#222',
    titleColor: '#222',
    gridColor: '#e6e6e6',
    labelLimit: 320,
  },
  legend: { labelLimit: 300, labelFontSize: 11, titleFontSize: 11, labelColor: '#222', titleColor: '#222' },
  title: { fontSize: 14, anchor: 'start', color: '#111', offset: 10 },
  view: { stroke: null },
};

/** The figures that a chart puts side by side, each a chart of its own without the title of the whole. */
export function chartPieces({ name, title, spec }: Chart): readonly Chart[] {
  const { title: _, concat, ...rest } = spec;
  const specs = Array.isArray(concat) ? (concat as readonly ChartSpec[]) : [rest];
  return specs.map((piece) => ({ name, title, spec: piece }));
}

/** `import()` of an optional peer; its absence says what to install. */
async function loadPeer<Module>(load: () => Promise<Module>, names: readonly string[], use: string): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    throw new MissingPackageError(names, use, { cause: error });
  }
}

const loadVega = () =>
  loadPeer(
    async () => {
      const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
      return { vega, compile };
    },
    ['vega', 'vega-lite'],
    'charts',
  );

const loadCanvas = () => loadPeer(() => import('@napi-rs/canvas'), ['@napi-rs/canvas'], 'charts as PNG');

/**
 * Draws the chart as a self-contained SVG. Rejects with MissingPackageError unless `vega` and `vega-lite` are
 * installed.
 */
export async function renderSvg({ spec }: Chart): Promise<string> {
  const { vega, compile } = await loadVega();
  const chart = compile({ ...spec, config: chartConfig } as unknown as Parameters<typeof compile>[0]);
  const view = new vega.View(vega.parse(chart.spec), { renderer: 'none' });
  try {
    // Vega escapes markup and leaves characters that XML does not have.
    return visibleLines(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/**
 * Rasterises an SVG on white at `scale` pixels per unit (2: sharp in print at 6 inches). Node only. Rejects with
 * MissingPackageError unless `@napi-rs/canvas` is installed.
 */
export async function renderPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { createCanvas, loadImage } = await loadCanvas();
  const image = await loadImage(new TextEncoder().encode(svg));
  const canvas = createCanvas(Math.ceil(image.width * scale), Math.ceil(image.height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  // Encoded in a thread of its own, beside which the next chart is drawn.
  return canvas.encode('png');
}

/**
 * Rejects with MissingPackageError unless `renderSvg` and, with `png`, `renderPng` can draw: asked before long work.
 */
export async function checkChartPackages({ png }: { readonly png: boolean }): Promise<void> {
  await loadVega();
  if (png) await loadCanvas();
}
