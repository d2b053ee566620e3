/**
 * Flags that several commands share: those of the options of a solve, made of the planner's table, and numbers that are
 * checked as they are read. Options are checked all together by the door, whose words then name the flags.
 */
import { pathToFileURL } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ParameterValue } from '../bnb/parameterPaths.ts';
import type { StrategyName } from '../bnb/strategy.ts';
import { InputError, type InputIssue, issueText } from '../input/inputError.ts';
import { kebabCase } from '../model/kebabCase.ts';
import { reductionNames } from '../model/reductions/reduceProblem.ts';
import { choicesOf, isNumeric, optionTable } from '../planner/optionTable.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import { UsageError } from './exitCodes.ts';

export type OptionName = keyof SolveOptions;

/** The options that say which problem is solved, in the order of help. */
export const problemOptions = (Object.keys(optionTable) as OptionName[]).filter(
  (name) => optionTable[name].group === 'problem',
);

/**
 * Adds the flags of some options, under their names in kebab case; `meanings` say what an option is here, and
 * its default, where they differ.
 */
export function addOptionFlags(
  command: Command,
  names: readonly OptionName[],
  meanings: { readonly [Name in OptionName]?: string | { readonly does: string; readonly default: number } } = {},
): Command {
  for (const name of names) {
    const { argument, group, ...usual } = optionTable[name];
    const own = meanings[name];
    const { does, default: fallback } = typeof own === 'string' ? { ...usual, does: own } : (own ?? usual);
    const help = group === 'problem' && name !== 'preset' ? '' : ` (default: ${fallback})`;
    const option = new Option(`--${kebabCase(name)} ${argument}`, `${does}${help}`);
    const choices = choicesOf(name);
    // Only shown: what is wrong is said of all options at once, by the door.
    if (choices !== null) option.argChoices = [...choices];
    command.addOption(option.argParser((text) => readOption(name, text)));
  }
  return command;
}

/** What a flag's text means; what it cannot mean stays as it is, for the door to refuse. */
function readOption(name: OptionName, text: string): unknown {
  if (name === 'reductions') return reductionsFrom(text);
  return isNumeric(name) && text.trim() !== '' && (text === 'NaN' || !Number.isNaN(Number(text))) ? Number(text) : text;
}

/** Flags of a strategy's own parts and numbers. */
export interface StrategyFlags {
  readonly plugin?: readonly string[];
  readonly set?: readonly string[];
}

export function addStrategyFlags(command: Command): Command {
  return command
    .option(
      '--plugin <module>',
      'a module of plugins (an own branching rule, node order, separator, heuristic), or the name of one of ours',
      collect,
    )
    .option('--set <path=value>', 'a number or entry of the strategy, as rolla strategies lists them', collect);
}

/** The strategy of the flags: a preset, single entries and numbers, and the plugins of modules. Throws UsageError. */
export async function strategyOf(
  preset: SolveOptions['strategy'],
  { plugin = [], set = [] }: StrategyFlags,
): Promise<Pick<SolveOptions, 'strategy'>> {
  if (plugin.length === 0 && set.length === 0) return preset === undefined ? {} : { strategy: preset };
  const { ownPlugins, pluginsNamed } = await import('../planner/ownPlugins.ts');
  const isName = (text: string) => /^\w+:\/\//.test(text) || ownPlugins.some(({ name }) => name === text);
  const plugins = await pluginsNamed(plugin.map((text) => (isName(text) ? text : pathToFileURL(text).href)));
  const parameters = new Map<string, ParameterValue>();
  const entries = new Map<string, unknown>();
  for (const text of set) {
    const [path, ...rest] = text.split('=');
    if (path === '' || rest.length === 0)
      throw new UsageError(`--set: found ${text}, expected a path and a value, such as patterns.smoothing=0.4`);
    if (parameters.has(path) || entries.has(path))
      throw new UsageError(`--set: found ${path} twice, expected each path once`);
    if (path.includes('.')) parameters.set(path, valueIn(rest.join('=')) as ParameterValue);
    else entries.set(path, valueIn(rest.join('=')));
  }
  const base = preset === undefined ? {} : { base: preset as StrategyName };
  const numbers = parameters.size === 0 ? {} : { parameters: Object.fromEntries(parameters) };
  return {
    strategy: { ...base, ...Object.fromEntries(entries), ...numbers, ...(plugins.length === 0 ? {} : { plugins }) },
  };
}

/** A number, a list of numbers or names, true, false, null, or the text itself. */
function valueIn(text: string): unknown {
  if (text.includes(',')) return text.split(',').map(valueIn);
  if (['true', 'false', 'null'].includes(text)) return JSON.parse(text);
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The options among the flags that were given. */
export function givenOptions(flags: Readonly<Record<string, unknown>>, names: readonly OptionName[]): SolveOptions {
  return Object.fromEntries(names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]));
}

/** Runs `act`; faults that it finds in options are told in terms of flags. Throws UsageError. */
export function inFlags<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputError) throw new UsageError(error.issues.map(flagIssueText).join('\n'));
    throw error;
  }
}

function flagIssueText(issue: InputIssue): string {
  const [name] = issue.path.split(/[.[]/);
  if (!Object.hasOwn(optionTable, name)) return issueText(issue);
  const path = name === 'strategy' ? strategyFlag(issue.path) : `--${kebabCase(name)}${issue.path.slice(name.length)}`;
  return issueText({
    ...issue,
    path,
    expected: issue.expected === reductionsField ? expectedReductions : issue.expected,
  });
}

/** Entries and numbers of a strategy come by `--set`, its base by `--strategy`. */
function strategyFlag(path: string): string {
  const inside = path.replace(/^strategy\.?(?:parameters\.)?/, '');
  return inside === '' || inside === 'base' || inside === 'parameters' ? '--strategy' : `--set ${inside}`;
}

/** What the door expects, in words of the library. */
const reductionsField = 'true, false, or an object of reductions with true or false';
const reductionFlags = reductionNames.map(kebabCase);
const expectedReductions = `"all", "none", or names out of ${reductionFlags.join(', ')}`;

/**
 * Reads `all`, `none`, or the names of the reductions to apply; else the first that is none of them, which the door
 * refuses.
 */
function reductionsFrom(text: string): SolveOptions['reductions'] | string {
  if (text === 'all' || text === 'none') return text === 'all';
  const named = text.split(',');
  const stranger = named.find((name) => !reductionFlags.includes(name));
  return stranger ?? Object.fromEntries(reductionNames.map((name) => [name, named.includes(kebabCase(name))]));
}

/** Of a flag that is given several times, all values. */
export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

/** Reads a whole number from `least` on. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const expected = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number ${expected}.`);
    }
    return value;
  };
}

/** Reads a finite number from `least` on, below `below`. */
export function numberFrom(least: number, below = Number.POSITIVE_INFINITY): (text: string) => number {
  const expected = below === Number.POSITIVE_INFINITY ? `>= ${least}` : `from ${least}, below ${below}`;
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value >= below) {
      throw new InvalidArgumentError(`Expected a number ${expected}.`);
    }
    return value;
  };
}

/** Reads a number from `least` to `most`, both allowed. */
export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
    }
    return value;
  };
}
