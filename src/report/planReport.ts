/**
 * A plan in words and tables: what it costs, what it rents, who is served where, and how far every constraint is used.
 */

import type { PlanCost } from '../model/check/cost.ts';
import type { ConstraintCheck, ConstraintGroup, Verification } from '../model/check/verifier.ts';
import { effectiveUnmetCap, type Instance, type Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import { type Layout, textLayout } from './layout.ts';
import { loadTable } from './loadTable.ts';
import { absent, counted, dollars, exactDollars, percent, quantity } from './numberText.ts';

/** Longer groups of constraints show only their tightest lines. */
const shownPerGroup = 12;

/** Groups about the shape of a plan: one line each, unless something is wrong. */
const shapeGroups: ReadonlySet<ConstraintGroup> = new Set<ConstraintGroup>([
  'demand',
  'one-degree',
  'tp-degree',
  'replicas',
  'gpus',
  'placement',
  'pairing',
]);

/** The whole report on a plan, sections parted by blank lines. `options`: those that it was verified under. */
export function planReport(
  instance: Instance,
  options: PlanningOptions,
  plan: Plan,
  verification: Verification,
  layout: Layout = textLayout,
): string {
  const { section } = layout;
  const load = loadTable(instance, options, plan, verification, layout);
  return [
    section('Cost', costTable(instance, options, verification.cost, layout)),
    section('GPUs rented', rentalTable(instance, plan, layout)),
    ...(load === null ? [] : [section('Load', load)]),
    section('Workload', routingTable(instance, plan, layout)),
    section('Unmet demand', unmetTable(instance, options, plan, layout)),
    section('Tensor parallelism', degreeTable(plan, layout)),
    section('Constraints', constraintTable(verification.constraints, layout)),
  ].join('\n\n');
}

const right = (heading: string) => ({ heading, align: 'right' as const });
const left = (heading: string) => ({ heading });

/** The parts of the cost with their shares of the total, and the time that each counts for. */
function costTable(instance: Instance, options: PlanningOptions, cost: PlanCost, layout: Layout): string {
  const period = `${quantity(instance.rentalPeriod)} h`;
  const penalties = penaltyTime(instance, options);
  const parts: [string, number, string][] = [
    ['Rental', cost.rental, period],
    ['Storage of weights', cost.storage.model, period],
    ['Storage of query data', cost.storage.data, period],
    ['Delay penalty', cost.delay, penalties],
    ['Unmet demand', cost.unmet, penalties],
  ];
  if (cost.switching !== undefined) parts.push(['Switching', cost.switching, 'once']);
  const share = (value: number) => percent(cost.total === 0 ? null : value / cost.total);
  const rows = parts.map(([name, value, time]) => [name, dollars(value), time, share(value)]);
  // Where penalties count for another time the total is that of the published objective, not of any time.
  rows.push(['Total', exactDollars(cost.total), penalties === period ? period : absent, share(cost.total)]);
  return layout.table([left('Part'), right('$'), right('For'), right('Share')], rows);
}

/** What penalties count for (specification 13.3). */
function penaltyTime({ rentalPeriod }: Instance, { penalties }: PlanningOptions): string {
  return penalties === 'per-period' ? `${quantity(rentalPeriod)} h` : '1 h';
}

function rentalTable(instance: Instance, plan: Plan, layout: Layout): string {
  if (plan.deployments.length === 0) return '  none';
  const priceOf = new Map(instance.tiers.map((tier) => [tier.name, tier.price]));
  const hasReplicas = plan.deployments.some(({ replicas }) => replicas > 1);
  const hasPipelines = plan.deployments.some(({ pipelineDegree = 1 }) => pipelineDegree > 1);
  let allGpus = 0;
  let allRate = 0;
  const rows = plan.deployments.map(({ model, tier, tpDegree, pipelineDegree = 1, replicas, gpus }) => {
    const rate = priceOf.get(tier)! * gpus;
    allGpus += gpus;
    allRate += rate;
    const pipeline = hasPipelines ? [String(pipelineDegree)] : [];
    const sizes = [String(tpDegree), ...pipeline, ...(hasReplicas ? [String(replicas)] : []), String(gpus)];
    return [model, tier, ...sizes, dollars(rate), dollars(rate * instance.rentalPeriod)];
  });
  const blanks = ['', '', ...(hasPipelines ? [''] : []), ...(hasReplicas ? [''] : [])];
  rows.push(['Total', ...blanks, String(allGpus), dollars(allRate), dollars(allRate * instance.rentalPeriod)]);
  const sizes = [
    right('TP'),
    ...(hasPipelines ? [right('PP')] : []),
    ...(hasReplicas ? [right('Replicas')] : []),
    right('GPUs'),
  ];
  const period = `$ over ${quantity(instance.rentalPeriod)} h`;
  return layout.table([left('Model'), left('Tier'), ...sizes, right('$/h'), right(period)], rows);
}

function routingTable(instance: Instance, plan: Plan, layout: Layout): string {
  const rateOf = new Map(instance.queryTypes.map((query) => [query.name, query.arrivalRate]));
  const rows = plan.routing.map(({ queryType, model, tier, fraction }) => [
    queryType,
    model,
    tier,
    percent(fraction),
    quantity(fraction * rateOf.get(queryType)!),
  ]);
  return layout.table([left('Query type'), left('Model'), left('Tier'), right('Share'), right('Queries/h')], rows);
}

function unmetTable(instance: Instance, options: PlanningOptions, plan: Plan, layout: Layout): string {
  const dropped = plan.unmet.filter(({ fraction }) => fraction > 0);
  if (dropped.length === 0) return '  none';
  const queryOf = new Map(instance.queryTypes.map((query) => [query.name, query]));
  const hours = options.penalties === 'per-period' ? instance.rentalPeriod : 1;
  const rows = dropped.map(({ queryType, fraction }) => {
    const query = queryOf.get(queryType)!;
    const rate = fraction * query.arrivalRate;
    return [
      queryType,
      percent(fraction),
      percent(effectiveUnmetCap(query)),
      quantity(rate),
      dollars(rate * (query.unmetPenalty ?? 0) * hours),
    ];
  });
  const penalty = `Penalty $ for ${penaltyTime(instance, options)}`;
  return layout.table([left('Query type'), right('Share'), right('Cap'), right('Queries/h'), right(penalty)], rows);
}

function degreeTable(plan: Plan, layout: Layout): string {
  const totals = new Map<number, { deployments: number; gpus: number }>();
  let allGpus = 0;
  for (const { tpDegree, gpus } of plan.deployments) {
    const sofar = totals.get(tpDegree) ?? { deployments: 0, gpus: 0 };
    totals.set(tpDegree, { deployments: sofar.deployments + 1, gpus: sofar.gpus + gpus });
    allGpus += gpus;
  }
  if (totals.size === 0) return '  none';
  const rows = [...totals]
    .sort(([a], [b]) => a - b)
    .map(([degree, { deployments, gpus }]) => [
      String(degree),
      String(deployments),
      String(gpus),
      percent(gpus / allGpus),
    ]);
  return layout.table([right('Degree'), right('Deployments'), right('GPUs'), right('Share of GPUs')], rows);
}

/** Every group with its left side, limit, use and status. */
function constraintTable(constraints: readonly ConstraintCheck[], layout: Layout): string {
  const groups = new Map<ConstraintGroup, ConstraintCheck[]>();
  for (const check of constraints) groups.set(check.group, [...(groups.get(check.group) ?? []), check]);
  const rows = [...groups].flatMap(([group, checks]) => groupRows(group, checks));
  return layout.table(
    [left('Group'), left('Subject'), right('Left side'), right('Limit'), left('Unit'), right('Use'), left('Status')],
    rows,
  );
}

function groupRows(group: ConstraintGroup, checks: readonly ConstraintCheck[]): string[][] {
  if (shapeGroups.has(group)) {
    const broken = checks.filter((check) => !check.ok);
    return broken.length > 0 ? broken.map(checkRow) : [summaryRow(group, `all ${counted(checks.length, 'row')}`)];
  }
  // Violated lines first, then the most used; shown in the order of the verifier.
  const urgency = (check: ConstraintCheck) => (check.ok ? (check.use ?? 0) : Number.POSITIVE_INFINITY);
  const tightest = new Set([...checks].sort((a, b) => urgency(b) - urgency(a)).slice(0, shownPerGroup));
  const shown = checks.filter((check) => tightest.has(check) || !check.ok);
  const rest = checks.length - shown.length;
  const rows = shown.map(checkRow);
  if (rest > 0) rows.push(summaryRow(group, `${counted(rest, 'line')} with less use`));
  return rows;
}

function summaryRow(group: ConstraintGroup, subject: string): string[] {
  return [group, subject, '', '', '', '', 'holds'];
}

function checkRow({ group, subject, left: value, relation, limit, use, ok, unit }: ConstraintCheck): string[] {
  const limitText = limit === null ? 'no limit' : `${relation} ${quantity(limit)}`;
  return [group, subject, quantity(value), limitText, unit, use === null ? absent : percent(use), statusText()];

  function statusText(): string {
    if (!ok) return 'VIOLATED';
    return use !== null && use > 1 - 1e-6 && relation !== '=' ? 'tight' : 'holds';
  }
}
