/**
 * A row of a sweep's table: the columns that the published scripts write, in their order, then ours. Use of limits
 * comes from the verifier, so it takes TP degrees into account; every share is kept, however small, so parts add up to
 * totals.
 */

import { type ConstraintCheck, type ConstraintGroup, checkPlan } from '../model/check/verifier.ts';
import { configurationsOf } from '../model/configurations.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import { version } from '../version.ts';
import type { Grid } from './grids.ts';

/** Column name to value; null where the value does not exist (no plan, no limit). */
export type SweepRow = Readonly<Record<string, number | string | null>>;

/** Shares of unmet demand below this are rounding of the solver, not dropped queries. */
const unmetTolerance = 1e-9;

/** The row of one scenario; `factors` are the columns of its factors, `instance` is the one that was solved. */
export function sweepRow(factors: SweepRow, instance: Instance, result: SolveResult, seed: number): SweepRow {
  return {
    ...factors,
    status: result.status,
    solve_time: result.seconds,
    gap: result.gap,
    ...costColumns(result),
    ...planColumns(instance, result.options, result.plan),
    ...scaleColumns(instance),
    bound: result.bound,
    nodes: result.nodes,
    simplex_iterations: result.simplexIterations,
    seed,
    version,
  };
}

/** The row of a scenario that gave no result: its factors, and why. */
export function failedRow(factors: SweepRow, reason: string, seed: number): SweepRow {
  return { ...factors, status: 'failed', reason, seed, version };
}

function costColumns({ cost }: SolveResult): SweepRow {
  const storage = cost && cost.storage.model + cost.storage.data;
  const percent = (part: number | null) => (cost === null || part === null ? null : share(part, cost.total) * 100);
  return {
    total_cost: cost?.total ?? null,
    C1_rental: cost?.rental ?? null,
    C2_storage: storage,
    C2_model: cost?.storage.model ?? null,
    C2_data: cost?.storage.data ?? null,
    C3_robust_delay: cost?.delay ?? null,
    C4_unmet: cost?.unmet ?? null,
    C1_pct: percent(cost?.rental ?? null),
    C2_pct: percent(storage),
    C3_pct: percent(cost?.delay ?? null),
    C4_pct: percent(cost?.unmet ?? null),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Every TP degree that can be rented somewhere, ascending. */
function countedDegrees(instance: Instance): number[] {
  const { models, tiers } = instance;
  const degrees = new Set<number>();
  for (const tier of tiers) {
    for (const model of models) {
      for (const { tpDegree } of configurationsOf(instance, model, tier)) degrees.add(tpDegree);
    }
  }
  return [...degrees].sort((a, b) => a - b);
}

function planColumns(instance: Instance, options: PlanningOptions, plan: Plan | null): SweepRow {
  if (plan === null) {
    return Object.fromEntries(
      [...planColumnNames, ...tpColumnNames(countedDegrees(instance))].map((name) => [name, null]),
    );
  }
  const { constraints } = checkPlan(instance, options, plan);
  const inGroup = (group: ConstraintGroup) => constraints.filter((check) => check.group === group);
  const [budget] = inGroup('budget');
  const lefts = (checks: readonly ConstraintCheck[]) => checks.map(({ left }) => left);
  const uses = (checks: readonly ConstraintCheck[]) => checks.map(({ use }) => use ?? 0);
  const delay = inGroup('delay');
  const error = inGroup('error');
  const memory = inGroup('memory');
  const gpus = plan.deployments.reduce((sum, deployment) => sum + deployment.gpus, 0);
  const weighted = plan.deployments.reduce((sum, { tpDegree, gpus: count }) => sum + tpDegree * count, 0);
  const columns: Record<string, number | null> = {
    num_allocations: plan.routing.filter(({ fraction }) => fraction > 0).length,
    num_gpu_configs: plan.deployments.length,
    total_gpus: gpus,
    num_unmet_queries: plan.unmet.filter(({ fraction }) => fraction > unmetTolerance).length,
    total_unmet_fraction: plan.unmet.reduce((sum, { fraction }) => sum + fraction, 0),
    avg_delay: mean(lefts(delay)),
    avg_error: mean(lefts(error)),
    budget_threshold: budget?.limit ?? null,
    budget_utilization: budget?.use ?? null,
    budget_slack: budget?.limit == null ? null : budget.limit - budget.left,
    avg_delay_utilization: mean(uses(delay)),
    max_delay_utilization: most(uses(delay)),
    avg_error_utilization: mean(uses(error)),
    max_error_utilization: most(uses(error)),
    avg_memory_util: mean(uses(memory)),
    max_memory_util: most(uses(memory)),
    num_tp_configs: plan.deployments.length,
    avg_tp_degree: gpus === 0 ? null : weighted / gpus,
  };
  for (const n of countedDegrees(instance)) {
    columns[`tp_${n}_count`] = plan.deployments.filter(({ tpDegree }) => tpDegree === n).length;
  }
  return columns;
}

const costColumnNames = [
  'status',
  'solve_time',
  'gap',
  'total_cost',
  'C1_rental',
  'C2_storage',
  'C2_model',
  'C2_data',
  'C3_robust_delay',
  'C4_unmet',
  'C1_pct',
  'C2_pct',
  'C3_pct',
  'C4_pct',
];

/** What every grid tells of a plan. */
const commonPlanColumnNames = [
  'num_allocations',
  'num_gpu_configs',
  'total_gpus',
  'num_unmet_queries',
  'total_unmet_fraction',
  'avg_delay',
  'avg_error',
];

function tpColumnNames(degrees: readonly number[]): string[] {
  return ['num_tp_configs', 'avg_tp_degree', ...degrees.map((n) => `tp_${n}_count`)];
}

const planColumnNames = [
  ...commonPlanColumnNames,
  'budget_threshold',
  'budget_utilization',
  'budget_slack',
  'avg_delay_utilization',
  'max_delay_utilization',
  'avg_error_utilization',
  'max_error_utilization',
  'avg_memory_util',
  'max_memory_util',
];

/** Means of what the published grids scale, so that a file tells its own scenario. */
function scaleColumns({ queryTypes, tiers, budget }: Instance): SweepRow {
  return {
    scaled_p_c_mean: mean(tiers.map(({ price }) => price)),
    scaled_gpu_cost_mean: mean(tiers.map(({ price }) => price)),
    scaled_delta: budget ?? null,
    scaled_Delta_i_mean: mean(queryTypes.flatMap(({ delayThreshold = [] }) => delayThreshold)),
    scaled_epsilon_mean: mean(queryTypes.flatMap(({ errorThreshold = [] }) => errorThreshold)),
    scaled_C_gpu_mean: mean(tiers.map(({ memory }) => memory)),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

/** The columns that each published grid adds; a grid of the user's own has all of them. */
const gridColumnNames: Readonly<Record<string, readonly string[]>> = {
  cost_budget: ['budget_threshold', 'budget_utilization', 'budget_slack', 'scaled_p_c_mean', 'scaled_delta'],
  delay_error_threshold: [
    'avg_delay_utilization',
    'max_delay_utilization',
    'avg_error_utilization',
    'max_error_utilization',
    'scaled_Delta_i_mean',
    'scaled_epsilon_mean',
  ],
  gpu_cost_error: ['scaled_epsilon_mean', 'scaled_gpu_cost_mean'],
  memory_error: ['avg_memory_util', 'max_memory_util', 'scaled_C_gpu_mean', 'scaled_epsilon_mean'],
};

const ownColumnNames = ['bound', 'nodes', 'simplex_iterations', 'seed', 'version'];

/** Column names of a sweep's CSV in order: factors, costs, the grid's own, TP degrees, ours. */
export function sweepColumns({ grid, instance }: { readonly grid: Grid; readonly instance: Instance }): string[] {
  const factors = grid.axes.map(({ factor }) => factor.column);
  return tableColumns(factors, countedDegrees(instance), gridColumnNames[grid.name]);
}

/** Column names of a table of scenarios that are no published grid; `degrees` are the TP degrees that rows count. */
export function tableColumns(
  factors: readonly string[],
  degrees: readonly number[],
  own: readonly string[] = [...new Set(Object.values(gridColumnNames).flat())],
): string[] {
  return [
    ...factors,
    ...costColumnNames,
    ...commonPlanColumnNames,
    ...own,
    ...tpColumnNames(degrees),
    ...ownColumnNames,
  ];
}

/** The TP degrees that rows count, ascending. */
export function degreesIn(rows: readonly SweepRow[]): number[] {
  const columns = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...columns]
    .flatMap((column) => /^tp_(\d+)_count$/.exec(column)?.slice(1).map(Number) ?? [])
    .sort((a, b) => a - b);
}
