/**
 * Query types that flow to deployments: widths by queries per hour, dropped demand apart. Names stand beside the
 * columns where there is room for them, else above their boxes; text is of the colour of what is around it.
 */
import type { Instance, Plan } from '../model/instance.ts';
import { visible } from '../model/visibleText.ts';
import { cutInside } from './barChart.ts';
import { categoryColors } from './colors.ts';
import { type FlowBox, layOutFlow } from './flowLayout.ts';
import { escapeHtml } from './html.ts';
import { quantity } from './numberText.ts';

interface FlowNode {
  readonly label: string;
  readonly detail: string;
  readonly color: string;
}

export interface PlanFlow {
  /** Marks of SVG with their origin in the upper left corner. */
  readonly marks: string;
  readonly height: number;
}

const nodeWidth = 16;
/** Placements that serve nothing still show, as a hair line. */
const leastFlow = 1e-3;
/** Units of SVG from which names have room beside the columns. */
const wideFrom = 760;

interface Frame {
  /** Left edges of the two columns. */
  readonly x0: number;
  readonly x1: number;
  readonly top: number;
  /** What the words of a thin last node need below it. */
  readonly bottom: number;
  readonly padding: number;
  /** Height for each of the larger number of nodes. */
  readonly perNode: number;
  readonly least: number;
  /** Characters of a name that there is room for. */
  readonly room: { readonly left: number; readonly right: number };
  readonly isWide: boolean;
}

/** Width of a character of names, rather too wide. */
const characterWidth = 6.9;

function frameOf(width: number): Frame {
  if (width >= wideFrom) {
    const room = { left: 26, right: 40 };
    return { x0: 190, x1: width - 310, top: 16, bottom: 16, padding: 26, perNode: 48, least: 260, room, isWide: true };
  }
  // Names of the two columns may share a line.
  const characters = Math.floor((0.49 * width) / characterWidth);
  const room = { left: characters, right: characters };
  return {
    x0: 0,
    x1: width - nodeWidth,
    top: 34,
    bottom: 0,
    padding: 42,
    perNode: 62,
    least: 120,
    room,
    isWide: false,
  };
}

const queryColors = [
  categoryColors.blue,
  categoryColors.orange,
  categoryColors.green,
  categoryColors.purple,
  categoryColors.skyBlue,
  '#8a6d00',
  '#4b4b9b',
  '#7a3b69',
];

/** The flow in a picture of its own, as wide as asked. */
export function flowPicture(instance: Instance, plan: Plan, width: number): string {
  const { marks, height } = planFlow(instance, plan, width);
  return `<svg xmlns="http://www.w3.org/2000/svg" class="flow" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="inherit" role="img" aria-label="Query types to deployments">${marks}</svg>`;
}

export function planFlow(instance: Instance, plan: Plan, width: number): PlanFlow {
  const frame = frameOf(width);
  const queries: FlowNode[] = instance.queryTypes.map(({ name, arrivalRate }, i) => ({
    label: name,
    detail: `${quantity(arrivalRate)} queries/h`,
    color: queryColors[i % queryColors.length],
  }));
  const deployments: FlowNode[] = plan.deployments.map(({ model, tier, tpDegree, replicas, gpus }) => ({
    label: `${model} on ${tier}`,
    detail: `TP ${tpDegree}${replicas > 1 ? `, ${replicas} replicas` : ''}, ${gpus} GPU${gpus === 1 ? '' : 's'}`,
    color: '#777777',
  }));
  const dropped: FlowNode = { label: 'Dropped', detail: 'unmet demand', color: categoryColors.vermilion };
  const flows = flowsOf(instance, plan);
  // Only what something flows into has a place on the right.
  const shown = [...deployments.keys(), null].filter((target) => flows.some((flow) => flow.target === target));
  const idle = deployments.filter((_, d) => !shown.includes(d));
  const targets = shown.map((target) => (target === null ? dropped : deployments[target]));
  const height = Math.max(frame.least, frame.perNode * Math.max(queries.length, targets.length));
  const layout = layOutFlow(
    queries.length,
    targets.length,
    flows.map((flow) => ({ ...flow, target: shown.indexOf(flow.target) })),
    { top: frame.top, height: height - frame.top - frame.bottom, padding: frame.padding },
  );
  const { x0, x1 } = frame;
  const middle = (x0 + nodeWidth + x1) / 2;
  const bands = layout.bands.map(({ y0, y1, width: thickness }, t) => {
    const curve = `M${x0 + nodeWidth},${decimal(y0)}C${middle},${decimal(y0)} ${middle},${decimal(y1)} ${x1},${decimal(y1)}`;
    const color = flows[t].target === null ? categoryColors.grey : queries[flows[t].source].color;
    const opacity = frame.isWide ? 0.55 : 0.4;
    return `<path d="${curve}" fill="none" stroke="${color}" stroke-opacity="${opacity}" stroke-width="${decimal(Math.max(1, thickness))}"/>`;
  });
  const boxes = [
    ...queries.map((node, i) => nodeMarks(node, layout.left[i], 'left', frame)),
    ...targets.map((node, d) => nodeMarks(node, layout.right[d], 'right', frame)),
  ];
  const lines = idle.map(({ label, detail }, line) => {
    const text = `Rented with nothing placed: ${label} (${detail})`;
    return `<text x="0" y="${height + 28 + 16 * line}" font-size="12" fill="currentColor">${escapeHtml(cutInside(visible(text), Math.floor(width / characterWidth)))}<title>${escapeHtml(text)}</title></text>`;
  });
  return {
    marks: `<g>${bands.join('\n')}\n${boxes.join('\n')}\n${lines.join('\n')}</g>`,
    height: height + (frame.isWide ? 0 : 8) + (idle.length === 0 ? 0 : 20 + 16 * idle.length),
  };
}

/** Queries per hour from each query type to each deployment, and to `null` what is dropped. */
function flowsOf(instance: Instance, plan: Plan) {
  const queryOf = new Map(instance.queryTypes.map(({ name }, i) => [name, i]));
  const key = (model: string, tier: string) => JSON.stringify([model, tier]);
  const deploymentOf = new Map(plan.deployments.map(({ model, tier }, d) => [key(model, tier), d]));
  const flows: { readonly source: number; readonly target: number | null; readonly value: number }[] = [];
  const rate = (query: number) => instance.queryTypes[query].arrivalRate;
  for (const { queryType, model, tier, fraction } of plan.routing) {
    const source = queryOf.get(queryType)!;
    const value = Math.max(leastFlow, fraction * rate(source));
    flows.push({ source, target: deploymentOf.get(key(model, tier))!, value });
  }
  for (const { queryType, fraction } of plan.unmet) {
    const source = queryOf.get(queryType)!;
    const value = fraction * rate(source);
    if (value > leastFlow) flows.push({ source, target: null, value });
  }
  return flows;
}

function nodeMarks(node: FlowNode, { top, height }: FlowBox, side: 'left' | 'right', frame: Frame) {
  const { isWide, room } = frame;
  const { label, detail, color } = node;
  const x = side === 'left' ? frame.x0 : frame.x1;
  const name = escapeHtml(cutInside(visible(label), room[side]));
  const box = `<rect x="${x}" y="${decimal(top)}" width="${nodeWidth}" height="${decimal(Math.max(1, height))}" fill="${color}"/>`;
  const title = `<title>${escapeHtml(label)}</title>`;
  const isOutward = isWide === (side === 'left');
  const anchor = isOutward ? 'end' : 'start';
  const textX = isWide ? (side === 'left' ? x - 8 : x + nodeWidth + 8) : side === 'left' ? x : x + nodeWidth;
  const y = isWide ? decimal(top + height / 2 - 1) : decimal(top - 19);
  return `${box}
<text x="${textX}" y="${y}" text-anchor="${anchor}" font-size="12.5" fill="currentColor" class="halo">${name}${title}</text>
<text x="${textX}" y="${y + 14}" text-anchor="${anchor}" font-size="10.5" fill="currentColor" fill-opacity="0.75" class="halo">${escapeHtml(detail)}</text>`;
}

function decimal(value: number): number {
  return Math.round(1000 * value) / 1000;
}
