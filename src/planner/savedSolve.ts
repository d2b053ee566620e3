/**
 * A stopped solve as plain data: which instance and options it was for, and the state of its search. A resumed solve
 * takes its options from here; whatever else is given must agree.
 */
import { nameOf, type Plugin } from '../bnb/plugins/plugin.ts';
import type { SavedSearch } from '../bnb/savedSearch.ts';
import { plainStrategy, type SearchStrategy, withPlugins } from '../bnb/strategy.ts';
import { type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { isPlainObject } from '../input/optionRules.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import { sha256 } from '../model/sha256.ts';
import { version } from '../version.ts';
import type { Earlier } from './attempt.ts';
import { ownPlugins } from './ownPlugins.ts';
import type { ResolvedSolve, SearchSettings } from './resolvedSolve.ts';
import { resolveSolve } from './resolveSolve.ts';
import type { SolveOptions } from './solveOptions.ts';
import { changedParameters, changesOfStrategy } from './strategyDoor.ts';

const savedSolveFormat = 'rolla-search/6';

/** A stopped solve, safe for JSON; `resumeSolve` goes on from it. */
export interface SavedSolve {
  readonly format: typeof savedSolveFormat;
  /** Of the program that saved it; no other goes on with it. */
  readonly version: string;
  /** SHA-256 of the JSON text of all that follows. */
  readonly checksum: string;
  readonly instance: { readonly name: string | null; readonly fingerprint: string };
  readonly options: PlanningOptions;
  readonly settings: SearchSettings;
  readonly startPlan: Plan | null;
  readonly notices: readonly string[];
  /** Which of the ways that the settings lead to is at hand, and what the attempts before it found (attempt.ts). */
  readonly way: number;
  readonly earlier: Earlier | null;
  /** Of the search's unit of money (searchInstance.ts). */
  readonly moneyScale: number;
  /** In that unit: of the plan that what cannot be afforded was measured by; null if by none. */
  readonly knownCost: number | null;
  /** Wall time spent so far. */
  readonly seconds: number;
  readonly search: SavedSearch;
}

/**
 * What a resumed solve works with: the options that were saved, with the limits and callbacks of `given`.
 * Throws InputError if `saved` is no saved solve, or if instance or `given` contradict it.
 */
export function resumedSolve(saved: SavedSolve, instance: Instance, given: SolveOptions): ResolvedSolve {
  checkSeal(saved);
  const asked = resolveSolve(instance, given);
  refuse([
    ...entryDifferences('options', saved.options, asked.planning),
    ...entryDifferences('settings', saved.settings, asked.settings),
  ]);
  const issues: InputIssue[] = [];
  const found = fingerprintOf(asked.instance);
  if (saved.instance.fingerprint !== found) {
    const name = (of: string | null | undefined) => (of == null ? 'an instance without a name' : showValue(of));
    const value = `${name(instance.name)} (${found})`;
    const expected = `the instance of the saved search, ${name(saved.instance.name)} (${saved.instance.fingerprint})`;
    issues.push({ path: 'instance', value, expected });
  }
  const compare = (name: string, value: unknown, before: unknown) => {
    if (JSON.stringify(value) === JSON.stringify(before)) return;
    issues.push({ path: name, value: showValue(value), expected: `${showValue(before)}, as in the saved search` });
  };
  const isGiven = (name: keyof SolveOptions) => given[name] !== undefined;
  for (const name of Object.keys(saved.options) as (keyof PlanningOptions)[])
    if (isGiven('preset') || isGiven(name)) compare(name, asked.planning[name], saved.options[name]);
  for (const name of Object.keys(asked.settings) as (keyof SearchSettings)[])
    if (name !== 'strategy' && name !== 'parameters' && isGiven(name))
      compare(name, asked.settings[name], saved.settings[name]);
  if (isGiven('strategy')) issues.push(...strategyDifferences(asked.settings, saved.settings));
  if (isGiven('startPlan')) compare('startPlan', asked.startPlan, saved.startPlan);
  refuse(issues);
  const { robust, reductions, formulation, relaxation, strategy, parameters, ...others } = saved.settings;
  const ways = pluginsBack(strategy, asked.settings.strategy.plugins);
  const before = resolveSolve(asked.instance, {
    ...saved.options,
    ...others,
    relaxation,
    strategy: { ...ways, parameters: changedParameters({ strategy, parameters }) },
    ...(formulation === 'strengthened' ? { reductions } : { formulation }),
    ...(robust === null ? {} : { robust }),
    ...(saved.startPlan === null ? {} : { startPlan: saved.startPlan }),
  });
  const { planning, settings, startPlan } = before;
  return Object.freeze({ ...asked, planning, settings, startPlan, notices: saved.notices });
}

/**
 * Each entry that a saved search has and this program has not, or the other way round: programs of one version may
 * differ in what they can be told while that version is in the making.
 */
function entryDifferences(path: string, saved: unknown, own: unknown): InputIssue[] {
  if (!isPlainObject(saved) || !isPlainObject(own)) return [];
  return [...new Set([...Object.keys(saved), ...Object.keys(own)])].flatMap((name) => {
    const at = `${path}.${name}`;
    if (Object.hasOwn(saved, name) && Object.hasOwn(own, name)) return entryDifferences(at, saved[name], own[name]);
    if (Object.hasOwn(saved, name))
      return [{ path: at, value: showValue(saved[name]), expected: 'nothing: another program saved it' }];
    return [
      { path: at, value: 'nothing', expected: `an entry (here ${showValue(own[name])}): another program saved it` },
    ];
  });
}

/** Each entry and number of the strategy asked for that is not as it was saved. */
function strategyDifferences(asked: SearchSettings, saved: SearchSettings): InputIssue[] {
  const [now, before] = [changesOfStrategy(asked) ?? {}, changesOfStrategy(saved) ?? {}];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const text = (value: unknown) => (value === undefined ? 'the default' : showValue(value));
  return names
    .filter((name) => JSON.stringify(now[name]) !== JSON.stringify(before[name]))
    .map((name) => ({
      path: `strategy.${name}`,
      value: text(now[name]),
      expected: `${text(before[name])}, as in the saved search`,
    }));
}

/** Settings as plain data: plugins by kind and name. */
function plain(settings: SearchSettings): SearchSettings {
  return { ...settings, strategy: plainStrategy(settings.strategy) };
}

/** Throws InputError that names each plugin of the saved search that is not offered. */
function pluginsBack(saved: SearchStrategy, offered: readonly Plugin[]): SearchStrategy {
  const back = withPlugins(saved, [...offered, ...ownPlugins]);
  const value = offered.length === 0 ? 'none' : offered.map(nameOf).join(', ');
  const expected = `${back.absent.join(', ')}, as in the saved search`;
  refuse(back.absent.length === 0 ? [] : [{ path: 'strategy.plugins', value, expected }]);
  return back.strategy;
}

/**
 * A saved solve is gone on with only if it is, to the last bit, what this version of the program saved: nothing inside
 * is looked at before that is known. Throws InputError.
 */
function checkSeal(saved: unknown): void {
  if (typeof saved !== 'object' || saved === null)
    refuse([{ path: 'saved search', value: showValue(saved), expected: savedSolveFormat }]);
  const { format, version: savedBy, checksum, ...content } = saved as Readonly<Record<string, unknown>>;
  if (format !== savedSolveFormat) {
    const isOther = typeof format === 'string' && /^rolla-search\/\d+$/.test(format);
    const value = `${showValue(format)}${isOther ? ', of another version of rolla' : ''}`;
    refuse([{ path: 'format', value, expected: `"${savedSolveFormat}"` }]);
  }
  if (savedBy !== version)
    refuse([
      { path: 'version', value: showValue(savedBy), expected: `"${version}", the version that goes on with it` },
    ]);
  const found = checksumOf(content);
  if (checksum !== found)
    refuse([{ path: 'checksum', value: showValue(checksum), expected: `${showValue(found)}, that of the content` }]);
}

/** As it is saved: with the seal by which it is known again. */
export function sealed(given: Omit<SavedSolve, 'format' | 'version' | 'checksum'>): SavedSolve {
  const content = { ...given, settings: plain(given.settings) };
  return { format: savedSolveFormat, version, checksum: checksumOf(content), ...content };
}

function checksumOf(content: object): string {
  return sha256(JSON.stringify(content));
}
