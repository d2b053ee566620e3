/**
 * One page that shows a plan: query types flow to deployments (widths by queries per hour, dropped demand apart), the
 * parts of the cost as bars, and how far each limit is used.
 */
import { type SankeyGraph, sankey, sankeyLinkHorizontal } from 'd3-sankey';
import type { TopLevelSpec } from 'vega-lite';
import type { PlanCost } from '../model/check/cost.ts';
import type { ConstraintCheck, Verification } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { categoryColors, costPartColors, renderSvg } from './chart.ts';
import { escapeHtml, htmlPage } from './html.ts';
import { percent } from './numberText.ts';

interface FlowNode {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly color: string;
}

interface FlowLink {
  readonly source: string;
  readonly target: string;
  readonly value: number;
  readonly color: string;
}

const pageWidth = 1180;
const flowTop = 60;
const labelRoom = 250;
const nodeWidth = 16;
/** Placements that serve nothing still show, as a hair line. */
const leastFlow = 1e-3;
const droppedId = 'dropped';

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
export async function planPicture(
  title: string,
  instance: Instance,
  plan: Plan,
  { cost, constraints }: Verification,
): Promise<string> {
  const nodeCount = Math.max(instance.queryTypes.length, plan.deployments.length + 1);
  const flowHeight = Math.max(260, 48 * nodeCount);
  const costSvg = await renderSvg({ name: 'cost', title: 'Cost', spec: costBars(cost) });
  const useSvg = await renderSvg({ name: 'use', title: 'Use of limits', spec: useBars(constraints) });
  const lowerTop = flowTop + flowHeight + 50;
  const pageHeight = lowerTop + Math.max(svgHeight(costSvg), svgHeight(useSvg)) + 30;
  const total = `$${cost.total.toFixed(2)} over ${instance.rentalPeriod} h`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pageWidth}" height="${pageHeight}" viewBox="0 0 ${pageWidth} ${pageHeight}" font-family="DejaVu Sans, Verdana, sans-serif" role="img" aria-label="${escapeHtml(title)}">
<rect width="100%" height="100%" fill="white"/>
<text x="24" y="32" font-size="18" font-weight="bold" fill="#111">${escapeHtml(`${title}: ${total}`)}</text>
<text x="24" y="52" font-size="12" fill="#555">Query types (left) to deployments (right); widths by queries per hour</text>
${flowDiagram(instance, plan, flowHeight)}
<g transform="translate(24 ${lowerTop})">${costSvg}</g>
<g transform="translate(480 ${lowerTop})">${useSvg}</g>
</svg>
`;
}

/** A self-contained page: the picture, and the text report below it. */
export function planPage(title: string, picture: string, report: string): string {
  return htmlPage(title, 'Plan by rolla', [
    `<figure>${picture}</figure>`,
    `<section><h2>Report</h2><pre>${escapeHtml(report)}</pre></section>`,
  ]);
}

function svgHeight(svg: string): number {
  return Number(/height="([\d.]+)"/.exec(svg)?.[1] ?? 0);
}

function flowDiagram(instance: Instance, plan: Plan, height: number): string {
  const deploymentId = (model: string, tier: string) => `deployment ${JSON.stringify([model, tier])}`;
  const queries: FlowNode[] = instance.queryTypes.map(({ name, arrivalRate }, i) => ({
    id: `query ${name}`,
    label: name,
    detail: `${arrivalRate.toFixed(arrivalRate < 10 ? 1 : 0)} queries/h`,
    color: queryColors[i % queryColors.length],
  }));
  const links: FlowLink[] = [];
  const rateOf = new Map(instance.queryTypes.map(({ name, arrivalRate }) => [name, arrivalRate]));
  const colorOf = new Map(instance.queryTypes.map(({ name }, i) => [name, queries[i].color]));
  for (const { queryType, model, tier, fraction } of plan.routing) {
    links.push({
      source: `query ${queryType}`,
      target: deploymentId(model, tier),
      value: Math.max(leastFlow, fraction * rateOf.get(queryType)!),
      color: colorOf.get(queryType)!,
    });
  }
  for (const { queryType, fraction } of plan.unmet) {
    const value = fraction * rateOf.get(queryType)!;
    if (value > leastFlow) {
      links.push({ source: `query ${queryType}`, target: droppedId, value, color: categoryColors.grey });
    }
  }
  const used = new Set(links.map(({ target }) => target));
  const targets: FlowNode[] = plan.deployments.map(({ model, tier, tpDegree, replicas, gpus }) => ({
    id: deploymentId(model, tier),
    label: `${model} on ${tier}`,
    detail: `TP ${tpDegree}${replicas > 1 ? `, ${replicas} replicas` : ''}, ${gpus} GPU${gpus === 1 ? '' : 's'}`,
    color: '#333333',
  }));
  const idle = targets.filter(({ id }) => !used.has(id));
  if (used.has(droppedId)) {
    targets.push({ id: droppedId, label: 'Dropped', detail: 'unmet demand', color: categoryColors.vermilion });
  }
  const layout = sankey<FlowNode, FlowLink>()
    .nodeId((node) => node.id)
    .nodeWidth(nodeWidth)
    .nodePadding(26)
    .nodeSort(null as unknown as undefined)
    .extent([
      [24 + labelRoom - 60, flowTop + 16],
      [pageWidth - 24 - labelRoom - 60, flowTop + height],
    ]);
  const shown = [...queries, ...targets.filter(({ id }) => used.has(id))];
  const graph: SankeyGraph<FlowNode, FlowLink> = layout({
    nodes: shown.map((node) => ({ ...node })),
    links: links.map((link) => ({ ...link })),
  });
  const path = sankeyLinkHorizontal<FlowNode, FlowLink>();
  const linkMarks = graph.links.map(
    (link) =>
      `<path d="${path(link)}" fill="none" stroke="${link.color}" stroke-opacity="0.55" stroke-width="${Math.max(1, link.width ?? 1)}"/>`,
  );
  const nodeMarks = graph.nodes.map((node) => {
    const left = node.id.startsWith('query ');
    const x = left ? node.x0! - 8 : node.x1! + 8;
    const y = (node.y0! + node.y1!) / 2;
    const anchor = left ? 'end' : 'start';
    return `<rect x="${node.x0}" y="${node.y0}" width="${nodeWidth}" height="${Math.max(1, node.y1! - node.y0!)}" fill="${node.color}"/>
<text x="${x}" y="${y - 1}" text-anchor="${anchor}" font-size="12.5" fill="#111">${escapeHtml(node.label)}</text>
<text x="${x}" y="${y + 13}" text-anchor="${anchor}" font-size="10.5" fill="#555">${escapeHtml(node.detail)}</text>`;
  });
  const idleText =
    idle.length === 0
      ? ''
      : `<text x="24" y="${flowTop + height + 28}" font-size="12" fill="#555">Rented with nothing placed: ${escapeHtml(idle.map(({ label, detail }) => `${label} (${detail})`).join('; '))}</text>`;
  return `<g>${linkMarks.join('\n')}\n${nodeMarks.join('\n')}\n${idleText}</g>`;
}

function costBars(cost: PlanCost): TopLevelSpec {
  const parts = [
    { part: 'Rental', value: cost.rental },
    { part: 'Storage', value: cost.storage.model + cost.storage.data },
    { part: 'Robust delay', value: cost.delay },
    { part: 'Unmet', value: cost.unmet },
    ...(cost.switching === undefined ? [] : [{ part: 'Switching', value: cost.switching }]),
  ].map(({ part, value }) => ({
    part,
    value,
    text: `$${value.toFixed(2)} (${percent(cost.total === 0 ? null : value / cost.total)})`,
  }));
  const colors = { ...costPartColors, Switching: categoryColors.purple };
  const y = { field: 'part', type: 'nominal', sort: null, title: null };
  const largest = Math.max(...parts.map(({ value }) => value), 1e-9);
  const x = {
    field: 'value',
    type: 'quantitative',
    title: 'Cost ($)',
    // Room for the labels right of the longest bar.
    scale: { domain: [0, largest * 1.5] },
  };
  return {
    title: 'Cost by part',
    width: 300,
    height: 34 * parts.length,
    data: { values: parts },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          x,
          y,
          color: {
            field: 'part',
            type: 'nominal',
            legend: null,
            scale: { domain: Object.keys(colors), range: Object.values(colors) },
          },
        },
      },
      { mark: { type: 'text', align: 'left', dx: 4, fontSize: 11 }, encoding: { x, y, text: { field: 'text' } } },
    ],
  } as TopLevelSpec;
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

function useBars(constraints: readonly ConstraintCheck[]): TopLevelSpec {
  const values = constraints
    .filter(({ group, use }) => shownGroups[group] !== undefined && use !== null)
    .map(({ group, subject, use }) => ({
      limit: `${shownGroups[group]}: ${subject}`,
      group: shownGroups[group],
      use: use! * 100,
    }))
    .sort((a, b) => b.use - a.use)
    .slice(0, mostUseBars);
  return {
    title: `Use of limits (the ${values.length} most used)`,
    width: 300,
    height: 17 * values.length,
    data: { values },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          x: {
            field: 'use',
            type: 'quantitative',
            title: 'Use (%)',
            scale: { domain: [0, 110] },
            axis: { values: [0, 25, 50, 75, 100] },
          },
          y: { field: 'limit', type: 'nominal', sort: null, title: null, axis: { labelFontSize: 10 } },
          color: {
            condition: { test: 'datum.use > 99.9', value: categoryColors.vermilion },
            value: categoryColors.skyBlue,
          },
        },
      },
      {
        data: { values: [{ at: 100 }] },
        mark: { type: 'rule', strokeDash: [3, 3] },
        encoding: { x: { field: 'at', type: 'quantitative' } },
      },
    ],
  } as TopLevelSpec;
}
