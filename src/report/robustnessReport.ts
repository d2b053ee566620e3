/** Price of robustness as text, table and chart: cost over Gamma against how often limits break. */
import type { RobustnessPoint } from '../analysis/priceOfRobustness.ts';
import type { EstimatedRate } from '../analysis/stress.ts';
import type { Chart } from './chart.ts';
import { categoryColors } from './colors.ts';
import { type Layout, textLayout } from './layout.ts';
import { absent, dollars, percent } from './numberText.ts';

/** A table for the terminal, or in Markdown: one row for each plan. */
export function robustnessTable(points: readonly RobustnessPoint[], layout: Layout = textLayout): string {
  const distributions =
    points.find(({ stress }) => stress.length > 0)?.stress.map(({ distribution }) => distribution) ?? [];
  const columns = [
    { heading: 'Gamma' },
    { heading: 'Status' },
    { heading: 'Cost $', align: 'right' as const },
    { heading: 'Price', align: 'right' as const },
    { heading: 'GPUs', align: 'right' as const },
    ...distributions.map((name) => ({ heading: `Broken, ${name} (95 % interval)`, align: 'right' as const })),
  ];
  const rows = points.map(({ gamma, result, price, stress }) => [
    gammaText(gamma),
    result.status,
    result.cost === null ? absent : dollars(result.cost.total),
    percent(price),
    result.plan === null ? absent : String(result.plan.deployments.reduce((sum, { gpus }) => sum + gpus, 0)),
    ...distributions.map((_, t) => (stress[t] === undefined ? absent : rateText(stress[t].anyViolation))),
  ]);
  return layout.table(columns, rows);
}

function gammaText(gamma: number | null): string {
  return gamma === null ? 'deterministic' : String(gamma);
}

function rateText({ rate, low, high }: EstimatedRate): string {
  return `${percent(rate)} (${percent(low)} - ${percent(high)})`;
}

/** Flat rows for CSV. */
export function robustnessRows(points: readonly RobustnessPoint[]): Record<string, number | string | null>[] {
  return points.flatMap(({ gamma, result, price, stress }): Record<string, number | string | null>[] => {
    const plan = {
      gamma: gamma ?? 'deterministic',
      status: result.status,
      total_cost: result.cost?.total ?? null,
      price_of_robustness: price,
      C3_robust_delay: result.cost?.delay ?? null,
    };
    if (stress.length === 0) return [{ ...plan, distribution: null }];
    return stress.map((report) => ({
      ...plan,
      distribution: report.distribution,
      draws: report.draws,
      seed: report.seed,
      any_violation: report.anyViolation.rate,
      any_violation_low: report.anyViolation.low,
      any_violation_high: report.anyViolation.high,
      delay_violation: report.delayViolation.rate,
      error_violation: report.errorViolation.rate,
      delay_cost_mean: report.delayCost.mean,
      delay_cost_p95: report.delayCost.p95,
    }));
  });
}

export const robustnessColumns = [
  'gamma',
  'status',
  'total_cost',
  'price_of_robustness',
  'C3_robust_delay',
  'distribution',
  'draws',
  'seed',
  'any_violation',
  'any_violation_low',
  'any_violation_high',
  'delay_violation',
  'error_violation',
  'delay_cost_mean',
  'delay_cost_p95',
] as const;

/** The classic curve: price above, simulated violation rate with its interval below, both over Gamma. */
export function robustnessChart(title: string, points: readonly RobustnessPoint[]): Chart {
  const order = points.map(({ gamma }) => gammaText(gamma));
  const x = {
    field: 'gamma',
    type: 'ordinal',
    sort: order,
    title: 'Γ (entries at their worst together)',
    axis: { labelAngle: 0 },
  };
  const prices = points.flatMap(({ gamma, price }) =>
    price === null ? [] : [{ gamma: gammaText(gamma), price: 100 * price }],
  );
  const rates = points.flatMap(({ gamma, stress }) =>
    stress.map(({ distribution, anyViolation: { rate, low, high } }) => ({
      gamma: gammaText(gamma),
      distribution,
      rate: 100 * rate,
      low: 100 * low,
      high: 100 * high,
    })),
  );
  const range = [
    categoryColors.blue,
    categoryColors.vermilion,
    categoryColors.green,
    categoryColors.orange,
    categoryColors.purple,
  ];
  const color = { field: 'distribution', type: 'nominal', title: 'Draws', scale: { range } };
  return {
    name: 'price-of-robustness',
    title,
    spec: {
      title,
      vconcat: [
        {
          width: 480,
          height: 190,
          data: { values: prices },
          mark: { type: 'line', point: { size: 40, color: categoryColors.black }, color: categoryColors.black },
          encoding: { x, y: { field: 'price', type: 'quantitative', title: 'Price of robustness (%)' } },
        },
        {
          width: 480,
          height: 190,
          data: { values: rates },
          layer: [
            {
              mark: { type: 'errorbar', ticks: { size: 8 } },
              encoding: {
                x,
                y: {
                  field: 'low',
                  type: 'quantitative',
                  title: 'Draws with a broken limit (%)',
                  scale: { domainMin: 0 },
                },
                y2: { field: 'high' },
                color,
              },
            },
            {
              mark: { type: 'line', point: { size: 35 } },
              encoding: { x, y: { field: 'rate', type: 'quantitative' }, color },
            },
          ],
        },
      ],
    },
  };
}
