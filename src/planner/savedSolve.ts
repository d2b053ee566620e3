/**
 * A stopped solve as plain data: which instance and options it was for, and the state of its search. A resumed solve
 * takes its options from here; whatever else is given must agree.
 */
import type { SavedSearch } from '../bnb/savedSearch.ts';
import { type InputIssue, refuse, showValue } from '../model/inputError.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { type PlanningOptions, presets } from '../model/options.ts';
import type { ResolvedSolve, SearchSettings } from './resolvedSolve.ts';
import { resolveSolve } from './resolveSolve.ts';
import type { SolveOptions } from './solveOptions.ts';

export const savedSolveFormat = 'rolla-search/1';

/** A stopped solve, safe for JSON; `resumeSolve` goes on from it. */
export interface SavedSolve {
  readonly format: typeof savedSolveFormat;
  readonly instance: { readonly name: string | null; readonly fingerprint: string };
  readonly options: PlanningOptions;
  readonly settings: SearchSettings;
  readonly startPlan: Plan | null;
  /** Wall time spent so far. */
  readonly seconds: number;
  readonly search: SavedSearch;
}

/**
 * What a resumed solve works with: the options that were saved, with the limits and callbacks of `given`.
 * Throws InputError if `saved` is no saved solve, or if instance or `given` contradict it.
 */
export function resumedSolve(saved: SavedSolve, instance: Instance, given: SolveOptions): ResolvedSolve {
  checkShape(saved);
  const asked = resolveSolve(instance, given);
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
    if (isGiven(name)) compare(name, asked.settings[name], saved.settings[name]);
  if (isGiven('startPlan')) compare('startPlan', asked.startPlan, saved.startPlan);
  refuse(issues);
  const { robust, reductions, formulation, relaxation, ...others } = saved.settings;
  const before = resolveSolve(asked.instance, {
    ...saved.options,
    ...others,
    relaxation,
    ...(formulation === 'strengthened' ? { reductions } : { formulation }),
    ...(robust === null ? {} : { robust }),
    ...(saved.startPlan === null ? {} : { startPlan: saved.startPlan }),
  });
  const { planning, settings, startPlan } = before;
  return Object.freeze({ ...asked, planning, settings, startPlan });
}

function checkShape(saved: unknown): void {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  if (!isObject(saved)) refuse([{ path: 'saved search', value: showValue(saved), expected: savedSolveFormat }]);
  const record = saved as Readonly<Record<string, unknown>>;
  if (record.format !== savedSolveFormat)
    refuse([{ path: 'format', value: showValue(record.format), expected: `"${savedSolveFormat}"` }]);
  refuse(
    ['instance', 'options', 'settings', 'search']
      .filter((key) => !isObject(record[key]))
      .map((key) => ({ path: key, value: showValue(record[key]), expected: 'what a stopped solve saved' })),
  );
  const wanted = Object.keys(presets.recommended);
  const names = Object.keys(record.options as object);
  if (wanted.length !== names.length || !wanted.every((name) => names.includes(name)))
    refuse([{ path: 'options', value: names.join(', '), expected: wanted.join(', ') }]);
}

/**
 * Equal instances have equal fingerprints, whatever their notes and the order of their keys; 64 bits of FNV-1a over
 * their text.
 */
export function fingerprintOf({ $schema: _schema, notes: _notes, ...data }: Instance): string {
  const text = JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  const half = (start: number) => {
    let hash = start;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, '0');
  };
  return half(0x811c9dc5) + half(0x050c5d1f);
}
