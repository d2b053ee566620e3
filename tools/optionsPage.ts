/** The table of `docs/options.md`, made of the planner's table of options. */
import { kebabCase } from '../src/model/kebabCase.ts';
import { choicesOf, defaultText, type OptionDescription, optionTable } from '../src/planner/optionTable.ts';
import type { SolveOptions } from '../src/planner/solveOptions.ts';

export function optionsTable(): string {
  const head = [
    'option',
    'flag',
    'values',
    'default',
    'what it does',
    'refused, or without effect (which the result says)',
  ];
  const rows = (Object.keys(optionTable) as (keyof SolveOptions)[]).map((name) => {
    const option: OptionDescription = optionTable[name];
    const flag = option.argument === null ? '' : `\`--${kebabCase(name)}\``;
    return [`\`${name}\``, flag, valuesOf(name), defaultText(option), option.does, conflictsOf(option)];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function valuesOf(name: keyof SolveOptions): string {
  const choices = choicesOf(name);
  if (choices !== null && name !== 'strategy') return choices.map((each) => `\`${each}\``).join(', ');
  if (name === 'strategy') return `[a name, or an object of changes](${strategyPage})`;
  return optionTable[name].field.safeParse(Symbol('none')).error!.issues[0].message;
}

function conflictsOf({ contradictions = [], pointless = [] }: OptionDescription): string {
  return [
    ...contradictions.map(({ says }) => `refused; expected ${says}`),
    ...pointless.map(({ says }) => `no effect: ${says}`),
  ].join('. ');
}

const strategyPage = 'strategies.md';
const marks = ['<!-- options -->', '<!-- end of options -->'];

/** The page with its table as it should be. */
export function withOptionsTable(page: string): string {
  const [before, after] = [page.split(marks[0])[0], page.split(marks[1])[1]];
  return `${before}${marks[0]}\n${optionsTable()}\n${marks[1]}${after}`;
}
