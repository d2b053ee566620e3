/** Rendering of charts: a Vega-Lite specification becomes SVG, and SVG becomes PNG. No browser and no network. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

export interface Chart {
  /** File-name part, kebab case. */
  readonly name: string;
  readonly title: string;
  readonly spec: TopLevelSpec;
}

/**
 * Okabe and Ito's palette, distinguishable under the common colour-vision deficiencies; dark enough for white paper.
 */
export const categoryColors = {
  blue: '#0072B2',
  orange: '#E69F00',
  green: '#009E73',
  vermilion: '#D55E00',
  skyBlue: '#56B4E9',
  purple: '#CC79A7',
  grey: '#999999',
  black: '#000000',
} as const;

/** The four parts of the cost, in the colours that every chart uses for them. */
export const costPartColors: Readonly<Record<string, string>> = {
  Rental: categoryColors.blue,
  Storage: categoryColors.green,
  'Robust delay': categoryColors.orange,
  Unmet: categoryColors.vermilion,
};

const chartConfig: TopLevelSpec['config'] = {
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

/** Draws the chart as a self-contained SVG. */
export async function renderSvg(chart: Chart): Promise<string> {
  const view = new vega.View(vega.parse(compile({ ...chart.spec, config: chartConfig! } as TopLevelSpec).spec), {
    renderer: 'none',
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Rasterises an SVG on white at `scale` pixels per unit (2: sharp in print at 6 inches). */
export async function renderPng(svg: string, scale = 2): Promise<Uint8Array> {
  const image = await loadImage(Buffer.from(svg));
  const canvas = createCanvas(Math.ceil(image.width * scale), Math.ceil(image.height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  // Encoded in a thread of its own, beside which the next chart is drawn.
  return canvas.encode('png');
}
