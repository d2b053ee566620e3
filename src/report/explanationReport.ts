/** Why an instance has no plan and what would have to give, or what limits its best plan, in words and tables. */

import type { Explanation, FeasibleExplanation, InfeasibleExplanation, RequirementText } from '../explain/index.ts';
import type { Instance } from '../model/instance.ts';
import { visible } from '../model/visibleText.ts';
import { counted, dollars, exactDollars, percent, quantity, seconds } from './numberText.ts';
import { instanceLine, optionsLine } from './solveReport.ts';
import { textTable } from './textTable.ts';

/** Rows with room beyond this many are left to the JSON. */
const shownSlack = 15;

/** Text for a terminal or a file, ending in a line break. */
export function explanationReport(instance: Instance, explanation: Explanation): string {
  const { status, options, solves } = explanation;
  const lines = [
    `Instance  ${instanceLine(instance)}`,
    `Options   ${optionsLine(options)}`,
    `Status    ${statusText(explanation)}`,
    `Work      ${counted(solves, 'solve')}, ${seconds(explanation.seconds)}`,
  ];
  if (status === 'infeasible') lines.push('', ...infeasibleLines(explanation));
  else if (status === 'feasible') lines.push('', ...feasibleLines(explanation));
  if (explanation.isStoppedByTotalTimeLimit && explanation.totalTimeLimit !== null) {
    lines.push('', `The limit of ${explanation.totalTimeLimit} s for all solves together was reached.`);
  }
  return `${lines.join('\n')}\n`;
}

function statusText(explanation: Explanation): string {
  if (explanation.status === 'infeasible') return 'infeasible (proven: no plan keeps every requirement)';
  if (explanation.status === 'feasible')
    return `feasible, ${explanation.isProven ? 'best plan' : 'best plan found (not proven)'} $ ${exactDollars(explanation.cost.total)}`;
  return `${explanation.status} (too early to explain anything)`;
}

function infeasibleLines({
  conflict,
  given,
  isIrreducible,
  alone,
  together,
  isComplete,
}: InfeasibleExplanation): string[] {
  const lines = [
    isIrreducible
      ? 'These requirements contradict each other, and none of them can be left out of the contradiction'
      : 'These requirements contradict each other (perhaps fewer already do)',
    ...conflict.map(requirementLine),
  ];
  if (given.length > 0) lines.push('', 'given this hardware', ...given.map(requirementLine));
  const list = (heading: string, loosenings: typeof alone) => {
    lines.push('', heading);
    for (const { text, isLeast } of loosenings) {
      lines.push(`  ${visible(text)}${isLeast ? '' : ' (perhaps less will do)'}`);
    }
  };
  if (alone.length > 0) list('Any one of these makes it feasible', alone);
  if (together !== null) {
    list(alone.length > 0 ? 'So do all of these together' : 'All of these together make it feasible', together);
  }
  if (alone.length === 0 && together === null) {
    lines.push('', 'No change of single values was found that makes it feasible');
  }
  if (!isComplete) lines.push('', 'Time ran out before everything was tried.');
  return lines;
}

function requirementLine({ name, value, unit, path }: RequirementText): string {
  return `  ${visible(name)}${value === null ? '' : ` of ${amount(value, unit)}`} (${visible(path)})`;
}

function amount(value: number, unit: string): string {
  if (unit === 'fraction' || unit === 'share') return percent(value);
  return unit === '$' ? `$ ${dollars(value)}` : `${quantity(value)} ${unit}`.trimEnd();
}

function feasibleLines({ binding, slack, worth, barriers, isProven, isComplete }: FeasibleExplanation): string[] {
  const right = (heading: string) => ({ heading, align: 'right' as const });
  const columns = [
    { heading: 'Group' },
    { heading: 'Subject' },
    right('Left side'),
    right('Limit'),
    { heading: 'Unit' },
    right('Use'),
    right('Slack'),
  ];
  const rowsOf = (list: FeasibleExplanation['binding']) =>
    list.map((row) => [
      row.group,
      row.subject,
      quantity(row.left),
      quantity(row.limit),
      row.unit,
      percent(row.use),
      quantity(row.slack),
    ]);
  const lines = ['Binding', binding.length === 0 ? '  nothing' : textTable(columns, rowsOf(binding))];
  if (slack.length > 0) {
    lines.push('', 'With room, the tightest first', textTable(columns, rowsOf(slack.slice(0, shownSlack))));
    if (slack.length > shownSlack) lines.push(`  and ${counted(slack.length - shownSlack, 'more row')}`);
  }
  lines.push('', 'What more of it would save, by solving again');
  if (worth.length === 0) lines.push('  nothing is used enough to ask');
  for (const { text, isProven } of worth) lines.push(`  ${visible(text)}${isProven ? '' : ' (not proven)'}`);
  if (barriers.length > 0 || (isProven && isComplete)) lines.push('', 'Limits that keep a cheaper plan out');
  if (barriers.length === 0 && isProven && isComplete) lines.push('  none by itself');
  for (const { text, isProven: isSure } of barriers) lines.push(`  ${visible(text)}${isSure ? '' : ' (not proven)'}`);
  if (!isComplete) lines.push('', 'Time ran out before everything was valued.');
  return lines;
}
