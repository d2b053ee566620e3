/**
 * Every option of a solve: what it may be, its default, what it does, and what makes it pointless. Validation, the
 * flags of the command line with their help, `docs/options.md` and `schema/rolla-options.json` are made of this table.
 */
import * as z from 'zod/mini';
import type { Plugin } from '../bnb/plugins/plugin.ts';
import { type StrategyName, strategyPresets } from '../bnb/strategy.ts';
import { issueText } from '../input/inputError.ts';
import type { Instance } from '../model/instance.ts';
import { type PlanningOptions, type PresetName, presets } from '../model/options.ts';
import { planSchema } from '../model/planSchema.ts';
import { reductionNames } from '../model/reductions/reduceProblem.ts';
import {
  choice,
  either,
  exactly,
  numberBetween,
  optional,
  plainRecord,
  trueOrFalse,
  wholeNumber,
} from '../model/schemaFields.ts';
import type { ResolvedOptions } from './resolvedSolve.ts';
import type { SolveOptions, StopSignal } from './solveOptions.ts';
import { planningStrategyIssues } from './strategyDoor.ts';

/** Something that an option does not go with. */
export interface OptionConflict {
  /** The other options that it hangs on: where one of them is wrong itself, nothing more is said. */
  readonly with: readonly (keyof SolveOptions)[];
  /** Asked only where the option is given; `value` is that. */
  readonly when: (value: unknown, options: ResolvedOptions, instance: Instance | null) => boolean;
  /** Ends the sentence "no effect: ..." or "found ..., expected ...". */
  readonly says: string;
}

export interface OptionDescription<Value = unknown> {
  readonly group: 'problem' | 'limits' | 'search' | 'library';
  readonly field: z.ZodMiniType;
  /** What holds without the option; null: nothing does. Options of the problem have that of the preset. */
  readonly default?: Value | null;
  /** The same in words, where the value does not say it. */
  readonly otherwise?: string;
  readonly does: string;
  /** What stands for the value in the help of the command line: `<s>`; null: no flag of this kind. */
  readonly argument: string | null;
  /** Given together, these are refused. */
  readonly contradictions?: readonly OptionConflict[];
  /** Given together, the option has no effect, which the result says. */
  readonly pointless?: readonly OptionConflict[];
}

export type OptionTable = Readonly<Record<string, OptionDescription>>;

/** What the door needs to know of an option that belongs to a caller of its own. */
export type FurtherOptions = Readonly<
  Record<string, Pick<OptionDescription, 'field'> & { readonly isRequired?: boolean }>
>;

const presetNames = Object.keys(presets) as readonly PresetName[];

/** The allowed values of every option of the problem that is a choice (specification 6). */
export const planningChoices = {
  placement: ['single', 'split'],
  uncertainty: ['none', 'budgeted', 'decision-dependent'],
  delayRule: ['per-deployment', 'pooled', 'last-deployment'],
  delayCost: ['total', 'deviation'],
  delayCostBudget: ['joint', 'per-query'],
  rentalInBudget: ['once', 'per-query-type'],
  weightStorage: ['per-placement', 'per-deployment'],
  dropped: ['placed', 'unplaced'],
  penalties: ['per-hour', 'per-period'],
} as const satisfies { readonly [Name in keyof PlanningOptions]?: readonly PlanningOptions[Name][] };

const isNominal: OptionConflict = {
  with: ['uncertainty', 'preset'],
  when: (_value, { planning }) => planning.uncertainty === 'none',
  says: 'uncertainty is "none"',
};

/** Whether the nodes are bounded by patterns, as far as the options tell. */
const patternsServe = ({ planning, settings }: ResolvedOptions) =>
  settings.relaxation === 'patterns' || (settings.relaxation === 'auto' && planning.placement === 'single');

const belongsToCompact: OptionConflict = {
  with: ['relaxation'],
  when: (_value, { settings }) => settings.relaxation === 'patterns',
  says: 'nothing: it belongs to the compact relaxation, but relaxation is "patterns"',
};
const unusedByPatterns: OptionConflict = {
  with: ['relaxation', 'placement', 'preset'],
  when: (_value, options) => options.settings.relaxation === 'auto' && patternsServe(options),
  says: 'it belongs to the compact relaxation, and relaxation "auto" takes patterns under single placement',
};

/** Whether the nodes are bounded by a program over the formulation's columns, as far as the options tell. */
const bindsToProgram = ({ planning, settings }: ResolvedOptions) =>
  settings.formulation === 'published' || (settings.relaxation === 'compact' && planning.placement === 'single');

const worksOnProgram = (plugin: Plugin) =>
  plugin.kind === 'separator' || (plugin.kind === 'heuristic' && plugin.for === 'program');

/** A limit: none is Infinity. */
const limit = (unit: string, meaning: string) => numberBetween({ least: 0, infinite: true }, unit, meaning);

const strategyNames = Object.keys(strategyPresets) as StrategyName[];
/** Its JSON schema is in `optionsSchema.ts`. */
const strategyField = z.custom<unknown>((value) => planningStrategyIssues(value).length === 0, {
  error: ({ input }) => `a strategy (${planningStrategyIssues(input).map(issueText).join('; ')})`,
});

function fromNames<Name extends string>(names: readonly Name[], field: (name: Name) => z.ZodMiniType) {
  return Object.fromEntries(names.map((name) => [name, optional(field(name))]));
}

const problem = (name: keyof typeof planningChoices, does: string, pointless: readonly OptionConflict[] = []) =>
  ({
    group: 'problem',
    field: choice(planningChoices[name], does),
    does,
    argument: '<choice>',
    pointless,
  }) as const;

export const optionTable: {
  readonly [Name in keyof Required<SolveOptions>]: OptionDescription<NonNullable<SolveOptions[Name]>>;
} = {
  preset: {
    group: 'problem',
    field: choice(presetNames, 'Variant of the problem to start from'),
    default: 'recommended',
    does: 'variant of the problem; the options below change it',
    argument: '<name>',
  },
  placement: problem('placement', 'one deployment for each query type, or queries shared among several'),
  uncertainty: problem(
    'uncertainty',
    'plan for nominal values, for the worst Gamma deviations, or for deviations that relief data shrink',
  ),
  delayRule: problem('delayRule', 'whose TP degree speeds up a query type'),
  delayCost: problem('delayCost', 'charge nominal delay and its deviation, or the deviation only', [isNominal]),
  delayCostBudget: problem('delayCostBudget', 'one Gamma for the whole delay cost, or one for each query type', [
    isNominal,
  ]),
  rentalInBudget: problem('rentalInBudget', 'count rental once in the budget, or once for each query type', [
    {
      with: [],
      when: (_value, _options, instance) => instance !== null && instance.budget === undefined,
      says: 'the instance has no budget',
    },
  ]),
  weightStorage: problem('weightStorage', 'store weights for each placement, or once for each deployment'),
  dropped: problem(
    'dropped',
    'place a query type that is dropped altogether all the same, or leave it out where its cap is 1',
    [
      {
        with: ['placement', 'preset'],
        when: (_value, { planning }) => planning.placement === 'split',
        says: 'query types are placed only where they are served, as placement is "split"',
      },
    ],
  ),
  penalties: problem('penalties', 'count penalties of delay and unmet demand for an hour, or for the rental period', [
    {
      with: [],
      when: (_value, _options, instance) => instance !== null && instance.rentalPeriod === 1,
      says: 'the rental period is one hour',
    },
  ]),
  maxReplicas: {
    group: 'problem',
    field: either('a whole number >= 1 (replicas of a deployment), or "none" for no limit', [
      wholeNumber(1, 'replicas of a deployment'),
      exactly('none'),
    ]),
    does: 'most replicas of a deployment, or none for no limit',
    argument: '<n>',
  },
  timeLimit: {
    group: 'limits',
    field: limit('seconds', 'Wall time'),
    default: Infinity,
    does: 'seconds of wall time',
    argument: '<s>',
  },
  nodeLimit: {
    group: 'limits',
    field: numberBetween({ least: 0, whole: true, infinite: true }, 'nodes', 'Nodes of the tree'),
    default: Infinity,
    does: 'nodes of the tree',
    argument: '<n>',
  },
  memoryLimit: {
    group: 'limits',
    field: limit('megabytes', 'Memory in use'),
    default: Infinity,
    does: 'megabytes by which the memory in use may grow',
    argument: '<MB>',
  },
  gap: {
    group: 'limits',
    field: numberBetween({ least: 0, below: 1 }, 'fraction', 'Relative gap'),
    default: 1e-6,
    does: 'relative gap at which a plan counts as proven; below 1e-9: 1e-9',
    argument: '<fraction>',
  },
  seed: {
    group: 'search',
    field: wholeNumber(0, 'seed'),
    default: 1,
    does: 'seed of the randomised heuristics',
    argument: '<n>',
    pointless: [
      {
        with: ['strategy', 'startPlan'],
        when: (_value, { settings, startPlan }) => !settings.strategy.heuristics && startPlan === null,
        says: 'the strategy has no heuristics',
      },
    ],
  },
  relaxation: {
    group: 'search',
    field: choice(['auto', 'compact', 'patterns'], 'What bounds the nodes'),
    default: 'auto',
    does: 'what bounds the nodes',
    argument: '<name>',
    contradictions: [
      {
        with: ['placement', 'preset'],
        when: (value, { planning }) => value === 'patterns' && planning.placement === 'split',
        says: '"auto" or "compact": patterns place each query type on one deployment, but placement is "split"',
      },
    ],
  },
  formulation: {
    group: 'search',
    field: choice(['strengthened', 'published'], 'Program of the compact relaxation'),
    default: 'strengthened',
    does: 'program of the compact relaxation',
    argument: '<name>',
    contradictions: [
      belongsToCompact,
      {
        ...unusedByPatterns,
        when: (value, options, instance) => value === 'published' && unusedByPatterns.when(value, options, instance),
        says: 'relaxation "compact" beside it: under single placement relaxation "auto" takes patterns, which have no such program',
      },
    ],
    pointless: [
      {
        ...unusedByPatterns,
        when: (value, options, instance) => value !== 'published' && unusedByPatterns.when(value, options, instance),
      },
    ],
  },
  robust: {
    group: 'search',
    field: choice(['projected', 'dual', 'adversarial'], 'Form of the robust counterpart'),
    default: null,
    otherwise: 'projected where exact, else dual',
    does: 'form of the robust counterpart in the strengthened program',
    argument: '<form>',
    contradictions: [
      belongsToCompact,
      {
        with: ['placement', 'preset'],
        when: (value, { planning }) => value === 'projected' && planning.placement === 'split',
        says: '"dual" or "adversarial": projection is exact only where placement is "single", but it is "split"',
      },
      {
        with: ['formulation'],
        when: (value, { settings }) => value !== 'dual' && settings.formulation === 'published',
        says: '"dual" or nothing: the published program has explicit duals, and formulation is "published"',
      },
    ],
    pointless: [isNominal, unusedByPatterns],
  },
  reductions: {
    group: 'search',
    field: either('true, false, or an object of reductions with true or false', [
      trueOrFalse('all or none'),
      plainRecord(
        'reductions to apply',
        fromNames(reductionNames, (name) => trueOrFalse(name)),
      ),
    ]),
    default: true,
    otherwise: 'all',
    does: 'reductions applied beforehand: all, none, or those named',
    argument: '<names>',
    contradictions: [
      {
        with: ['formulation'],
        when: (value, { settings }) => value !== false && settings.formulation === 'published',
        says: 'false or nothing: the published program is solved as it was published, and formulation is "published"',
      },
    ],
  },
  strategy: {
    group: 'search',
    field: strategyField,
    default: 'default',
    does: 'search strategy',
    argument: '<name>',
    pointless: [
      {
        with: ['relaxation', 'placement', 'preset'],
        when: (_value, options) => !bindsToProgram(options) && options.settings.strategy.plugins.some(worksOnProgram),
        says: 'its separators and its heuristics for "program" work where relaxation is "compact" and placement "single", or formulation "published"',
      },
    ],
  },
  startPlan: {
    group: 'search',
    field: planSchema,
    default: null,
    does: 'plan to start from',
    argument: null,
  },
  signal: {
    group: 'library',
    field: z.custom<object>((value) => typeof (value as StopSignal | null)?.aborted === 'boolean', {
      error: 'an AbortSignal',
    }),
    default: null,
    does: 'stops the solve',
    argument: null,
  },
  onProgress: {
    group: 'library',
    field: z.custom<(event: never) => void>((value) => typeof value === 'function', { error: 'a function' }),
    default: null,
    does: 'told of the root, nodes, incumbents and rounds as they come',
    argument: null,
  },
};

/** What holds without an option, in words. */
export function defaultText({ group, default: value, otherwise }: OptionDescription): string {
  if (otherwise !== undefined) return otherwise;
  if (value === undefined && group === 'problem') return "the preset's";
  if (value === null || value === Infinity) return 'none';
  return typeof value === 'number' ? numberText(value) : JSON.stringify(value);
}

/** `1e-6`, as people write it: not 0.000001. */
const numberText = (value: number) => (value !== 0 && value < 1e-3 ? value.toExponential() : String(value));

/** The texts that an option may be, where there is nothing else that it may be. */
export function choicesOf(name: keyof SolveOptions): readonly string[] | null {
  return name === 'strategy' ? strategyNames : choicesIn(optionTable[name].field);
}

/** The texts of a field that has nothing else. */
export function choicesIn(field: z.ZodMiniType): readonly string[] | null {
  return field instanceof z.ZodMiniEnum ? (field.options as string[]) : null;
}

/** Whether numbers are among the values of a field. */
export function takesNumbers(field: z.ZodMiniType): boolean {
  return field.safeParse(1).success || field.safeParse(0.5).success;
}

/** What analyses of many solves are asked with: the options of the problem, and limit, gap and seed of each solve. */
export const analysisOptions = (Object.keys(optionTable) as (keyof SolveOptions)[]).filter(
  (name) => optionTable[name].group === 'problem' || name === 'timeLimit' || name === 'gap' || name === 'seed',
);
