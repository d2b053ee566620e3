/** What is wrong with a draft, by the path of the cell, and the instance where nothing is. */
import { compileFleet, pathInFleet } from '../../src/generator/fleet/compileFleet.ts';
import type { Fleet } from '../../src/generator/fleet/fleetSchema.ts';
import { attempt, type InputIssue } from '../../src/input/inputError.ts';
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
  const issues: InputIssue[] = [];
  const optionIssues: InputIssue[] = [];
  const instance = attempt(
    () => (isFleet(data) ? compileFleet(data as unknown as Fleet) : validateInstance(data)),
    issues,
  );
  if (instance === null) return { instance, issues, optionIssues, notices: [], warnings: [] };
  const resolved = attempt(() => resolveSolve(instance, options), optionIssues);
  const notices = resolved?.notices ?? [];
  const found = resolved === null ? [] : warningsOf(instance, resolved.planning);
  const warnings = isFleet(data)
    ? found.map((warning) => ({ ...warning, path: pathInFleet(data as unknown as Fleet, warning.path) }))
    : found;
  return { instance, issues, optionIssues, notices, warnings };
}
