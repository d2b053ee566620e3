/**
 * One page that shows a plan: query types flow to deployments (widths by queries per hour, dropped demand apart), the
 * parts of the cost as bars, and how far each limit is used.
 */
import type { PlanCost } from '../model/check/cost.ts';
import type { ConstraintCheck, Verification } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { visible } from '../model/visibleText.ts';
import { type BarChart, barChart, barChartHeight, cut, roundTicks } from './barChart.ts';
import { categoryColors, costPartColors } from './colors.ts';
import { type FlowBox, layOutFlow } from './flowLayout.ts';
import { escapeHtml, escapeHtmlLines, htmlPage } from './html.ts';
import { percent } from './numberText.ts';

interface FlowNode {
  readonly label: string;
  readonly detail: string;
  readonly color: string;
}

const pageWidth = 1180;
const flowTop = 60;
/** Beside the columns of the flow. */
const labelRoom = { left: 190, right: 310 };
/**
 * Characters of names beside the flows that fit between them and the edge of the page; a pointer that rests there shows
 * the whole.
 */
const mostLabelCharacters = { left: 26, right: 40 };
const nodeWidth = 16;
const nodePadding = 26;
/** Placements that serve nothing still show, as a hair line. */
const leastFlow = 1e-3;

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

/** The page as SVG. */
export function planPicture(
  title: string,
  instance: Instance,
  plan: Plan,
  { cost, constraints }: Verification,
): string {
  const nodeCount = Math.max(instance.queryTypes.length, plan.deployments.length + 1);
  const flowHeight = Math.max(260, 48 * nodeCount);
  const costChart = costBars(cost);
  const useChart = useBars(constraints);
  const lowerTop = flowTop + flowHeight + 50;
  const pageHeight = lowerTop + Math.max(barChartHeight(costChart), barChartHeight(useChart)) + 30;
  const total = `$${cost.total.toFixed(2)} over ${instance.rentalPeriod} h`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pageWidth}" height="${pageHeight}" viewBox="0 0 ${pageWidth} ${pageHeight}" font-family="DejaVu Sans, Verdana, sans-serif" role="img" aria-label="${escapeHtml(title)}">
<rect width="100%" height="100%" fill="white"/>
<text x="24" y="32" font-size="18" font-weight="bold" fill="#111">${escapeHtml(`${title}: ${total}`)}</text>
<text x="24" y="52" font-size="12" fill="#555">Query types (left) to deployments (right); widths by queries per hour</text>
${flowDiagram(instance, plan, flowHeight)}
<g transform="translate(24 ${lowerTop})">${barChart(costChart)}</g>
<g transform="translate(520 ${lowerTop})">${barChart(useChart)}</g>
</svg>
`;
}

/** A self-contained page: the picture, and the text report below it. */
export function planPage(title: string, picture: string, report: string): string {
  return htmlPage(title, 'Plan by rolla', [
    `<figure>${picture}</figure>`,
    `<section><h2>Report</h2><pre>${escapeHtmlLines(report)}</pre></section>`,
  ]);
}

function flowDiagram(instance: Instance, plan: Plan, height: number): string {
  const queries: FlowNode[] = instance.queryTypes.map(({ name, arrivalRate }, i) => ({
    label: name,
    detail: `${arrivalRate.toFixed(arrivalRate < 10 ? 1 : 0)} queries/h`,
    color: queryColors[i % queryColors.length],
  }));
  const deployments: FlowNode[] = plan.deployments.map(({ model, tier, tpDegree, replicas, gpus }) => ({
    label: `${model} on ${tier}`,
    detail: `TP ${tpDegree}${replicas > 1 ? `, ${replicas} replicas` : ''}, ${gpus} GPU${gpus === 1 ? '' : 's'}`,
    color: '#333333',
  }));
  const dropped: FlowNode = { label: 'Dropped', detail: 'unmet demand', color: categoryColors.vermilion };
  const flows = flowsOf(instance, plan);
  // Only what something flows into has a place on the right.
  const shown = [...deployments.keys(), null].filter((target) => flows.some((flow) => flow.target === target));
  const idle = deployments.filter((_, d) => !shown.includes(d));
  const targets = shown.map((target) => (target === null ? dropped : deployments[target]));
  const layout = layOutFlow(
    queries.length,
    targets.length,
    flows.map((flow) => ({ ...flow, target: shown.indexOf(flow.target) })),
    { top: flowTop + 16, height: height - 16, padding: nodePadding },
  );
  const x0 = 24 + labelRoom.left;
  const x1 = pageWidth - 24 - labelRoom.right;
  const middle = (x0 + nodeWidth + x1) / 2;
  const bands = layout.bands.map(({ y0, y1, width }, t) => {
    const curve = `M${x0 + nodeWidth},${decimal(y0)}C${middle},${decimal(y0)} ${middle},${decimal(y1)} ${x1},${decimal(y1)}`;
    const color = flows[t].target === null ? categoryColors.grey : queries[flows[t].source].color;
    return `<path d="${curve}" fill="none" stroke="${color}" stroke-opacity="0.55" stroke-width="${decimal(Math.max(1, width))}"/>`;
  });
  const boxes = [
    ...queries.map((node, i) => nodeMarks(node, layout.left[i], x0, 'left')),
    ...targets.map((node, d) => nodeMarks(node, layout.right[d], x1, 'right')),
  ];
  const idleText =
    idle.length === 0
      ? ''
      : `<text x="24" y="${flowTop + height + 28}" font-size="12" fill="#555">Rented with nothing placed: ${escapeHtml(idle.map(({ label, detail }) => `${label} (${detail})`).join('; '))}</text>`;
  return `<g>${bands.join('\n')}\n${boxes.join('\n')}\n${idleText}</g>`;
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

function nodeMarks({ label, detail, color }: FlowNode, { top, height }: FlowBox, x: number, side: 'left' | 'right') {
  const textX = side === 'left' ? x - 8 : x + nodeWidth + 8;
  const anchor = side === 'left' ? 'end' : 'start';
  const y = decimal(top + height / 2);
  return `<rect x="${x}" y="${decimal(top)}" width="${nodeWidth}" height="${decimal(Math.max(1, height))}" fill="${color}"/>
<text x="${textX}" y="${y - 1}" text-anchor="${anchor}" font-size="12.5" fill="#111">${escapeHtml(cut(visible(label), mostLabelCharacters[side]))}<title>${escapeHtml(label)}</title></text>
<text x="${textX}" y="${y + 13}" text-anchor="${anchor}" font-size="10.5" fill="#555">${escapeHtml(detail)}</text>`;
}

function decimal(value: number): number {
  return Math.round(1000 * value) / 1000;
}

function costBars(cost: PlanCost): BarChart {
  const parts = [
    { part: 'Rental', value: cost.rental },
    { part: 'Storage', value: cost.storage.model + cost.storage.data },
    { part: 'Robust delay', value: cost.delay },
    { part: 'Unmet', value: cost.unmet },
    ...(cost.switching === undefined ? [] : [{ part: 'Switching', value: cost.switching }]),
  ];
  // Room for the labels right of the longest bar.
  const domain = 1.5 * Math.max(...parts.map(({ value }) => value), 1e-9);
  return {
    title: 'Cost by part',
    axisTitle: 'Cost ($)',
    bars: parts.map(({ part, value }) => ({
      label: part,
      value,
      color: costPartColors[part] ?? categoryColors.purple,
      text: `$${value.toFixed(2)} (${percent(cost.total === 0 ? null : value / cost.total)})`,
    })),
    domain,
    ticks: roundTicks(domain),
    labelRoom: 90,
    width: 340,
    rowHeight: 34,
    labelSize: 11,
  };
}

const shownGroups: Readonly<Record<string, string>> = {
  budget: 'Budget',
  storage: 'Storage',
  availability: 'Available',
  memory: 'Memory',
  compute: 'Compute',
  delay: 'Delay',
  error: 'Error',
  unmet: 'Unmet cap',
};
/** The most used limits that fit on the page. */
const mostUseBars = 24;
/** Percent from which a limit counts as used up. */
const fullUse = 99.9;

function useBars(constraints: readonly ConstraintCheck[]): BarChart {
  const most = constraints
    .filter(({ group, use }) => shownGroups[group] !== undefined && use !== null)
    .map(({ group, subject, use }) => ({ label: `${shownGroups[group]}: ${subject}`, value: 100 * use! }))
    .sort((a, b) => b.value - a.value)
    .slice(0, mostUseBars);
  return {
    title: `Use of limits (the ${most.length} most used)`,
    axisTitle: 'Use (%)',
    bars: most.map((bar) => ({
      ...bar,
      color: bar.value > fullUse ? categoryColors.vermilion : categoryColors.skyBlue,
    })),
    domain: 110,
    ticks: [0, 25, 50, 75, 100],
    rule: 100,
    labelRoom: 290,
    width: 320,
    rowHeight: 17,
    labelSize: 10,
  };
}
