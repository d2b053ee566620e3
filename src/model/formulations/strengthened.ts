/**
 * The strengthened formulation (specification 7): x_ijk = sum_n v_ijkn, z split by TP degree with
 * v_ijkn <= fraction * z_ijkn and z_ijkn <= w_jkn, impossible (i,j,k,n) left out, u and y substituted out. Its LP bound
 * is at least that of the published one.
 *
 * - Under single placement (1 - zeta_i) z <= v <= fraction * z and sum z = 1 imply 1 - zeta_i <= sum v <= 1, so u needs
 *   no row.
 * - Under split placement z is there only where stored weights are charged or limited per placement; else
 *   v <= fraction * w.
 * - A memory or compute row that these bounds already imply is left out; the LP bound does not change by it.
 */

import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import { drain, type Steps } from '../../lp/steps.ts';
import { fractionTolerance, mustBePlaced, type PlanningProblem } from '../compiled/planningProblem.ts';
import { decodeStrengthened, encodeStrengthened } from './codeStrengthened.ts';
import { addDegreeLevelRows } from './degreeLevelRows.ts';
import type { BranchingColumns, StrengthenedColumns, StrengthenedFormulation } from './formulation.ts';
import { addPlanColumns, deploymentLabel, leastServed, servableFraction } from './planColumns.ts';
import {
  costProtection,
  delayProtection,
  directDelayCost,
  errorProtection,
  type RobustStrategy,
  robustForms,
} from './robustRows.ts';

export interface StrengthenedOptions {
  /**
   * `projected` (default): worst cases written directly where that is exact, by duals elsewhere. `dual`: by duals
   * everywhere. `adversarial`: by scenario rows found on demand (`separateScenarios`); the program alone is then a
   * relaxation.
   */
  readonly robust?: RobustStrategy;
  /** Scenario rows instead of duals where Gamma is at most this. Default: as `robust` says. */
  readonly scenariosUpTo?: number;
  /**
   * Under split placement, projected: only plans of at most so many pairs count. Worst cases of one query type with a
   * Gamma that is beyond `scenariosUpTo` are then written as linear ones, Gamma / mostPairs of everything at most:
   * exact where Gamma reaches that many pairs, else too small, so that the program bounds those plans. Default: none.
   */
  readonly mostPairs?: number;
}

/**
 * How far, relative to the protected sum, a worst case must exceed its column for its scenario row to be worth adding.
 */
const scenarioTolerance = 1e-9;
/**
 * The same within a tree, at points that do not stand for a plan: finer rows than the LP is accurate would come back
 * again and again.
 */
export const scenarioToleranceWithin = 1e-7;

/** Builds the program of a compiled problem. An infeasible problem gives an infeasible program, not an error. */
export function buildStrengthened(
  problem: PlanningProblem,
  options: StrengthenedOptions = {},
): StrengthenedFormulation {
  return drain(strengthenedInSteps(problem, options));
}

/** As `buildStrengthened`, pausing now and then. */
export function* strengthenedInSteps(
  problem: PlanningProblem,
  {
    robust = 'projected',
    scenariosUpTo = robustForms[robust].scenariosUpTo,
    mostPairs = robustForms[robust].mostPairs,
  }: StrengthenedOptions = {},
): Steps<StrengthenedFormulation> {
  const builder = new MixedIntegerProgramBuilder();
  const form = { ...robustForms[robust], scenariosUpTo, mostPairs };
  const columns = yield* addPlanColumns(builder, problem, directDelayCost(problem, form));
  yield* addPlacementRows(builder, problem, columns);
  yield* addDeploymentRows(builder, problem, columns);
  const commitments = addCommitments(builder, problem, columns);
  addStorageAndBudgetRows(builder, problem, columns, commitments);
  addDegreeLevelRows(builder, problem, columns);
  const completeSwitching = addReplicaSwitching(builder, problem, columns);
  const protections = [
    ...(yield* delayProtection(builder, problem, columns, form)),
    ...(yield* errorProtection(builder, problem, columns, form)),
    ...(yield* costProtection(builder, problem, columns, form)),
  ];
  const name = `strengthened-${robust}`;
  const program = yield* builder.buildInSteps(name);
  return {
    name,
    program,
    problem,
    columns,
    protectedSums: protections.flatMap(({ sum, worstCase }) => (sum === null ? [] : [{ sum, worstCase }])),
    classes: branchingColumns(program, columns),
    decode: (point) => decodeStrengthened(problem, columns, point),
    encode: (plan) => {
      const point = encodeStrengthened(problem, columns, program.numColumns, plan);
      commitments.complete(point);
      completeSwitching(point);
      for (const protection of protections) protection.complete(point);
      return point;
    },
    separateScenarios: (point, tolerance = scenarioTolerance) =>
      protections.map((protection) => protection.separate(point, tolerance)).filter((row) => row !== null),
  };
}

/** Supply and demand (4.1, 4.10), placement (4.7) and v <= fraction * z <= fraction * w. */
function* addPlacementRows(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  { w, m, v, z }: StrengthenedColumns,
): Steps<void> {
  const { deployments, numQueryTypes, placement } = problem;
  const single = placement.isSingle;
  for (let i = 0; i < numQueryTypes; i++) {
    yield;
    const least = leastServed(problem, i);
    const served: number[] = [];
    const placed: number[] = [];
    for (let d = 0; d < deployments.count; d++) {
      const at = i * deployments.count + d;
      if (v[at] < 0) continue;
      const label = `${i}_${deploymentLabel(problem, d)}`;
      const fraction = servableFraction(problem, i, d);
      const opener = z[at] >= 0 ? z[at] : w[d];
      if (z[at] >= 0) builder.addRow({ upper: 0, indices: [z[at], w[d]], values: [1, -1], name: `link_${label}` });
      builder.addRow({ upper: 0, indices: [v[at], opener], values: [1, -fraction], name: `most_${label}` });
      if (single && least > 0)
        builder.addRow({ lower: 0, indices: [v[at], opener], values: [1, -least], name: `least_${label}` });
      if (z[at] >= 0 && m[d] !== w[d]) addReplicaRows(builder, problem, i, d, { v: v[at], z: z[at], w: w[d], m: m[d] });
      served.push(v[at]);
      placed.push(z[at]);
    }
    if (single)
      builder.addRow({
        lower: mustBePlaced(problem, i) ? 1 : 0,
        upper: 1,
        indices: placed,
        values: ones(placed),
        name: `place_${i}`,
      });
    else
      builder.addRow({
        lower: least > 0 ? least : -Infinity,
        upper: 1,
        indices: served,
        values: ones(served),
        name: `serve_${i}`,
      });
  }
}

/**
 * With f the largest fraction that one replica can serve by memory and compute: v <= f z + f (m - w), since a further
 * replica serves f more at most; and under single placement m >= ceil((1 - zeta) / f) z, since at least 1 - zeta must
 * be served.
 */
function addReplicaRows(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  i: number,
  d: number,
  { v, z, w, m }: { v: number; z: number; w: number; m: number },
): void {
  const { deployments, loadUse, cacheUse, placement } = problem;
  const label = `${i}_${deploymentLabel(problem, d)}`;
  const cache = cacheUse[i * deployments.count + d] / deployments.gpus[d];
  const load = loadUse[i * deployments.count + d];
  const fraction = Math.min(
    cache > 0 ? deployments.memoryRoom[d] / cache : Infinity,
    load > 0 ? deployments.loadCapacity[d] / load : Infinity,
  );
  if (fraction <= 0 || fraction >= servableFraction(problem, i, d)) return;
  builder.addRow({
    upper: 0,
    indices: [v, z, m, w],
    values: [1, -fraction, -fraction, fraction],
    name: `step_${label}`,
  });
  const needed = Math.ceil(leastServed(problem, i) / fraction - fractionTolerance);
  if (placement.isSingle && needed > 1) {
    builder.addRow({ lower: 0, indices: [m, z], values: [1, -needed], name: `needed_${label}` });
  }
}

/** One configuration (4.3), memory (4.4), load (4.5), replicas, available GPUs and fleet limits. */
function* addDeploymentRows(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  { w, m, v }: StrengthenedColumns,
): Steps<void> {
  const { deployments, deploymentsOfPair, numQueryTypes, numPairs, numTiers, available, fleetLimits } = problem;
  for (let pair = 0; pair < numPairs; pair++) {
    const choices = deploymentsOfPair[pair].filter((d) => w[d] >= 0).map((d) => w[d]);
    const label = `${Math.floor(pair / numTiers)}_${pair % numTiers}`;
    if (choices.length > 1)
      builder.addRow({ upper: 1, indices: choices, values: ones(choices), name: `degree_${label}` });
  }
  for (let d = 0; d < deployments.count; d++) {
    if (w[d] < 0) continue;
    yield;
    const label = deploymentLabel(problem, d);
    if (m[d] !== w[d]) {
      builder.addRow({
        lower: 0,
        indices: [m[d], w[d]],
        values: [1, -deployments.minReplicas[d]],
        name: `some_${label}`,
      });
      builder.addRow({
        upper: 0,
        indices: [m[d], w[d]],
        values: [1, -deployments.maxReplicas[d]],
        name: `replicas_${label}`,
      });
    }
    const addCapacity = (name: string, capacity: number, use: (i: number) => number) => {
      const indices: number[] = [];
      const values: number[] = [];
      let largestUse = 0;
      for (let i = 0; i < numQueryTypes; i++) {
        const at = i * deployments.count + d;
        if (v[at] < 0 || use(i) === 0) continue;
        indices.push(v[at]);
        values.push(use(i));
        largestUse += use(i) * servableFraction(problem, i, d);
      }
      if (largestUse <= capacity) return;
      builder.addRow({
        upper: 0,
        indices: [...indices, m[d]],
        values: [...values, -capacity],
        name: `${name}_${label}`,
      });
    };
    const { cacheUse, loadUse } = problem;
    addCapacity('memory', deployments.memoryRoom[d], (i) => cacheUse[i * deployments.count + d] / deployments.gpus[d]);
    const loadName = deployments.profile[d] === null ? 'compute' : 'load';
    addCapacity(loadName, deployments.loadCapacity[d], (i) => loadUse[i * deployments.count + d]);
  }
  for (let k = 0; k < numTiers; k++) {
    if (available[k] === Infinity) continue;
    const rented = Array.from({ length: deployments.count }, (_, d) => d).filter(
      (d) => deployments.tier[d] === k && w[d] >= 0,
    );
    const gpus = rented.map((d) => deployments.gpus[d]);
    builder.addRow({ upper: available[k], indices: rented.map((d) => m[d]), values: gpus, name: `available_${k}` });
  }
  fleetLimits.forEach(({ perGpu, most }, t) => {
    const counted = [...w.keys()].filter((d) => w[d] >= 0 && perGpu[deployments.tier[d]] > 0);
    const use = counted.map((d) => perGpu[deployments.tier[d]] * deployments.gpus[d]);
    builder.addRow({ upper: most, indices: counted.map((d) => m[d]), values: use, name: `fleet_${t}` });
  });
}

/**
 * GPUs rented of a tier beyond those that are committed, as a column for each tier that has some: extra >= sum of GPUs
 * - committed. Its cost is the rental that the columns m of the tier do not carry; what is committed is in the offset.
 */
function addCommitments(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  { w, m }: StrengthenedColumns,
): Commitments {
  const { deployments, committed, instance } = problem;
  const extra = new Int32Array(committed.length).fill(-1);
  const completions: ((point: Float64Array) => void)[] = [];
  let paid = 0;
  committed.forEach((gpus, k) => {
    if (gpus <= 0) return;
    const price = instance.rentalPeriod * instance.tiers[k].price;
    builder.addToOffset(price * gpus);
    paid += price * gpus;
    const rented = [...w.keys()].filter((d) => w[d] >= 0 && deployments.tier[d] === k);
    const counts = rented.map((d) => deployments.gpus[d]);
    extra[k] = builder.addColumn({ name: `extra_${k}`, cost: price });
    builder.addRow({
      lower: -gpus,
      indices: [extra[k], ...rented.map((d) => m[d])],
      values: [1, ...counts.map((count) => -count)],
      name: `extra_${k}`,
    });
    completions.push((point) => {
      point[extra[k]] = Math.max(0, rented.reduce((sum, d, t) => sum + counts[t] * point[m[d]], 0) - gpus);
    });
  });
  return {
    extra,
    paid,
    complete: (point) => {
      for (const complete of completions) complete(point);
    },
  };
}

interface Commitments {
  /** (k): column of the GPUs beyond what is committed; -1 where nothing is. */
  readonly extra: Int32Array;
  /** $ over the rental period for all that is committed. */
  readonly paid: number;
  complete(point: Float64Array): void;
}

/** Storage capacity (4.6): S <= C_s. Budget (4.2): c * C1 + C2 <= delta. */
function addStorageAndBudgetRows(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  { w, m, v, z }: StrengthenedColumns,
  { extra, paid }: Commitments,
): void {
  const { deployments, numQueryTypes, placement, rentalBudgetFactor, instance } = problem;
  const storage = { indices: [] as number[], values: [] as number[] };
  const budget = { indices: [] as number[], values: [] as number[] };
  const add = (row: { indices: number[]; values: number[] }, column: number, value: number) => {
    row.indices.push(column);
    row.values.push(value);
  };
  for (let d = 0; d < deployments.count; d++) {
    if (w[d] < 0) continue;
    const pair = deployments.pair[d];
    if (extra[deployments.tier[d]] < 0) add(budget, m[d], rentalBudgetFactor * deployments.rental[d]);
    if (!placement.storesPerPlacement) {
      add(storage, w[d], problem.weightSize[pair]);
      add(budget, w[d], problem.weightCost[pair]);
    }
    for (let i = 0; i < numQueryTypes; i++) {
      const at = i * deployments.count + d;
      if (v[at] < 0) continue;
      add(budget, v[at], problem.dataCost[i]);
      if (!placement.storesPerPlacement || z[at] < 0) continue;
      add(storage, z[at], problem.weightSize[pair]);
      add(budget, z[at], problem.weightCost[pair]);
    }
  }
  extra.forEach((column, k) => {
    if (column >= 0) add(budget, column, rentalBudgetFactor * instance.rentalPeriod * instance.tiers[k].price);
  });
  if (problem.storageCapacity < Infinity) {
    builder.addRow({
      upper: problem.storageCapacity,
      indices: storage.indices,
      values: storage.values,
      name: 'storage',
    });
  }
  if (problem.budget < Infinity) {
    const left = paid > 0 ? problem.budget - rentalBudgetFactor * paid : problem.budget;
    builder.addRow({ upper: left, indices: budget.indices, values: budget.values, name: 'budget' });
  }
}

/**
 * Where replicas make the GPUs of a rented pair with a current plan variable: added >= n m - c w and removed >= c w - n
 * m. Elsewhere the cost of w holds the switching cost.
 */
function addReplicaSwitching(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  { w, m }: StrengthenedColumns,
): (point: Float64Array) => void {
  const { deployments, currentGpus, switchingAdded, switchingRemoved } = problem;
  const completions: ((point: Float64Array) => void)[] = [];
  for (let d = 0; d < deployments.count; d++) {
    const current = currentGpus[deployments.pair[d]];
    if (w[d] < 0 || m[d] === w[d] || current === 0) continue;
    const n = deployments.gpus[d];
    const label = deploymentLabel(problem, d);
    const columns = [w[d], m[d]];
    const added = builder.addColumn({ name: `added_${label}`, cost: switchingAdded });
    const removed = builder.addColumn({ name: `removed_${label}`, cost: switchingRemoved });
    builder.addRow({ lower: 0, indices: [added, ...columns], values: [1, current, -n], name: `added_${label}` });
    builder.addRow({ lower: 0, indices: [removed, ...columns], values: [1, -current, n], name: `removed_${label}` });
    completions.push((point) => {
      const change = n * point[m[d]] - current * point[w[d]];
      point[added] = Math.max(0, change);
      point[removed] = Math.max(0, -change);
    });
  }
  return (point) => {
    for (const complete of completions) complete(point);
  };
}

function branchingColumns(program: MixedIntegerProgram, { w, m, z }: StrengthenedColumns): BranchingColumns {
  const existing = (list: Int32Array) =>
    Int32Array.from(new Set(list))
      .filter((column) => column >= 0)
      .sort();
  const replicas = m.filter((column, d) => column !== w[d] && program.integrality[column] === 1);
  return { w: existing(w), z: existing(z), y: existing(replicas) };
}

function ones(list: readonly number[]): number[] {
  return list.map(() => 1);
}
