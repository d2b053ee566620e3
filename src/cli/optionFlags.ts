/**
 * Flags that several commands share: those of the options of a solve, made of the planner's table, and those of a
 * strategy. The door of the library checks what they say together; its words then name the flags.
 */
import { pathToFileURL } from 'node:url';
import type { ParameterValue } from '../bnb/parameterPaths.ts';
import { PluginModuleError } from '../bnb/plugins/loadPlugins.ts';
import type { StrategyName } from '../bnb/strategy.ts';
import { attempt, attemptAsync, fault, type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { kebabCase } from '../model/kebabCase.ts';
import { reductionNames } from '../model/reductions/reduceProblem.ts';
import { choicesOf, defaultText, type OptionDescription, optionTable } from '../planner/optionTable.ts';
import { resolveOptions } from '../planner/resolveSolve.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import { type CliCommand, type FlagRow, type FlagTable, flagName } from './flags.ts';
import { anyText, choiceText, fieldText, spelling, type TextRule } from './textRules.ts';

export type OptionName = keyof SolveOptions;

/** The options that say which problem is solved, in the order of help. */
export const problemOptions = (Object.keys(optionTable) as OptionName[]).filter(
  (name) => optionTable[name].group === 'problem',
);

/** What an option is in a command, and its default there, where they differ from those of a solve. */
type Meanings = { readonly [Name in OptionName]?: { readonly does: string; readonly default?: number } };

/** Adds the flags of some options, under their names in kebab case, and holds them against each other. */
export function addOptionFlags(command: CliCommand, names: readonly OptionName[], meanings: Meanings = {}): CliCommand {
  const rows = names.map((name): [string, FlagRow] => {
    const option: OptionDescription = optionTable[name];
    const { argument, does } = { ...option, ...meanings[name] };
    // That of the preset need not be said of each.
    const isPresets = option.group === 'problem' && name !== 'preset';
    const help = isPresets ? {} : { otherwise: defaultText({ ...option, ...meanings[name] }) };
    return [name, { argument: argument!, does, value: optionText(name), ...help }];
  });
  return command
    .addFlags(Object.fromEntries(rows))
    .checking((flags) => inFlags(() => resolveOptions(givenOptions(flags, names))));
}

function optionText(name: OptionName): TextRule {
  if (name === 'reductions') return reductionsText;
  // Changes to a strategy have flags of their own.
  return name === 'strategy' ? choiceText(choicesOf('strategy')!) : fieldText(optionTable[name].field);
}

/** Flags of a strategy's own parts and numbers. */
export interface StrategyFlags {
  readonly plugin?: readonly string[];
  readonly set?: readonly string[];
}

const strategyFlags: FlagTable = {
  plugin: {
    argument: '<module>',
    does: 'a module of plugins (an own branching rule, node order, separator, heuristic), or the name of one of ours',
    value: anyText('a module, or one of our plugins', 'rins'),
    many: 'list',
  },
  set: {
    argument: '<path=value>',
    does: 'a number or entry of the strategy, as rolla strategies lists them',
    value: spelling('a path and a value', 'patterns.smoothing=0.4', (text) => (/^[^=]+=/.test(text) ? text : null)),
    many: 'list',
  },
};

/** `check` is the door of the command for the strategy; it throws InputError in the words of the library. */
export function addStrategyFlags(
  command: CliCommand,
  check: (strategy: SolveOptions['strategy']) => unknown,
): CliCommand {
  return command
    .addFlags(strategyFlags)
    .checking(({ set = [] }: StrategyFlags) => checkSetOnce(set, '--set'))
    .checking(async (flags) => {
      const { strategy } = await strategyOf(flags.strategy as SolveOptions['strategy'], flags);
      const issues: InputIssue[] = [];
      await attemptAsync(async () => check(strategy), issues);
      refuse(issues.map(flagIssue));
    });
}

/** Throws InputError that names each path that the flag sets twice. */
export function checkSetOnce(set: readonly string[], flag: string): void {
  const paths = set.map(pathOf);
  const twice = new Set(paths.filter((path, at) => paths.indexOf(path) !== at));
  refuse([...twice].map((path) => ({ path: flag, value: `${path} twice`, expected: 'each path once' })));
}

const pathOf = (text: string) => text.slice(0, text.indexOf('='));

/**
 * The strategy of the flags: a preset, single entries and numbers, and the plugins of modules. Of a path that is set
 * twice the last value counts (`checkSetOnce`). Throws InputError.
 */
export async function strategyOf(
  preset: SolveOptions['strategy'],
  { plugin = [], set = [] }: StrategyFlags,
): Promise<Pick<SolveOptions, 'strategy'>> {
  if (plugin.length === 0 && set.length === 0) return preset === undefined ? {} : { strategy: preset };
  const { ownPlugins, pluginsNamed } = await import('../planner/ownPlugins.ts');
  const isName = (text: string) => /^\w+:\/\//.test(text) || ownPlugins.some(({ name }) => name === text);
  const plugins = await pluginsNamed(plugin.map((text) => (isName(text) ? text : pathToFileURL(text).href))).catch(
    (error: unknown) => {
      throw error instanceof PluginModuleError
        ? fault('--plugin', error.message, 'a module that gives plugins')
        : error;
    },
  );
  const changes = set.map((text) => [pathOf(text), valueIn(text.slice(text.indexOf('=') + 1))] as const);
  const numbers = changes.filter(([path]) => path.includes('.'));
  const parameters = Object.fromEntries(numbers) as Readonly<Record<string, ParameterValue>>;
  return {
    strategy: {
      ...(preset !== undefined && { base: preset as StrategyName }),
      ...Object.fromEntries(changes.filter(([path]) => !path.includes('.'))),
      ...(numbers.length > 0 && { parameters }),
      ...(plugins.length > 0 && { plugins }),
    },
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

/** Runs `act`; faults that it finds in options are told in terms of flags. Throws InputError. */
export function inFlags<T>(act: () => T): T {
  const issues: InputIssue[] = [];
  const result = attempt(act, issues);
  refuse(issues.map(flagIssue));
  return result as T;
}

function flagIssue(issue: InputIssue): InputIssue {
  const [name] = issue.path.split(/[.[]/);
  if (!Object.hasOwn(optionTable, name)) return issue;
  return {
    ...issue,
    path: name === 'strategy' ? strategyFlag(issue.path) : flagName(name) + issue.path.slice(name.length),
  };
}

/** Entries and numbers of a strategy come by `--set`, its base by `--strategy`. */
function strategyFlag(path: string): string {
  const inside = path.replace(/^strategy\.?(?:parameters\.)?/, '');
  return inside === '' || inside === 'base' || inside === 'parameters' ? '--strategy' : `--set ${inside}`;
}

/** `all`, `none`, or the names of the reductions to apply. */
const reductionsText: TextRule = (() => {
  const names = reductionNames.map(kebabCase);
  const expected = `"all", "none", or names out of ${names.join(', ')}`;
  return {
    expected,
    example: 'none',
    check: (text, path) => {
      if (text === 'all' || text === 'none') return { issues: [], value: text === 'all' };
      const named = (text as string).split(',');
      const issues = named
        .filter((name) => !names.includes(name))
        .map((name) => ({ path, value: showValue(name), expected }));
      return {
        issues,
        value: Object.fromEntries(reductionNames.map((name) => [name, named.includes(kebabCase(name))])),
      };
    },
  };
})();
