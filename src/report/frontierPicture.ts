/**
 * A frontier as a picture of HTML: cost over the value of the factor, dominated points hollow, with the value and cost
 * of each point in its title. Points are drawn as they are known; the picture is of the width that it is given.
 */
import type { Frontier, FrontierPoint } from '../analysis/frontier.ts';
import { escapeHtml } from './html.ts';
import { dollars, quantity } from './numberText.ts';

const height = 220;
const margin = { top: 16, right: 16, bottom: 40, left: 74 };
/** Share of the range of costs that is left free below and above. */
const clearance = 0.06;

/** `label`: what the values are; `tighter` as in `Frontier`. Empty where no point has a plan. */
export function frontierPicture(
  points: readonly FrontierPoint[],
  { label, tighter }: Pick<Frontier, 'label' | 'tighter'>,
  width: number,
): string {
  const shown = points
    .flatMap((point) => (point.cost === null ? [] : [{ ...point, cost: point.cost.total }]))
    .toSorted((a, b) => a.value - b.value);
  if (shown.length === 0) return '';
  const x = scale(shown, ({ value }) => value, [margin.left + 8, width - margin.right - 8], 0);
  const y = scale(shown, ({ cost }) => cost, [height - margin.bottom, margin.top], clearance);
  const steps = shown.map(({ value, cost }, at) => {
    if (at === 0) return `M${x.of(value)},${y.of(cost)}`;
    // Between two values the plan of the tighter one is still there.
    if (tighter === 'smaller') return `H${x.of(value)}V${y.of(cost)}`;
    return tighter === 'larger' ? `V${y.of(cost)}H${x.of(value)}` : `L${x.of(value)},${y.of(cost)}`;
  });
  const dots = shown.map(({ value, cost, isDominated, provenBy }) => {
    const kind = provenBy === null ? 'not proven' : isDominated ? 'dominated' : 'proven';
    const title = `${quantity(value)}: $ ${dollars(cost)}, ${kind}`;
    const look = kind === 'not proven' ? 'broken' : kind === 'dominated' ? 'cost hollow' : 'cost';
    return `<circle class="${look}" cx="${x.of(value)}" cy="${y.of(cost)}" r="4"><title>${escapeHtml(title)}</title></circle>`;
  });
  const end = (anchor: string, at: number, value: number) =>
    `<text x="${at}" y="${height - margin.bottom + 18}" text-anchor="${anchor}">${quantity(value)}</text>`;
  const cost = (value: number) =>
    `<text x="${margin.left - 6}" y="${y.of(value) + 4}" text-anchor="end">${dollars(value)}</text>`;
  return [
    `<svg class="frontier" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Cost over ${escapeHtml(label)}; the values are in the table">`,
    `<line class="axis" x1="${margin.left}" x2="${width - margin.right}" y1="${height - margin.bottom}" y2="${height - margin.bottom}"/>`,
    `<path class="line cost" d="${steps.join('')}"/>`,
    ...dots,
    cost(y.least),
    y.most === y.least ? '' : cost(y.most),
    x.most === x.least ? end('middle', x.of(x.least), x.least) : end('start', margin.left, x.least),
    x.most === x.least ? '' : end('end', width - margin.right, x.most),
    `<text x="${(margin.left + width - margin.right) / 2}" y="${height - 4}" text-anchor="middle">${escapeHtml(label)}</text>`,
    '</svg>',
  ].join('');
}

/** From values to places, the ends of their range a share of it inside. */
function scale<Entry>(
  entries: readonly Entry[],
  read: (entry: Entry) => number,
  [from, to]: readonly [number, number],
  free: number,
) {
  const values = entries.map(read);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const of = (value: number) => {
    const share = most === least ? 0.5 : free + ((value - least) / (most - least)) * (1 - 2 * free);
    return Math.round(10 * (from + share * (to - from))) / 10;
  };
  return { least, most, of };
}
