/**
 * The commands that give the same results as the page. Those of tabs are made of what the worker is given, with
 * `options` narrowed by `analysisOnly` where the command takes no others.
 */
import { kebabCase } from '../../src/model/kebabCase.ts';
import { analysisOptions, optionTable } from '../../src/planner/optionTable.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import type { TaskKinds, TaskName } from '../threadTasks.ts';

type Input<Name extends TaskName> = TaskKinds[Name]['input'];

/** `rolla solve fleet.json --preset paper -o result.json`; only options that are flags. */
export function solveCommand(file: string, options: SolveOptions): string {
  return command('solve', file, ...flagsOf(options), '-o', 'result.json');
}

/** The options that `rolla frontier`, `compare` and `explain` take: those that change what is answered. */
export function analysisOnly(options: SolveOptions): SolveOptions {
  const given = Object.entries(options).filter(([name]) => analysisOptions.includes(name as keyof SolveOptions));
  return Object.fromEntries(given);
}

export function frontierCommand(file: string, { options, factor, values, most }: Input<'frontier'>): string {
  const over = values === null ? ['--over', factor, '--points', most] : ['--over', `${factor}=${values.join(',')}`];
  return command('frontier', file, ...over, ...flagsOf(options), '-o', 'frontier.json');
}

export function alternativesCommand(file: string, { options, count, differIn }: Input<'alternatives'>): string {
  const { formulation: _, ...taken } = options;
  const asked = ['--alternatives', count, '--differ-in', differIn];
  return command('solve', file, ...flagsOf(taken), ...asked, '-o', 'alternatives.json');
}

export function robustnessCommand(file: string, input: Input<'robustness'>): string {
  const { gammas, distributions, draws } = input;
  const { uncertainty, ...rest } = input.options;
  // The nominal plan is always compared; `none` would be no comparison.
  const taken = uncertainty === 'decision-dependent' ? { ...rest, uncertainty } : rest;
  const asked = ['--gamma', gammas.join(','), '--distribution', ...distributions, '--draws', draws];
  return command('compare', file, ...flagsOf(taken), ...asked, '--csv', 'robustness.csv');
}

export function explainCommand(file: string, { options }: Pick<Input<'explain'>, 'options'>): string {
  return command('explain', file, ...flagsOf(options), '-o', 'explanation.json');
}

export function proofCommand(file: string, options: SolveOptions): string {
  const solve = command('solve', file, ...flagsOf(options), '--proof', 'proof.json');
  return `${solve} && ${command('check', file, 'proof.json')}`;
}

/** Of a result that `solveCommand` has written. */
export function deployCommand(file: string, target: { readonly to: string; readonly file: string }, namespace: string) {
  return command(
    'deploy',
    'result.json',
    '--to',
    target.to,
    '--instance',
    file,
    // Commands have no namespace.
    ...(target.to === 'commands' ? [] : ['--namespace', namespace]),
    '-o',
    target.file,
  );
}

function flagsOf(options: SolveOptions): (string | number)[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const isFlag = Object.hasOwn(optionTable, name) && optionTable[name as keyof SolveOptions].argument !== null;
    if (!isFlag || (typeof value !== 'string' && typeof value !== 'number')) return [];
    return [`--${kebabCase(name)}`, value];
  });
}

function command(...words: readonly (string | number)[]): string {
  const quoted = words.map((word) => {
    const text = String(word);
    return /^[\w.,+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  });
  return ['npx', 'rolla', ...quoted].join(' ');
}
