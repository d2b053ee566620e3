/** The change from one plan to another as steps in an order that never loses capacity. */
import type { DeploymentChange, PlanDiff } from '../analysis/planDiff.ts';
import { type Layout, textLayout } from './layout.ts';
import { counted, dollars, percent } from './numberText.ts';

const left = (heading: string) => ({ heading });
const right = (heading: string) => ({ heading, align: 'right' as const });

/** Text for a terminal, or Markdown, ending in a line break. */
export function planDiffReport(diff: PlanDiff, layout: Layout = textLayout): string {
  const parts = [layout.lines(headLines(diff))];
  const step = (title: string, body: string) => parts.push(layout.section(`${parts.length}. ${title}`, body));
  if (diff.add.length > 0) step('Add', deploymentTable(diff.add, layout));
  if (diff.reroute.length > 0)
    step(diff.add.length === 0 ? 'Reroute' : 'Reroute, once what is added is ready', routeTable(diff, layout));
  if (diff.remove.length > 0) step('Remove, once nothing is routed to them', deploymentTable(diff.remove, layout));
  if (diff.unmet.length > 0) {
    const rows = diff.unmet.map(({ queryType, before, after }) => [queryType, percent(before), percent(after)]);
    parts.push(layout.section('Dropped', layout.table([left('Query type'), right('Before'), right('After')], rows)));
  }
  if (diff.tiers.some(({ before, after, during }) => before !== after || during !== after)) {
    const rows = diff.tiers.map(({ tier, before, during, after }) => [
      tier,
      String(before),
      String(during),
      String(after),
    ]);
    const columns = [left('Tier'), right('Before'), right('During'), right('After')];
    parts.push(layout.section('GPUs', layout.table(columns, rows)));
  }
  return `${parts.join('\n\n')}\n`;
}

function headLines({ add, reroute, remove, rentalPerHour, switching, conflicts }: PlanDiff): string[] {
  const gpus = (changes: readonly DeploymentChange[]) => changes.reduce((sum, change) => sum + change.gpus, 0);
  const nothing = add.length + reroute.length + remove.length === 0;
  const lines = [
    nothing
      ? 'Change    none'
      : `Change    ${counted(gpus(add), 'GPU')} added, ${counted(reroute.length, 'route')} changed, ${counted(gpus(remove), 'GPU')} removed`,
  ];
  if (rentalPerHour !== null) {
    const { before, during, after } = rentalPerHour;
    const change = after - before;
    const signed = `${change < 0 ? '-' : '+'}${dollars(Math.abs(change))}`;
    lines.push(
      `Rental    $/h ${dollars(before)} before, ${dollars(during)} during, ${dollars(after)} after (${signed})`,
    );
  }
  if (switching !== null) lines.push(`Switching $ ${dollars(switching)} once`);
  for (const conflict of conflicts) lines.push(`CONFLICT  ${conflict}`);
  return lines;
}

function deploymentTable(changes: readonly DeploymentChange[], layout: Layout): string {
  const rows = changes.map(({ model, tier, tpDegree, pipelineDegree, before, after, gpus }) => [
    model,
    tier,
    String(tpDegree),
    String(pipelineDegree),
    `${before} -> ${after}`,
    String(gpus),
  ]);
  return layout.table([left('Model'), left('Tier'), right('TP'), right('PP'), right('Replicas'), right('GPUs')], rows);
}

function routeTable({ reroute }: PlanDiff, layout: Layout): string {
  const rows = reroute.map(({ queryType, model, tier, before, after }) => [
    queryType,
    model,
    tier,
    percent(before),
    percent(after),
  ]);
  return layout.table([left('Query type'), left('Model'), left('Tier'), right('Before'), right('After')], rows);
}
