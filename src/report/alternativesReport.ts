/** Alternatives as a table: what each plan costs more than the best one, and what it rents. */
import type { Instance, Plan } from '../model/instance.ts';
import { visible } from '../model/visibleText.ts';
import type { Alternative, Alternatives } from '../planner/alternativesResult.ts';
import { type Layout, textLayout } from './layout.ts';
import { counted, dollars, percent, seconds } from './numberText.ts';
import { instanceLine, optionsLine } from './solveReport.ts';

const right = (heading: string) => ({ heading, align: 'right' as const });

/** Text for a terminal, or Markdown, ending in a line break. */
export function alternativesReport(instance: Instance, found: Alternatives, layout: Layout = textLayout): string {
  const { alternatives, options, status, differIn, solves, nodes } = found;
  const proven = alternatives.filter(({ isProven }) => isProven).length;
  const lines = [
    `Instance  ${instanceLine(instance)}`,
    `Options   ${optionsLine(options)}`,
    `Status    ${statusText(status)}`,
    `Plans     ${alternatives.length}, ${proven} proven to be the next best; each does without a ${differIn} of each before it`,
    `Work      ${counted(solves, 'solve')}, ${counted(nodes, 'node')}, ${seconds(found.seconds)}`,
  ];
  if (alternatives.length === 0) return `${layout.lines(lines)}\n`;
  return `${layout.lines(lines)}\n\n${layout.section('Plans', alternativesTable(alternatives, layout))}\n`;
}

/** One row for each plan, best first; there is at least one. */
export function alternativesTable(alternatives: readonly Alternative[], layout: Layout = textLayout): string {
  const best = alternatives[0].cost.total;
  const rows = alternatives.map(({ cost, gap, isProven, plan }, t) => [
    String(t + 1),
    dollars(cost.total),
    t === 0 || best === 0 ? '' : `+${percent((cost.total - best) / best)}`,
    isProven ? 'proven' : `gap ${percent(gap)}`,
    String(plan.deployments.reduce((sum, { gpus }) => sum + gpus, 0)),
    rentalText(plan),
  ]);
  const columns = [
    right('Plan'),
    right('$'),
    right('More'),
    { heading: 'Next best' },
    right('GPUs'),
    { heading: 'Rented' },
  ];
  return layout.table(columns, rows);
}

export function statusText(status: Alternatives['status']): string {
  if (status === 'complete') return 'complete';
  if (status === 'exhausted') return 'exhausted (proven: there are no more)';
  return `${status} (plans may have been missed)`;
}

/** `2 x small on A10G TP 2, ...` */
function rentalText({ deployments }: Plan): string {
  const texts = deployments.map(({ model, tier, tpDegree, pipelineDegree = 1, replicas }) => {
    const pipeline = pipelineDegree === 1 ? '' : ` PP ${pipelineDegree}`;
    return `${replicas} x ${visible(model)} on ${visible(tier)} TP ${tpDegree}${pipeline}`;
  });
  return texts.length === 0 ? 'nothing' : texts.join(', ');
}
