/**
 * One page that shows a plan: query types flow to deployments (widths by queries per hour, dropped demand apart), the
 * parts of the cost as bars, and how far each limit is used.
 */
import type { PlanCost } from '../model/check/cost.ts';
import type { ConstraintCheck, Verification } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { type BarChart, barChart, barChartHeight, roundTicks } from './barChart.ts';
import { categoryColors, costPartColors } from './colors.ts';
import { escapeHtml } from './html.ts';
import { percent } from './numberText.ts';
import { fullUse, limitNames } from './planBars.ts';
import { planFlow } from './planFlow.ts';

const pageWidth = 1180;
const margin = 24;
const flowTop = 60;
/** The page as SVG. */
export function planPicture(
  title: string,
  instance: Instance,
  plan: Plan,
  { cost, constraints }: Verification,
): string {
  const flow = planFlow(instance, plan, pageWidth - 2 * margin);
  const costChart = costBars(cost);
  const useChart = useBars(constraints);
  const lowerTop = flowTop + flow.height + 50;
  const pageHeight = lowerTop + Math.max(barChartHeight(costChart), barChartHeight(useChart)) + 30;
  const total = `$${cost.total.toFixed(2)} over ${instance.rentalPeriod} h`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pageWidth}" height="${pageHeight}" viewBox="0 0 ${pageWidth} ${pageHeight}" font-family="DejaVu Sans, Verdana, sans-serif" color="#111" role="img" aria-label="${escapeHtml(title)}">
<rect width="100%" height="100%" fill="white"/>
<text x="24" y="32" font-size="18" font-weight="bold" fill="#111">${escapeHtml(`${title}: ${total}`)}</text>
<text x="24" y="52" font-size="12" fill="#555">Query types (left) to deployments (right); widths by queries per hour</text>
<g transform="translate(${margin} ${flowTop})">${flow.marks}</g>
<g transform="translate(24 ${lowerTop})">${barChart(costChart)}</g>
<g transform="translate(520 ${lowerTop})">${barChart(useChart)}</g>
</svg>
`;
}

function costBars(cost: PlanCost): BarChart {
  const parts = [
    { part: 'Rental', value: cost.rental },
    { part: 'Storage', value: cost.storage.model + cost.storage.data },
    { part: 'Delay penalty', value: cost.delay },
    { part: 'Unmet demand', value: cost.unmet },
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
    labelRoom: 110,
    width: 320,
    rowHeight: 34,
    labelSize: 11,
  };
}

/** The most used limits that fit on the page. */
const mostUseBars = 24;
function useBars(constraints: readonly ConstraintCheck[]): BarChart {
  const most = constraints
    .filter(({ group, use }) => limitNames[group] !== undefined && use !== null)
    .map(({ group, subject, use }) => ({ label: `${limitNames[group]}: ${subject}`, value: 100 * use! }))
    .sort((a, b) => b.value - a.value)
    .slice(0, mostUseBars);
  return {
    title: `Use of limits (the ${most.length} most used)`,
    axisTitle: 'Use (%)',
    bars: most.map((bar) => ({
      ...bar,
      color: bar.value > 100 * fullUse ? categoryColors.vermilion : categoryColors.skyBlue,
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
