/**
 * From what a caller asks for (a preset and single options on top) to complete `PlanningOptions`, refusing what
 * contradicts.
 */
import { type InputIssue, refuse, showValue } from '../model/inputError.ts';
import type { Instance } from '../model/instance.ts';
import { type PlanningOptions, type PresetName, presets } from '../model/options.ts';
import type { SolveOptions } from './solveOptions.ts';

/** The allowed values of every option that is a choice (specification 6); `maxReplicas` is the one that is a number. */
export const planningChoices = {
  placement: ['single', 'split'],
  uncertainty: ['none', 'budgeted', 'decision-dependent'],
  delayRule: ['per-deployment', 'pooled', 'last-deployment'],
  delayCost: ['total', 'deviation'],
  delayCostBudget: ['joint', 'per-query'],
  rentalInBudget: ['once', 'per-query-type'],
  weightStorage: ['per-placement', 'per-deployment'],
} as const satisfies { readonly [Name in keyof PlanningOptions]?: readonly PlanningOptions[Name][] };

export const presetNames = Object.keys(presets) as readonly PresetName[];

/** What else `optimize` may be given; `resolveOptions` lets these through unread. */
const controlNames: { readonly [Name in Exclude<keyof SolveOptions, keyof PlanningOptions | 'preset'>]: true } = {
  timeLimit: true,
  nodeLimit: true,
  memoryLimit: true,
  gap: true,
  seed: true,
  signal: true,
  team: true,
  onProgress: true,
  relaxation: true,
  formulation: true,
  robust: true,
  reductions: true,
  strategy: true,
  startPlan: true,
};

/**
 * The preset (default `recommended`) with the single options that are given and not undefined. Search settings of
 * `SolveOptions` may stand beside them and are checked only for contradicting the variant. Throws InputError for
 * unknown names and values, listing what is allowed.
 */
export function resolveOptions(input: SolveOptions = {}): PlanningOptions {
  if (input === null || typeof input !== 'object') {
    refuse([{ path: 'options', value: showValue(input), expected: 'an object of options' }]);
  }
  const given = input as Readonly<Record<string, unknown>>;
  const issues: InputIssue[] = [];
  const preset = given.preset ?? 'recommended';
  if (!presetNames.includes(preset as PresetName)) issues.push(choiceIssue('preset', preset, presetNames));
  const resolved: Record<string, unknown> = {
    ...presets[presetNames.find((name) => name === preset) ?? 'recommended'],
  };
  for (const [name, value] of Object.entries(given)) {
    if (name === 'preset' || Object.hasOwn(controlNames, name) || value === undefined) continue;
    if (name === 'maxReplicas') {
      if (!Number.isSafeInteger(value) || (value as number) < 1) {
        issues.push({ path: name, value: showValue(value), expected: 'a whole number >= 1' });
      }
    } else if (Object.hasOwn(planningChoices, name)) {
      const allowed: readonly unknown[] = planningChoices[name as keyof typeof planningChoices];
      if (!allowed.includes(value)) issues.push(choiceIssue(name, value, allowed));
    } else if (name === 'threads') {
      const expected = 'no such option here: threads are those of solveInWorker (rolla/worker) and of rolla solve';
      issues.push({ path: name, value: showValue(value), expected });
    } else {
      const known = ['preset', ...Object.keys(planningChoices), 'maxReplicas', ...Object.keys(controlNames)];
      issues.push({ path: name, value: showValue(value), expected: `no such option; known: ${known.join(', ')}` });
    }
    resolved[name] = value;
  }
  refuse(issues);
  const options = resolved as unknown as PlanningOptions;
  refuse(contradictions(options, input));
  return options;
}

/** Throws InputError where the options ask for what the instance has no data for. */
export function checkOptionsFit(instance: Instance, options: PlanningOptions): void {
  if (options.uncertainty !== 'decision-dependent') return;
  const issues: InputIssue[] = [];
  for (const quantity of ['delay', 'error'] as const) {
    if (instance[quantity].relief === undefined) {
      const expected = 'J x K numbers in [0, 1), because the option uncertainty is "decision-dependent"';
      issues.push({ path: `${quantity}.relief`, value: 'missing', expected });
    }
  }
  refuse(issues);
}

function contradictions(options: PlanningOptions, control: SolveOptions): InputIssue[] {
  const issues: InputIssue[] = [];
  const contradict = (path: string, value: unknown, expected: string) =>
    issues.push({ path, value: showValue(value), expected });
  if (options.placement === 'split') {
    if (control.relaxation === 'patterns') {
      contradict(
        'relaxation',
        'patterns',
        '"auto" or "compact": patterns place each query type on one deployment, but placement is "split"',
      );
    }
    if (control.robust === 'projected') {
      contradict(
        'robust',
        'projected',
        '"dual" or "adversarial": projection is exact only where placement is "single", but it is "split"',
      );
    }
  }
  if (control.relaxation === 'patterns' && control.formulation !== undefined) {
    contradict(
      'formulation',
      control.formulation,
      'nothing: it belongs to the compact relaxation, but relaxation is "patterns"',
    );
  }
  if (control.relaxation === 'patterns' && control.robust !== undefined) {
    contradict('robust', control.robust, 'nothing: it belongs to the compact relaxation, but relaxation is "patterns"');
  }
  return issues;
}

function choiceIssue(path: string, value: unknown, allowed: readonly unknown[]): InputIssue {
  return { path, value: showValue(value), expected: `one of ${allowed.map((choice) => `"${choice}"`).join(', ')}` };
}
