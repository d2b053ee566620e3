/**
 * Horizontal bars as a piece of SVG, drawn without any package: row r has its label right-aligned before the axis and
 * its bar from 0 to `left + width * value / domain`.
 */
import { visible } from '../model/visibleText.ts';
import { escapeHtml } from './html.ts';

interface Bar {
  readonly label: string;
  /** At least 0; what lies beyond the domain is cut at its end. */
  readonly value: number;
  readonly color: string;
  /** Written right of the bar. */
  readonly text?: string;
}

export interface BarChart {
  readonly title: string;
  readonly axisTitle: string;
  readonly bars: readonly Bar[];
  /** Value at the right end of the axis, above 0. */
  readonly domain: number;
  readonly ticks: readonly number[];
  /** Value of a dashed line across the bars. */
  readonly rule?: number;
  /** Units of SVG for labels and for the axis. */
  readonly labelRoom: number;
  readonly width: number;
  readonly rowHeight: number;
  readonly labelSize: number;
}

const titleRoom = 30;
const axisRoom = 40;
/**
 * Width of a character of sans serif text, in its size: rather too wide, so that nothing is drawn over the neighbour.
 */
const characterWidth = 0.62;

export function barChartHeight({ bars, rowHeight }: Pick<BarChart, 'bars' | 'rowHeight'>): number {
  return titleRoom + bars.length * rowHeight + axisRoom;
}

/**
 * A `g` with its origin in the upper left corner, `labelRoom + width` wide and `barChartHeight` high (texts right of
 * bars may reach beyond).
 */
export function barChart(chart: BarChart): string {
  const { title, axisTitle, bars, domain, ticks, rule, labelRoom, width, rowHeight, labelSize } = chart;
  const bottom = titleRoom + bars.length * rowHeight;
  const at = (value: number) => round(labelRoom + width * Math.min(1, Math.max(0, value / domain)));
  const tickMarks = ticks.map(
    (tick) => `<line x1="${at(tick)}" y1="${titleRoom}" x2="${at(tick)}" y2="${bottom}" stroke="#e6e6e6"/>
<text x="${at(tick)}" y="${bottom + 14}" text-anchor="middle" font-size="11" fill="#222">${tick}</text>`,
  );
  const mostCharacters = Math.floor((labelRoom - 8) / (labelSize * characterWidth));
  const rows = bars.map(({ label, value, color, text }, row) => {
    const top = titleRoom + row * rowHeight;
    const baseline = round(top + rowHeight / 2 + labelSize / 3);
    const valueText =
      text === undefined
        ? ''
        : `<text x="${at(value) + 4}" y="${baseline}" font-size="11" fill="#222">${escapeHtml(text)}</text>`;
    return `<rect x="${labelRoom}" y="${round(top + rowHeight * 0.08)}" width="${round(at(value) - labelRoom)}" height="${round(rowHeight * 0.84)}" fill="${color}"/>
<text x="${labelRoom - 6}" y="${baseline}" text-anchor="end" font-size="${labelSize}" fill="#222">${escapeHtml(cutInside(visible(label), mostCharacters))}</text>${valueText}`;
  });
  const ruleMark =
    rule === undefined
      ? ''
      : `<line x1="${at(rule)}" y1="${titleRoom}" x2="${at(rule)}" y2="${bottom}" stroke="#000" stroke-dasharray="3 3"/>`;
  return `<g>
<text x="0" y="16" font-size="14" font-weight="bold" fill="#111">${escapeHtml(title)}</text>
${tickMarks.join('\n')}
${rows.join('\n')}
<line x1="${labelRoom}" y1="${titleRoom}" x2="${labelRoom}" y2="${bottom}" stroke="#888"/>
${ruleMark}
<text x="${round(labelRoom + width / 2)}" y="${bottom + 32}" text-anchor="middle" font-size="12" fill="#222">${escapeHtml(axisTitle)}</text>
</g>`;
}

/** At most about six ticks from 0 to `domain` at 1, 2 or 5 times a power of ten. */
export function roundTicks(domain: number): number[] {
  const rough = domain / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  // Multiples of a power of ten below 1 are not exact: the digits of the step are enough.
  return Array.from({ length: Math.floor(domain / step) + 1 }, (_, t) => Number((t * step).toPrecision(12)));
}

/**
 * The text, or its beginning and its end around an ellipsis where it is longer than `most` characters: what tells names
 * apart is often at their end (`INT4`, `INT8`, `TP 2`).
 */
export function cutInside(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const tail = Math.floor(Math.max(0, most - 1) / 2);
  const head = Math.max(1, most - 1 - tail);
  return `${characters.slice(0, head).join('')}…${tail === 0 ? '' : characters.slice(-tail).join('')}`;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
