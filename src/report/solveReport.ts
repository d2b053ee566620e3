/** The report on a solve: what was asked, how it ended, the plan, and the work that it took. */

import { checkPlan } from '../model/check/verifier.ts';
import type { Instance } from '../model/instance.ts';
import { kebabCase } from '../model/kebabCase.ts';
import { warningsOf } from '../model/lintInstance.ts';
import { type PlanningOptions, type PresetName, presets } from '../model/options.ts';
import { visible } from '../model/visibleText.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import { type Layout, textLayout } from './layout.ts';
import { counted, dollars, exactDollars, percent, seconds } from './numberText.ts';
import { planReport } from './planReport.ts';

/** Text for a terminal or a file, or Markdown, ending in a line break. */
export function solveReport(instance: Instance, result: SolveResult, layout: Layout = textLayout): string {
  const parts = [layout.lines(headLines(instance, result))];
  let largestViolation: number | null = null;
  if (result.plan !== null) {
    const verification = checkPlan(instance, result.options, result.plan);
    largestViolation = verification.largestViolation;
    parts.push(planReport(instance, result.options, result.plan, verification, layout));
  }
  parts.push(layout.lines(workLines(result, largestViolation)));
  if (result.incumbents.length > 0) parts.push(layout.section('Plans on the way', incumbentTable(result, layout)));
  return `${parts.join('\n\n')}\n`;
}

/** Title line of an instance: its name and size. */
export function instanceLine({ name, queryTypes, models, tiers }: Instance): string {
  const sizes = [
    counted(queryTypes.length, 'query type'),
    counted(models.length, 'model'),
    counted(tiers.length, 'GPU tier'),
  ];
  return `${visible(name ?? 'unnamed')}: ${sizes.join(', ')}`;
}

/** `preset recommended`, or the nearest preset and what differs from it. */
export function optionsLine(options: PlanningOptions): string {
  const keys = Object.keys(presets.recommended) as (keyof PlanningOptions)[];
  let best: { name: PresetName; changes: string[] } | null = null;
  for (const name of Object.keys(presets) as PresetName[]) {
    const changes = keys
      .filter((key) => options[key] !== presets[name][key])
      .map((key) => `${kebabCase(key)} ${options[key]}`);
    if (best === null || changes.length < best.changes.length) best = { name, changes };
  }
  const { name, changes } = best!;
  return changes.length === 0 ? `preset ${name}` : `preset ${name} but ${changes.join(', ')}`;
}

/** What differs from the default. */
function strategyText(changes: Readonly<Record<string, unknown>>): string {
  const value = (found: unknown) => (Array.isArray(found) ? found.join(', ') : String(found));
  return `default but ${Object.entries(changes)
    .map(([name, found]) => `${name} ${visible(value(found))}`)
    .join(', ')}`;
}

function headLines(instance: Instance, result: SolveResult): string[] {
  const { cost, bound, gap } = result;
  const lines = [
    `Instance  ${instanceLine(instance)}`,
    `Options   ${optionsLine(result.options)}`,
    ...(result.strategy === undefined ? [] : [`Strategy  ${strategyText(result.strategy)}`]),
    `Status    ${statusText(result)}`,
  ];
  const warnings = warningsOf(instance, result.options).length;
  if (warnings > 0) lines.splice(2, 0, `Data      ${counted(warnings, 'warning')}, shown by rolla lint`);
  if (cost !== null) lines.push(`Cost      $ ${exactDollars(cost.total)}`);
  if (bound !== null) lines.push(`Bound     $ ${exactDollars(bound)}${gap === null ? '' : `, gap ${percent(gap)}`}`);
  return lines;
}

function statusText({ status, plan }: SolveResult): string {
  if (status === 'optimal') return 'optimal (proven within the gap, plan verified)';
  if (status === 'infeasible') return 'infeasible (proven: no plan keeps every requirement; rolla explain says why)';
  return `${status} (${plan === null ? 'no plan found' : 'best plan so far, verified'})`;
}

function workLines(result: SolveResult, largestViolation: number | null): string[] {
  const { nodes, simplexIterations, rootBound, relaxation } = result;
  const lines = ['Work'];
  const add = (name: string, value: string) => lines.push(`  ${name.padEnd(20)}${value}`);
  add('Relaxation', relaxation.reason === '' ? relaxation.name : `${relaxation.name} (${relaxation.reason})`);
  if (rootBound !== null) add('Bound at the root', `$ ${exactDollars(rootBound)}`);
  add('Nodes', String(nodes));
  add('Simplex iterations', String(simplexIterations));
  add('Time', seconds(result.seconds));
  if (largestViolation !== null) add('Largest violation', largestViolation.toExponential(1));
  return lines;
}

function incumbentTable({ incumbents }: SolveResult, layout: Layout): string {
  const rows = incumbents.map(({ source, cost, node, seconds: at }) => [
    source,
    dollars(cost),
    String(node),
    seconds(at),
  ]);
  const columns = [
    { heading: 'Found by' },
    { heading: '$', align: 'right' as const },
    { heading: 'Node', align: 'right' as const },
    { heading: 'Time', align: 'right' as const },
  ];
  return layout.table(columns, rows);
}
