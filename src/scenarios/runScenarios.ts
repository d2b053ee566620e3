/**
 * Runs chains of scenarios: every result is stored as soon as it is there, and what is stored is not solved again, so
 * that a run may be killed at any moment, started again, and run beside others of the same file.
 */
import { factorColumns, type ScenarioTask, type SolvedScenario } from '../analysis/scenario.ts';
import { type ScenarioSolver, untilAborted } from '../analysis/sweep.ts';
import { failedRow } from '../analysis/sweepRow.ts';
import { InputError, type InputIssue, refuse } from '../input/inputError.ts';
import {
  argumentIssues,
  checkedOptions,
  functionRule,
  type OptionRule,
  signalRule,
  switchRule,
} from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import type { Plan } from '../model/instance.ts';
import { wholeNumber } from '../model/schemaFields.ts';
import { chainsRule, storeRule } from './argumentRules.ts';
import { type ResultStore, type ScenarioResult, scenarioResult } from './resultStore.ts';
import type { FileScenario, ScenarioChain } from './scenarioFile.ts';

export interface ScenarioRun {
  readonly store: ResultStore;
  readonly solve: ScenarioSolver;
  /** How many chains run at once. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  /** Whether stored results that are `failed` are solved again. */
  readonly retryFailed?: boolean;
  /** Told of every result, `isNew` unless it was stored already. */
  readonly onResult?: (result: ScenarioResult, isNew: boolean) => void;
}

const runRules: { readonly [Name in keyof ScenarioRun]-?: OptionRule } = {
  store: { ...storeRule, isRequired: true },
  solve: { ...functionRule, isRequired: true },
  concurrency: fieldRule(wholeNumber(1, 'chains'), true),
  signal: signalRule,
  retryFailed: switchRule,
  onResult: functionRule,
};

/**
 * Rejects with InputError if a result cannot be written. Stored results that are torn, altered or of another version
 * are left as they are, their chains are not solved on, and they are returned as faults.
 */
export async function runScenarios(
  chains: AsyncGenerator<ScenarioChain, void>,
  run: ScenarioRun,
): Promise<readonly InputIssue[]> {
  refuse([...argumentIssues([['chains', chains, chainsRule]]), ...checkedOptions(run, runRules, 'run', 'run.').issues]);
  const faults: InputIssue[] = [];
  const work = async (): Promise<void> => {
    for (;;) {
      if (run.signal?.aborted) return;
      const next = await chains.next();
      if (next.done) return;
      try {
        await runChain(next.value, run);
      } catch (error) {
        if (!(error instanceof BadResultError)) throw error;
        faults.push(...error.issues);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: run.concurrency }, work));
  } finally {
    await chains.return();
  }
  return faults;
}

class BadResultError extends Error {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super('a stored result cannot be used');
    this.issues = issues;
  }
}

async function runChain({ scenarios }: ScenarioChain, run: ScenarioRun): Promise<void> {
  let plan: Plan | null = null;
  for (const scenario of scenarios) {
    let result = stored(run, scenario.id);
    const isNew = result === null || (run.retryFailed === true && result.row.status === 'failed');
    if (isNew) {
      if (run.signal?.aborted) return;
      const solving: Promise<SolvedScenario> = solvedOrFailed(scenario, plan, run.solve);
      const solved = await untilAborted(solving, run.signal);
      // A pool that is closed makes what it was doing fail, which says nothing of the scenario.
      if (solved === undefined || run.signal?.aborted) return;
      result = scenarioResult(scenario.id, solved);
      run.store.write(result);
    }
    run.onResult?.(result!, isNew);
    plan = result!.plan ?? plan;
  }
}

function stored({ store }: ScenarioRun, id: string): ScenarioResult | null {
  try {
    return store.read(id);
  } catch (error) {
    throw error instanceof InputError ? new BadResultError(error.issues) : error;
  }
}

/** What cannot be solved, for its patch or because its thread broke down, has a row that says so. */
async function solvedOrFailed(
  scenario: FileScenario,
  startPlan: Plan | null,
  solve: ScenarioSolver,
): Promise<SolvedScenario> {
  try {
    return await solve(scenarioTask(scenario, startPlan));
  } catch (error) {
    return failedScenario(scenario, error);
  }
}

function scenarioTask({ instance, patch, options }: FileScenario, startPlan: Plan | null): ScenarioTask {
  return { instance, patch, options, startPlan };
}

/** What stands for the result of a scenario that had none. */
export function failedScenario(
  { patch, options }: Pick<FileScenario, 'patch' | 'options'>,
  error: unknown,
): SolvedScenario {
  const reason = error instanceof Error ? error.message : String(error);
  return { row: failedRow(factorColumns(patch), reason, options.seed ?? 1), plan: null };
}
