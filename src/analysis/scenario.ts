/**
 * A scenario: an instance, what is changed about it, and the options it is solved with. It is the unit of sweeps, of
 * files of scenarios and of queues: whoever solves it with the same start plan gets the same row.
 */
import type { Instance, Plan } from '../model/instance.ts';
import { validateInstance } from '../model/validateInstance.ts';
import type { SolveOptions, StopSignal } from '../planner/solveOptions.ts';
import { type Solving, solveAll, solved } from '../planner/solving.ts';
import { type FactorValue, findFactor, type Scenario } from './factors.ts';
import { mergePatch } from './mergePatch.ts';
import { type SweepRow, sweepRow } from './sweepRow.ts';

/** Options that a scenario is solved with; its factors may override those of the problem. */
export type ScenarioOptions = Omit<SolveOptions, 'signal' | 'onProgress'>;

/** First the merge patch (RFC 7396) of the instance, then factors, one after the other. */
export interface ScenarioPatch {
  readonly merge?: Readonly<Record<string, unknown>>;
  readonly factors?: readonly (readonly [name: string, value: FactorValue])[];
}

/** Plain data: it crosses to threads and processes. */
export interface ScenarioTask {
  readonly instance: Instance;
  readonly patch: ScenarioPatch;
  readonly options: ScenarioOptions;
  /** The plan of the neighbour that was solved before it; null: none. */
  readonly startPlan: Plan | null;
}

export interface SolvedScenario {
  readonly row: SweepRow;
  readonly plan: Plan | null;
}

/** The instance that is solved, and options of the problem. Throws InputError for a patch that cannot be applied. */
export function patchedScenario({ instance, patch, options }: Omit<ScenarioTask, 'startPlan'>): Scenario {
  const merged = patch.merge === undefined ? instance : validateInstance(mergePatch(instance, patch.merge));
  return (patch.factors ?? []).reduce<Scenario>((scenario, [name, value]) => findFactor(name).apply(scenario, value), {
    instance: merged,
    options,
  });
}

/** The columns of a scenario's factors. */
export function factorColumns({ factors = [] }: ScenarioPatch): SweepRow {
  return Object.fromEntries(factors.map(([name, value]) => [findFactor(name).column, value]));
}

/** Throws InputError unless patch, instance and options fit each other. */
export function* solvingScenario(task: ScenarioTask, signal?: StopSignal): Solving<SolvedScenario> {
  const { instance, options } = patchedScenario(task);
  const result = yield* solved(instance, {
    ...task.options,
    ...options,
    ...(task.startPlan === null ? {} : { startPlan: task.startPlan }),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    row: sweepRow(factorColumns(task.patch), instance, result, task.options.seed ?? 1),
    plan: result.plan,
  };
}

/** Solves a scenario in this thread. */
export function solveScenario(task: ScenarioTask): SolvedScenario {
  return solveAll(solvingScenario(task));
}
