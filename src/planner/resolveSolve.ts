/**
 * The door of every call that takes an instance and options: checks names, values, types and contradictions by the
 * table of options, says all faults in one InputError, fills every default once.
 */
import { attempt, type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { checkedOptions, type OptionRule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { type PlanningOptions, presets } from '../model/options.ts';
import { reductionNames } from '../model/reductions/reduceProblem.ts';
import { profilesTellLatency } from '../model/serviceTimes.ts';
import { validateInstance } from '../model/validateInstance.ts';
import { namesOf, planNameIssues } from '../model/validatePlan.ts';
import {
  type FurtherOptions,
  type OptionConflict,
  type OptionDescription,
  type OptionTable,
  optionTable,
} from './optionTable.ts';
import type { ResolvedOptions, ResolvedSolve, SearchSettings } from './resolvedSolve.ts';
import type { SolveOptions } from './solveOptions.ts';
import { planningStrategyIssues, resolvedStrategy } from './strategyDoor.ts';
import { strategyNotices } from './strategyEffects.ts';

/**
 * Instance and options as they come, to what a solve works with. `further` describes options of the caller's own (they
 * are checked here and read there), `others` are faults of its other arguments. Throws InputError with every fault, in
 * the words of the caller.
 */
export function resolveSolve(
  instance: Instance,
  given: SolveOptions = {},
  further: FurtherOptions = {},
  others: readonly InputIssue[] = [],
): ResolvedSolve {
  const issues: InputIssue[] = [];
  const valid = attempt(() => validateInstance(instance), issues);
  const { issues: ofOptions, sound } = checked(given, { ...optionTable, ...further });
  issues.push(...others, ...ofOptions);
  const options = completed(sound);
  if (valid !== null) {
    issues.push(...missingData(valid, options.planning));
    if (sound.startPlan !== undefined) issues.push(...planNameIssues(sound.startPlan, namesOf(valid), ['startPlan']));
  }
  const faulty = new Set(issues.map(({ path }) => path.split(/[.[]/)[0]));
  issues.push(...contradictions(sound, options, valid, faulty));
  refuse(issues);
  if (valid === null) throw new Error('an instance was neither valid nor refused');
  return Object.freeze({ ...options, instance: valid, notices: Object.freeze(noticesOf(sound, options, valid)) });
}

/**
 * The variant of the problem that options name: the preset (default `recommended`) with the single options on top.
 * Throws InputError with every fault, as a solve with these options would.
 */
export function resolveOptions(given: SolveOptions = {}): PlanningOptions {
  const { issues, sound } = checked(given, optionTable);
  const options = completed(sound);
  const faulty = new Set(issues.map(({ path }) => path.split(/[.[]/)[0]));
  refuse([...issues, ...contradictions(sound, options, null, faulty)]);
  return options.planning;
}

/** Each option against its field; `sound` are those that keep it. */
function checked(given: unknown, table: FurtherOptions): { issues: InputIssue[]; sound: SolveOptions } {
  const rules = Object.entries(table).map(([name, { field, isRequired }]): [string, OptionRule] => [
    name,
    name === 'strategy' ? strategyRule : fieldRule(field, isRequired),
  ]);
  const { issues, sound } = checkedOptions(given, Object.fromEntries(rules));
  return { issues, sound: sound as SolveOptions };
}

/** Its faults by themselves; used is a copy. */
const strategyRule: OptionRule = {
  check: (value) => ({
    issues: planningStrategyIssues(value),
    value: typeof value === 'object' ? { ...value } : value,
  }),
};

function completed(given: SolveOptions): ResolvedOptions {
  const planning = { ...presets[filled(given, 'preset')] } as Record<string, unknown>;
  for (const name of Object.keys(planning)) planning[name] = given[name as keyof SolveOptions] ?? planning[name];
  return {
    planning: Object.freeze(planning) as unknown as PlanningOptions,
    settings: completedSettings(given),
    limits: Object.freeze({
      timeLimit: filled(given, 'timeLimit'),
      nodeLimit: filled(given, 'nodeLimit'),
      memoryLimit: filled(given, 'memoryLimit'),
    }),
    startPlan: (given.startPlan as Plan | undefined) ?? null,
    signal: given.signal ?? null,
    onProgress: given.onProgress ?? null,
    without: [],
    knownBound: 0,
    furtherStarts: [],
  };
}

/** The option, or its default of the table. */
function filled<Name extends keyof SolveOptions>(given: SolveOptions, name: Name): NonNullable<SolveOptions[Name]> {
  const { default: usual } = optionTable[name];
  const value = given[name] ?? usual;
  if (value === undefined || value === null) throw new Error(`no default of ${name}`);
  return value;
}

function completedSettings(given: SolveOptions): SearchSettings {
  const formulation = filled(given, 'formulation');
  // The published program is solved as published; everything else works on what the reductions leave.
  const asked = formulation === 'published' ? false : filled(given, 'reductions');
  const switches = reductionNames.map((name) => [name, typeof asked === 'boolean' ? asked : (asked[name] ?? true)]);
  const ways = resolvedStrategy(filled(given, 'strategy'));
  return Object.freeze({
    // Whoever asks afterwards whether a gap is the one asked for has to ask for what can be proven.
    gap: Math.max(filled(given, 'gap'), ways.strategy.parameters.gaps.leastProvable),
    seed: filled(given, 'seed'),
    relaxation: filled(given, 'relaxation'),
    formulation,
    robust: given.robust ?? null,
    reductions: Object.freeze(Object.fromEntries(switches)),
    ...ways,
  });
}

/** What the options ask for and the instance has no data for, or what its data exclude. */
function missingData(instance: Instance, { uncertainty, delayRule }: PlanningOptions): InputIssue[] {
  const issues: InputIssue[] = [];
  if (delayRule !== 'per-deployment' && profilesTellLatency(instance)) {
    const expected = '"per-deployment": the profiles of the instance tell the latency of each deployment';
    issues.push({ path: 'delayRule', value: showValue(delayRule), expected });
  }
  if (uncertainty !== 'decision-dependent') return issues;
  for (const quantity of ['delay', 'error'] as const) {
    const tensor = instance[quantity];
    if (tensor === undefined || tensor.relief !== undefined) continue;
    const expected = 'J x K numbers in [0, 1), because the option uncertainty is "decision-dependent"';
    issues.push({ path: `${quantity}.relief`, value: 'missing', expected });
  }
  return issues;
}

/** The conflicts of one kind that the given options have, but for those with an option that is wrong itself. */
function* conflictsOf(
  kind: (description: OptionDescription) => readonly OptionConflict[] | undefined,
  given: SolveOptions,
  options: ResolvedOptions,
  instance: Instance | null,
  faulty: ReadonlySet<string>,
) {
  for (const [name, value] of Object.entries(given)) {
    const description = (optionTable as OptionTable)[name];
    const conflict = (description === undefined ? [] : (kind(description) ?? [])).find(
      (candidate) => !candidate.with.some((other) => faulty.has(other)) && candidate.when(value, options, instance),
    );
    if (conflict !== undefined) yield { name, value: value as unknown, says: conflict.says };
  }
}

function contradictions(
  given: SolveOptions,
  options: ResolvedOptions,
  instance: Instance | null,
  faulty: ReadonlySet<string>,
): InputIssue[] {
  const found = conflictsOf((description) => description.contradictions, given, options, instance, faulty);
  return [...found].map(({ name, value, says }) => ({ path: name, value: showValue(value), expected: says }));
}

function noticesOf(given: SolveOptions, options: ResolvedOptions, instance: Instance): string[] {
  const found = conflictsOf((description) => description.pointless, given, options, instance, new Set());
  return [
    ...[...found].map(({ name, says }) => `${name} has no effect: ${says}`),
    ...strategyNotices(given.strategy, options),
  ];
}
