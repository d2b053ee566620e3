/**
 * A sweep solves every cell of a grid. Cells along the last axis form a chain: each starts from the plan of the one
 * before it, so that the outcome does not depend on threads, interruptions or order. Chains run side by side.
 */
import type { Instance, Plan } from '../model/instance.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import type { SolveOptions, StopSignal } from '../planner/solveOptions.ts';
import { type Solving, solveAll, solveAllAsync, solved } from '../planner/solving.ts';
import { type FactorValue, type Scenario, withUnmetCapPerRate } from './factors.ts';
import { cellValues, type Grid, gridSize } from './grids.ts';
import { type SweepRow, sweepRow } from './sweepRow.ts';

/** Options that every cell is solved with; a cell's factors may override those of the problem. */
export type SweepSolveOptions = Omit<SolveOptions, 'signal' | 'onProgress' | 'startPlan'>;

export interface Sweep {
  readonly instance: Instance;
  readonly grid: Grid;
  readonly options: SweepSolveOptions;
}

/** A finished cell. */
export interface SweepRecord {
  readonly cell: number;
  readonly row: SweepRow;
  readonly plan: Plan | null;
}

/** What solves one cell: this thread, or a pool's. */
export type CellSolver = (cell: number, startPlan: Plan | null) => Promise<SweepRecord>;

export interface SweepRun {
  /** Cells finished earlier; they are not solved again. */
  readonly finished?: ReadonlyMap<number, SweepRecord>;
  /** Told of each newly finished cell, in the order in which they finish. */
  readonly onRecord?: (record: SweepRecord) => void;
  /** Ends the sweep at once with the records so far; cells under way are dropped. */
  readonly signal?: AbortSignal;
  /** How many chains run at once. Default 1. */
  readonly concurrency?: number;
  readonly solveCell?: CellSolver;
}

/** The instance and options of a cell. */
export function cellScenario({ instance, grid, options }: Sweep, values: readonly FactorValue[]): Scenario {
  const base: Scenario = {
    instance: grid.unmetCapPerRate === undefined ? instance : withUnmetCapPerRate(instance, grid.unmetCapPerRate),
    options,
  };
  return grid.axes.reduce((scenario, { factor }, a) => factor.apply(scenario, values[a]), base);
}

/** Solves one cell in this thread. */
export function solveSweepCell(sweep: Sweep, cell: number, startPlan: Plan | null): SweepRecord {
  return solveAll(solvingCell(sweep, cell, startPlan));
}

function* solvingCell(sweep: Sweep, cell: number, startPlan: Plan | null, signal?: StopSignal): Solving<SweepRecord> {
  const values = cellValues(sweep.grid, cell);
  const scenario = cellScenario(sweep, values);
  const result = yield* solved(scenario.instance, {
    ...sweep.options,
    ...scenario.options,
    ...(startPlan === null ? {} : { startPlan }),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    cell,
    row: sweepRow(sweep.grid, values, scenario.instance, result, sweep.options.seed ?? 1),
    plan: result.plan,
  };
}

/**
 * Runs a sweep and returns the records by cell; fewer than the grid's cells only if `signal` stopped it. Rejects with
 * InputError if instance or options are bad, before any cell.
 */
export async function runSweep(sweep: Sweep, run: SweepRun = {}): Promise<SweepRecord[]> {
  resolveSolve(sweep.instance, sweep.options);
  const solveCell: CellSolver =
    run.solveCell ?? ((cell, plan) => solveAllAsync(solvingCell(sweep, cell, plan, run.signal)));
  const cells = gridSize(sweep.grid);
  const chainLength = sweep.grid.axes.at(-1)?.values.length ?? 1;
  const records = new Map<number, SweepRecord>(run.finished);
  const numChains = cells / chainLength;
  let nextChain = 0;

  const runChains = async (): Promise<void> => {
    while (nextChain < numChains) {
      const first = chainLength * nextChain++;
      let plan: Plan | null = null;
      for (let cell = first; cell < first + chainLength; cell++) {
        let record = records.get(cell);
        if (record === undefined) {
          if (run.signal?.aborted) return;
          record = await untilAborted(solveCell(cell, plan), run.signal);
          if (record === undefined) return;
          records.set(cell, record);
          run.onRecord?.(record);
        }
        plan = record.plan ?? plan;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, run.concurrency ?? 1) }, runChains));
  return [...records.values()].sort((a, b) => a.cell - b.cell);
}

/** What comes first: the outcome of the work, or undefined because it is no longer wanted. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const drop = () => resolve(undefined);
    signal.addEventListener('abort', drop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', drop));
  });
}
