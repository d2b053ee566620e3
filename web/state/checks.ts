/** What is wrong with a draft, by the path of the cell, and the instance where nothing is. */
import { compileFleet, pathInFleet } from '../../src/generator/fleet/compileFleet.ts';
import type { Fleet } from '../../src/generator/fleet/fleetSchema.ts';
import { InputError, type InputIssue } from '../../src/input/inputError.ts';
import type { Instance } from '../../src/model/instance.ts';
import { type Warning, warningsOf } from '../../src/model/lintInstance.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { resolveSolve } from '../../src/planner/resolveSolve.ts';
import { type Draft, isFleet } from './draft.ts';

export interface Checks {
  /** Null where the data have faults. */
  readonly instance: Instance | null;
  readonly issues: readonly InputIssue[];
  readonly optionIssues: readonly InputIssue[];
  /** Options that have no effect: a sentence each. */
  readonly notices: readonly string[];
  readonly warnings: readonly Warning[];
}

export function checkDraft({ data, options }: Draft): Checks {
  const { value: instance, issues } = attempt(() =>
    isFleet(data) ? compileFleet(data as unknown as Fleet) : validateInstance(data),
  );
  if (instance === null) return { instance, issues, optionIssues: [], notices: [], warnings: [] };
  const { value: resolved, issues: optionIssues } = attempt(() => resolveSolve(instance, options));
  const notices = resolved?.notices ?? [];
  const found = resolved === null ? [] : warningsOf(instance, resolved.planning);
  const warnings = isFleet(data)
    ? found.map((warning) => ({ ...warning, path: pathInFleet(data as unknown as Fleet, warning.path) }))
    : found;
  return { instance, issues, optionIssues, notices, warnings };
}

function attempt<Value>(act: () => Value): { readonly value: Value | null; readonly issues: readonly InputIssue[] } {
  try {
    return { value: act(), issues: [] };
  } catch (error) {
    if (error instanceof InputError) return { value: null, issues: error.issues };
    throw error;
  }
}
