/**
 * A sweep solves every cell of a grid. Cells along the last axis form a chain: each starts from the plan of the one
 * before it, so that the outcome does not depend on threads, interruptions or order. Chains run side by side.
 */
import * as z from 'zod/mini';
import { type InputIssue, showValue } from '../input/inputError.ts';
import {
  checkedOptions,
  functionRule,
  isPlainObject,
  type OptionRule,
  rule,
  signalRule,
} from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { wholeNumber } from '../model/schemaFields.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import { solveAllAsync } from '../planner/solving.ts';
import { withUnmetCapPerRate } from './factors.ts';
import { cellValues, chainLength, type Grid, gridIssues, numChains } from './grids.ts';
import { type ScenarioOptions, type ScenarioTask, type SolvedScenario, solvingScenario } from './scenario.ts';

/** Options that every cell is solved with; a cell's factors may override those of the problem. */
type SweepSolveOptions = Omit<ScenarioOptions, 'startPlan'>;

export interface Sweep {
  readonly instance: Instance;
  readonly grid: Grid;
  readonly options: SweepSolveOptions;
}

/** A finished cell. */
export interface SweepRecord extends SolvedScenario {
  readonly cell: number;
}

/** What solves a scenario: this thread, or a pool's. */
export type ScenarioSolver = (task: ScenarioTask) => Promise<SolvedScenario>;

export interface SweepRun {
  /** Cells finished earlier; they are not solved again. */
  readonly finished?: ReadonlyMap<number, SweepRecord>;
  /** Told of each newly finished cell, in the order in which they finish. */
  readonly onRecord?: (record: SweepRecord) => void;
  /** Ends the sweep at once with the records so far; cells under way are dropped. */
  readonly signal?: AbortSignal;
  /** How many chains run at once. Default 1. */
  readonly concurrency?: number;
  readonly solve?: ScenarioSolver;
}

const withoutStart = {
  startPlan: { field: z.never({ error: 'nothing: each cell starts from the plan of the cell before' }) },
};

const runRules: { readonly [Name in keyof SweepRun]-?: OptionRule } = {
  finished: rule('a Map of records by cell', (value) => value instanceof Map),
  onRecord: functionRule,
  signal: signalRule,
  concurrency: fieldRule(wholeNumber(1, 'chains')),
  solve: functionRule,
};

/** Throws InputError for whatever is wrong with a sweep, and with `others` of who asks. */
export function checkSweep(sweep: Sweep, others: readonly InputIssue[] = []): void {
  const { instance, grid, options } = (isPlainObject(sweep) ? sweep : {}) as Sweep;
  const expected = 'an object: instance, grid, options';
  const ofSweep = isPlainObject(sweep) ? [] : [{ path: 'sweep', value: showValue(sweep), expected }];
  resolveSolve(instance, options, withoutStart, [...ofSweep, ...gridIssues(grid, 'grid'), ...others]);
}

/** A cell as a scenario. */
export function cellTask({ instance, grid, options }: Sweep, cell: number, startPlan: Plan | null): ScenarioTask {
  const values = cellValues(grid, cell);
  return {
    instance: grid.unmetCapPerRate === undefined ? instance : withUnmetCapPerRate(instance, grid.unmetCapPerRate),
    patch: { factors: grid.axes.map(({ factor }, a) => [factor.name, values[a]] as const) },
    options,
    startPlan,
  };
}

/**
 * Runs a sweep and returns the records by cell; fewer than the grid's cells only if `signal` stopped it. Rejects with
 * InputError if instance or options are bad, before any cell.
 */
export async function runSweep(sweep: Sweep, run: SweepRun = {}): Promise<SweepRecord[]> {
  checkSweep(sweep, checkedOptions(run, runRules, 'run').issues);
  const solve: ScenarioSolver = run.solve ?? ((task) => solveAllAsync(solvingScenario(task, run.signal)));
  const length = chainLength(sweep.grid);
  const chains = numChains(sweep.grid);
  const records = new Map<number, SweepRecord>(run.finished);
  let nextChain = 0;
  let isOver = false;

  const runChains = async (): Promise<void> => {
    while (!isOver && nextChain < chains) {
      const first = length * nextChain++;
      let plan: Plan | null = null;
      for (let cell = first; cell < first + length; cell++) {
        let record = records.get(cell);
        if (record === undefined) {
          if (run.signal?.aborted) return;
          const outcome: SolvedScenario | undefined = await untilAborted(
            solve(cellTask(sweep, cell, plan)),
            run.signal,
          );
          // Another chain's cell may have failed meanwhile, and the sweep with it.
          if (outcome === undefined || isOver) return;
          record = { cell, ...outcome };
          records.set(cell, record);
          run.onRecord?.(record);
        }
        plan = record.plan ?? plan;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, run.concurrency ?? 1) }, runChains));
  } finally {
    isOver = true;
  }
  return [...records.values()].sort((a, b) => a.cell - b.cell);
}

/** What comes first: the outcome of the work, or undefined because it is no longer wanted. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const drop = () => resolve(undefined);
    signal.addEventListener('abort', drop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', drop));
  });
}
